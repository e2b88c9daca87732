/** A part of a story that is over at the end of a day: what is open in it, and what was said to it in time and comes later. */
import type { CaseId, Instant, IsoDate, PersonId } from '../../../workflows/kernel/contract'
import type { Activities } from '../../../workflows/kernel/protocol/activities'
import { messageUnderway } from '../../../prisma/store/holds'
import { advance, casework, open, openTask, say, type Casework } from '../../support/casework'
import { commandOnItsWay, freshDatabase, type FreshDatabase } from '../../support/database'
import { arrangeErrands, BODY, errandLaw, ERRANDS, head, hr, MONDAY, newSubject } from '../../support/errands'
import { eventually } from '../../support/eventually'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
/** until when a case looks for messages */
const gates = new Map<CaseId, Promise<void>>()

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  const looks: Activities['messageUnderway'] = async (question) => {
    await gates.get(question.case)

    return database.db.sql.transaction((tx) => messageUnderway(tx, question))
  }
  work = await casework(database.url, ERRANDS, { ...errandLaw, messageUnderway: looks })
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const LAST = '2026-03-05'
const AFTER = '2026-03-06' as IsoDate

async function begin(form: object = {}, speed = 0): Promise<CaseId> {
  const subject: PersonId = await newSubject(database)
  const { id } = await open(work, {
    process: 'filing',
    body: BODY,
    subject,
    on: MONDAY,
    by: hr,
    form: { since: MONDAY, ...form },
    speed,
  })

  return id
}
const file = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const states = async (id: CaseId) =>
  (await work.db.task.findMany({ where: { caseId: id } })).map((row) => `${row.kind} ${row.state}`).sort()
const events = async (id: CaseId, kind: string) =>
  (await work.db.event.findMany({ where: { caseId: id, kind }, orderBy: { seq: 'asc' } })).map(({ params }) => params)
const answer = async (id: CaseId, kind: string, more: object = {}) =>
  say(work, id, 'complete', hr, { task: await openTask(work, id, kind), answer: {}, ...more })
const act = async (id: CaseId, name: string, form: object = {}, more: object = {}) =>
  say(work, id, 'act', hr, { act: name, step: (await file(id)).step, form: form as never, ...more })
/** Whether the case has begun, or ended, to look for messages. */
async function looksFor(
  id: CaseId,
  event: 'activityTaskScheduledEventAttributes' | 'activityTaskCompletedEventAttributes',
): Promise<boolean> {
  const { events: history } = await work.client.workflow.getHandle(id).fetchHistory()
  const looks = (history ?? []).filter(
    ({ activityTaskScheduledEventAttributes: asked }) => asked?.activityType?.name === 'messageUnderway',
  )
  if (event === 'activityTaskScheduledEventAttributes') return looks.length > 0
  const done = (history ?? []).map((each) => String(each.activityTaskCompletedEventAttributes?.scheduledEventId))

  return looks.some(({ eventId }) => done.includes(String(eventId)))
}
const hasLooked = (id: CaseId) =>
  eventually('the case to have looked for messages', () => looksFor(id, 'activityTaskCompletedEventAttributes'))

test('with its last day all that is open in it is withdrawn, what it took is given back, and the story goes on', async () => {
  const id = await begin({ takes: 'the key' })
  await answer(id, 'left')
  expect(await work.db.hold.count({ where: { caseId: id } })).toBe(1)
  expect(await advance(work, id, hr, LAST)).toMatchObject({ ok: true })
  expect(await states(id)).toEqual(['left completed', 'right ready'])
  await advance(work, id, hr, AFTER)
  expect(await states(id)).toEqual(['left completed', 'note ready', 'right obsolete'])
  expect(await work.db.hold.count({ where: { caseId: id } })).toBe(0)
  expect(await events(id, 'taskLapsed')).toEqual([{ kind: 'right', on: LAST }])
  await answer(id, 'note')
  expect(await file(id)).toMatchObject({ outcome: 'missed', basis: { code: 'tooLate', params: { on: LAST } } })
})

test('a task in it shows the day with which it closes', async () => {
  const id = await begin()
  const task = await work.db.task.findFirstOrThrow({ where: { caseId: id, kind: 'right' } })
  expect(task.closesOn?.toISOString().slice(0, 10)).toBe(LAST)
})

test('a part that comes to its end before its last day is not over', async () => {
  const id = await begin({ takes: 'another key' })
  await answer(id, 'left')
  await answer(id, 'right')
  expect(await file(id)).toMatchObject({ outcome: 'gathered' })
})

test('a part whose last day is over already does not begin', async () => {
  const id = await begin({ since: '2026-02-02' })
  expect(await states(id)).toEqual(['note ready'])
  expect(await file(id)).toMatchObject({ stage: 'late' })
})

test('its last day moves with the facts', async () => {
  const id = await begin()
  expect(await act(id, 'extend', { since: AFTER })).toMatchObject({ ok: true })
  await advance(work, id, hr, '2026-03-11')
  expect(await file(id)).toMatchObject({ stage: 'open' })
  await advance(work, id, hr, '2026-03-12')
  expect(await file(id)).toMatchObject({ stage: 'late' })
})

test.each([
  { waits: '2026-03-05', notes: ['2026-03-05', '2026-03-06'] },
  { waits: '2026-03-06', notes: ['2026-03-06'] },
])('what waits in it for $waits begins only if that is before the end of its last day', async ({ waits, notes }) => {
  const id = await begin({ waits })
  await advance(work, id, hr, '2026-03-09')
  const rows = await work.db.task.findMany({ where: { caseId: id, kind: 'note' }, orderBy: { openedOn: 'asc' } })
  expect(rows.map(({ openedOn }) => openedOn.toISOString().slice(0, 10))).toEqual(notes)
})

test('an answer and an act received in time are heard, though they come after the last day', async () => {
  const id = await begin()
  const receivedAt = new Date().toISOString() as Instant
  const task = await openTask(work, id, 'left')
  const answered = await commandOnItsWay(database, { case: id, task, receivedAt })
  const acted = await commandOnItsWay(database, { case: id, task, receivedAt, kind: 'act' })
  const moving = advance(work, id, hr, AFTER)
  await hasLooked(id)
  expect(await answer(id, 'left', { command: answered, receivedAt })).toMatchObject({ ok: true })
  expect(await act(id, 'file', {}, { command: acted, receivedAt })).toMatchObject({ ok: true })
  expect(await moving).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ outcome: 'filed' })
  expect(await states(id)).toEqual(['left completed', 'right obsolete'])
})

test('an act that comes while the case looks for it is heard', async () => {
  const id = await begin()
  const receivedAt = new Date().toISOString() as Instant
  let found: () => void = () => undefined
  gates.set(id, new Promise((resolve) => (found = resolve)))
  const moving = advance(work, id, hr, AFTER)
  await eventually('the case to look for messages', () => looksFor(id, 'activityTaskScheduledEventAttributes'))
  const acting = act(id, 'file', {}, { receivedAt })
  await eventually('the act to be taken', async () => {
    const { events: history } = await work.client.workflow.getHandle(id).fetchHistory()

    return (history ?? []).filter((each) => each.workflowExecutionUpdateAcceptedEventAttributes).length > 2
  })
  found()
  expect(await acting).toMatchObject({ ok: true })
  expect(await moving).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ outcome: 'filed' })
})

test('what is left is over as soon as all that was received in time is heard', async () => {
  const id = await begin()
  const receivedAt = new Date().toISOString() as Instant
  const task = await openTask(work, id, 'left')
  const command = await commandOnItsWay(database, { case: id, task, receivedAt })
  const moving = advance(work, id, hr, AFTER)
  await hasLooked(id)
  expect(await answer(id, 'left', { command, receivedAt })).toMatchObject({ ok: true })
  expect(await moving).toMatchObject({ ok: true })
  expect(await states(id)).toEqual(['left completed', 'note ready', 'right obsolete'])
})

test('what is received after the last day is refused, whether or not the case has noticed', async () => {
  // the clock runs, so that a moment five days ahead lies after the last day
  const id = await begin({}, 1)
  const receivedAt = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000).toISOString() as Instant
  expect(await answer(id, 'left', { receivedAt })).toMatchObject({
    refusal: { status: 409, reason: { code: 'task.tooLate' } },
  })
  expect(await act(id, 'file', {}, { receivedAt })).toMatchObject({
    refusal: { status: 409, reason: { code: 'act.tooLate' } },
  })
  expect(await act(id, 'file')).toMatchObject({ ok: true })
})

test('an act around it ends it like any part', async () => {
  const id = await begin({ takes: 'a third key' })
  const { step } = await file(id)
  expect(await say(work, id, 'act', head, { act: 'cancel', step, form: {} })).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ outcome: 'cancelled' })
  expect(await work.db.hold.count({ where: { caseId: id } })).toBe(0)
})

test.each(['2026-03-04', '2026-03-05'])(
  'a part around it that is over by %s ends both, with its own day',
  async (outer) => {
    const id = await begin({ outer })
    await advance(work, id, hr, outer === LAST ? AFTER : LAST)
    expect(await states(id)).toEqual(['left obsolete', 'note ready', 'right obsolete'])
    expect((await events(id, 'taskLapsed')).map((params) => (params as { on: string }).on)).toEqual([outer, outer])
    await answer(id, 'note')
    expect(await file(id)).toMatchObject({ basis: { params: { on: outer } } })
  },
)

test('it is over before one around it that is over later', async () => {
  const id = await begin({ outer: '2026-03-20' })
  await advance(work, id, hr, AFTER)
  await answer(id, 'note')
  expect(await file(id)).toMatchObject({ outcome: 'missed', basis: { params: { on: LAST } } })
})

test('an answer received in time in a branch beside it is heard before it is over', async () => {
  const id = await begin({ rival: true })
  const receivedAt = new Date().toISOString() as Instant
  const task = await openTask(work, id, 'note')
  const command = await commandOnItsWay(database, { case: id, task, receivedAt })
  const moving = advance(work, id, hr, AFTER)
  await hasLooked(id)
  expect(await answer(id, 'note', { command, receivedAt })).toMatchObject({ ok: true })
  await moving
  expect(await file(id)).toMatchObject({ outcome: 'gathered' })
  expect(await states(id)).toEqual(['left obsolete', 'note completed', 'right obsolete'])
})
