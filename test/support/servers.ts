import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { migrateDeploy } from '../../prisma/migrate'
import { databaseUrl, ensureDatabase, initialisePostgres, startPostgres } from '../../scripts/postgres'
import { freePort } from '../../scripts/processes'
import { startTemporal, temporalProgram } from '../../scripts/temporal'

/** Where the servers of this test run are; one of each for all test files. */
export interface TestServers {
  readonly postgres: { readonly port: number; readonly password: string; readonly pid: number }
  readonly temporal: { readonly address: string; readonly pid: number }
  readonly folder: string
}

/** Name of the database that is migrated and empty, of which every test file gets a copy. */
export const MIGRATED = 'template_migrated'

const VARIABLE = 'MANSAP_TEST_SERVERS'

/** Starts a throw-away Postgres and an in-memory Temporal, and hands their addresses to the test files. */
export async function startTestServers(): Promise<TestServers> {
  // Postgres, started by root, runs as another user: its folder must not be inside a private one.
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-test-'))
  chmodSync(folder, 0o755)
  const place = {
    folder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: 'mansap',
    logFile: path.join(folder, 'postgres.log'),
    durable: false,
  }
  const startDatabase = async () => {
    initialisePostgres(place)
    const server = await startPostgres(place)
    await ensureDatabase(place, MIGRATED)
    await migrateDeploy(databaseUrl(place, MIGRATED))
    return server
  }
  const startEngine = async () => {
    const program = await temporalProgram((line) => console.log(line))
    const port = await freePort()
    const server = await startTemporal({ program, port, logFile: path.join(folder, 'temporal.log') })
    return { address: `127.0.0.1:${port}`, pid: server.pid }
  }
  const [postgres, temporal] = await Promise.all([startDatabase(), startEngine()])
  const servers: TestServers = {
    postgres: { port: place.port, password: place.password, pid: postgres.pid },
    temporal,
    folder,
  }
  process.env[VARIABLE] = JSON.stringify(servers)
  // Jest that is interrupted runs no teardown.
  process.once('exit', () => killTestServers(servers))
  return servers
}

/** The servers that the global setup started; throws in a suite that has none. */
export function testServers(): TestServers {
  const text = process.env[VARIABLE]
  if (text === undefined) throw new Error('No test servers here: tests that need them belong in the "system" project')
  return JSON.parse(text) as TestServers
}

/** Ends both servers by their process ids and removes what they stored. */
export function killTestServers(servers: TestServers): void {
  for (const [pid, signal] of [
    [servers.postgres.pid, 'SIGQUIT'],
    [servers.temporal.pid, 'SIGKILL'],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch {
      // Ended before.
    }
  }
  rmSync(servers.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}
