import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { knownMigrations, migrateDeploy } from '../../prisma/migrate'
import { freshDatabase, type FreshDatabase } from './database'
import { eventually } from './eventually'

const root = path.join(__dirname, '..', '..')
let database: FreshDatabase
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-migrations-'))
  cpSync(path.join(root, 'prisma', 'migrations'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
afterAll(() => database.drop())

const add = (name: string, sql: string): void => {
  mkdirSync(path.join(folder, name), { recursive: true })
  writeFileSync(path.join(folder, name, 'migration.sql'), sql)
}

test('the migrations give what the schema says', () => {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/migrations.ts', 'check'], { cwd: root, stdio: 'pipe' })
})

test('what is applied is not applied again, also by two at once', async () => {
  expect(await Promise.all([migrateDeploy(database.url), migrateDeploy(database.url)])).toEqual([[], []])
})

test('a migration applies whole or not at all, and is tried again once what stood in its way is corrected', async () => {
  const own = await freshDatabase()
  add('20990101000000_bad', 'create table made (id int); insert into awaited values (1);')
  for (const _time of [1, 2]) {
    await expect(migrateDeploy(own.url, folder)).rejects.toThrow('20990101000000_bad failed: relation "awaited"')
    expect(await own.sql("select to_regclass('made') as made")).toEqual([{ made: null }])
  }
  await own.sql('create table awaited (id int)')
  expect(await migrateDeploy(own.url, folder)).toEqual(['20990101000000_bad'])
  await own.drop()
})

/** Which of these indexes serve. */
const valid = async ({ sql }: FreshDatabase, ...names: string[]): Promise<unknown[]> =>
  sql(
    `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname in (${names.map((name) => `'${name}'`).join(', ')}) order by 1`,
  )

describe('an index that is made beside people’s work', () => {
  const NAME = '20990101000000_beside'
  let own: FreshDatabase
  beforeEach(async () => {
    own = await freshDatabase()
  })
  afterEach(() => own.drop())
  const person = (id: number) =>
    own.sql(`insert into people (id, "surnameKk", "surnameRu", "surnameEn", "givenKk", "givenRu", "givenEn", sex, "birthDate")
      values ('00000000-0000-4000-8000-00000000000${String(id)}', 'a', 'a', 'a', 'a', 'a', 'a', 'f', '1990-01-01')`)

  test.each([
    'create unique index concurrently half on people (sex);',
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "half" ON "people" (sex);',
  ])('that failed is made whole by the next run, once what stood in its way is corrected: %s', async (sql) => {
    add(NAME, sql)
    await Promise.all([person(1), person(2)])
    for (const _time of [1, 2])
      await expect(migrateDeploy(own.url, folder)).rejects.toThrow(`${NAME} failed: could not create unique index`)
    expect(await valid(own, 'half')).toEqual([{ name: 'half', valid: false }])
    await own.sql(`delete from people where id = '00000000-0000-4000-8000-000000000002'`)
    expect(await migrateDeploy(own.url, folder)).toEqual([NAME])
    expect(await valid(own, 'half')).toEqual([{ name: 'half', valid: true }])
  })

  test('that was broken off by the end of whoever made it is made whole by the next run', async () => {
    add(NAME, 'create index concurrently if not exists half on people (sex);')
    // somebody works in the table, and the index waits for the end of what he does
    const busy = new Client({ connectionString: own.url })
    await busy.connect()
    await busy.query('begin')
    await busy.query('lock table people in row exclusive mode')
    const script = `require('./prisma/migrate.ts').migrateDeploy(${JSON.stringify(own.url)}, ${JSON.stringify(folder)})`
    const migrating = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: root, stdio: 'ignore' })
    const ended = new Promise((resolve) => migrating.once('exit', resolve))
    await eventually('half an index', async () => (await valid(own, 'half')).length === 1, 60_000)
    migrating.kill('SIGKILL')
    await ended
    // the server notices that nobody listens any more only when it next has something to say
    await own.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'create index concurrently%'`,
    )
    await busy.query('rollback')
    await busy.end()
    expect(await valid(own, 'half')).toEqual([{ name: 'half', valid: false }])
    expect(await migrateDeploy(own.url, folder)).toEqual([NAME])
    expect(await valid(own, 'half')).toEqual([{ name: 'half', valid: true }])
  })

  test('and that passed for made while it was a half is made again', async () => {
    add(NAME, 'create index concurrently if not exists half on people (sex);')
    await migrateDeploy(own.url, folder)
    await own.sql(
      `update pg_index set indisvalid = false where indexrelid in ('half'::regclass, 'posts_to_idx'::regclass)`,
    )
    expect(await migrateDeploy(own.url, folder)).toEqual([])
    expect(await valid(own, 'half', 'posts_to_idx')).toEqual([
      { name: 'half', valid: true },
      { name: 'posts_to_idx', valid: true },
    ])
  })

  test('is made when two migrate at once', async () => {
    add(NAME, 'create index concurrently if not exists half on people (sex);')
    const applied = await Promise.all([migrateDeploy(own.url, folder), migrateDeploy(own.url, folder)])
    expect(applied.flat()).toEqual([NAME])
    expect(await valid(own, 'half')).toEqual([{ name: 'half', valid: true }])
  })
})

test('gone back to the release before, the tables of the newer one stay as they are', async () => {
  const own = await freshDatabase()
  await own.sql(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('later', '', '29990101000000_later', now())`,
  )
  const said = execFileSync(process.execPath, ['--import', 'tsx', 'scripts/migrate.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: own.url, MANSAP_DEMO: '1' },
  })
  expect(said).toContain('of a newer release')
  expect(await own.sql('select count(*)::int as n from people')).toEqual([{ n: 0 }])
  await own.drop()
})

test('a changed migration and data of a newer version are refused', async () => {
  const own = await freshDatabase()
  const [first = ''] = await knownMigrations(folder)
  add(first, '-- something else')
  await expect(migrateDeploy(own.url, folder)).rejects.toThrow('was changed after it had been applied')
  rmSync(path.join(folder, first), { recursive: true })
  await expect(migrateDeploy(own.url, folder)).rejects.toThrow('written by a newer version of Mansap')
  await own.drop()
})
