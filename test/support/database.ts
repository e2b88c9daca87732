import { randomUUID } from 'node:crypto'
import { Client, escapeIdentifier } from 'pg'
import { createDb, type Db } from '../../prisma/store/db'
import { databaseUrl, query } from '../../scripts/postgres'
import type { CaseId, CommandId, Instant, TaskId } from '../../workflows/kernel/contract'
import { MIGRATED, testServers } from './servers'

/** A database of one test file's own. */
export interface FreshDatabase {
  readonly url: string
  /** the store's own client on it; closed by drop */
  readonly db: Db
  /** runs one statement, for arranging and looking */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>
  readonly drop: () => Promise<void>
}

/** A command about a task as the API stores it before it sends it: received, and on its way. Answers with its id. */
export async function commandOnItsWay(
  { sql }: FreshDatabase,
  of: { case: CaseId; task: TaskId; receivedAt: Instant; kind?: string },
): Promise<CommandId> {
  const id = randomUUID() as CommandId
  await sql(
    `insert into commands (id,"caseId","taskId",kind,principal,key,digest,actor,payload,"receivedAt",state)
     values ($1,$2,$3,$4,'x',gen_random_uuid(),'','{}','{}',$5,'stored')`,
    [id, of.case, of.task, of.kind ?? 'complete', of.receivedAt],
  )

  return id
}

const WITH_REGISTER = 'template_register'
// Any number of our own: two test files must not seed the template at the same time.
const TEMPLATE_LOCK = 7_236_401

/**
 * A new database with every migration applied, and with the sample register when `register` is set (seeded once per run,
 * then copied). Call `drop` in afterAll, once everything that uses it is closed.
 */
export async function freshDatabase({
  register = false,
}: { readonly register?: boolean } = {}): Promise<FreshDatabase> {
  if (register) await ensureRegisterTemplate(databaseUrl(testServers().postgres, 'postgres'))

  return databaseFrom(register ? WITH_REGISTER : MIGRATED)
}

/** A new database in which there is nothing. */
export const emptyDatabase = (): Promise<FreshDatabase> => databaseFrom('template0')

async function databaseFrom(template: string): Promise<FreshDatabase> {
  const { postgres } = testServers()
  const admin = databaseUrl(postgres, 'postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await query(admin, `create database ${escapeIdentifier(name)} template ${template}`)
  const url = databaseUrl(postgres, name)
  const db = createDb(url, 5)
  return {
    url,
    db,
    sql: (text, values = []) => query(url, text, values),
    drop: async () => {
      await db.$disconnect()
      await query(admin, `drop database if exists ${escapeIdentifier(name)} with (force)`)
    },
  }
}

async function ensureRegisterTemplate(admin: string): Promise<void> {
  const { postgres } = testServers()
  const client = new Client({ connectionString: admin })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const found = await client.query('select 1 from pg_database where datname = $1', [WITH_REGISTER])
    if (found.rowCount !== 0) return
    const making = `${WITH_REGISTER}_making`
    await client.query(`drop database if exists ${making} with (force)`)
    await client.query(`create database ${making} template ${MIGRATED}`)
    const { seedRegister } = await import('../../prisma/seed/seed')
    await seedRegister(databaseUrl(postgres, making))
    await client.query(`alter database ${making} rename to ${WITH_REGISTER}`)
  } finally {
    await client.end()
  }
}
