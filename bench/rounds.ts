/** Rounds: every workload at every setting, product and floor taking turns, the one that is first changing from round to round. */
import { shown } from './figures'
import { calibration } from './machine'
import type { Figures, Measurement } from './measure'
import type { Options } from './options'
import { profileLoad } from './profile'
import type { Stage } from './stage'
import { PAIR } from './system'
import type { Half, System, SystemName } from './system'
import { commission, SEATS } from './workloads/commission'
import { decisions } from './workloads/decisions'
import { inbox, reading, Supply } from './workloads/inbox'
import type { Measured } from './workloads/measured'
import { park, terms } from './workloads/parked'
import { probation } from './workloads/walk'

export interface Told {
  readonly measurements: Measurement[]
  /** milliseconds of a fixed computation at the start of each round */
  readonly calibration: number[]
}

const WARM_PEOPLE = 8
const SITTINGS = [1, 4]
const TERMS_WITHIN = [
  ['terms that fall due within one minute', 60_000],
  ['terms that fall due at one moment', 0],
] as const

/** Measures into `told`, round by round, until everything is measured or `stopped` says so. */
export async function measureRounds(
  stage: Stage,
  options: Options,
  stopped: AbortSignal,
  told: Told,
  say: (line: string) => void,
): Promise<void> {
  const supply = new Supply()
  const most = Math.max(...options.people)
  const { product, floor, door } = stage.systems
  const systems = [product, floor, ...(door ? [door] : [])]
  const given = (system: System, people: number, seconds = options.seconds) => ({
    system,
    meters: stage.meters,
    people,
    seconds,
    stopped,
  })
  const startsPerSecond = { product: NaN, floor: NaN }
  say('Warming up …')
  for (const system of systems) await decisions(given(system, Math.min(WARM_PEOPLE, most)))

  for (let round = 1; round <= options.rounds && !stopped.aborted; round += 1) {
    told.calibration.push(calibration())
    say(
      `Round ${String(round)} of ${String(options.rounds)}, calibration ${String(Math.round(told.calibration.at(-1) ?? 0))} ms`,
    )
    const inTurn = <T>(all: readonly T[]): readonly T[] => (round % 2 === 1 ? all : [...all].reverse())
    const one = async (
      workload: string,
      setting: string,
      system: SystemName,
      measure: () => Promise<Measured>,
    ): Promise<void> => {
      if (stopped.aborted) return
      // one that fails is told in the result, and the others are measured
      const { figures, firstError } = await measure().catch((error: unknown) => ({
        figures: {},
        firstError: String(error),
      }))
      // what was cut short is no measurement
      if (stopped.aborted) return
      told.measurements.push({ workload, setting, system, round, figures, firstError })
      say(`  ${workload} ${setting} ${system.padEnd(8)}${line(figures)}${firstError ?? ''}`)
    }
    const each = async (
      workload: string,
      setting: string,
      measure: (system: System) => Promise<Measured>,
    ): Promise<void> => {
      for (const system of inTurn(systems)) await one(workload, setting, system.name, () => measure(system))
    }
    const both = async (
      workload: string,
      setting: string,
      measure: (system: Half) => Promise<Measured>,
    ): Promise<void> => {
      for (const system of inTurn(PAIR)) await one(workload, setting, system, () => measure(system))
    }
    if (options.workloads.includes('W1'))
      for (const people of options.people)
        await each('W1', peopleWords(people), (system) => decisions(given(system, people)))
    if (options.workloads.includes('W2'))
      for (const waiting of options.backlog) {
        for (const system of [product, floor]) await system.fill(waiting)
        for (const people of options.people)
          await each('W2', `${peopleWords(people)}, ${String(waiting)} waiting`, (system) =>
            inbox(given(system, people), supply),
          )
        await each('W2', `one who reads far down, ${String(waiting)} waiting`, (system) => reading(given(system, 1)))
      }
    if (options.workloads.includes('W2')) for (const system of [product, floor]) await system.fill(0)
    if (options.workloads.includes('W3')) {
      // the floor's case has as many decisions as the product's, so the product is first
      let count = 25
      for (const system of PAIR)
        await one('W3', '1 person', system, async () => {
          const { decisionsPerCase, ...measured } = await probation(stage, system, options.seconds, stopped, count)
          count = decisionsPerCase

          return measured
        })
    }
    if (options.workloads.includes('W4'))
      for (const sittings of SITTINGS)
        await both(
          'W4',
          sittings === 1 ? 'one sitting at a time' : `${String(sittings)} sittings at a time`,
          (system) => commission(given(stage.systems[system], sittings * SEATS)),
        )
    if (options.workloads.includes('W5')) {
      if (round === 1)
        await both('W5', `${String(options.cases)} parked`, async (system) => {
          const { perSecond, ...measured } = await park({ stage, name: system, stopped }, options.cases)
          startsPerSecond[system] = perSecond

          return measured
        })
      for (const [setting, withinMs] of TERMS_WITHIN)
        await both('W5', setting, (system) =>
          terms({ stage, name: system, stopped }, options.cases, startsPerSecond[system], withinMs),
        )
    }
  }
}

/** Profiles the product after a warm-up: under W2 when that is the only workload asked for, else under W1. */
export async function profileProduct(
  stage: Stage,
  { people, seconds, workloads, backlog: [waiting = 0] }: Options,
  stopped: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const given = { system: stage.systems.product, meters: stage.meters, people: Math.max(...people), seconds, stopped }
  const supply = new Supply()
  const inboxAlone = workloads.length === 1 && workloads[0] === 'W2'
  if (inboxAlone) await stage.systems.product.fill(waiting)
  const run = async () => {
    const { figures, cases } = inboxAlone ? { ...(await inbox(given, supply)), cases: [] } : await decisions(given)

    return { decisions: figures['decisions'] ?? NaN, cases }
  }
  say('Warming up …')
  await run()
  await profileLoad(stage, run, say)
}

const peopleWords = (people: number): string => (people === 1 ? '1 person' : `${String(people)} people`)

const SAID = [
  'decisions/s',
  'complete p50 ms',
  'complete p99 ms',
  'list p50 ms',
  'list p99 ms',
  'far list p50 ms',
  'far list p99 ms',
  'case p50 ms',
  'starts/s',
  'terms/s',
  'lag p99 ms',
  'restart to first answer ms',
  'errors',
  'others %',
]
const line = (figures: Figures): string =>
  SAID.filter((name) => figures[name] !== undefined)
    .map((name) => `${name} ${shown(figures[name])}; `)
    .join('')
