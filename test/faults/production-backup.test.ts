/** Backup and restore as production does them: by DATABASE_URL, with a command of the operator's own that copies Temporal. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { arrangeCase, arrangeTask } from '../api/harness'
import { emptyDatabase, freshDatabase, type FreshDatabase } from '../support/database'

const root = path.join(__dirname, '..', '..')
const place = mkdtempSync(path.join(tmpdir(), 'mansap-production-backup-'))
const backup = path.join(place, 'backup')

let database: FreshDatabase
let restored: FreshDatabase
beforeAll(async () => {
  ;[database, restored] = await Promise.all([freshDatabase({ register: true }), emptyDatabase()])
  const { id: subject } = await database.db.person.findFirstOrThrow({ orderBy: { id: 'asc' } })
  const caseId = await arrangeCase(database.db, { body: 'ministryFinance', subject })
  await arrangeTask(database.db, caseId, { role: 'hr', body: 'ministryFinance' })
})
afterAll(async () => {
  await Promise.all([database.drop(), restored.drop()])
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
})
