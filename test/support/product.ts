import { spawn } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRun, type PartName, type RunRecord } from '../../scripts/data-folder'
import { isAlive } from '../../scripts/processes'
import { eventually } from './eventually'

export interface ProductOptions {
  /** absolute folder for its data; not inside a 0700 folder when the tests run as root */
  readonly dataDir: string
  readonly port: number
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface LauncherRun {
  readonly pid: number
  /** everything it has printed so far */
  readonly output: () => string
  /** resolves with its exit code once it has ended */
  readonly exit: Promise<number>
  readonly interrupt: (signal: NodeJS.Signals) => void
  /** nobody reads this output any more, as after `npm start | head` or when the terminal is closed */
  readonly closeOutput: (which: 'stdout' | 'stderr') => void
}

/** Runs `npm start` as a person would, without waiting for anything. */
export function launch({ dataDir, port, flags = [], env = {} }: ProductOptions): LauncherRun {
  const root = path.join(__dirname, '..', '..')
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'scripts', 'start.ts'), ...flags], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'development',
      MANSAP_DATA: dataDir,
      PORT: String(port),
      MANSAP_SAMPLE_CASES: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  return {
    pid: child.pid ?? -1,
    output: () => output,
    exit,
    interrupt: (signal) => {
      child.kill(signal)
    },
    closeOutput: (which) => {
      child[which].destroy()
    },
  }
}

export interface RunningProduct {
  readonly baseUrl: string
  readonly record: () => RunRecord
  /** SIGKILLs one part and waits until it is gone; the launcher starts it again */
  readonly kill: (part: PartName) => Promise<void>
  /** waits until GET /ready answers 200 */
  readonly ready: () => Promise<void>
  /** stops everything as Ctrl-C does; answers the exit code */
  readonly stop: () => Promise<number>
  /** SIGKILLs the launcher alone, as a crash would */
  readonly crash: () => Promise<void>
  readonly output: () => string
}

/** Starts the product in a data folder of its own and waits until it says that it is ready. */
export async function startProduct(options: ProductOptions): Promise<RunningProduct> {
  const run = launch(options)
  const baseUrl = `http://localhost:${options.port}`
  const ready = `Mansap is ready: ${baseUrl}`
  let code: number | undefined
  void run.exit.then((value) => (code = value))
  const until = Date.now() + 180_000
  while (!run.output().includes(ready)) {
    if (code !== undefined) throw new Error(`The product ended with ${code}:\n${run.output()}`)
    if (Date.now() > until) {
      run.interrupt('SIGTERM')
      await run.exit
      throw new Error(`The product did not become ready:\n${run.output()}`)
    }
    await sleep(50)
  }
  const record = () => {
    const found = readRun(options.dataDir)
    if (!found) throw new Error('no run.json')
    return found
  }
  const isReady = () =>
    fetch(`${baseUrl}/ready`, { signal: AbortSignal.timeout(20_000) }).then(
      (response) => response.ok,
      () => false,
    )
  return {
    baseUrl,
    record,
    output: run.output,
    kill: async (part) => {
      const pid = record().pids[part]
      if (pid === undefined) throw new Error(`${part} does not run`)
      process.kill(pid, 'SIGKILL')
      while (isAlive(pid)) await sleep(10)
    },
    ready: async () => {
      await eventually('the product to be ready again', isReady).catch((error: unknown) => {
        throw new Error(run.output(), { cause: error })
      })
    },
    stop: () => {
      run.interrupt('SIGINT')
      return run.exit
    },
    crash: async () => {
      run.interrupt('SIGKILL')
      await run.exit
    },
  }
}
