import { randomUUID } from 'node:crypto'
import { createDb, type Db } from '../../prisma/store/db'
import { appendTo, lockCase, NO_EVENTS, verifyChain, type ChainEnd } from '../../prisma/store/events'
import { settleCommand, storeCommand, type NewCommand } from '../../prisma/store/commands'
import * as store from '../../prisma/store/tasks'
import { TRANSITIONS, type TaskMove } from '../../prisma/store/tasks'
import {
  TASK_STATES,
  type CaseId,
  type CommandId,
  type Instant,
  type IsoDate,
  type PersonId,
  type TaskId,
  type TaskState,
} from '../../workflows/kernel/contract'
import { Problem } from '../../api/http/problems'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { arrangeCase, arrangeTask } from './harness'

let database: FreshDatabase
let db: Db
let people: PersonId[]
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  db = createDb(database.url, 5)
  people = (await db.person.findMany({ take: 3, orderBy: { id: 'asc' } })).map((row) => row.id as PersonId)
})
afterAll(async () => {
  await db.$disconnect()
  await database.drop()
})

const BODY = 'ministryFinance'
const [me, other, subject] = [0, 1, 2]
const who = (index: number | undefined): PersonId => people[index ?? 0] as PersonId
const newCase = async () => (await arrangeCase(db, { body: BODY, subject: who(subject) })) as CaseId
const at = '2026-03-02T05:00:00.000Z' as Instant
const on = '2026-03-02' as IsoDate

const command = (caseId: CaseId, task: string, version = 1, chain?: ChainEnd) => ({
  ...(chain && { chain }),
  task: task as TaskId,
  case: caseId,
  version,
  actor: who(me),
  capacity: 'hr' as const,
  at,
  on,
})
const stateOf = async (id: string) => (await db.task.findUniqueOrThrow({ where: { id } })).state

const VERBS = {
  claim: (c: store.TaskCommand) => store.claim(db, c),
  release: (c: store.TaskCommand) => store.release(db, c),
  start: (c: store.TaskCommand) => store.start(db, c),
  assign: (c: store.TaskCommand) => store.assign(db, { ...c, to: who(other) }),
  delegate: (c: store.TaskCommand) => store.delegate(db, { ...c, to: who(other) }),
} as const
const HELD: readonly TaskState[] = ['reserved', 'inProgress', 'completing', 'suspended']

/** What was read of the chain before: nothing, how it ends, or an end that another change has passed since. */
const CHAINS = { unread: undefined, read: NO_EVENTS, passed: { lastSeq: 4, lastHash: 'of an earlier time' } } as const
const KNOWN = Object.keys(CHAINS) as (keyof typeof CHAINS)[]

describe.each(
  (Object.keys(VERBS) as (keyof typeof VERBS)[]).flatMap((verb) => KNOWN.map((known) => [verb, known] as const)),
)('%s, the chain %s', (verb, known) => {
  const chain = CHAINS[known]

  test.each(TASK_STATES)('of a task that is %s follows the table', async (state) => {
    const caseId = await newCase()
    const assignee = HELD.includes(state) ? who(me) : null
    const task = await arrangeTask(db, caseId, { role: 'hr', body: BODY, state, assignee })
    const moved = await VERBS[verb](command(caseId, task, 1, chain))
    const { from, to } = TRANSITIONS[verb]
    if (from.includes(state)) {
      expect(moved).toMatchObject({ changed: true, now: { state: to, version: 2 } })
      expect(await stateOf(task)).toBe(to)
      expect(await db.event.count({ where: { caseId } })).toBe(1)
      expect(await verifyChain(db, caseId)).toEqual({ ok: true })
    } else {
      expect(moved).toEqual({
        changed: false,
        why: state === 'completing' ? 'completing' : ['completed', 'obsolete'].includes(state) ? 'tooLate' : 'taken',
      })
      expect(await stateOf(task)).toBe(state)
      expect(await db.event.count({ where: { caseId } })).toBe(0)
    }
  })

  test('says that a task is absent, or has changed since', async () => {
    const caseId = await newCase()
    const state = TRANSITIONS[verb].from[0]
    const task = await arrangeTask(db, caseId, {
      role: 'hr',
      body: BODY,
      ...(state ? { state } : {}),
      assignee: state === 'ready' ? null : who(me),
      version: 4,
    })
    expect(await VERBS[verb](command(caseId, task, 3, chain))).toEqual({ changed: false, why: 'stale' })
    expect(await VERBS[verb](command(caseId, randomUUID(), 1, chain))).toEqual({ changed: false, why: 'absent' })
    expect(await VERBS[verb](command(randomUUID() as CaseId, task, 4, chain))).toEqual({
      changed: false,
      why: 'absent',
    })
  })
})

test('every move leads to a state, and closed tasks stay closed', () => {
  for (const move of Object.keys(TRANSITIONS) as TaskMove[]) {
    const { from, to } = TRANSITIONS[move]
    expect(to === 'before' || TASK_STATES.includes(to)).toBe(true)
    expect(from).not.toContain('completed')
    expect(from).not.toContain('obsolete')
  }
})

test.each(KNOWN)('of many who claim at once one gets it, and the file tells of one (the chain %s)', async (known) => {
  const caseId = await newCase()
  const task = await arrangeTask(db, caseId, { role: 'hr', body: BODY })
  const results = await Promise.all(
    people.map((actor) => store.claim(db, { ...command(caseId, task, 1, CHAINS[known]), actor })),
  )
  expect(results.filter((result) => result.changed)).toHaveLength(1)
  expect(results.filter((result) => !result.changed).map((result) => !result.changed && result.why)).toEqual([
    'taken',
    'taken',
  ])
  expect(await db.event.count({ where: { caseId } })).toBe(1)
})

test('tasks of one case that are claimed at once, all by what was read before, are each claimed and told once', async () => {
  const caseId = await newCase()
  const tasks = await Promise.all(Array.from({ length: 12 }, () => arrangeTask(db, caseId, { role: 'hr', body: BODY })))
  const results = await Promise.all(tasks.map((task) => store.claim(db, command(caseId, task, 1, NO_EVENTS))))
  expect(results.map(({ changed }) => changed)).toEqual(tasks.map(() => true))
  expect(await db.event.count({ where: { caseId } })).toBe(tasks.length)
  expect(await verifyChain(db, caseId)).toEqual({ ok: true })
})

test('nobody takes or is given a task from which he is excluded', async () => {
  const caseId = await newCase()
  const task = await arrangeTask(db, caseId, { role: 'hr', body: BODY, excluded: [who(me), who(other)] })
  expect(await store.claim(db, command(caseId, task))).toMatchObject({ changed: false })
  expect(await store.assign(db, { ...command(caseId, task), to: who(other) })).toMatchObject({ changed: false })
  expect(await stateOf(task)).toBe('ready')
})

test('a task addressed to a person is not given back', async () => {
  const caseId = await newCase()
  const task = await arrangeTask(db, caseId, { person: who(me), state: 'reserved', assignee: who(me) })
  expect(await store.release(db, command(caseId, task))).toMatchObject({ changed: false })
})

describe('the audit trail', () => {
  const events = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      kind: 'remark',
      at,
      on,
      step: 1,
      actor: who(me),
      capacity: null,
      task: null,
      params: { b: i, a: { z: 1.5, y: [null, 'ә'] }, gone: undefined },
    }))
  const append = (caseId: CaseId, n: number) =>
    db.sql.transaction(async (tx) => appendTo(tx, caseId, (await lockCase(tx, caseId)) ?? NO_EVENTS, events(n)))
  const trail = async () => {
    const caseId = await newCase()
    await append(caseId, 3)
    await append(caseId, 2)

    return caseId
  }

  test('is whole as written', async () => {
    expect(await verifyChain(db, await trail())).toEqual({ ok: true })
  })
  test.each([
    ['a changed word', `update events set params = '{"b": 9}' where seq = 2 and "caseId" = $1::uuid`, 2],
    ['a changed moment', `update events set at = at + interval '1 second' where seq = 4 and "caseId" = $1::uuid`, 4],
    ['another actor', `update events set "actorId" = null where seq = 1 and "caseId" = $1::uuid`, 1],
    ['a row left out', `delete from events where seq = 3 and "caseId" = $1::uuid`, 3],
    ['the last row left out', `delete from events where seq = 5 and "caseId" = $1::uuid`, 5],
  ])('shows %s', async (_what, sql, brokenAt) => {
    const caseId = await trail()
    await database.sql(sql, [caseId])
    expect(await verifyChain(db, caseId)).toEqual({ ok: false, brokenAt })
  })
  test('keeps its order when many write at once', async () => {
    const caseId = await newCase()
    await Promise.all(Array.from({ length: 8 }, () => append(caseId, 2)))
    expect(await verifyChain(db, caseId)).toEqual({ ok: true })
    expect(await db.event.count({ where: { caseId } })).toBe(16)
  })
})

describe('a stored command', () => {
  const newCommand = (caseId: CaseId, task: string, more: Partial<NewCommand> = {}): NewCommand => ({
    id: randomUUID() as CommandId,
    caseId,
    kind: 'complete',
    act: null,
    principal: who(me),
    key: randomUUID(),
    digest: 'd',
    actor: {},
    payload: {},
    content: { id: randomUUID() as never, body: { text: 'x' }, salt: 's', hash: 'h' },
    task: { id: task as TaskId, version: 1, holder: who(me) },
    ...more,
  })
  const held = async (state: TaskState) => {
    const caseId = await newCase()

    return { caseId, task: await arrangeTask(db, caseId, { role: 'hr', body: BODY, state, assignee: who(me) }) }
  }

  test.each(TASK_STATES)('takes a task that is %s as the table says', async (state) => {
    const { caseId, task } = await held(state)
    const result = await storeCommand(db, newCommand(caseId, task))
    const taken = TRANSITIONS.send.from.includes(state)
    expect(result.stored).toBe(taken)
    expect(await stateOf(task)).toBe(taken ? 'completing' : state)
    expect(await db.command.count({ where: { caseId } })).toBe(taken ? 1 : 0)
    expect(await db.content.count({ where: { caseId } })).toBe(taken ? 1 : 0)
  })
  test('under a key that is used changes nothing', async () => {
    const first = await held('reserved')
    const second = await held('inProgress')
    const key = randomUUID()
    expect(await storeCommand(db, newCommand(first.caseId, first.task, { key }))).toMatchObject({ stored: true })
    expect(await storeCommand(db, newCommand(second.caseId, second.task, { key }))).toEqual({
      stored: false,
      why: 'keyUsed',
    })
    expect(await stateOf(second.task)).toBe('inProgress')
    expect(await db.content.count({ where: { caseId: second.caseId } })).toBe(0)
  })
  test('that is refused puts the task back, once', async () => {
    const { caseId, task } = await held('inProgress')
    const sent = newCommand(caseId, task)
    await storeCommand(db, sent)
    const refused = { result: 'refused', problem: Problem.for('tooLate').body } as const
    expect(await settleCommand(db, sent, refused)).toMatchObject({ state: 'refused', problem: { code: 'tooLate' } })
    expect(await db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({
      state: 'inProgress',
      version: 1,
      stateBefore: null,
    })
    // an outcome stays as it was written first
    expect(await settleCommand(db, sent, { result: 'done', outcome: { result: 'done' } })).toMatchObject({
      state: 'refused',
    })
  })
})
