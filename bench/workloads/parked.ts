/** W5: cases that wait for weeks, a restart while they wait, and terms that all fall due within a minute, or at one moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Timings } from '../load'
import { latency } from '../measure'
import { METERED } from '../meters'
import type { Stage } from '../stage'
import { quantile } from '../statistics'
import type { Half, Worker } from '../system'
import type { Measured } from './measured'

const STARTERS = 16
const LISTERS = 4
const LIST_EVERY_MS = 100
const TERMS = 1000
const GIVE_UP_MS = 180_000
const CALM_WITHIN_S = 20

export interface Parking {
  readonly stage: Stage
  readonly name: Half
  readonly stopped: AbortSignal
}

/** Starts so many cases, several at once; answers with their ids, each with when its term ends, and how many it started in a second. */
async function startMany(
  { stage, name, stopped }: Parking,
  count: number,
  dueAt?: (n: number) => number,
): Promise<{ ends: ReadonlyMap<string, number>; perSecond: number; firstError: string | null }> {
  const ends = new Map<string, number>()
  const again: number[] = []
  let asked = 0
  let underway = 0
  let failed = 0
  let firstError: string | null = null
  const began = performance.now()
  const work = async (person: Worker): Promise<void> => {
    while (ends.size + underway < count && !stopped.aborted) {
      const n = again.pop() ?? asked++
      const due = dueAt?.(n)
      underway += 1
      try {
        ends.set(await person.start(1, due), due ?? NaN)
      } catch (error) {
        firstError ??= String(error)
        // one that does not start is tried again, but not for ever
        failed += 1
        if (failed > count) throw error
        again.push(n)
      } finally {
        underway -= 1
      }
    }
  }
  await Promise.all(stage.systems[name].workers.slice(0, STARTERS).map(work))

  return { ends, perSecond: (1000 * ends.size) / (performance.now() - began), firstError }
}

/** What is awake once the starts are over: idle connections keep a timer for some seconds more. */
async function calm(stage: Stage, name: Half, timers: number): Promise<Readonly<Record<string, number>>> {
  for (let tries = 0; ; tries += 1) {
    const now = await stage.handles(name)
    if ((now['Timeout'] ?? 0) <= timers || tries === CALM_WITHIN_S) return now
    await sleep(1000)
  }
}

/** Parks the cases, and restarts the worker while they wait. */
export async function park(parking: Parking, cases: number): Promise<Measured & { readonly perSecond: number }> {
  const { stage, name } = parking
  const system = stage.systems[name]
  const before = await stage.meters.read()
  const awake = await stage.handles(name)
  const empty = stage.meters.memory()
  const { ends, perSecond, firstError } = await startMany(parking, cases)
  const after = await stage.meters.read()
  const parked = await calm(stage, name, awake['Timeout'] ?? 0)
  const memory = stage.meters.memory()
  const worker = name === 'product' ? 'worker' : 'floorWorker'

  const figures: Record<string, number | null> = {
    'parked cases': ends.size,
    'starts/s': perSecond,
    'worker before MB': empty[worker] ?? null,
    'worker after MB': memory[worker] ?? null,
    'temporal before MB': empty.temporal ?? null,
    'temporal after MB': memory.temporal ?? null,
    'timers before': awake['Timeout'] ?? 0,
    'timers after': parked['Timeout'] ?? 0,
    'rows kB/case':
      ((after.applicationBytes[system.database] ?? NaN) - (before.applicationBytes[system.database] ?? NaN)) /
      1024 /
      ends.size,
    'Temporal kB/case': (after.temporalBytes - before.temporalBytes) / 1024 / ends.size,
  }
  const [first] = ends.keys()
  const [person] = system.workers
  if (first && person && !parking.stopped.aborted) {
    // the oldest case has long left the worker's cache: it is read back from its history
    const [waiting] = await system.open(first)
    if (!waiting) throw new Error('a parked case has no open task')
    const task = await person.claim(waiting)
    const began = performance.now()
    const restarted = stage.restartWorker(name)
    await person.complete(task)
    figures['restart to first answer ms'] = performance.now() - began
    await restarted
    figures['worker restarted MB'] = stage.meters.memory()[worker] ?? null
  }

  return { figures, firstError, perSecond }
}

/**
 * Lets a thousand terms (or as many as there are parked cases) end one after another within so long, or all at one moment, while
 * others look at their inbox.
 */
export async function terms(
  parking: Parking,
  cases: number,
  startsPerSecond: number,
  withinMs: number,
): Promise<Measured> {
  const { stage, name, stopped } = parking
  const system = stage.systems[name]
  const count = Math.min(TERMS, cases)
  const allowed = 10_000 + (1_500 * count) / startsPerSecond
  const dueAt = Date.now() + allowed
  const { ends, firstError } = await startMany(parking, count, (n) => dueAt + (n * withinMs) / count)
  const late = Date.now() - dueAt
  const timings = new Timings()
  let done = false
  const list = async (person: Worker, action: () => string): Promise<void> => {
    while (!done && !stopped.aborted) {
      await timings.time(action(), () => person.list('due'))
      await sleep(LIST_EVERY_MS)
    }
  }
  const listing = Promise.all(
    system.workers
      .slice(0, LISTERS)
      .map((person) => list(person, () => (Date.now() < dueAt ? 'list before' : 'list meanwhile'))),
  )
  await sleep(Math.max(0, dueAt - Date.now()))
  const before = await stage.meters.read()
  let handled: ReadonlyMap<string, number> = new Map()
  while (handled.size < ends.size && Date.now() < dueAt + withinMs + GIVE_UP_MS && !stopped.aborted) {
    await sleep(250)
    handled = await system.fellDue([...ends.keys()])
  }
  const after = await stage.meters.read()
  done = true
  await listing
  const last = Math.max(...handled.values())
  const lags = [...handled].map(([id, at]) => at - (ends.get(id) ?? NaN))

  return {
    figures: {
      terms: ends.size,
      handled: handled.size,
      // starts that took longer than foreseen would have been due before they were made
      'started late s': Math.max(0, late / 1000),
      'terms/s': handled.size === 0 ? null : (1000 * handled.size) / Math.max(1, last - dueAt),
      'lag p50 ms': quantile(lags, 0.5),
      'lag p99 ms': quantile(lags, 0.99),
      ...latency('list before', timings),
      ...latency('list meanwhile', timings),
      ...Object.fromEntries(
        METERED.map((part) => [
          `cpu ${part} ms/term`,
          ((after.cpu[part] ?? NaN) - (before.cpu[part] ?? NaN)) / Math.max(1, handled.size),
        ]),
      ),
    },
    firstError,
  }
}
