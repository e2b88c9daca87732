/** Whoever reads the log of the API or of a worker is gone: they go on with their work. */
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { query } from '../../scripts/postgres'
import { freePort } from '../../scripts/processes'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { testServers } from '../support/servers'

const root = path.join(__dirname, '..', '..')
let database: FreshDatabase
let child: ChildProcess | undefined
beforeAll(async () => {
  database = await freshDatabase()
})
afterEach(async () => {
  if (child && child.exitCode === null) {
    const ended = new Promise((resolve) => child?.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
})
afterAll(() => database.drop())

/** Starts it and closes both of its outputs once it has said this. */
async function started(script: string, says: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const begun = spawn(process.execPath, ['--import', 'tsx', path.join(root, script)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: testServers().temporal.address,
      MANSAP_DEMO: '1',
      NODE_ENV: 'development',
      LOG_LEVEL: 'info',
      ...env,
    },
  })
  child = begun
  let said = ''
  for (const stream of [begun.stdout, begun.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await eventually(`${script} to say ${says}`, () => said.includes(says))
  begun.stdout.destroy()
  begun.stderr.destroy()

  return begun
}

test('the API', async () => {
  const port = await freePort()
  const api = await started('api/server.ts', 'listening', { PORT: String(port) })
  // each of them is a line of the log
  for (let i = 0; i < 3; i += 1) expect((await fetch(`http://127.0.0.1:${port}/api/me`)).status).toBe(401)
  expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200)
  expect(api.exitCode).toBeNull()
})

test('a worker', async () => {
  const worker = await started('worker/main.ts', 'worker is polling', {})
  // what goes wrong with its database is said in the log
  await query(
    database.url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGTERM')
  await ended
  expect([worker.exitCode, worker.signalCode]).toEqual([0, null])
})
