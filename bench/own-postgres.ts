/** A Postgres of a benchmark's own, with the register of the sample; it is removed at the end. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { migrateDeploy } from '../prisma/migrate'
import { seedRegister } from '../prisma/seed/seed'
import { databaseUrl, ensureDatabase, initialisePostgres, startPostgres } from '../scripts/postgres'
import { freePort } from '../scripts/processes'

/** Gives `work` its address. `durable`: it writes to disk as in production. */
export async function withPostgres(
  { name, durable }: { readonly name: string; readonly durable: boolean },
  work: (url: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `mansap-${name}-`))
  chmodSync(folder, 0o755)
  const place = {
    folder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: 'mansap',
    logFile: path.join(folder, 'log'),
    durable,
  }
  initialisePostgres(place)
  const server = await startPostgres(place)
  const url = databaseUrl(place, 'mansap')
  try {
    await ensureDatabase(place, 'mansap')
    await migrateDeploy(url)
    await seedRegister(url)
    await work(url)
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
