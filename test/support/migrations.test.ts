import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { knownMigrations, migrateDeploy } from '../../prisma/migrate'
import { freshDatabase, type FreshDatabase } from './database'

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

test('a half of one that runs beside people’s work is not stepped over', async () => {
  const own = await freshDatabase()
  add('20990101000000_bad', 'create unique index concurrently half on people (sex);')
  const person = (id: number) =>
    own.sql(`insert into people (id, "surnameKk", "surnameRu", "surnameEn", "givenKk", "givenRu", "givenEn", sex, "birthDate")
      values ('00000000-0000-4000-8000-00000000000${String(id)}', 'a', 'a', 'a', 'a', 'a', 'a', 'f', '1990-01-01')`)
  await Promise.all([person(1), person(2)])
  await expect(migrateDeploy(own.url, folder)).rejects.toThrow(
    '20990101000000_bad failed: could not create unique index',
  )
  await expect(migrateDeploy(own.url, folder)).rejects.toThrow('failed before')
  await own.drop()
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
