import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { databaseUrl, query } from '../../scripts/postgres'
import { commandLine, freePort, isAlive, isPortFree } from '../../scripts/processes'
import { eventually } from '../support/eventually'
import { launch, startProduct, type ProductOptions, type RunningProduct } from '../support/product'

// The launcher with stand-ins for worker and API: real Postgres, real Temporal, and nothing that takes long.
const env = {
  MANSAP_API_SCRIPT: path.join(__dirname, 'stand-ins', 'api.ts'),
  MANSAP_WORKER_SCRIPT: path.join(__dirname, 'stand-ins', 'worker.ts'),
}
let options: ProductOptions
let running: RunningProduct | undefined

beforeAll(async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-launcher-'))
  chmodSync(dataDir, 0o755)
  options = { dataDir, port: await freePort(), env }
})
afterEach(async () => {
  await running?.stop()
  running = undefined
})
afterAll(() => rmSync(options.dataDir, { recursive: true, force: true }))

const start = async (): Promise<RunningProduct> => (running = await startProduct(options))

test('starts, answers, refuses a second start in the folder, stops and frees its ports', async () => {
  const product = await start()
  expect((await fetch(`${product.baseUrl}/ready`)).status).toBe(200)
  const record = product.record()

  const second = launch({ ...options, port: await freePort() })
  expect(await second.exit).toBe(1)
  expect(second.output().trim()).toBe(
    `Mansap already runs with the data in ${options.dataDir} (process ${record.launcher}): stop that one first.`,
  )
  expect((await fetch(`${product.baseUrl}/ready`)).status).toBe(200)

  expect(await product.stop()).toBe(0)
  running = undefined
  for (const port of [record.port, record.postgresPort, record.temporalPort]) {
    expect(await isPortFree(port, '127.0.0.1')).toBe(true)
  }
  for (const pid of Object.values(record.pids)) expect(isAlive(pid)).toBe(false)
  expect(existsSync(path.join(options.dataDir, 'lock'))).toBe(false)
})

test('a port that is taken is one sentence, and nothing is started', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(options.port, '127.0.0.1', resolve))
  const run = launch(options)
  expect(await run.exit).toBe(1)
  expect(run.output().trim()).toBe(
    `Port ${options.port} is taken by another program: stop it, or choose another with PORT=3001 npm start.`,
  )
  await new Promise((resolve) => other.close(resolve))
})

/** The command lines of what runs in the folder of the test. */
const runningHere = () =>
  execFileSync('ps', ['-eo', 'command'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(options.dataDir))
const runs = (what: string) => runningHere().some((line) => line.includes(what))

test.each([
  ['at once', () => true],
  ['when its folder is taken', () => existsSync(path.join(options.dataDir, 'lock'))],
  ['when Postgres runs', () => runs('postgres -D')],
  ['when Temporal runs', () => runs('start-dev')],
  ['when the worker runs', () => runs('worker.ts')],
  ['when the API runs', () => runs('api.ts')],
])('interrupted %s, it leaves nothing behind', async (moment, reached) => {
  const run = launch(options)
  await eventually(moment, reached)
  run.interrupt('SIGINT')
  expect(await run.exit).not.toBe(1)
  expect(run.output()).not.toContain('could not be started')
  expect(runningHere()).toEqual([])
})

test('a part that cannot start at all ends the start with what it said', async () => {
  const broken = path.join(options.dataDir, 'broken.ts')
  writeFileSync(broken, "console.error('Set DATABASE_URL: it is needed.')\nprocess.exit(1)\n")
  const run = launch({ ...options, env: { ...env, MANSAP_API_SCRIPT: broken } })
  expect(await run.exit).toBe(1)
  expect(run.output()).toContain('The API keeps ending: Set DATABASE_URL: it is needed.')
})

const isReady = () =>
  fetch(`http://localhost:${options.port}/ready`).then(
    (response) => response.ok,
    () => false,
  )

test('output that nobody reads any more stops no work: what is said then goes to the error output', async () => {
  const run = launch(options)
  await eventually('its first words', () => run.output() !== '')
  run.closeOutput('stdout')
  await eventually('the product to be ready', isReady)
  await eventually('its words on the error output', () => run.output().includes('Mansap is ready'))
  expect(run.output()).toContain('Nobody reads the output any more: Mansap goes on and says the rest here.')
  run.interrupt('SIGINT')
  expect(await run.exit).toBe(0)
  expect(runningHere()).toEqual([])
})

test('a terminal that is closed ends the launcher and all its parts', async () => {
  const run = launch(options)
  await eventually('the product to be ready', isReady)
  run.closeOutput('stdout')
  run.closeOutput('stderr')
  run.interrupt('SIGHUP')
  expect(await run.exit).toBe(0)
  expect(runningHere()).toEqual([])
})

test('a fault of the launcher itself ends its parts, with a sentence', async () => {
  const fault = `process.on('SIGUSR2', () => { throw new Error('nobody thought of this') })`
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fault)}`
  const run = launch({ ...options, env: { ...env, NODE_OPTIONS } })
  await eventually('the product to be ready', isReady)
  run.interrupt('SIGUSR2')
  expect(await run.exit).toBe(1)
  expect(run.output()).toContain('The launcher has a fault and stops everything: nobody thought of this')
  expect(runningHere()).toEqual([])
})

test.each([
  ['when Postgres runs', () => runs('postgres -D')],
  ['when Temporal runs', () => runs('start-dev')],
  ['when it is ready', isReady],
])('killed %s, the launcher takes its parts with it', async (moment, reached) => {
  const run = launch(options)
  await eventually(moment, reached)
  run.interrupt('SIGKILL')
  await run.exit
  await eventually('the end of its parts', () => runningHere().length === 0)
})

test.each([
  ['the database', path.join('postgres', 'global', 'pg_control'), 'Postgres could not be started: '],
  ['the cases', 'temporal.db', 'The Temporal server could not be started: '],
  ['the keys', 'secrets.json', 'secrets.json is damaged'],
])('damaged data (%s) is one sentence, and nothing is left behind', async (_what, file, sentence) => {
  const damaged = path.join(options.dataDir, file)
  const whole = readFileSync(damaged)
  writeFileSync(damaged, 'not what it was')
  const run = launch(options)
  expect(await run.exit).toBe(1)
  writeFileSync(damaged, whole)
  expect(run.output()).toContain(sentence)
  expect(run.output()).not.toMatch(/^\s+at /m)
  expect(runningHere()).toEqual([])
})

test('data of another PostgreSQL is refused with a sentence', async () => {
  const file = path.join(options.dataDir, 'postgres', 'PG_VERSION')
  writeFileSync(file, '17\n')
  const run = launch(options)
  expect(await run.exit).toBe(1)
  writeFileSync(file, '18\n')
  expect(run.output()).toContain('belongs to Postgres 17')
  expect(run.output()).not.toMatch(/^\s+at /m)
})

test('every part that is killed is started again', async () => {
  const product = await start()
  for (const part of ['api', 'worker', 'postgres', 'temporal'] as const) {
    const before = product.record().pids[part]
    await product.kill(part)
    await eventually(`another ${part}`, () => product.record().pids[part] !== before)
    await product.ready()
  }
  expect(product.output()).toContain('Postgres ended unexpectedly and is started again.')
  const { postgresPort } = product.record()
  expect(await query(postgresUrl(postgresPort), 'select 1 as one')).toEqual([{ one: 1 }])
})

test('what a killed launcher leaves behind is stopped by the next start', async () => {
  const first = await start()
  const left = first.record().pids
  await first.crash()
  const second = await start()
  const now = second.record().pids
  for (const pid of Object.values(left)) {
    expect(Object.values(now).includes(pid) || !(commandLine(pid) ?? '').includes(options.dataDir)).toBe(true)
  }
  expect((await fetch(`${second.baseUrl}/ready`)).status).toBe(200)
})

test('cases of a newer Temporal are refused with a sentence', async () => {
  const file = path.join(options.dataDir, 'versions.json')
  const before = readFileSync(file)
  writeFileSync(file, '{"temporal":"9.99","postgres":"18"}')
  const run = launch(options)
  expect(await run.exit).toBe(1)
  expect(run.output()).toMatch(/written by Temporal 9\.99/)
  writeFileSync(file, before)
})

test('data of a newer version is refused with a sentence', async () => {
  const product = await start()
  const { postgresPort } = product.record()
  await query(
    postgresUrl(postgresPort),
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '29990101000000_later', now())`,
  )
  await product.stop()
  running = undefined
  const refused = launch(options)
  expect(await refused.exit).toBe(1)
  expect(refused.output()).toContain('The database was written by a newer version of Mansap')
})

test('--reset asks first, and without a terminal refuses; --yes empties the folder', async () => {
  const asked = launch({ ...options, flags: ['--reset'] })
  expect(await asked.exit).toBe(1)
  expect(asked.output()).toContain('add --yes')
  expect(existsSync(path.join(options.dataDir, 'postgres'))).toBe(true)
  // The data that the test before has made unusable is gone after this.
  running = await startProduct({ ...options, flags: ['--reset', '--yes'] })
  expect((await fetch(`${running.baseUrl}/ready`)).status).toBe(200)
})

function postgresUrl(port: number): string {
  const { postgres } = JSON.parse(readFileSync(path.join(options.dataDir, 'secrets.json'), 'utf8')) as {
    postgres: string
  }
  return databaseUrl({ port, password: postgres }, 'mansap')
}
