import { spawn } from 'node:child_process'
import path from 'node:path'
import { testServers } from './servers'

/** It makes its bundle first. */
const PATIENCE_MS = 150_000

/** Starts a worker of the tests that SIGKILLs itself in the middle; resolves with the signal by which it died. */
export function dyingWorker(
  url: string,
  taskQueue: string,
  of: 'steps' | 'handovers' | 'sends' | 'reveals' | 'annuls',
  count: number,
): Promise<string | null> {
  const script = path.join(__dirname, 'dying-worker.ts')
  const { address } = testServers().temporal
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, address, taskQueue, of, String(count)], {
    stdio: 'inherit',
  })

  return new Promise((resolve) => {
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
}
