/**
 * `npm run migrate:new -- name` writes the migration that the schema needs; `npm run migrate:check` fails when one is
 * missing. Both look at a throw-away Postgres on which the present migrations are applied.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { migrateDeploy } from '../prisma/migrate'
import { databaseUrl, ensureDatabase, initialisePostgres, startPostgres } from './postgres'
import { freePort } from './processes'

const prismaFolder = path.join(__dirname, '..', 'prisma')

async function difference(): Promise<string> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'mansap-migrations-'))
  chmodSync(temporary, 0o755)
  const place = {
    folder: path.join(temporary, 'postgres'),
    port: await freePort(),
    password: 'mansap',
    logFile: path.join(temporary, 'postgres.log'),
    durable: false,
  }
  try {
    initialisePostgres(place)
    const server = await startPostgres(place)
    try {
      await ensureDatabase(place, 'mansap')
      const url = databaseUrl(place, 'mansap')
      await migrateDeploy(url)
      const { schemaDifference } = await import('../prisma/engine/diff.mjs')
      return await schemaDifference(url, path.join(prismaFolder, 'schema.prisma'))
    } finally {
      await server.stop()
    }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function main(task: string | undefined, name: string | undefined): Promise<number> {
  if (task === 'check') {
    const sql = await difference()
    if (sql === '') return 0
    console.error(`The migrations do not give prisma/schema.prisma; this is missing:\n\n${sql}`)
    return 1
  }
  if (task === 'new' && name !== undefined && /^[a-z][a-z0-9_]*$/.test(name)) {
    const sql = await difference()
    if (sql === '') console.log('The schema asks for nothing; the migration is empty, write it by hand.')
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const folder = path.join(prismaFolder, 'migrations', `${stamp}_${name}`)
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'migration.sql'), sql)
    console.log(path.relative(process.cwd(), path.join(folder, 'migration.sql')))
    return 0
  }
  console.error('Usage: npm run migrate:new -- name_in_small_letters | npm run migrate:check')
  return 2
}

main(process.argv[2], process.argv[3]).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
