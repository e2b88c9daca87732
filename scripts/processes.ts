import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A failure that the person at the terminal can do something about; the message is one clear sentence. */
export class CannotStart extends Error {
  override name = 'CannotStart'
}

/** Whether a process of this id runs; one that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isDefunct(pid)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

function isDefunct(pid: number): boolean {
  try {
    // "pid (name) state …"; the name may itself hold parentheses.
    return /^ Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1) ?? '')
  } catch {
    return false
  }
}

/** The code of a system error (`ENOSPC`, `EADDRINUSE`), if it is one. */
export function errorCode(error: unknown): string | undefined {
  // No instanceof: Node's own errors belong to another realm than the tests.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** What an error says. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  return String(error)
}

/** What a program that failed has written to its standard error, else what the error says. */
export function saidBy(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'stderr' in error) return String(error.stderr).trim()
  return messageOf(error)
}

/** Bytes of a file; none when it is not there. */
export const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)

const FAILURE = /FATAL|PANIC|error/i

/** What a server has said in its log since `from` bytes of it about why it did not start, as one sentence. */
export function notStarted(name: string, logFile: string, from: number): CannotStart {
  const lines = existsSync(logFile) ? readFileSync(logFile).subarray(from).toString().trim().split('\n') : []
  const said = lines.findLast((line) => FAILURE.test(line)) ?? lines.at(-1) ?? ''
  // without the time and the process id that Postgres begins with
  const plain = said.replace(/^.*?(?=FATAL|PANIC)/, '').slice(0, 300)

  return new CannotStart(
    `${name} could not be started: ${plain || 'it said nothing'} (all it said: ${logFile}). If its data is damaged, restore a backup into another folder (doc/backup.md).`,
  )
}

/** The command line of a process, or undefined when it is gone. */
export function commandLine(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
    }
    const line = execFileSync('ps', ['-o', 'command=', '-ww', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return line.trim() || undefined
  } catch {
    return undefined
  }
}

/** Ends a process by its id: the signal, then SIGKILL when it is still there after `graceMs`. */
export async function endProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const send = (which: NodeJS.Signals) => {
    try {
      process.kill(pid, which)
    } catch {
      // Gone already.
    }
  }
  send(signal)
  const until = Date.now() + graceMs
  while (isAlive(pid) && Date.now() < until) await sleep(25)
  if (!isAlive(pid)) return
  send('SIGKILL')
  while (isAlive(pid) && Date.now() < until + 5_000) await sleep(25)
}

/** Why nobody can listen on this port of this address, as the code of the system's error; undefined: it is free. */
export function portProblem(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve(errorCode(error) ?? messageOf(error)))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
}

/** Whether nobody listens on this port of this address. */
export const isPortFree = async (port: number, host: string): Promise<boolean> =>
  (await portProblem(port, host)) === undefined

/** The first port from which the system takes ports for outgoing connections, unless it says otherwise. */
const FIRST_OUTGOING = 32_768
const FIRST_OWN = 15_000

/**
 * The wished port when it is free, else any free one. Never one that the system may give to an outgoing connection before a server
 * listens there, or while the server that died is being started again.
 */
export async function freePort(wished?: number): Promise<number> {
  if (wished !== undefined && (await isPortFree(wished, '127.0.0.1'))) return wished
  const end = Math.max(FIRST_OWN + 1000, firstOutgoingPort())
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    const port = randomInt(FIRST_OWN, end)
    if (await isPortFree(port, '127.0.0.1')) return port
  }
  throw new Error('no free port')
}

function firstOutgoingPort(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10)
  } catch {
    return FIRST_OUTGOING
  }
}
