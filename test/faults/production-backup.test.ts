/** Backup and restore as production does them: by DATABASE_URL, with a command of the operator's own that copies Temporal. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { backUp } from '../../scripts/backup/backup'
import { readManifest } from '../../scripts/backup/manifest'
import { restoreDatabase } from '../../scripts/backup/restore'
import { arrangeCase, arrangeTask } from '../api/harness'
import { emptyDatabase, freshDatabase, type FreshDatabase } from '../support/database'

const root = path.join(__dirname, '..', '..')
const place = mkdtempSync(path.join(tmpdir(), 'mansap-production-backup-'))
const backup = path.join(place, 'backup')

/** who the product is in Postgres: the owner of its database, and no superuser */
const OWNER = `owner_${randomUUID().replaceAll('-', '')}`

let database: FreshDatabase
let restored: FreshDatabase
beforeAll(async () => {
  ;[database, restored] = await Promise.all([freshDatabase({ register: true }), emptyDatabase()])
  await restored.sql(`create role ${OWNER}`)
  await restored.sql(`alter database "${new URL(restored.url).pathname.slice(1)}" owner to ${OWNER}`)
  const { id: subject } = await database.db.person.findFirstOrThrow({ orderBy: { id: 'asc' } })
  const caseId = await arrangeCase(database.db, { body: 'ministryFinance', subject })
  await arrangeTask(database.db, caseId, { role: 'hr', body: 'ministryFinance' })
})
afterAll(async () => {
  await restored.drop()
  await database.sql(`drop role ${OWNER}`)
  await database.drop()
  rmSync(place, { recursive: true, force: true })
})

const operator = (url: string, ...args: readonly string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', path.join(root, 'scripts', 'backup', 'main.ts'), ...args],
      { cwd: root, env: { ...process.env, DATABASE_URL: url } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}`.trim() }),
    )
  })

const nothing = () => Promise.resolve(null)

/** Every row of every table, told by a digest. */
async function digests({ sql }: FreshDatabase): Promise<Record<string, unknown>> {
  const tables = await sql(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_name not like '\\_%' order by 1`,
  )
  const found: Record<string, unknown> = {}
  for (const { name } of tables) {
    const [row] = await sql(
      `select count(*)::int as n, md5(string_agg(t::text, '|' order by t::text)) as h from "${String(name)}" t`,
    )
    found[String(name)] = row
  }

  return found
}

test('without a command that copies Temporal nothing is begun', async () => {
  const { code, output } = await operator(database.url, 'backup', backup)
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('--temporal-by=') })
  expect(existsSync(backup)).toBe(false)
})

test('a command that fails is told, and what was begun is no backup', async () => {
  const folder = path.join(place, 'failed')
  const { code, output } = await operator(
    database.url,
    'backup',
    folder,
    '--temporal-by=echo the disk is full >&2; exit 3',
  )
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('the disk is full') })
  expect(await operator(restored.url, 'restore', folder)).toMatchObject({ code: 1 })
})

test('what is backed up by DATABASE_URL is restored by it, row for row, and only into an empty database', async () => {
  expect(
    await operator(database.url, 'backup', backup, '--temporal-by=echo copied > "$MANSAP_BACKUP/temporal.dump"'),
  ).toMatchObject({ code: 0 })
  expect(readFileSync(path.join(backup, 'temporal.dump'), 'utf8')).toBe('copied\n')

  expect(await operator(database.url, 'restore', backup)).toMatchObject({
    code: 1,
    output: expect.stringContaining('restore into an empty one'),
  })
  expect(await operator(restored.url, 'restore', backup)).toMatchObject({
    code: 0,
    output: expect.stringContaining('npm run reconcile -- --mend'),
  })
  const rows = await digests(restored)
  expect(rows).toEqual(await digests(database))
  expect(rows).toMatchObject({ cases: { n: 1 }, tasks: { n: 1 } })
  const owners = await restored.sql(`select distinct tableowner from pg_tables where schemaname = 'public'`)
  expect(owners).toEqual([{ tableowner: OWNER }])
})

test('what ends a line elsewhere ends no row: texts with separators of lines come back as they were', async () => {
  const written = 'first\u2028second\u2029third\rfourth\nfifth'
  const folder = path.join(place, 'separators')
  const other = await emptyDatabase()
  try {
    await database.sql('update people set "surnameEn" = $1 where id = (select min(id::text)::uuid from people)', [
      written,
    ])
    await backUp({ databaseUrl: database.url, into: folder, copyTemporal: nothing, productVersion: 'test' })
    await restoreDatabase(folder, other.url, await readManifest(folder), () => undefined, null)
    expect(await other.sql('select count(*)::int as n from people where "surnameEn" = $1', [written])).toEqual([
      { n: 1 },
    ])
  } finally {
    await other.drop()
  }
})

test('when steps could be recorded between the two copies there is no backup', async () => {
  const folder = path.join(place, 'lost')
  const backup = backUp({
    databaseUrl: database.url,
    into: folder,
    productVersion: 'test',
    copyTemporal: async () => {
      await database.sql(
        `select pg_terminate_backend(pid) from pg_locks
         where relation = 'steps'::regclass and mode = 'ShareLock' and granted
           and database = (select oid from pg_database where datname = current_database())`,
      )

      return null
    },
  })
  await expect(backup).rejects.toThrow('make the backup again')
  await expect(readManifest(folder)).rejects.toThrow('cut off')
})
