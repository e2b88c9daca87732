/** The disk of the database is full: whoever shares out requests is told so, with the reason, and told again when there is room. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { readiness } from '../../api/operations/ready'
import { migrateDeploy } from '../../prisma/migrate'
import { createDb } from '../../prisma/store/db'
import { databaseUrl, ensureDatabase, initialisePostgres, query, startPostgres } from '../../scripts/postgres'
import { freePort } from '../../scripts/processes'
import { eventually } from '../support/eventually'
import { smallDisk } from './runner/disk'

test('a full disk is a no with its reason, and a yes once there is room; asking leaves nothing behind', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-full-'))
  chmodSync(folder, 0o755)
  const disk = smallDisk(path.join(folder, 'disk'))
  // where no disk may be mounted, the reason is told
  if ('missing' in disk) return expect(disk.missing).not.toBe('')
  const place = {
    folder: path.join(disk.folder, 'postgres'),
    port: await freePort(),
    password: 'x',
    logFile: path.join(folder, 'postgres.log'),
    durable: false,
  }
  initialisePostgres(place)
  const server = await startPostgres(place)
  try {
    const url = databaseUrl(place, 'mansap')
    await ensureDatabase(place, 'mansap')
    await migrateDeploy(url)
    const db = createDb(url, 4)
    // all but the disk is well
    const engine = { workerPolled: () => Promise.resolve(true) }
    const service = { db, engine, version: 'x', log: pino({ level: 'silent' }), draining: new AbortController().signal }
    const sizes = () => query(url, 'select pg_database_size(current_database()) as bytes, pg_current_wal_lsn() as log')
    try {
      expect(await readiness(service)).toMatchObject({ space: true, why: [] })
      const before = await sizes()
      disk.fill()
      const said = await eventually('a no', async () => {
        const found = await readiness(service)

        return !found.space && found
      })
      expect(said.why).toContain('The disk of PostgreSQL is full: nothing can be completed until there is room.')
      disk.free()
      expect(await eventually('a yes', async () => (await readiness(service)).space)).toBe(true)
      const [was, is] = [before[0], (await sizes())[0]]
      expect(Number(is?.['bytes']) - Number(was?.['bytes'])).toBeLessThan(1024 * 1024)
    } finally {
      await db.$disconnect()
    }
  } finally {
    await server.stop()
    disk.remove()
    rmSync(folder, { recursive: true, force: true })
  }
})
