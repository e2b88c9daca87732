/** Workers of the product that are killed one after another, each at its moment. */
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { eventually } from './eventually'
import { testServers } from './servers'

export interface Lives {
  /** resolves when each has died at its moment, and the last one works */
  readonly died: Promise<unknown>
  /** ends the one that lives */
  end(): Promise<void>
}

/** As many workers as there are moments, and one more, which lives; the next begins when one has died. */
export function mortals(url: string, taskQueue: string, moments: readonly string[]): Lives {
  const { address } = testServers().temporal
  const script = path.join(__dirname, 'mortal-worker.ts')
  const left = [...moments]
  let ended = false
  let failure: Error | null = null
  let alive: ChildProcess
  const begin = (): void => {
    const moment = left[0] ?? ''
    const child = spawn(process.execPath, ['--import', 'tsx', script, url, address, taskQueue, moment], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    alive = child
    child.once('exit', (code, signal) => {
      if (ended) return
      if (moment === '' || signal !== 'SIGKILL') {
        failure = new Error(
          `a worker that was to live until ${moment || 'it is ended'} ended with ${String(signal ?? code)}`,
        )
        return
      }
      left.shift()
      begin()
    })
  }
  begin()

  return {
    get died() {
      return eventually(`the worker to die ${left.join(', then ')}`, () => {
        if (failure) throw failure

        return left.length === 0
      })
    },
    end: () =>
      new Promise((resolve) => {
        ended = true
        if (alive.exitCode !== null || alive.signalCode !== null) return resolve()
        alive.once('exit', () => resolve())
        alive.kill('SIGKILL')
      }),
  }
}
