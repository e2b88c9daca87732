/** A release is brought in while people work: no migration may keep them from their tasks for longer than an instant. */
import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { knownMigrations, migrateDeploy } from '../../prisma/migrate'
import { databaseUrl, query } from '../../scripts/postgres'
import { oneRowEach, whatWaits } from './migration-locks'
import { testServers } from './servers'

const migrations = path.join(__dirname, '..', '..', 'prisma', 'migrations')

/** Installed with the first release, on a database without rows. */
const FIRST_RELEASE = ['20261122035429_init', '20261122040000_inbox_indexes']

/**
 * Migrations that read rows while they keep people out, each for as long as it says: nobody knows another way. Measured with
 * 500,000 rows in the table.
 */
const MEASURED: Readonly<Record<string, readonly string[]>> = {
  // an exclusion constraint cannot be added NOT VALID: its index is built over no row, and the table is read once for each
  '20261127190200_posts_held': [
    'posts is held in AccessExclusiveLock while rows of posts are read',
    'posts is held in ShareLock while rows of posts are read',
  ],
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-locks-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A database in use to which these migrations have been applied. */
async function inUse(names: readonly string[]): Promise<{ url: string; drop: () => Promise<void> }> {
  const admin = databaseUrl(testServers().postgres, 'postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await query(admin, `create database ${name} template template0`)
  const url = databaseUrl(testServers().postgres, name)
  for (const each of names) cpSync(path.join(migrations, each), path.join(folder, each), { recursive: true })
  await migrateDeploy(url, folder)
  await oneRowEach(url)

  return { url, drop: async () => void (await query(admin, `drop database ${name} with (force)`)) }
}

test('no migration since the first release keeps people waiting', async () => {
  const known = await knownMigrations()
  const later = known.filter((name) => !FIRST_RELEASE.includes(name))
  const database = await inUse(FIRST_RELEASE)
  const found: string[] = []
  for (const name of later) {
    const sql = readFileSync(path.join(migrations, name, 'migration.sql'), 'utf8')
    for (const wait of await whatWaits(database.url, sql))
      if (!MEASURED[name]?.includes(wait)) found.push(`${name}: ${wait}`)
    // what it has made is in use when the next one comes
    await oneRowEach(database.url)
  }
  expect(found).toEqual([])
  await database.drop()
})

describe('what would be found', () => {
  let url: string
  let drop: () => Promise<void>
  beforeEach(async () => {
    ;({ url, drop } = await inUse(FIRST_RELEASE))
  })
  afterEach(() => drop())

  test.each([
    ['alter table tasks alter column "formVersion" type bigint', 'tasks is rewritten'],
    ['alter table tasks add column lot double precision not null default random()', 'tasks is rewritten'],
    ['create index on tasks ("openedOn")', 'tasks is held in ShareLock while rows of tasks are read'],
    [
      'alter table tasks alter column "dueOn" set not null',
      'tasks is held in AccessExclusiveLock while rows of tasks are read',
    ],
    ['alter table tasks add check (version > 0)', 'tasks is held in AccessExclusiveLock while rows of tasks are read'],
    [
      'update tasks set version = 2; alter table tasks add column more text',
      'tasks is held in AccessExclusiveLock while rows of tasks are read',
    ],
    [
      'alter table tasks add column more text; create table copied as select id from cases',
      'tasks is held in AccessExclusiveLock while rows of cases are read',
    ],
  ])('%s', async (sql, wait) => {
    expect(await whatWaits(url, sql)).toContain(wait)
  })

  test.each([
    'alter table tasks add column more text',
    `alter table tasks add column more jsonb not null default '{}'`,
    'alter table tasks add check (version > 0) not valid',
    'create index concurrently on tasks ("openedOn")',
    'create table other (id int primary key); create index on other (id)',
    `update tasks set version = 2 where state = 'x'`,
  ])('but not: %s', async (sql) => {
    expect(await whatWaits(url, sql)).toEqual([])
  })
})

test('an index can be made beside people’s work: a migration of that one statement', async () => {
  const { url, drop } = await inUse(FIRST_RELEASE)
  const name = '20990101000000_index'
  mkdirSync(path.join(folder, name))
  writeFileSync(
    path.join(folder, name, 'migration.sql'),
    '-- why\ncreate index concurrently made on tasks ("openedOn");\n',
  )
  expect(await migrateDeploy(url, folder)).toEqual([name])
  expect(await query(url, `select 1 as n from pg_indexes where indexname = 'made'`)).toHaveLength(1)
  await drop()
})

test('a migration that cannot have its lock lets the others pass, and tries again', async () => {
  const { url, drop } = await inUse(FIRST_RELEASE)
  const name = '20990101000000_column'
  mkdirSync(path.join(folder, name))
  writeFileSync(path.join(folder, name, 'migration.sql'), 'alter table tasks add column more text;')
  const { Client } = await import('pg')
  const reader = new Client({ connectionString: url })
  await reader.connect()
  await reader.query('begin')
  await reader.query('select * from tasks')
  let done = false
  const migrating = migrateDeploy(url, folder).finally(() => (done = true))
  const waiting = async () =>
    (await query(url, `select 1 as n from pg_locks where not granted and mode = 'AccessExclusiveLock'`)).length > 0
  // it stands in the queue, leaves it, and comes again
  for (const present of [true, false, true]) {
    while ((await waiting()) !== present) expect(done).toBe(false)
  }
  await reader.query('commit')
  await reader.end()
  expect(await migrating).toEqual([name])
  await drop()
})
