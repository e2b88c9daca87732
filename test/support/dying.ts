import { execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { testServers } from './servers'

/** It makes its bundle first. */
const PATIENCE_MS = 150_000

interface Dying {
  /** the signal by which it died */
  readonly died: Promise<string | null>
  /** has it been stopped with SIGSTOP? */
  stopped(): boolean
  goOn(): void
}

/** A worker that SIGKILLs itself in the middle of something. */
export function startDying(
  url: string,
  taskQueue: string,
  of: 'steps' | 'sends' | 'reveals' | 'annuls' | 'annulsLate',
  count: number,
): Dying {
  const script = path.join(__dirname, 'dying-worker.ts')
  const { address } = testServers().temporal
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, address, taskQueue, of, String(count)], {
    stdio: 'inherit',
  })
  const died = new Promise<string | null>((resolve) => {
    // one that does not die of what it should must not be waited for
    const overdue = setTimeout(() => {
      resolve('it did not die of itself')
      child.kill('SIGKILL')
    }, PATIENCE_MS)
    child.once('exit', (_code, signal) => {
      clearTimeout(overdue)
      resolve(signal)
    })
  })

  return {
    died,
    stopped: () => execFileSync('ps', ['-o', 'stat=', '-p', String(child.pid)], { encoding: 'utf8' }).startsWith('T'),
    goOn: () => void child.kill('SIGCONT'),
  }
}

/** Starts a worker of the errands that SIGKILLs itself in the middle; resolves with the signal by which it died. */
export const dyingWorker = (
  url: string,
  taskQueue: string,
  of: 'steps' | 'sends' | 'reveals',
  count: number,
): Promise<string | null> => startDying(url, taskQueue, of, count).died
