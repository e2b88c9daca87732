/** A load under the meters, and the figures that every workload gives of it. */
import type { Loaded, Timings } from '../load'
import { latency, watch } from '../measure'
import type { Figures } from '../measure'
import type { Meters } from '../meters'
import type { System } from '../system'

export interface Load {
  readonly system: System
  readonly meters: Meters
  readonly people: number
  readonly seconds: number
  readonly stopped: AbortSignal
}

export interface Measured {
  readonly figures: Figures
  readonly firstError: string | null
}

interface Work {
  readonly timings: Timings
  /** actions whose latency is told */
  readonly actions: readonly string[]
  readonly decisions: () => number
  /** cases that came to their end; absent where none does within a measurement */
  readonly ended?: readonly string[]
  readonly more?: () => Figures
}

/** Runs the load and tells what came of it. */
export async function measured(
  { system, meters }: Pick<Load, 'system' | 'meters'>,
  run: () => Promise<Loaded>,
  { timings, actions, decisions, ended, more = () => ({}) }: Work,
): Promise<Measured> {
  const { loaded, figures } = await watch(system, meters, run, decisions)
  const latencies = Object.fromEntries(actions.flatMap((action) => Object.entries(latency(action, timings))))

  return {
    figures: {
      decisions: decisions(),
      'decisions/s': decisions() / loaded.seconds,
      ...latencies,
      ...more(),
      ...(await ofCases(system, ended ?? [], figures)),
    },
    firstError: loaded.firstError,
  }
}

/** With what a case costs in place of what all of them did. */
export async function ofCases(system: System, ended: readonly string[], figures: Figures): Promise<Figures> {
  const { 'application bytes': ofRows, 'temporal bytes': ofTemporal, ...kept } = figures
  const last = ended.at(-1)
  if (last === undefined) return kept
  const perCase = (bytes: number | null | undefined): number | null =>
    typeof bytes === 'number' ? bytes / 1024 / ended.length : null

  return {
    'events/case': await system.events(last),
    'rows kB/case': perCase(ofRows),
    'Temporal kB/case': perCase(ofTemporal),
    ...kept,
  }
}
