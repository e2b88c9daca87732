/**
 * The production shape without a container engine: the processes of `docker-compose.yml` with the variables of
 * `docker-compose.yml`, each on a port of its own of this machine. For tests, for the benchmark's `--server postgres`, and to
 * try by hand: `node --import tsx scripts/production.ts`.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startProgram, Supervisor, turnLog, type Begin } from './children'
import { composeServices, type ComposeService } from './compose'
import { takeFolder } from './data-folder'
import { onEnding, say } from './ending'
import { initialisePostgres, startPostgres, type PostgresPlace } from './postgres'
import { CannotStart, freePort, isPortFree, messageOf, saidBy } from './processes'
import { isProgram, startTemporal, temporalProgram } from './temporal'

const run = promisify(execFile)
const root = path.join(__dirname, '..')
const NODE_SERVICES = ['api-1', 'api-2', 'worker-1', 'worker-2'] as const

/** Those of the product that are replaced one by one. */
export type NodeService = (typeof NODE_SERVICES)[number]
/** Those that prepare something and end. */
type Job = 'databases' | 'migrate' | 'temporal-schema' | 'temporal-namespace'
/** Every service that keeps running; Temporal's UI is left out. */
export type Service = 'postgres' | 'temporal' | NodeService

export interface ProductionPlace {
  /** absolute folder for its data; not inside a 0700 folder as root */
  readonly folder: string
  readonly say: (line: string) => void
  /** variables as a `.env` would hold them; passwords and the session secret are made when they are not given */
  readonly variables?: Readonly<Record<string, string>>
  /** the product's processes to start; all four unless given, `[]` for servers alone */
  readonly processes?: readonly NodeService[]
  /** aborted: what is being started is stopped */
  readonly until?: AbortSignal
}

export interface Production {
  /** whether the Temporal server on Postgres runs, or the dev server because there is no binary of the other */
  readonly engine: 'postgres' | 'dev'
  /** the product's database, as its own user */
  readonly databaseUrl: string
  /** the Postgres server's administrator */
  readonly adminUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** addresses of the API processes that were asked for */
  readonly apis: readonly string[]
  /** the environment that a service is given */
  readonly environment: (name: NodeService) => Readonly<Record<string, string>>
  /** process ids of what runs now */
  readonly pids: () => Readonly<Partial<Record<Service, number>>>
  /** SIGTERM, and waits until it has ended; nothing starts it again but `startAgain` */
  readonly end: (name: Service) => Promise<void>
  readonly startAgain: (name: Service) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Where the Temporal server and its schema tool are, or undefined. */
export function temporalServerPrograms(
  env: Readonly<Record<string, string | undefined>> = process.env,
): { readonly server: string; readonly sqlTool: string } | undefined {
  const find = (given: string | undefined, built: string, released: string): string | undefined => {
    if (given) {
      if (isProgram(given)) return given
      throw new CannotStart(`${given} is not a program.`)
    }
    const onPath = (env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, released))
    return [path.join(root, '.cache', 'temporal-server', built), ...onPath].find(isProgram)
  }
  const server = find(env.TEMPORAL_SERVER, 'server', 'temporal-server')
  const sqlTool = find(env.TEMPORAL_SQL_TOOL, 'sql', 'temporal-sql-tool')
  return server && sqlTool ? { server, sqlTool } : undefined
}

/** Ports of one service on this machine, by the port that it has in its container. */
type Ports = Readonly<Record<string, number>>

/** Starts everything and resolves once each API that was asked for answers `/ready` with 200. */
export async function startProduction(place: ProductionPlace): Promise<Production> {
  const { folder, say, processes = NODE_SERVICES } = place
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const giveBack = await takeFolder(folder)
  const secrets = secretsIn(folder)
  const services = composeServices({ ...secrets, MANSAP_DEMO: '1', DRAIN_SECONDS: '3', ...place.variables })
  const of = (name: string): ComposeService => {
    const found = services[name]
    if (!found) throw new Error(`docker-compose.yml has no service ${name}`)
    return found
  }
  const logs = path.join(folder, 'logs')
  mkdirSync(logs, { recursive: true })
  const logOf = (name: string) => path.join(logs, `${name}.log`)

  const ports: Record<string, Ports> = {
    postgres: { 5432: await freePort() },
    temporal: { 7233: await freePort() },
  }
  for (const name of NODE_SERVICES) {
    ports[name] = { 9464: await freePort(), ...(name.startsWith('api') && { 3000: await freePort() }) }
  }
  const portOf = (name: string, inside: number): number => {
    const port = ports[name]?.[inside]
    if (port === undefined) throw new Error(`${name} has no port ${inside}`)
    return port
  }

  const programs = temporalServerPrograms()
  const engine = programs ? 'postgres' : 'dev'
  const bin = path.join(folder, 'bin')
  rmSync(bin, { recursive: true, force: true })
  mkdirSync(bin)
  const cli = await temporalProgram(say)
  symlinkSync(cli, path.join(bin, 'temporal'))
  if (programs) {
    symlinkSync(programs.server, path.join(bin, 'temporal-server'))
    symlinkSync(programs.sqlTool, path.join(bin, 'temporal-sql-tool'))
  }

  const here = (name: string): Record<string, string> => ({
    PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
    HOME: process.env.HOME ?? '/',
    ...Object.fromEntries(
      Object.entries(of(name).environment).map(([key, value]) => [
        key,
        placed(value, ports[name] ?? {}, ports, of(name)),
      ]),
    ),
    // A host or a port on its own says nothing of whose it is.
    ...(of(name).environment.POSTGRES_SEEDS && { POSTGRES_SEEDS: '127.0.0.1' }),
    ...(of(name).environment.DB_PORT && { DB_PORT: String(portOf('postgres', 5432)) }),
    ...(of(name).environment.PORT && { PORT: String(portOf(name, 3000)) }),
  })
  const commandOf = (name: string): { readonly program: string; readonly args: readonly string[] } => {
    const [program = '', ...args] = (of(name).command ?? []).map((word) => onHost(word, of(name)))
    return { program: program === 'node' ? process.execPath : program, args }
  }

  const running: Partial<Record<Service, number>> = {}
  const supervisor = new Supervisor(say, (name, pid) => {
    running[name as Service] = pid
  })
  const job = async (name: Job): Promise<void> => {
    const { program, args } = commandOf(name)
    try {
      const { stdout, stderr } = await run(program, args, { cwd: root, env: here(name), timeout: 180_000 })
      writeFileSync(logOf(name), `${stdout}${stderr}`, { flag: 'a' })
    } catch (error) {
      throw new CannotStart(`${name} failed: ${saidBy(error)}`)
    }
  }

  const postgres: PostgresPlace = {
    folder: path.join(folder, 'postgres'),
    port: portOf('postgres', 5432),
    user: of('postgres').environment.POSTGRES_USER ?? 'postgres',
    password: of('postgres').environment.POSTGRES_PASSWORD ?? '',
    settings: (of('postgres').command ?? []).filter((word) => word.includes('=')),
    logFile: logOf('postgres'),
    durable: true,
  }
  const begin: Record<Service, Begin> = {
    postgres: (spawned) => {
      turnLog(postgres.logFile)
      return startPostgres(postgres, spawned)
    },
    temporal: (spawned) => (programs ? startServer(spawned) : startDevServer(spawned)),
    ...fromNames<Begin>(
      (name) => (spawned) =>
        startProgram(
          {
            ...commandOf(name),
            env: here(name),
            logFile: logOf(name),
            onWarning: (text) => say(`${name}: ${text}`),
            graceMs: Number.parseInt(of(name).stop_grace_period) * 1000,
          },
          spawned,
        ),
    ),
  }
  const startServer: Begin = async (spawned) =>
    startProgram(
      {
        program: 'temporal-server',
        args: ['start'],
        env: { ...here('temporal'), ...(await temporalPorts(portOf('temporal', 7233))) },
        logFile: logOf('temporal'),
        onWarning: () => undefined,
        graceMs: Number.parseInt(of('temporal').stop_grace_period) * 1000,
      },
      spawned,
    )
  const startDevServer: Begin = (spawned) =>
    startTemporal(
      {
        program: cli,
        port: portOf('temporal', 7233),
        namespace: here('api-1').TEMPORAL_NAMESPACE ?? 'default',
        file: path.join(folder, 'temporal.db'),
        logFile: logOf('temporal'),
      },
      spawned,
    )

  const stop = async (): Promise<void> => {
    await supervisor.stop()
    giveBack()
  }
  place.until?.addEventListener('abort', () => void supervisor.stop())
  try {
    initialisePostgres(postgres)
    await supervisor.start('postgres', begin.postgres)
    await job('databases')
    await job('migrate')
    if (programs) {
      await job('temporal-schema')
      say('Starting the Temporal server on Postgres …')
    } else {
      say(
        'There is no Temporal server binary (TEMPORAL_SERVER and TEMPORAL_SQL_TOOL, .cache/temporal-server, the PATH): the DEV SERVER on SQLite takes its place, so this is not the production shape.',
      )
    }
    await supervisor.start('temporal', begin.temporal)
    if (programs) await job('temporal-namespace')
    for (const name of processes) await supervisor.start(name, begin[name])
    const apis = processes.filter((name) => name.startsWith('api')).map(urlOf)
    for (const api of apis) await untilReady(api, logs)
    return {
      engine,
      databaseUrl: here('api-1').DATABASE_URL ?? '',
      adminUrl: here('databases').ADMIN_DATABASE_URL ?? '',
      temporal: {
        address: here('api-1').TEMPORAL_ADDRESS ?? '',
        namespace: here('api-1').TEMPORAL_NAMESPACE ?? '',
      },
      apis,
      environment: here,
      pids: () => running,
      end: async (name) => {
        await supervisor.end(name)
        Reflect.deleteProperty(running, name)
      },
      startAgain: (name) => supervisor.start(name, begin[name]),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }

  function urlOf(name: string): string {
    return `http://127.0.0.1:${portOf(name, 3000)}`
  }
}

const fromNames = <T>(make: (name: NodeService) => T): Record<NodeService, T> => ({
  'api-1': make('api-1'),
  'api-2': make('api-2'),
  'worker-1': make('worker-1'),
  'worker-2': make('worker-2'),
})

/** A value of the file with this machine's addresses: other services' by their names, its own where it listens to all. */
function placed(value: string, own: Ports, ports: Readonly<Record<string, Ports>>, service: ComposeService): string {
  const addressed = value.replace(/\b([a-z][a-z0-9-]*|0\.0\.0\.0):(\d+)\b/g, (whole, host: string, port: string) => {
    const found = host === '0.0.0.0' ? (own[port] ?? 0) : ports[host]?.[port]
    return found === undefined ? whole : `127.0.0.1:${found}`
  })
  if (addressed === '0.0.0.0') return '127.0.0.1'
  return onHost(addressed, service)
}

/** A path in the container as the path that is mounted there. */
function onHost(word: string, { volumes }: ComposeService): string {
  for (const volume of volumes) {
    const [from = '', to = ''] = volume.split(':')
    if (from.startsWith('./') && word.startsWith(`${to}/`)) return path.join(root, from, word.slice(to.length))
  }
  return word
}

/** On one machine every port of Temporal's parts may be taken, so each gets a free one. */
async function temporalPorts(frontend: number): Promise<Record<string, string>> {
  const given: Record<string, string> = {
    FRONTEND_GRPC_PORT: String(frontend),
    PROMETHEUS_ENDPOINT: `127.0.0.1:${await freePort()}`,
  }
  for (const name of ['FRONTEND_HTTP', 'MATCHING_GRPC', 'HISTORY_GRPC', 'WORKER_GRPC']) {
    given[`${name}_PORT`] = String(await freePort())
  }
  // Temporal stores these as 16 bits with a sign, and the system gives out higher ones.
  let port = 10_000 + (process.pid % 20_000)
  for (const name of ['FRONTEND', 'MATCHING', 'HISTORY', 'WORKER']) {
    do port = port < 32_000 ? port + 1 : 10_000
    while (!(await isPortFree(port, '127.0.0.1')))
    given[`${name}_MEMBERSHIP_PORT`] = String(port)
  }
  return given
}

type Secrets = Readonly<
  Record<'POSTGRES_PASSWORD' | 'MANSAP_DB_PASSWORD' | 'TEMPORAL_DB_PASSWORD' | 'SESSION_SECRET', string>
>

function secretsIn(folder: string): Secrets {
  const file = path.join(folder, 'secrets.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets
  const make = () => randomBytes(24).toString('hex')
  const made = {
    POSTGRES_PASSWORD: make(),
    MANSAP_DB_PASSWORD: make(),
    TEMPORAL_DB_PASSWORD: make(),
    SESSION_SECRET: make(),
  }
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
  return made
}

async function untilReady(api: string, logs: string): Promise<void> {
  const until = Date.now() + 180_000
  let said = 'no answer'
  while (Date.now() < until) {
    try {
      const response = await fetch(`${api}/ready`, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return
      said = await response.text()
    } catch (error) {
      said = messageOf(error)
    }
    await sleep(100)
  }
  throw new CannotStart(
    `${api} did not become ready in three minutes (${said.slice(0, 300)}); the logs are in ${logs}.`,
  )
}

async function main(): Promise<void> {
  const folder = path.resolve(process.env.MANSAP_DATA ?? path.join(root, '.data-production'))
  const stopping = new AbortController()
  onEnding((code) => {
    process.exitCode = code
    stopping.abort()
  })
  const production = await startProduction({ folder, say, until: stopping.signal })
  say(`Temporal: ${production.engine === 'postgres' ? 'the server, on Postgres' : 'the dev server, on SQLite'}.`)
  say(`Ready: ${production.apis.join(' and ')}; process ids ${JSON.stringify(production.pids())}`)
  stopping.signal.addEventListener('abort', () => void production.stop().finally(() => process.exit()))
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof CannotStart ? error.message : error)
    process.exitCode = 1
  })
}
