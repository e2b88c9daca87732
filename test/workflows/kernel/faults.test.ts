/** What dies in the middle of a step: the step is recorded once, no answer is lost or doubled, and the case goes on. */
import { randomUUID } from 'node:crypto'
import { temporal } from '@temporalio/proto'
import { Client as Postgres } from 'pg'
import { pino } from 'pino'
import { createActivities } from '../../../activities'
import { readWords } from '../../../workflows/words'
import { createDb, type Db } from '../../../prisma/store/db'
import { verifyChain } from '../../../prisma/store/events'
import { openIncidents } from '../../../prisma/store/incidents'
import { processesOf } from '../../../workflows/kernel/process'
import type { CaseId, CommandId, TaskId } from '../../../workflows/kernel/contract'
import type { Step } from '../../../workflows/kernel/protocol/step'
import { advance, casework, openTask, say, type Casework, type Sent } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { dyingWorker } from '../../support/dying'
import { arrangeErrands, beginErrand, doer, ERRANDS, errandLaw, hr, OTHER, otherHr } from '../../support/errands'
import { eventually } from '../../support/eventually'
import { proxyTo, type Proxy } from '../../support/proxy'
import { admitted } from '../../support/updates'

const { TimeoutType } = temporal.api.enums.v1

let database: FreshDatabase
let proxy: Proxy
/** what the worker writes through, by way of the proxy */
let through: Db
let work: Casework
let worker: { stop(): Promise<void> }
/** what befalls the record of a step, by case; the real record is handed over */
const befalls = new Map<string, (step: Step, record: () => Promise<void>) => Promise<void>>()

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  proxy = await proxyTo(database.url)
  through = createDb(proxy.url, 5)
  const activities = createActivities({
    db: through,
    log: pino({ level: 'silent' }),
    processes: processesOf(),
    words: readWords(),
    stores: {},
  })
  work = await casework(database.url, ERRANDS, {
    ...activities,
    ...errandLaw,
    record: (step) => {
      const real = () => activities.record(step)

      return befalls.get(step.case)?.(step, real) ?? real()
    },
  })
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await through.$disconnect()
  await proxy.close()
  await database.drop()
})

/** Lets something befall the first attempt to record the second step of a case. */
function once(key: CaseId, what: (record: () => Promise<void>) => Promise<void>): void {
  befalls.set(key, (step, record) => {
    if (step.n !== 2) return record()
    befalls.delete(key)

    return what(record)
  })
}
const begin = (speed = 0) => beginErrand(database, work, speed)
const file = (key: CaseId) => database.db.case.findUniqueOrThrow({ where: { id: key } })
const steps = async (key: CaseId) =>
  (await database.db.step.findMany({ where: { caseId: key }, orderBy: { n: 'asc' } })).map((row) => row.n)
const tasks = async (key: CaseId) =>
  (await database.db.task.findMany({ where: { caseId: key } })).map((row) => `${row.kind} ${row.state}`).sort()
const recorded = (key: CaseId, n: number) => eventually(`step ${n}`, async () => (await steps(key)).includes(n))
/** How often each event was written, and whether the chain of the file holds. */
async function counted(key: CaseId, ...kinds: string[]): Promise<number[]> {
  expect(await verifyChain(database.db, key)).toEqual({ ok: true })
  const written = (await database.db.event.findMany({ where: { caseId: key } })).map((event) => event.kind)

  return kinds.map((kind) => written.filter((each) => each === kind).length)
}
const newCommand = () => randomUUID() as CommandId
const answer = (key: CaseId, task: TaskId, by: typeof hr, command = newCommand()) =>
  say(work, key, 'complete', by, { task, answer: { n: 1 }, command })
/** The errand from its second step, at which `left` was answered, to its end. */
async function goesOn(key: CaseId): Promise<void> {
  const right = await openTask(work, key, 'right').catch(() => null)
  if (right) expect(await answer(key, right, hr)).toMatchObject({ ok: true })
  const approve = await openTask(work, key, 'approve')
  expect(await say(work, key, 'complete', hr, { task: approve, answer: { ok: true } })).toMatchObject({ ok: true })
  expect(await advance(work, key, hr, '2026-04-10')).toMatchObject({ ok: true })
  expect(await file(key)).toMatchObject({ status: 'closed', outcome: 'done' })
  const numbers = await steps(key)
  expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  expect(await counted(key, 'taskCompleted', 'caseClosed')).toEqual([3, 1])
}

describe('the record has committed, and the worker fails before it can say so; then', () => {
  const lostAnswer = async (record: () => Promise<void>): Promise<never> => {
    await record()
    throw new Error('the worker is gone')
  }

  test('nothing else comes', async () => {
    const key = await begin()
    once(key, lostAnswer)
    expect(await answer(key, await openTask(work, key, 'left'), doer)).toMatchObject({ ok: true })
    expect(await tasks(key)).toEqual(['left completed', 'right ready'])
    await goesOn(key)
  })

  test('the same answer comes again', async () => {
    const key = await begin()
    const [left, command] = [await openTask(work, key, 'left'), newCommand()]
    let again: Promise<Sent> | undefined
    once(key, async (record) => {
      await record()
      again = answer(key, left, doer, command)
      throw new Error('the worker is gone')
    })
    expect(await answer(key, left, doer, command)).toMatchObject({ ok: true })
    expect(await again).toMatchObject({ ok: true })
    expect(await steps(key)).toEqual([1, 2])
    await goesOn(key)
  })

  test('another answer comes, to this task and to the other one', async () => {
    const key = await begin()
    const [left, right] = await Promise.all([openTask(work, key, 'left'), openTask(work, key, 'right')])
    let others: Promise<Sent[]> | undefined
    once(key, async (record) => {
      await record()
      others = Promise.all([answer(key, left, doer), answer(key, right, hr)])
      throw new Error('the worker is gone')
    })
    expect(await answer(key, left, doer)).toMatchObject({ ok: true })
    expect(await others).toMatchObject([{ ok: false, refusal: { status: 409 } }, { ok: true }])
    await goesOn(key)
  })

  test('an act comes from somebody who has seen the step just committed', async () => {
    const key = await begin()
    const left = await openTask(work, key, 'left')
    let act: Promise<Sent> | undefined
    let stale: Promise<Sent> | undefined
    once(key, async (record) => {
      await record()
      const pause = { from: '2026-03-10', to: '2026-03-12', because: 'absence' }
      stale = say(work, key, 'act', hr, { act: 'pause', step: 1, form: pause })
      await stale
      act = say(work, key, 'act', hr, { act: 'pause', step: 2, form: pause })
      // the validator has to see it before the second attempt tells the workflow
      await eventually('the act in history', () => accepted(key, 3))
      throw new Error('the worker is gone')
    })
    expect(await answer(key, left, doer)).toMatchObject({ ok: true })
    expect(await stale).toMatchObject({ ok: false, refusal: { status: 412 } })
    expect(await act).toMatchObject({ ok: true })
    await goesOn(key)
  })
})

/** Whether so many Updates, the start among them, have been accepted by the workflow. */
async function accepted(key: CaseId, count: number): Promise<boolean> {
  const { events } = await work.client.workflow.getHandle(key).fetchHistory()

  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length >= count
}

/** Why a record was tried again, each time that a time was over. */
async function retriedBecause(key: CaseId): Promise<unknown[]> {
  const { events } = await work.client.workflow.getHandle(key).fetchHistory()

  return (events ?? []).flatMap((event) => {
    const timeout = event.activityTaskStartedEventAttributes?.lastFailure?.timeoutFailureInfo

    return timeout ? [timeout.timeoutType] : []
  })
}

/** Runs something while nobody works. */
async function withoutWorker<T>(what: () => Promise<T>): Promise<T> {
  await worker.stop()
  try {
    return await what()
  } finally {
    worker = await work.work()
  }
}

test('a worker killed after the commit: four cases, another worker, and whatever comes next', async () => {
  // in the third a day passes in three seconds: its terms of three working days pass while nobody works
  const [same, other, passing, quiet] = await Promise.all([begin(), begin(), begin(86_400 / 3), begin()])
  const keys = [same, other, passing, quiet]
  const lefts = await Promise.all(keys.map((key) => openTask(work, key, 'left')))
  const rights = await Promise.all(keys.map((key) => openTask(work, key, 'right')))
  const commands = keys.map(newCommand)
  const send = (i: number) => answer(keys[i] as CaseId, lefts[i] as TaskId, doer, commands[i])
  const sent = await withoutWorker(async () => {
    const died = dyingWorker(database.url, work.taskQueue, 'steps', 4)
    const answers = keys.map((_, i) => send(i))
    expect(await died).toBe('SIGKILL')
    for (const key of keys) expect(await tasks(key)).toEqual(['left completed', 'right ready'])

    // the same command again, another answer; then a term, and nothing
    return [...answers, send(0), answer(other, rights[1] as TaskId, hr)]
  })
  for (const outcome of await Promise.all(sent)) expect(outcome).toMatchObject({ ok: true })
  // its silence gave it away, not the end of the time that a step may take
  for (const key of keys) expect(await retriedBecause(key)).toEqual([TimeoutType.TIMEOUT_TYPE_HEARTBEAT])
  expect(await tasks(same)).toEqual(['left completed', 'right ready'])
  expect(await tasks(other)).toEqual(['approve ready', 'left completed', 'right completed'])

  const overdue = () => database.db.event.count({ where: { kind: 'taskOverdue', taskId: rights[2] as string } })
  await eventually('the overdue task', async () => (await overdue()) > 0)
  expect(await answer(passing, rights[2] as TaskId, hr)).toMatchObject({ ok: true })
  for (const key of [same, other, quiet]) await goesOn(key)
  await eventually('the hard term', async () => (await file(passing)).outcome === 'lapsed')
  expect(await overdue()).toBe(1)
  expect(await counted(passing, 'taskCompleted', 'taskLapsed', 'caseClosed')).toEqual([2, 1, 1])
})

describe('Postgres is away', () => {
  afterEach(() => proxy.restore())

  test('before a step is written: the answer waits, and is given once', async () => {
    const key = await begin()
    const left = await openTask(work, key, 'left')
    let attempts = 0
    befalls.set(key, async (_step, record) => {
      attempts += 1
      if (attempts === 1) proxy.cut()
      // long enough away for several attempts
      if (attempts === 4) proxy.restore()

      return record()
    })
    const sent = answer(key, left, doer)
    expect(await sent).toMatchObject({ ok: true })
    befalls.delete(key)
    expect(attempts).toBeGreaterThanOrEqual(4)
    expect(await steps(key)).toEqual([1, 2])
    await goesOn(key)
  })

  test('in the middle of the transaction: nothing of it stays, and it is written whole later', async () => {
    const key = await begin()
    const left = await openTask(work, key, 'left')
    const holder = new Postgres({ connectionString: database.url })
    await holder.connect()
    await holder.query('begin')
    await holder.query('select 1 from cases where id = $1 for update', [key])
    const sent = answer(key, left, doer)
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await eventually('the record to wait', async () => (await database.sql(waiting)).length > 0)
    proxy.cut()
    await holder.query('rollback')
    await holder.end()
    expect(await tasks(key)).toEqual(['left reserved', 'right ready'])
    proxy.restore()
    expect(await sent).toMatchObject({ ok: true })
    expect(await steps(key)).toEqual([1, 2])
    await goesOn(key)
  })

  test('as the commit is acknowledged: the second attempt changes nothing', async () => {
    const key = await begin()
    once(key, async (record) => {
      await record()
      proxy.cut()
      await recorded(key, 2)
      setTimeout(proxy.restore, 500)
      throw new Error('the connection is lost')
    })
    expect(await answer(key, await openTask(work, key, 'left'), doer)).toMatchObject({ ok: true })
    expect(await steps(key)).toEqual([1, 2])
    await goesOn(key)
  })
})

test('an answer that comes while the clock of a rehearsal is moved is given on the day on which it was received', async () => {
  const key = await begin()
  const left = await openTask(work, key, 'left')
  let given: Promise<Sent> | undefined
  // the step of the reminder on 4 March, on the way to the end of the term on the 5th
  once(key, async (record) => {
    given = answer(key, left, doer)
    await eventually('the answer in history', () => accepted(key, 3))

    return record()
  })
  expect(await advance(work, key, hr, '2026-03-10')).toMatchObject({ ok: true })
  expect(await given).toMatchObject({ ok: true })
  const { answeredOn } = await database.db.task.findUniqueOrThrow({ where: { id: left } })
  expect(answeredOn?.toISOString().slice(0, 10)).toBe('2026-03-04')
})

test('answers that came while no worker ran are taken together, in one step', async () => {
  const key = await begin()
  const [left, right] = await Promise.all([openTask(work, key, 'left'), openTask(work, key, 'right')])
  const commands = [newCommand(), newCommand(), newCommand()] as const
  const sent = await withoutWorker(async () => {
    const answers = [
      answer(key, left, doer, commands[0]),
      answer(key, right, hr, commands[1]),
      answer(key, right, otherHr, commands[2]),
    ]
    for (const command of commands)
      await eventually('the Update at Temporal', () => admitted(work.client, key, command))

    return answers
  })
  const outcomes = await Promise.all(sent)
  expect(outcomes[0]).toMatchObject({ ok: true })
  // of two answers to one task one counts
  expect(outcomes.slice(1).filter((outcome) => outcome.ok)).toHaveLength(1)
  expect(outcomes.find((outcome) => !outcome.ok)).toMatchObject({ refusal: { status: 409 } })
  expect(await steps(key)).toEqual([1, 2])
  expect(await tasks(key)).toEqual(['approve ready', 'left completed', 'right completed'])
  expect(await counted(key, 'taskCompleted')).toEqual([2])
  await goesOn(key)
})

test('an answer that came together with an act is looked at again once the act is done', async () => {
  const key = await begin()
  const left = await openTask(work, key, 'left')
  const [handed, answered] = [newCommand(), newCommand()]
  const [act, given] = await Promise.all(
    await withoutWorker(async () => {
      const acting = say(work, key, 'act', hr, { act: 'hand', step: 1, form: { to: OTHER }, command: handed })
      await eventually('the act at Temporal', () => admitted(work.client, key, handed))
      const answering = answer(key, left, doer, answered)
      await eventually('the answer at Temporal', () => admitted(work.client, key, answered))

      return [acting, answering]
    }),
  )
  expect(act).toMatchObject({ ok: true })
  // it is somebody else's task by now
  expect(given).toMatchObject({ ok: false, refusal: { status: 403 } })
  expect(await tasks(key)).toEqual(['left reserved', 'right ready'])
  expect(await steps(key)).toEqual([1, 2])
})

test('a step that cannot be recorded because another stands in its place: operators see it, and the case goes on once it is mended', async () => {
  const key = await begin()
  const left = await openTask(work, key, 'left')
  await database.sql(`insert into steps ("caseId", n, digest, "recordedAt") values ($1, 2, 'another', now())`, [key])
  let attempts = 0
  befalls.set(key, (_step, record) => {
    attempts += 1

    return record()
  })
  const sent = answer(key, left, doer)
  await eventually('the incident', async () => (await openIncidents(database.db)).length > 0)
  expect(await openIncidents(database.db)).toMatchObject([{ caseId: key, kind: 'stepConflict', params: { step: 2 } }])
  const tried = attempts
  await database.sql(`delete from steps where "caseId" = $1 and n = 2`, [key])
  expect(await sent).toMatchObject({ ok: true })
  // slowly: not every few seconds
  expect(attempts).toBeLessThanOrEqual(tried + 1)
  expect(await openIncidents(database.db)).toEqual([])
  befalls.delete(key)
  await goesOn(key)
})
