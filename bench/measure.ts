/** One measurement: a system under one load in one round, and the figures that came of it. */
import type { Loaded, Timings } from './load'
import { METERED } from './meters'
import type { Meters, Reading } from './meters'
import { quantile } from './statistics'
import type { System, SystemName } from './system'

/** Figures by name; null where there is none. The names are explained in README.md. */
export type Figures = Readonly<Record<string, number | null>>

export interface Measurement {
  readonly workload: string
  /** what distinguishes it within the workload: `8 people`, `8 people, 10000 waiting` */
  readonly setting: string
  readonly system: SystemName
  readonly round: number
  readonly figures: Figures
  readonly firstError: string | null
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Median and 99th percentile of an action. */
export const latency = (action: string, timings: Timings): Figures => ({
  [`${action} p50 ms`]: finite(quantile(timings.of(action), 0.5)),
  [`${action} p99 ms`]: finite(quantile(timings.of(action), 0.99)),
})

export interface Watched {
  readonly loaded: Loaded
  readonly figures: Figures
}

/** Runs a load and reads the meters before it, at its end, and once everything that it caused is done. */
export async function watch(
  system: System,
  meters: Meters,
  run: () => Promise<Loaded>,
  decisions: () => number,
): Promise<Watched> {
  const before = await meters.read()
  const loaded = await run()
  const after = await meters.read()
  const memory = meters.memory()
  await system.settled()
  const settled = await meters.read()
  const count = decisions()
  const per = (value: number): number | null => finite(value / count)
  const cpu: Record<string, number | null> = {}
  let ours = 0
  for (const part of METERED) {
    const [from, then, to] = [before.cpu[part], after.cpu[part], settled.cpu[part]]
    if (from === undefined || then === undefined || to === undefined) continue
    cpu[`cpu ${part} ms`] = per(to - from)
    ours += then - from
  }
  const machine = after.machine.all - before.machine.all

  return {
    loaded,
    figures: {
      ...cpu,
      ...Object.fromEntries(METERED.map((part) => [`memory ${part} MB`, memory[part] ?? null])),
      commits: per(settled.commits - before.commits),
      'WAL kB': per((settled.walBytes - before.walBytes) / 1024),
      errors: loaded.errors,
      'busy %': finite((100 * (after.machine.busy - before.machine.busy)) / machine),
      'others %': finite((100 * Math.max(0, after.machine.busy - before.machine.busy - ours)) / machine),
      ...bytes(system, before, settled),
    },
  }
}

const bytes = (system: System, before: Reading, after: Reading): Figures => ({
  'application bytes':
    (after.applicationBytes[system.database] ?? NaN) - (before.applicationBytes[system.database] ?? NaN),
  'temporal bytes': after.temporalBytes - before.temporalBytes,
})
