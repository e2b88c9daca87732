/** What the code of a process throws: in a validator a refusal, anywhere else an incident, and the mended code goes on. */
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import { storyFailure, storyFailures } from '../../../prisma/store/incidents'
import { reconcile } from '../../../scripts/reconcile/reconcile'
import { bundleWorkflows } from '../../../worker/bundle'
import type { CaseId, CommandId } from '../../../workflows/kernel/contract'
import { casework, open, openTask, say, type Casework, type Sent } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { arrangeErrands, BODY, DOER, errandLaw, head, hr, MONDAY, newSubject } from '../../support/errands'
import { eventually } from '../../support/eventually'
import type { Place } from './mishap/mishap'

jest.setTimeout(120_000)

const entry = (name: string) => path.join(__dirname, 'mishap', `${name}.ts`)
let database: FreshDatabase
let broken: Casework
let mended: Casework
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  broken = await casework(database.url, entry('broken'), errandLaw)
  mended = await casework(database.url, entry('mended'), errandLaw, { taskQueue: broken.taskQueue })
  worker = await broken.work()
})
afterAll(async () => {
  await worker.stop()
  await broken.close()
  await mended.close()
  await database.drop()
})

/** Runs something on the release that does not fail any more. */
async function onMended<T>(what: () => Promise<T>): Promise<T> {
  await worker.stop()
  worker = await mended.work()
  try {
    return await what()
  } finally {
    await worker.stop()
    worker = await broken.work()
  }
}

const begin = async (breaks: Place): Promise<CaseId> => {
  const form = { breaks, doer: DOER }
  const subject = await newSubject(database)

  return (await open(broken, { process: 'mishap', body: BODY, subject, on: MONDAY, by: hr, form })).id
}
const LEAVE = { from: '2026-04-01' }
const leave = async (key: CaseId, answer = LEAVE, command = randomUUID() as CommandId): Promise<Sent> =>
  say(broken, key, 'complete', hr, { task: await openTask(broken, key, 'leave'), answer, command })
const act = async (key: CaseId, name: string, by = hr): Promise<Sent> => {
  const { step } = await database.db.case.findUniqueOrThrow({ where: { id: key } })

  return say(broken, key, 'act', by, { act: name, step, form: {} })
}
const failure = (key: CaseId) => storyFailure(database.db, key)
const stopped = async (key: CaseId) => {
  await eventually('the incident', async () => (await failure(key)) !== null)

  return failure(key)
}
/** Ends a case that stands still, so that nobody waits for it. */
async function givenUp(key: CaseId, sent: Promise<unknown>): Promise<void> {
  await broken.client.workflow.getHandle(key).terminate()
  await sent
}
const stepOf = async (key: CaseId) =>
  (await database.db.case.findUniqueOrThrow({ where: { id: key }, select: { step: true } })).step
const updatesIn = async (key: CaseId) => {
  const { events } = await broken.client.workflow.getHandle(key).fetchHistory()

  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length
}
const replays = async (key: CaseId): Promise<void> => {
  const history = await broken.client.workflow.getHandle(key).fetchHistory()
  await Worker.runReplayHistory({ workflowBundle: await bundleWorkflows(entry('mended')) }, history, key)
}

describe('what a process throws while it is only asked is refused with a sentence, and nothing enters history:', () => {
  const refusedAndGoesOn = async (key: CaseId, sent: Sent) => {
    expect(sent).toEqual({ ok: false, refusal: { status: 422, reason: { code: 'ruleFailed' } } })
    // the start only
    expect(await updatesIn(key)).toBe(1)
    expect(await failure(key)).toBeNull()
    expect(await act(key, 'cancel', head)).toMatchObject({ ok: true })
    expect(await database.db.case.findUniqueOrThrow({ where: { id: key } })).toMatchObject({ outcome: 'cancelled' })
  }

  test('the check of an answer', async () => {
    const key = await begin('check')
    await refusedAndGoesOn(key, await leave(key))
  })

  test.each(['act', 'due', 'of', 'exclude'] as const)('an act, or what would follow from it: %s', async (place) => {
    const key = await begin(place)
    await refusedAndGoesOn(key, await act(key, 'move'))
  })
})

test('an answer that leads outside the calendar is refused at its field, and the case can still be withdrawn', async () => {
  const key = await begin('outside')
  for (const from of ['2019-12-31', '2035-01-02'])
    expect(await leave(key, { from })).toEqual({
      ok: false,
      refusal: { status: 422, reason: { code: 'form.invalid' }, errors: { from: 'outsideCalendar' } },
    })
  expect(await updatesIn(key)).toBe(1)
  expect(await act(key, 'cancel', head)).toMatchObject({ ok: true })
  expect(await database.db.case.findUniqueOrThrow({ where: { id: key } })).toMatchObject({ outcome: 'cancelled' })
})

test('a date within the calendar from which the story counts beyond it is no refusal: only the story tells, and the case says so', async () => {
  const key = await begin('outside')
  const sent = sending(leave(key, { from: '2034-12-29' }))
  expect((await stopped(key))?.params.cause).toBe('OutsideCalendar')
  expect(await stepOf(key)).toBe(1)
  await givenUp(key, sent)
})

/** Sends something that may never be answered while the code fails. */
const sending = <T>(send: Promise<T>): Promise<T | null> => send.catch(() => null)

describe('what a process throws anywhere else stops the case, which says so, and goes on once the code is mended:', () => {
  const AFTER: readonly Place[] = [
    'answer',
    'notAnError',
    'neverAwaited',
    'dueLater',
    'parties',
    'during',
    'together',
    'first',
    'commission',
  ]
  test.each(AFTER)('after an answer: %s', async (place) => {
    const key = await begin(place)
    const command = randomUUID() as CommandId
    const first = sending(leave(key, LEAVE, command))
    const found = await stopped(key)
    expect(found).toMatchObject({ kind: 'storyFailed', params: { process: 'mishap', version: 1 } })
    if (place !== 'notAnError') {
      expect(found?.params.cause).toBe('Unforeseen')
      expect(found?.params.line).toMatch(/^test\/workflows\/kernel\/mishap\/mishap\.ts:\d+$/)
    }
    expect(await stepOf(key)).toBe(1)

    await onMended(async () => {
      // the mended code hears it, whether or not it had entered history
      if (!(await first)?.ok) expect(await leave(key, LEAVE, command)).toMatchObject({ ok: true })
      await eventually('the next step', async () => (await stepOf(key)) > 1)
      expect(await failure(key)).toBeNull()
      await replays(key)
      expect(await act(key, 'cancel', head)).toMatchObject({ ok: true })
    })
  })
})

describe('a case stops, says so, and goes on once the code is mended, when what fails is', () => {
  const STARTS: readonly Place[] = ['firstFacts', 'start', 'temporalFailure']
  test.each(STARTS)('its start (%s): it has no row, and operators see it all the same', async (place) => {
    const opening = sending(begin(place))
    const seen = async () => (await storyFailures(database.db, 10)).find(({ caseNumber }) => caseNumber === null)
    await eventually('the incident', async () => (await seen()) !== undefined)
    const found = await seen()
    expect(found).toMatchObject({ caseNumber: null, kind: 'storyFailed', params: { process: 'mishap', version: 1 } })
    const key = found?.caseId as CaseId
    await onMended(async () => {
      await opening
      await eventually('the case', async () => (await database.db.case.count({ where: { id: key } })) > 0)
      expect(await failure(key)).toBeNull()
      await replays(key)
      expect(await act(key, 'cancel', head)).toMatchObject({ ok: true })
    })
  })

  test('an act that its validator let in, as it is performed', async () => {
    const key = await begin('actOnPast')
    expect(await leave(key)).toMatchObject({ ok: true })
    const moving = sending(act(key, 'move'))
    expect(await stopped(key)).toMatchObject({ params: { cause: 'Unforeseen' } })
    await onMended(async () => {
      await moving
      await replays(key)
      expect(await act(key, 'cancel', head)).toMatchObject({ ok: true })
      expect(await failure(key)).toBeNull()
    })
  })
})

test('one fault is one row, however often Temporal tries again, and one finding of reconcile', async () => {
  const key = await begin('answer')
  const sent = sending(leave(key))
  await eventually('the second try', async () => ((await failure(key))?.times ?? 0) > 1)
  const { db, client, taskQueue } = broken
  const report = await reconcile({ db, client, taskQueue, mend: false, only: [key] })
  expect(report.findings).toContainEqual(
    expect.objectContaining({
      kind: 'storyFailed',
      says: expect.stringMatching(/^mishap version 1 failed: Unforeseen at .*mishap\.ts:\d+$/),
      mended: false,
    }),
  )
  expect(await database.db.incident.count({ where: { caseId: key } })).toBe(1)
  await givenUp(key, sent)
})
