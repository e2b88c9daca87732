import { execFileSync, spawn, type StdioOptions } from 'node:child_process'
import path from 'node:path'
import type { EffectOutcome } from '../../workflows/kernel/protocol/activities'
import { eventually } from './eventually'
import { testServers } from './servers'

/** It makes its bundle first. */
const PATIENCE_MS = 150_000

function spawned(url: string, taskQueue: string, of: string, count: number, stdio: StdioOptions) {
  const script = path.join(__dirname, 'dying-worker.ts')
  const { address } = testServers().temporal

  return spawn(process.execPath, ['--import', 'tsx', script, url, address, taskQueue, of, String(count)], { stdio })
}

/** Starts a worker of the tests that SIGKILLs itself in the middle; resolves with the signal by which it died. */
export function dyingWorker(
  url: string,
  taskQueue: string,
  of: 'steps' | 'handovers' | 'sends' | 'reveals' | 'annuls' | 'ends',
  count: number,
): Promise<string | null> {
  const child = spawned(url, taskQueue, of, count, 'inherit')

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

/** A worker that stops before it carries out an effect. */
export interface StoppedWorker {
  /** it has come to the effect, and stands still */
  readonly stopped: Promise<unknown>
  /** it goes on; what comes of its effect, when it has told and is gone */
  goOn(): Promise<EffectOutcome>
  /** for a test that did not come so far */
  end(): void
}

/** Starts one. */
export function stoppedWorker(
  url: string,
  taskQueue: string,
  of: 'lateAppointments' | 'lateAnnulments',
): StoppedWorker {
  const child = spawned(url, taskQueue, of, 1, ['ignore', 'ignore', 'inherit', 'ipc'])
  const told = new Promise<EffectOutcome>((resolve) => child.once('message', resolve))
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const state = () => execFileSync('ps', ['-o', 'state=', '-p', String(child.pid)], { encoding: 'utf8' })

  return {
    stopped: eventually('the worker to stop', () => state().startsWith('T'), PATIENCE_MS),
    goOn: async () => {
      child.kill('SIGCONT')
      await gone

      return told
    },
    end: () => void child.kill('SIGKILL'),
  }
}
