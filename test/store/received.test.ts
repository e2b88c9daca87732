/** When a command was received, and whether a term that ends looks at it: each on its own connection, in either order. */
import { randomUUID } from 'node:crypto'
import { storeCommand, type NewCommand } from '../../prisma/store/commands'
import type { Sql } from '../../prisma/store/db'
import { answerUnderway, messageUnderway } from '../../prisma/store/holds'
import { tellList } from '../../prisma/store/linked-cases'
import type { BodyKey, CaseId, CommandId, Instant, ListId, PersonId, TaskId } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeTask } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'

const BODY = 'ministryFinance' as BodyKey

let database: FreshDatabase
let person: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  const holder = await database.db.bodyRole.findFirstOrThrow({ where: { role: 'hr', bodyKey: BODY } })
  person = holder.personId as PersonId
})
afterAll(() => database.drop())

async function held(): Promise<{ caseId: CaseId; task: TaskId }> {
  const caseId = (await arrangeCase(database.db, { body: BODY, subject: person })) as CaseId
  const task = await arrangeTask(database.db, caseId, { role: 'hr', body: BODY, state: 'reserved', assignee: person })

  return { caseId, task: task as TaskId }
}

const answerTo = ({ caseId, task }: { caseId: CaseId; task: TaskId }): NewCommand => ({
  id: randomUUID() as CommandId,
  caseId,
  kind: 'complete',
  act: null,
  principal: person,
  key: randomUUID(),
  digest: 'd',
  actor: {},
  payload: { task },
  content: { id: randomUUID() as never, body: { text: 'x' }, salt: 's', hash: 'h' },
  task: { id: task, version: 1, holder: person },
})

const clockOf = async (sql: Sql): Promise<Instant> => {
  const [row] = await sql.rows<{ at: Date }>`select clock_timestamp() as at`
  if (!row) throw new Error('PostgreSQL has no clock')

  return row.at.toISOString() as Instant
}
const waiting = () =>
  eventually('one to wait for the other', async () => {
    const rows = await database.sql(
      `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
    )

    return rows.length > 0
  })
const inASecond = (at: Instant): Instant => new Date(Date.parse(at) + 1000).toISOString() as Instant

test('a term that ends while an answer is being stored waits for it and finds it', async () => {
  const file = await held()
  const { db } = database
  const { looking } = await db.sql.transaction(async (tx) => {
    await storeCommand({ sql: tx }, answerTo(file))
    const by = await clockOf(tx)
    const found = db.sql.transaction((other) => answerUnderway(other, file.task, by))
    await waiting()

    return { looking: found }
  })
  expect(await looking).toBe(true)
})

test('an answer that is being stored while a term looks for it is received after the look', async () => {
  const file = await held()
  const { db } = database
  const by = await clockOf(db.sql)
  const { storing, looked } = await db.sql.transaction(async (tx) => {
    expect(await answerUnderway(tx, file.task, by)).toBe(false)
    const stored = storeCommand(db, answerTo(file))
    await waiting()

    return { storing: stored, looked: await clockOf(tx) }
  })
  const stored = await storing
  expect(stored).toMatchObject({ stored: true })
  const row = await database.db.command.findFirstOrThrow({ where: { caseId: file.caseId } })
  expect(row.receivedAt.getTime()).toBeGreaterThanOrEqual(Date.parse(looked))
})

describe('an act that is told to all cases of a list', () => {
  /** A case of a list, as its start was stored. */
  async function listed(): Promise<{ caseId: CaseId; list: ListId }> {
    const { caseId } = await held()
    const list = randomUUID() as ListId
    await database.sql(
      `insert into commands (id, "caseId", "senderId", "listId", kind, principal, key, digest, actor, payload, "receivedAt", state)
      values ($1, $2, $2, $3, 'start', 'case', $4, '', '{}', '{}', now() - interval '1 day', 'done')`,
      [randomUUID(), caseId, list, randomUUID()],
    )

    return { caseId, list }
  }
  const tell = (tx: Sql, { caseId, list }: { caseId: CaseId; list: ListId }) =>
    tellList(tx, caseId, {
      kind: 'actEach',
      case: caseId,
      command: randomUUID() as CommandId,
      list,
      act: 'hear',
      form: {},
    })
  const looks = (tx: Sql, caseId: CaseId, by: Instant) => messageUnderway(tx, { case: caseId, tasks: [], by })

  test('is found by a term of one of them that ends while it is being stored', async () => {
    const file = await listed()
    const { db } = database
    const { looking } = await db.sql.transaction(async (tx) => {
      await tell(tx, file)
      // a moment has milliseconds: the next one is another
      await tx.run`select pg_sleep(0.01)`
      const by = await clockOf(tx)
      const found = db.sql.transaction((other) => looks(other, file.caseId, by))
      await waiting()

      return { looking: found }
    })
    expect(await looking).toBe(true)
  })

  test('is received after the look of a term that did not find it', async () => {
    const file = await listed()
    const { db } = database
    const by = await clockOf(db.sql)
    const { telling, looked } = await db.sql.transaction(async (tx) => {
      expect(await looks(tx, file.caseId, by)).toBe(false)
      const told = db.sql.transaction((other) => tell(other, file))
      await waiting()

      return { telling: told, looked: await clockOf(tx) }
    })
    await telling
    const row = await db.command.findFirstOrThrow({ where: { caseId: file.caseId, kind: 'act' } })
    expect(row.receivedAt.getTime()).toBeGreaterThanOrEqual(Date.parse(looked))
  })
})

test('while the clock of PostgreSQL has not come to the end of a term, an answer in time may still come', async () => {
  const file = await held()
  const by = inASecond(await clockOf(database.db.sql))
  const look = () => database.db.sql.transaction((tx) => answerUnderway(tx, file.task, by))
  expect(await look()).toBe(true)
  await eventually('the end of the term', async () => !(await look()))
})

test.each([
  { kind: 'complete', told: (payload: unknown) => payload },
  { kind: 'start', told: (payload: unknown) => (payload as { message: unknown }).message },
] as const)('the message of a command ($kind) carries the moment that its row has', async ({ kind, told }) => {
  const file = await held()
  const command = answerTo(file)
  const payload = kind === 'start' ? { input: {}, message: { command: command.id } } : command.payload
  const stored = await storeCommand(database.db, { ...command, kind, payload })
  const row = await database.db.command.findUniqueOrThrow({ where: { id: command.id } })
  expect(stored).toEqual({ stored: true, receivedAt: row.receivedAt.toISOString() })
  expect(told(row.payload)).toMatchObject({ receivedAt: row.receivedAt.toISOString() })
})

test('storing the same command again keeps the moment at which it was received', async () => {
  const command = answerTo(await held())
  const first = await storeCommand(database.db, command)
  expect(await storeCommand(database.db, command)).toEqual(first)
})
