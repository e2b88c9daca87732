import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart, endProcess, messageOf } from './processes'

/** A part that runs. */
export interface Started {
  readonly pid: number
  /** resolves when it has ended, for whatever reason */
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/** Milliseconds before a part that died is started again, after so many deaths in a row: 0.25 s, doubling, at most 10 s. */
export function restartDelay(deathsInARow: number): number {
  return Math.min(250 * 2 ** Math.max(0, deathsInARow - 1), 10_000)
}

/** A part that has run this long is sound again: its next death is its first. */
const SOUND_AFTER = 60_000

/** Is told the process id of what was spawned, before it is known whether it serves. */
export type Spawned = (pid: number) => void
export type Begin = (spawned: Spawned) => Promise<Started>

const nobody: Spawned = () => undefined

/** A process of its own that ends the parts when this one is gone, however it went (guard.ts). */
class Guard {
  private readonly child = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'guard.ts')], {
    cwd: path.join(__dirname, '..'),
    // no signal of the terminal reaches it
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })

  constructor() {
    this.child.on('error', () => undefined)
    this.child.stdin.on('error', () => undefined)
    this.child.unref()
  }

  watch(name: string, pid: number): void {
    this.child.stdin.write(`${JSON.stringify({ name, pid })}\n`)
  }

  async stop(): Promise<void> {
    if (this.child.pid !== undefined) await endProcess(this.child.pid, 'SIGKILL', 0)
  }
}

/**
 * Starts parts, starts them again when they die, and stops them in the opposite order. They end with the process that supervises
 * them, also when that is killed.
 */
export class Supervisor {
  private guard: Guard | undefined
  private readonly running = new Map<string, Started>()
  private readonly beginning = new Set<Promise<unknown>>()
  private readonly endedOnPurpose = new Set<string>()
  private readonly stopping = new AbortController()
  /** deaths in a row, by part */
  readonly deaths = new Map<string, number>()

  constructor(
    private readonly say: (line: string) => void,
    private readonly onStart: (name: string, pid: number) => void,
  ) {}

  /** Starts a part for the first time; throws when that fails. */
  async start(name: string, begin: Begin): Promise<void> {
    this.endedOnPurpose.delete(name)
    const started = await this.begin(name, begin)
    if (started === undefined) throw new CannotStart('Stopped.')
    void this.watch(name, started, begin)
  }

  // Undefined: everything is being stopped, and this part with it.
  private async begin(name: string, begin: Begin): Promise<Started | undefined> {
    if (this.stopping.signal.aborted) return undefined
    const guard = (this.guard ??= new Guard())
    const beginning = begin((pid) => guard.watch(name, pid))
    this.beginning.add(beginning)
    try {
      const started = await beginning
      this.running.set(name, started)
      this.onStart(name, started.pid)
      return started
    } finally {
      this.beginning.delete(beginning)
    }
  }

  private async watch(name: string, first: Started, begin: Begin): Promise<void> {
    let started: Started | undefined = first
    for (;;) {
      const since = Date.now()
      await started?.ended
      if (this.stopping.signal.aborted || this.endedOnPurpose.has(name)) return
      const before = this.deaths.get(name) ?? 0
      const deaths = started && Date.now() - since > SOUND_AFTER ? 1 : before + 1
      this.deaths.set(name, deaths)
      if (started) {
        this.running.delete(name)
        this.say(`${name} ended unexpectedly and is started again.`)
      }
      await sleep(restartDelay(deaths))
      try {
        started = await this.begin(name, begin)
        if (started === undefined) return
      } catch (error) {
        started = undefined
        this.say(`${name} could not be started: ${messageOf(error)}`)
      }
    }
  }

  /** Stops one part, which then stays away until it is started. */
  async end(name: string): Promise<void> {
    const started = this.running.get(name)
    if (!started) throw new CannotStart(`${name} does not run.`)
    this.endedOnPurpose.add(name)
    await started.stop()
    await started.ended
    this.running.delete(name)
  }

  /** Stops everything, last started first; each part gets the time it needs to finish what it holds. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await Promise.allSettled(this.beginning)
    for (const [name, started] of [...this.running].reverse()) {
      await started.stop()
      this.running.delete(name)
    }
    await this.guard?.stop()
  }
}

export interface ScriptPlace {
  /** absolute path of a TypeScript file */
  readonly script: string
  /** absolute data folder; it is on the command line so that a later launcher knows the process for ours */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
  readonly onWarning: (text: string) => void
  /** is given each line of its log */
  readonly onLine?: (line: string) => void
}

/** Starts one of the product's own processes. */
export const startScript = (
  { script, folder, env, ...place }: ScriptPlace,
  spawned: Spawned = nobody,
): Promise<Started> =>
  startProgram(
    {
      program: process.execPath,
      args: ['--enable-source-maps', '--import', 'tsx', script, `mansap-data=${folder}`],
      env: { ...process.env, ...env },
      ...place,
      graceMs: 20_000,
    },
    spawned,
  )

export interface ProgramPlace {
  readonly program: string
  readonly args: readonly string[]
  /** its whole environment */
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
  readonly onWarning: (text: string) => void
  readonly onLine?: (line: string) => void
  /** how long it may take to end when it is told to */
  readonly graceMs: number
}

/** Starts a program; its JSON log goes to a file, its warnings also to the terminal. */
export function startProgram(place: ProgramPlace, spawned: Spawned = nobody): Promise<Started> {
  turnLog(place.logFile)
  const log = createWriteStream(place.logFile, { flags: 'a' })
  log.on('error', () => undefined)
  const child = spawn(place.program, place.args, {
    cwd: path.join(__dirname, '..'),
    env: place.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C at the terminal must reach the launcher only, which stops the parts in order.
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`)
      place.onLine?.(line)
      const warning = warningIn(line)
      if (warning !== undefined) place.onWarning(warning)
    })
  }
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      log.end()
      resolve()
    })
    child.once('error', () => resolve())
  })
  const pid = child.pid
  if (pid === undefined) return Promise.reject(new CannotStart(`${place.program} could not be run.`))
  spawned(pid)
  return Promise.resolve({ pid, ended, stop: () => endProcess(pid, 'SIGTERM', place.graceMs) })
}

/** The message of a log line at level warn (40) or above; undefined for others and for lines that are not JSON. */
export function warningIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry: unknown = JSON.parse(line)
    if (typeof entry !== 'object' || entry === null || !('level' in entry) || !('msg' in entry)) return undefined
    return typeof entry.level === 'number' && entry.level >= 40 ? String(entry.msg) : undefined
  } catch {
    return undefined
  }
}

const LOG_LIMIT = 20 * 1024 * 1024

/** Keeps a log from growing for ever: beyond 20 MB the file becomes the one earlier log. */
export function turnLog(file: string): void {
  if (existsSync(file) && statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.1`)
}
