import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart, commandLine, endProcess, errorCode, isAlive } from './processes'

export const PARTS = ['postgres', 'temporal', 'worker', 'api'] as const
export type PartName = (typeof PARTS)[number]

/** What `.data/run.json` says about the product that runs, or ran last, in this folder. */
export interface RunRecord {
  readonly launcher: number
  /** port of the API and the console */
  readonly port: number
  readonly postgresPort: number
  readonly temporalPort: number
  /** of the mail server of the demonstration, and of the page that shows its letters; a launcher before had neither */
  readonly smtpPort?: number
  readonly lettersPort?: number
  readonly pids: Partial<Record<PartName, number>>
}

/** Space that a first start takes: Postgres' own files, the Temporal server, logs. */
const NEEDED_BYTES = 300 * 1024 * 1024

export const fileIn = (folder: string) => ({
  lock: path.join(folder, 'lock'),
  run: path.join(folder, 'run.json'),
  /** a restore is under way here, or was killed */
  restoring: path.join(folder, 'restoring'),
  versions: path.join(folder, 'versions.json'),
  secrets: path.join(folder, 'secrets.json'),
  logs: path.join(folder, 'logs'),
  /** the daily roots of the audit trails, as the API has told them: apart from the database */
  roots: path.join(folder, 'audit-roots.jsonl'),
  postgres: path.join(folder, 'postgres'),
  temporal: path.join(folder, 'temporal.db'),
  /** what the mail server of the demonstration has taken */
  letters: path.join(folder, 'letters'),
})

/**
 * Whether a process that an earlier launcher noted is still that part of ours: ids are used again by the system, so its
 * command line must name this data folder.
 */
export function isOurs(line: string | undefined, folder: string): boolean {
  return line !== undefined && line.includes(folder)
}

/** One sentence when there is too little space for a start, else undefined. */
export function spaceProblem(freeBytes: number, folder: string): string | undefined {
  if (freeBytes >= NEEDED_BYTES) return undefined
  const mb = Math.floor(freeBytes / 1024 / 1024)
  return `The disk is full: ${folder} has ${mb} MB left and Mansap needs 300 MB to start.`
}

/** One sentence for a failure of the file system in the data folder that a person can mend, else undefined. */
export function diskProblem(error: unknown, folder: string): string | undefined {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return spaceProblem(0, folder)
  if (typeof error !== 'object' || error === null || !('path' in error)) return undefined
  const file = String(error.path)
  // a parent of the folder, too: it may have to be made
  if (!file.startsWith(folder) && !folder.startsWith(file)) return undefined
  const mend = 'mend that, or choose another folder with MANSAP_DATA=/path npm start.'
  switch (code) {
    case 'EROFS':
      return `Mansap cannot write ${file}, because the disk is read-only: ${mend}`
    case 'EACCES':
    case 'EPERM':
      return `Mansap may not write ${file}, because this user has no right to: ${mend}`
    case 'EEXIST':
    case 'ENOTDIR':
    case 'EISDIR':
      return `Mansap cannot use ${file}, because it is not what it should be, a ${code === 'EISDIR' ? 'file' : 'folder'}: ${mend}`
    case 'EIO':
      return `The disk cannot read or write ${file}: look at the disk, or restore a backup to another.`
    default:
      return undefined
  }
}

/** Makes the folder, checks its space and takes its lock; the answer gives the lock back. */
export async function takeFolder(folder: string): Promise<() => void> {
  try {
    return await takeLock(folder)
  } catch (error) {
    const problem = diskProblem(error, folder)
    throw problem === undefined ? error : new CannotStart(problem)
  }
}

async function takeLock(folder: string): Promise<() => void> {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const { bavail, bsize } = statfsSync(folder)
  const problem = spaceProblem(bavail * bsize, folder)
  if (problem !== undefined) throw new CannotStart(problem)
  const { lock, restoring } = fileIn(folder)
  const mine = String(process.pid)
  const holder = writeIfAbsent(lock, mine)
  if (holder !== undefined) {
    const pid = Number(holder)
    if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && isLauncher(pid)) throw alreadyRuns(folder, pid)
    rmSync(lock, { force: true })
    writeIfAbsent(lock, mine)
    // Two launchers may have found the same dead lock: the one whose number stays in the file goes on.
    await sleep(100)
    const now = readFileSync(lock, 'utf8')
    if (now !== mine) throw alreadyRuns(folder, Number(now))
  }
  if (existsSync(restoring)) {
    rmSync(lock, { force: true })
    throw new CannotStart(`A restore into ${folder} was cut off: delete the folder, and restore again.`)
  }
  return () => {
    try {
      rmSync(lock, { force: true })
    } catch {
      // The disk takes no change any more; a lock that nobody holds is taken over.
    }
  }
}

const isLauncher = (pid: number): boolean =>
  isAlive(pid) && /(start|production|backup\/main)\.[cm]?[jt]s/.test(commandLine(pid) ?? '')

const alreadyRuns = (folder: string, pid: number) =>
  new CannotStart(`Mansap already runs with the data in ${folder} (process ${pid}): stop that one first.`)

function writeIfAbsent(file: string, content: string): string | undefined {
  try {
    writeFileSync(file, content, { flag: 'wx' })
    return undefined
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return readFileSync(file, 'utf8')
  }
}

/** The last run's record; undefined when there was none, or it was cut off while being written. */
export function readRun(folder: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder).run, 'utf8')) as RunRecord
  } catch {
    return undefined
  }
}

export function writeRun(folder: string, record: RunRecord): void {
  replaceFile(fileIn(folder).run, JSON.stringify(record, null, 2))
}

/** Stops what a launcher that was killed has left behind, the askers before the servers they ask. */
export async function endLeftovers(folder: string, say: (line: string) => void): Promise<void> {
  const record = readRun(folder)
  if (!record) return
  for (const part of PARTS.toReversed()) {
    const pid = record.pids[part]
    if (pid === undefined || !isAlive(pid) || !isOurs(commandLine(pid), folder)) continue
    say(`Stopping ${part}, which an earlier start has left behind …`)
    await endProcess(pid, part === 'postgres' ? 'SIGINT' : 'SIGTERM', 15_000)
  }
}

/** Random keys of this installation, made at the first start and kept. */
export interface Secrets {
  readonly session: string
  readonly postgres: string
}

/** Refuses with a sentence when the keys are not those that the database was made with. */
export function secretsOf(folder: string): Secrets {
  const { secrets: file, postgres } = fileIn(folder)
  if (existsSync(file)) return fromJson<Secrets>(file)
  if (existsSync(path.join(postgres, 'PG_VERSION')))
    throw new CannotStart(
      `${file} is missing: the database in this folder cannot be opened without its keys. Put the file back, from a backup if need be.`,
    )
  const made = { session: randomBytes(32).toString('hex'), postgres: randomBytes(16).toString('hex') }
  replaceFile(file, JSON.stringify(made), 0o600)
  return made
}

/** Version of the Temporal server that last wrote this folder (`1.32`). */
export function temporalDataVersion(folder: string): string | undefined {
  const { versions, temporal } = fileIn(folder)
  if (!existsSync(temporal) || !existsSync(versions)) return undefined
  return fromJson<{ temporal?: string }>(versions).temporal
}

export function writeVersions(
  folder: string,
  versions: { readonly temporal: string; readonly postgres: string },
): void {
  replaceFile(fileIn(folder).versions, JSON.stringify(versions))
}

function fromJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (error) {
    if (errorCode(error) !== undefined) throw error
    throw new CannotStart(`${file} is damaged: put it back as it was, from a backup if need be.`)
  }
}

/** Deletes everything in the folder but the lock that the caller holds. */
export function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== 'lock') rmSync(path.join(folder, name), { recursive: true, force: true })
  }
}

/** A kill in the middle of a write leaves the old file or the new one. */
export function replaceFile(file: string, content: string, mode = 0o644): void {
  writeFileSync(`${file}.new`, content, { mode })
  renameSync(`${file}.new`, file)
}
