import { randomUUID } from 'node:crypto'
import { engineOf } from '../../../api/service/temporal'
import type { MessageKind } from '../../../workflows/kernel/protocol/messages'
import type { Activities } from '../../../workflows/kernel/protocol/activities'
import type { CaseId, CommandId, Instant } from '../../../workflows/kernel/contract'
import { caseTime, type CaseClock } from '../../../workflows/kernel/law/case-clock'
import type { StoredCommand } from '../../../prisma/store/commands'
import { verifyChain } from '../../../prisma/store/events'
import { commandOnItsWay, freshDatabase } from '../../support/database'
import type { FreshDatabase } from '../../support/database'
import { actor, advance, casework, open, openTask, say } from '../../support/casework'
import type { Casework } from '../../support/casework'
import {
  arrangeErrands,
  beginErrand,
  BODY,
  DOER,
  doer,
  DONE,
  errandLaw,
  ERRANDS,
  head,
  hr,
  MONDAY,
  OTHER,
  otherHr,
  SUBJECT,
} from '../../support/errands'
import { eventually } from '../../support/eventually'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
const undone: CaseId[] = []

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  const undoEffect: Activities['undoEffect'] = ({ case: key }) => {
    undone.push(key)

    return Promise.resolve(DONE)
  }
  work = await casework(database.url, ERRANDS, { ...errandLaw, undoEffect })
  worker = await work.work()
})

afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const begin = (speed = 0): Promise<CaseId> => beginErrand(database, work, speed)

const file = (key: CaseId) => work.db.case.findUniqueOrThrow({ where: { id: key } })
const states = async (key: CaseId) => {
  const rows = await work.db.task.findMany({ where: { caseId: key }, orderBy: { openedStep: 'asc' } })

  return rows.map((row) => `${row.kind} ${row.state}`).sort()
}
const events = async (key: CaseId, kind: string) => {
  const rows = await work.db.event.findMany({ where: { caseId: key, kind }, orderBy: { seq: 'asc' } })

  return rows.map((row) => row.on.toISOString().slice(0, 10))
}
const complete = async (key: CaseId, kind: string, by: typeof hr, answer: object) =>
  say(work, key, 'complete', by, { task: await openTask(work, key, kind), answer: answer as never })

/** Whether the case has heard if an answer is on its way, for which it asks at the end of a hard term. */
async function hasLookedForAnswer(key: CaseId): Promise<boolean> {
  const events = (await work.client.workflow.getHandle(key).fetchHistory()).events ?? []
  const asked = events.find(
    (each) => each.activityTaskScheduledEventAttributes?.activityType?.name === 'answerUnderway',
  )
  const heard = events.map((each) => each.activityTaskCompletedEventAttributes?.scheduledEventId)

  return asked !== undefined && heard.some((each) => String(each) === String(asked.eventId))
}

async function done(key: CaseId): Promise<void> {
  await complete(key, 'left', doer, { n: 1 })
  await complete(key, 'right', hr, { n: 1 })
}

describe('a step', () => {
  test('is visible when the command that caused it has been answered', async () => {
    const key = await begin()
    expect(await states(key)).toEqual(['left reserved', 'right ready'])
    await complete(key, 'left', doer, { n: 1 })
    expect(await states(key)).toEqual(['left completed', 'right ready'])
    await complete(key, 'right', hr, { n: 1 })
    expect(await states(key)).toEqual(['approve ready', 'left completed', 'right completed'])
    expect(await file(key)).toMatchObject({ stage: 'approving', status: 'open' })
  })

  test('two tasks open at once and answered at the same moment both count', async () => {
    const key = await begin()
    const [left, right] = await Promise.all([openTask(work, key, 'left'), openTask(work, key, 'right')])
    const sent = await Promise.all([
      say(work, key, 'complete', doer, { task: left, answer: { n: 1 } }),
      say(work, key, 'complete', hr, { task: right, answer: { n: 1 } }),
    ])
    expect(sent.map((each) => each.ok)).toEqual([true, true])
    expect(await states(key)).toEqual(['approve ready', 'left completed', 'right completed'])
  })

  test('of two answers to one task the first counts and the second is told', async () => {
    const key = await begin()
    const task = await openTask(work, key, 'right')
    const sent = await Promise.all(
      [hr, otherHr].map((by) => say(work, key, 'complete', by, { task, answer: { n: 1 } })),
    )
    expect(sent.filter((each) => each.ok)).toHaveLength(1)
    expect(sent.find((each) => !each.ok)).toMatchObject({ refusal: { status: 409 } })
  })

  test('the same command twice is one answer', async () => {
    const key = await begin()
    const task = await openTask(work, key, 'left')
    const command = '11111111-1111-4111-8111-111111111111' as CommandId
    const answers = await Promise.all(
      [1, 2].map(() => say(work, key, 'complete', doer, { task, answer: { n: 1 }, command })),
    )
    expect(answers.map((each) => each.ok)).toEqual([true, true])
    expect(await events(key, 'taskCompleted')).toHaveLength(1)
  })

  test('its audit events form a chain that shows a change', async () => {
    const key = await begin()
    await done(key)
    expect(await verifyChain(work.db, key)).toEqual({ ok: true })
    await database.sql(`update events set params = '{"n":2}' where "caseId" = $1 and seq = 3`, [key])
    expect(await verifyChain(work.db, key)).toEqual({ ok: false, brokenAt: 3 })
  })
})

describe('who may answer', () => {
  test('only who it is for, never who is excluded', async () => {
    const key = await begin()
    expect(await complete(key, 'left', hr, { n: 1 })).toMatchObject({ refusal: { status: 403 } })
    expect(await complete(key, 'right', actor(DOER, ['hr', BODY]), { n: 1 })).toMatchObject({
      refusal: { status: 403, reason: { code: 'policy.excluded' } },
    })
    expect(await complete(key, 'right', actor(OTHER, ['hr', 'elsewhere']), { n: 1 })).toMatchObject({
      refusal: { status: 403 },
    })
    expect(await complete(key, 'left', doer, { n: -1 })).toMatchObject({
      refusal: { status: 422, errors: { n: 'tooSmall' } },
    })
    expect(await states(key)).toEqual(['left reserved', 'right ready'])
  })

  test('an addressee that follows the facts takes his open task with him', async () => {
    const key = await begin()
    const { step } = await file(key)
    await say(work, key, 'act', hr, { act: 'hand', step, form: { to: OTHER } })
    const row = await work.db.task.findFirstOrThrow({ where: { caseId: key, kind: 'left' } })
    expect(row).toMatchObject({ personId: OTHER, assigneeId: OTHER, state: 'reserved' })
    expect(await complete(key, 'left', doer, { n: 1 })).toMatchObject({ refusal: { status: 403 } })
    expect(await complete(key, 'left', actor(OTHER), { n: 1 })).toMatchObject({ ok: true })
  })
})

describe('terms', () => {
  test('a soft term reminds, then escalates, and the task stays open', async () => {
    const key = await begin()
    await advance(work, key, hr, '2026-03-20')
    // three working days from Monday 2 March end with Thursday the 5th
    expect(await events(key, 'taskReminded')).toEqual(['2026-03-04', '2026-03-04'])
    expect(await events(key, 'taskOverdue')).toEqual(['2026-03-06', '2026-03-06'])
    // whoever had it before his eyes may still take it: nothing that matters to him has changed
    const rows = await work.db.task.findMany({ where: { caseId: key } })
    expect(rows.map((row) => [row.version, row.escalated])).toEqual([
      [1, true],
      [1, true],
    ])
    expect(await complete(key, 'left', doer, { n: 1 })).toMatchObject({ ok: true })
  })

  test('a calendar that is told anew keeps the past of the case, however long a task has been open', async () => {
    const key = await begin()
    await advance(work, key, hr, '2027-06-01')
    expect(await say(work, key, 'recompute', hr, {})).toMatchObject({ ok: true })
    expect(await complete(key, 'left', doer, { n: 1 })).toMatchObject({ ok: true })
  })

  test('a hard term ends the wait', async () => {
    const key = await begin()
    await done(key)
    await advance(work, key, hr, '2026-03-20')
    expect(await file(key)).toMatchObject({ status: 'closed', outcome: 'lapsed', stage: 'lapsed' })
    expect(await states(key)).toEqual(['approve obsolete', 'left completed', 'right completed'])
  })

  test('a hard term of a clock that runs ends the wait, and who answers later finds the case closed', async () => {
    // a case day passes in 200 ms
    const key = await begin(86400 * 5)
    await done(key)
    const task = await work.db.task.findFirst({ where: { caseId: key, kind: 'approve' } })
    expect(task).not.toBeNull()
    const outcome = await work.client.workflow.getHandle(key).result()
    expect(outcome).toMatchObject({ end: 'lapsed' })
    const late = say(work, key, 'complete', hr, { task: task?.id as never, answer: { ok: true } })
    await expect(late).rejects.toThrow(/not found|completed/i)
  })

  test.each([
    { kind: 'complete', what: 'an answer', said: { answer: { ok: true } }, stage: 'waiting' },
    { kind: 'return', what: 'a return for revision', said: {}, stage: 'doing' },
  ] as const)(
    '$what received in time holds the hard term, though it comes after the clock was moved past it',
    async ({ kind, said, stage }) => {
      const key = await begin()
      await done(key)
      const task = await openTask(work, key, 'approve')
      const receivedAt = new Date().toISOString() as Instant
      const command = await commandOnItsWay(database, { case: key, task, receivedAt, kind })
      // the last day of the term is Thursday 5 March
      const moving = advance(work, key, hr, '2026-03-06')
      await eventually('the case to look for an answer', () => hasLookedForAnswer(key))
      const sent = await say(work, key, kind, hr, { task, ...said, command, receivedAt })
      await database.sql(`update commands set state = 'refused' where id = $1`, [command])
      expect(sent).toMatchObject({ ok: true })
      expect(await moving).toMatchObject({ ok: true })
      expect(await file(key)).toMatchObject({ stage, status: 'open' })
    },
  )

  test('a pause recorded late moves the end; an end moved into the past falls due now', async () => {
    const key = await begin()
    await done(key)
    await complete(key, 'approve', hr, { ok: true })
    await advance(work, key, hr, '2026-03-30')
    let { step } = await file(key)
    const pause = { from: '2026-03-10', to: '2026-03-12', because: 'absence' }
    expect(await say(work, key, 'act', hr, { act: 'pause', step, form: pause })).toMatchObject({ ok: true })
    const clock = await work.db.clock.findFirstOrThrow({ where: { caseId: key } })
    expect(clock.endsOn.toISOString().slice(0, 10)).toBe('2026-04-05')
    await advance(work, key, hr, '2026-04-04')
    ;({ step } = await file(key))
    expect((await file(key)).status).toBe('open')
    await advance(work, key, hr, '2026-04-05')
    expect(await file(key)).toMatchObject({ status: 'closed', outcome: 'done', stage: 'done' })
    expect(step).toBeGreaterThan(0)
  })
})

describe('a rehearsal that is released to run with real time', () => {
  const clockOf = async (key: CaseId) => (await file(key)).clock as unknown as CaseClock

  test.each([0, 1000])('ahead of the present goes on from where its clock stands: speed %d', async (speed) => {
    const key = await begin(speed)
    const ahead = new Date(Date.now() + 400 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
    await advance(work, key, hr, ahead)
    const [before, { step }] = [await clockOf(key), await file(key)]
    const asked = Date.now()
    expect(await say(work, key, 'act', hr, { act: 'advance', step, form: { release: true } })).toMatchObject({
      ok: true,
    })
    const answered = Date.now()
    const after = await clockOf(key)
    expect(after.speed).toBe(1)
    const gone = caseTime(after, answered) - caseTime(before, asked)
    expect(gone).toBeGreaterThanOrEqual(0)
    expect(gone).toBeLessThanOrEqual((answered - asked) * Math.max(1, speed))
  })

  test('behind the present comes to it', async () => {
    const key = await begin()
    const { step } = await file(key)
    const asked = Date.now()
    await say(work, key, 'act', hr, { act: 'advance', step, form: { release: true } })
    const answered = Date.now()
    const shown = caseTime(await clockOf(key), answered)
    expect(shown).toBeGreaterThanOrEqual(asked)
    expect(shown).toBeLessThanOrEqual(answered)
  })
})

describe('acts and turns', () => {
  test('a stale act is refused, and so is one its rule refuses', async () => {
    const key = await begin()
    const { step } = await file(key)
    expect(await say(work, key, 'act', hr, { act: 'fail', step, form: {} })).toMatchObject({
      refusal: { status: 409, reason: { code: 'never' } },
    })
    await complete(key, 'left', doer, { n: 1 })
    expect(await say(work, key, 'act', hr, { act: 'again', step, form: { n: 1 } })).toMatchObject({
      refusal: { status: 412 },
    })
  })

  test('a turn withdraws what is open and the story goes on', async () => {
    const key = await begin()
    await complete(key, 'left', doer, { n: 1 })
    const { step } = await file(key)
    expect(await say(work, key, 'act', hr, { act: 'again', step, form: { n: 1 } })).toMatchObject({ ok: true })
    expect(await states(key)).toEqual(['left completed', 'left reserved', 'right obsolete', 'right ready'])
    expect((await file(key)).facts).toMatchObject({ rounds: 1 })
  })

  test('cancel ends any story, undoes what was done, and gives back what was held', async () => {
    const key = await begin()
    const { step } = await file(key)
    expect(await say(work, key, 'act', hr, { act: 'cancel', step, form: {} })).toMatchObject({
      refusal: { status: 403 },
    })
    expect(await say(work, key, 'act', head, { act: 'cancel', step, form: {} })).toMatchObject({ ok: true })
    expect(await file(key)).toMatchObject({ status: 'closed', outcome: 'cancelled' })
    expect(await states(key)).toEqual(['left obsolete', 'right obsolete'])
    expect(await work.db.hold.count({ where: { caseId: key } })).toBe(0)
    expect(undone).toContain(key)
  })

  test('a task is returned with remarks and comes back', async () => {
    const key = await begin()
    await done(key)
    const task = await openTask(work, key, 'approve')
    expect(await say(work, key, 'return', hr, { task })).toMatchObject({ ok: true })
    const again = await work.db.task.findFirstOrThrow({ where: { caseId: key, kind: 'left', state: 'reserved' } })
    expect(again.returned).toBe(true)
    expect(again.contentId).not.toBeNull()
  })
})

describe('questions', () => {
  test('a question to a person suspends the task and its term where the rule says so', async () => {
    const key = await begin()
    const task = await openTask(work, key, 'left')
    expect(await say(work, key, 'ask', doer, { task, person: OTHER })).toMatchObject({ ok: true })
    expect(await complete(key, 'left', doer, { n: 1 })).toMatchObject({
      refusal: { reason: { code: 'task.suspended' } },
    })
    await advance(work, key, hr, '2026-03-10')
    expect(await events(key, 'taskOverdue')).toEqual(['2026-03-06'])
    expect(await complete(key, 'answerQuestion', actor(OTHER), {})).toMatchObject({ ok: true })
    const row = await work.db.task.findFirstOrThrow({ where: { id: task } })
    expect(row.state).toBe('reserved')
    // eight days from 2 to 9 March stand still: six of them were worked
    expect(row.dueOn?.toISOString().slice(0, 10)).toBe('2026-03-13')
    expect(await complete(key, 'left', doer, { n: 1 })).toMatchObject({ ok: true })
  })
})

describe('opening', () => {
  test('a refusal is an answer with its reason and a closed case', async () => {
    const opened = await open(work, {
      process: 'errand',
      body: BODY,
      subject: SUBJECT,
      on: MONDAY,
      by: hr,
      form: { doer: DOER, refuse: true },
    })
    expect(opened.outcome).toEqual({ result: 'refused', reason: { code: 'notToday' } })
    expect(await file(opened.id)).toMatchObject({ status: 'closed', outcome: 'refused' })
  })

  test('what only one case may hold is refused to the second until the first closes', async () => {
    const one = {
      process: 'errand',
      body: BODY,
      subject: SUBJECT,
      on: MONDAY,
      by: hr,
      form: { doer: DOER },
    }
    const first = await open(work, one)
    expect(first.outcome).toEqual({ result: 'started' })
    expect((await open(work, one)).outcome).toMatchObject({ result: 'refused', reason: { code: 'alreadyOpen' } })
    const { step } = await file(first.id)
    await say(work, first.id, 'act', head, { act: 'cancel', step, form: {} })
    expect((await open(work, one)).outcome).toEqual({ result: 'started' })
  })
})

test('a message that the worker of a release before does not know has no outcome yet, and is sent again', async () => {
  const key = await begin()
  const engine = engineOf(work.client, work.taskQueue)
  const newer: StoredCommand = {
    ...{
      id: randomUUID() as CommandId,
      caseId: key,
      taskId: null,
      act: null,
      principal: 'system',
      key: 'k',
      digest: '',
    },
    ...{ payload: {}, receivedAt: new Date(), state: 'stored', outcome: null, problem: null },
    kind: 'ofTheNextRelease' as MessageKind,
  }
  expect(await engine.send(newer, 20_000)).toMatchObject({ result: 'unknown' })
})
