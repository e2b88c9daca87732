/** What a case took from the world is given back when it comes to nothing; what cannot be given back is somebody's task. */
import { ApplicationFailure } from '@temporalio/activity'
import type { EarlierEffects, EffectOutcome } from '../../../workflows/kernel/protocol/activities'
import type { CaseId } from '../../../workflows/kernel/contract'
import { casework, open, openTask, say, type Casework, type Opened, type Sent } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import {
  arrangeErrands,
  BODY,
  DONE,
  effectsBy,
  errandLaw,
  ERRANDS,
  head,
  hr,
  MONDAY,
  SUBJECT,
} from '../../support/errands'
import { eventually } from '../../support/eventually'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
/** keys given back, by case, in order */
const givenBack = new Map<CaseId, string[]>()
/** what comes of giving a key back, other than that it is given back */
const befalls = new Map<string, () => Promise<EffectOutcome>>()

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  const hold: EarlierEffects['hold'] = ({ key }) =>
    key === 'home' ? Promise.reject(ApplicationFailure.nonRetryable('the world has ended')) : Promise.resolve(DONE)
  const release: EarlierEffects['release'] = async ({ case: id, key }) => {
    givenBack.set(id, [...(givenBack.get(id) ?? []), key])

    return (await befalls.get(key)?.()) ?? DONE
  }
  work = await casework(database.url, ERRANDS, { ...errandLaw, ...effectsBy({ hold, release }) })
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})
afterEach(() => befalls.clear())

const begin = (form: {
  takes?: string[]
  packs?: string[]
  guides?: string[]
  refuses?: boolean
  fails?: boolean
}): Promise<Opened> =>
  open(work, {
    process: 'outing',
    body: BODY,
    subject: SUBJECT,
    on: MONDAY,
    by: hr,
    form: { takes: [], packs: [], ...form },
  })
const file = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const act = async (id: CaseId, name: string, by = hr) =>
  say(work, id, 'act', by, { act: name, step: (await file(id)).step, form: {} })
const answer = async (id: CaseId, kind: string, by = hr) =>
  say(work, id, 'complete', by, { task: await openTask(work, id, kind), answer: {} })
const openTasks = async (id: CaseId) =>
  (await work.db.task.findMany({ where: { caseId: id, state: { notIn: ['completed', 'obsolete'] } } })).map(
    ({ kind, role, about }) => ({ kind, role, about }),
  )

test('a cancelled case gives everything back, last first, once each', async () => {
  const { id } = await begin({ takes: ['hall', 'bus'], packs: ['tent'] })
  expect(await act(id, 'cancel', head)).toMatchObject({ ok: true })
  expect(givenBack.get(id)).toEqual(['tent', 'bus', 'hall'])
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'cancelled' })
})

test('a case refused after it took something gives it back', async () => {
  const { id, outcome } = await begin({ takes: ['hall', 'bus'], refuses: true })
  expect(outcome).toEqual({ result: 'refused', reason: { code: 'rain' } })
  expect(givenBack.get(id)).toEqual(['bus', 'hall'])
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'refused' })
})

test('a part of the story that an act ended gives back what it took, and only that', async () => {
  const { id } = await begin({ takes: ['hall'], packs: ['tent', 'boat'] })
  expect(await act(id, 'repack')).toMatchObject({ ok: true })
  expect(givenBack.get(id)).toEqual(['boat', 'tent'])
  expect(await act(id, 'cancel', head)).toMatchObject({ ok: true })
  expect(givenBack.get(id)).toEqual(['boat', 'tent', 'boat', 'tent', 'hall'])
})

test('an act sent while another is carried out has not seen what comes of it, and is refused', async () => {
  const { id } = await begin({ packs: ['tent'] })
  let second: Sent | undefined
  befalls.set('tent', async () => {
    befalls.clear()
    second = await act(id, 'repack')

    return DONE
  })
  expect(await act(id, 'repack')).toMatchObject({ ok: true })
  expect(second).toMatchObject({ ok: false, refusal: { status: 412, reason: { code: 'case.changed' } } })
  expect(givenBack.get(id)).toEqual(['tent'])
})

test('of branches of which one is first the others give back what they took, and it keeps its own', async () => {
  const { id } = await begin({ guides: ['north', 'south'] })
  expect(await answer(id, 'pack')).toMatchObject({ ok: true })
  expect((await openTasks(id)).map(({ kind }) => kind)).toEqual(['guide', 'guide'])
  expect(await answer(id, 'guide')).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ stage: 'away' })
  const [lost, ...others] = givenBack.get(id) ?? []
  expect(['north', 'south']).toContain(lost)
  expect(others).toEqual([])
  expect(await act(id, 'cancel', head)).toMatchObject({ ok: true })
  expect(givenBack.get(id)).toEqual([lost, lost === 'north' ? 'south' : 'north'])
})

const refusals: readonly (readonly [string, () => Promise<EffectOutcome>, string])[] = [
  ['is refused', () => Promise.resolve({ taken: false, reason: { code: 'alreadyOpen' } }), 'alreadyOpen'],
  ['fails every time', () => Promise.reject(new Error('the register is broken')), 'undoUnanswered'],
]
test.each(refusals)('what could not be given back because it %s is a task for HR', async (_why, what, reason) => {
  befalls.set('bus', what)
  const { id } = await begin({ takes: ['hall', 'bus', 'tent'] })
  expect(await act(id, 'cancel', head)).toMatchObject({ ok: true })
  // the others were given back all the same
  expect([...new Set(givenBack.get(id))]).toEqual(['tent', 'bus', 'hall'])
  const about = { code: 'undoFailed', params: { effect: 'hold', reason } }
  expect(await openTasks(id)).toEqual([{ kind: 'mendUndo', role: 'hr', about }])
  expect(await file(id)).toMatchObject({ status: 'open', outcome: null })
  // the story is over: nothing more can be done to it than what was asked for
  expect(await act(id, 'repack')).toMatchObject({ ok: false, refusal: { reason: { code: 'act.notNow' } } })
  expect(await act(id, 'cancel', head)).toMatchObject({ ok: false, refusal: { reason: { code: 'act.notNow' } } })

  expect(await answer(id, 'mendUndo')).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'cancelled' })
})

test('a case refused but not wholly given back is refused at once, and stays open until HR has mended it', async () => {
  befalls.set('hall', () => Promise.resolve({ taken: false, reason: { code: 'alreadyOpen' } }))
  const { id, outcome } = await begin({ takes: ['hall'], refuses: true })
  expect(outcome).toEqual({ result: 'refused', reason: { code: 'rain' } })
  expect(await file(id)).toMatchObject({ status: 'open' })
  expect(await answer(id, 'mendUndo')).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'refused' })
})

test('the story goes on beside what HR has to mend', async () => {
  befalls.set('tent', () => Promise.resolve({ taken: false, reason: { code: 'alreadyOpen' } }))
  const { id } = await begin({ packs: ['tent'] })
  expect(await act(id, 'repack')).toMatchObject({ ok: true })
  expect((await openTasks(id)).map(({ kind }) => kind).sort()).toEqual(['mendUndo', 'pack'])
  expect(await answer(id, 'pack')).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ stage: 'away' })
  expect(await answer(id, 'mendUndo')).toMatchObject({ ok: true })
  expect((await openTasks(id)).map(({ kind }) => kind)).toEqual(['travel'])
})

const workflowTaskFailed = async (id: CaseId): Promise<boolean> => {
  const { events } = await work.client.workflow.getHandle(id).fetchHistory()

  return (events ?? []).some((event) => event.workflowTaskFailedEventAttributes)
}

test('a story that fails keeps its case, its people and what it took', async () => {
  const { id } = await begin({ takes: ['hall'], packs: ['tent'], fails: true })
  expect(await answer(id, 'pack')).toMatchObject({ ok: true })
  const sent = answer(id, 'travel').catch(() => 'not answered')
  await eventually('the fault in history', () => workflowTaskFailed(id))
  expect((await work.client.workflow.getHandle(id).describe()).status.name).toBe('RUNNING')
  expect(givenBack.get(id)).toBeUndefined()
  expect((await openTasks(id)).map(({ kind }) => kind)).toEqual(['travel'])
  await work.client.workflow.getHandle(id).terminate('the test is over')
  await sent
})

test('a cancellation that comes from Temporal itself is not heard', async () => {
  const { id } = await begin({ takes: ['hall'] })
  await work.client.workflow.getHandle(id).cancel()
  expect(await answer(id, 'pack')).toMatchObject({ ok: true })
  expect(givenBack.get(id)).toBeUndefined()
  expect(await openTasks(id)).toMatchObject([{ kind: 'travel' }])
})
