/** The page that a reader is to believe: what was measured, on what, how much others disturbed it, and every figure with its spread. */
import { spread } from './figures'
import type { Provenance } from './machine'
import type { Measurement } from './measure'
import type { Options } from './options'
import { peersMarkdown } from './peers'
import type { PeerResults } from './peers'
import { ratios, summarise } from './statistics'
import type { Summary } from './statistics'
import { SYSTEMS } from './system'

export interface Result {
  readonly schema: 1
  readonly startedAt: string
  readonly finishedAt: string
  /** stopped before every round was measured */
  readonly partial: boolean
  readonly command: string
  readonly provenance: Provenance
  readonly options: Options
  readonly calibration: readonly number[]
  readonly measurements: readonly Measurement[]
  /** what the harness of other engines measured */
  readonly peers: PeerResults | null
}

export interface Row {
  readonly workload: string
  readonly setting: string
  readonly figure: string
  readonly product: Summary | null
  readonly floor: Summary | null
  /** product over floor, round by round */
  readonly ratio: Summary | null
}

/** One row for each figure of each workload and setting, in the order in which they were measured. */
export function rows(measurements: readonly Measurement[]): readonly Row[] {
  const found: Row[] = []
  const settings = new Set(measurements.map(({ workload, setting }) => JSON.stringify([workload, setting])))
  for (const key of settings) {
    const [workload = '', setting = ''] = JSON.parse(key) as string[]
    const here = measurements.filter((each) => each.workload === workload && each.setting === setting)
    const rounds = [...new Set(here.map(({ round }) => round))]
    const figures = new Set(here.flatMap((each) => Object.keys(each.figures)))
    for (const figure of figures) {
      const [product, floor] = SYSTEMS.map((system) =>
        rounds.map((n) => here.find(({ round, system: of }) => round === n && of === system)?.figures[figure]),
      )
      found.push({
        workload,
        setting,
        figure,
        product: summarise(product ?? []),
        floor: summarise(floor ?? []),
        ratio: summarise(ratios(product ?? [], floor ?? [])),
      })
    }
  }

  return found
}

const TITLES: Readonly<Record<string, string>> = {
  W1: 'W1: a case of two human tasks with something written between them, from start to end',
  W2: 'W2: the inbox: a page of the list, claim one, complete it',
  W3: 'W3: a probation from the hiring act to the decision, in rehearsal',
  W4: 'W4: a commission of five',
  W5: 'W5: parked cases',
}

/** The page. */
export function markdown(result: Result): string {
  const { provenance, options, calibration, measurements } = result
  const { machine, versions, commit, dirty } = provenance
  const all = rows(measurements)
  const others = summarise(measurements.map(({ figures }) => figures['others %']))
  const lines = [
    `# Benchmark of ${result.startedAt.slice(0, 10)}`,
    '',
    ...(result.partial ? ['**Stopped before its end: rounds are missing.**', ''] : []),
    `- Commit \`${commit}\`${dirty.length > 0 ? `, with ${String(dirty.length)} changed files that it does not hold` : ''}`,
    `- ${machine.processor}, ${String(machine.cores)} cores, ${String(machine.memoryGB)} GB, ${machine.system}`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}; Temporal: ${options.server === 'dev' ? 'dev server on SQLite' : 'server on Postgres'}`,
    `- \`${result.command}\`: ${String(options.rounds)} rounds, ${String(options.seconds)} s each, product and floor in turn`,
    `- Taken by other programs during a measurement, % of the machine: ${spread(others)}; a fixed computation took ${spread(summarise(calibration))} ms at the start of each round`,
    '',
    'Each figure is the median of the rounds, with the smallest and the largest. The ratio is product over floor, round by round. ' +
      'What the workloads and figures are, and in what the two are not equal, is in [bench/README.md](../README.md).',
  ]
  for (const workload of new Set(all.map((row) => row.workload))) {
    lines.push('', `## ${TITLES[workload] ?? workload}`)
    for (const setting of new Set(all.filter((row) => row.workload === workload).map((row) => row.setting))) {
      lines.push('', `### ${setting}`, '', '| | product | floor | ratio |', '|---|---|---|---|')
      for (const row of all.filter((each) => each.workload === workload && each.setting === setting))
        if (row.product ?? row.floor)
          lines.push(`| ${row.figure} | ${spread(row.product)} | ${spread(row.floor)} | ${spread(row.ratio)} |`)
      const failed = measurements.filter(
        (each) => each.workload === workload && each.setting === setting && each.firstError,
      )
      for (const { system, round, firstError } of failed)
        lines.push('', `Round ${String(round)}, ${system}, first error: \`${(firstError ?? '').slice(0, 300)}\``)
    }
  }

  if (result.peers) lines.push('', peersMarkdown(result.peers, measurements).trimEnd())

  return `${lines.join('\n')}\n`
}
