/**
 * Ends the parts of a launcher that is gone, however it went: killed, crashed, out of memory. The launcher tells it of each part on
 * its standard input, which the system closes when the launcher ends. Started by the supervisor (children.ts).
 */
import { createInterface } from 'node:readline'
import { commandLine, endProcess } from './processes'

/** What a part needs to finish what it holds. */
const GRACE_MS = 20_000

/** Told parts, the last started last, each with its command line: the system uses process ids again. */
const parts = new Map<string, { readonly pid: number; readonly runs: string | undefined }>()

async function endParts(): Promise<void> {
  for (const { pid, runs } of [...parts.values()].reverse())
    if (runs !== undefined && commandLine(pid) === runs) await endProcess(pid, 'SIGINT', GRACE_MS)
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { name, pid } = JSON.parse(line) as { name: string; pid: number }
    parts.delete(name)
    parts.set(name, { pid, runs: commandLine(pid) })
  })
  .on('close', () => void endParts())
