/** The page that a reader is to believe: what was measured, on what, how much others disturbed it, and every figure with its spread. */
import { spread } from './figures'
import type { Provenance } from './machine'
import type { Measurement } from './measure'
import type { Options } from './options'
import { peersMarkdown } from './peers'
import type { PeerResults } from './peers'
import { ratios, summarise } from './statistics'
import type { Summary } from './statistics'
import type { SystemName } from './system'

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
  /** the floor behind a door, where it was measured */
  readonly door: Summary | null
  /** that over the floor, and the product over that */
  readonly doorOverFloor: Summary | null
  readonly productOverDoor: Summary | null
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
      const of = (name: SystemName) =>
        rounds.map((n) => here.find(({ round, system }) => round === n && system === name)?.figures[figure])
      const [product, floor, door] = [of('product'), of('floor'), of('door')]
      found.push({
        workload,
        setting,
        figure,
        product: summarise(product),
        floor: summarise(floor),
        ratio: summarise(ratios(product, floor)),
        door: summarise(door),
        doorOverFloor: summarise(ratios(door, floor)),
        productOverDoor: summarise(ratios(product, door)),
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

/** Its columns; three more where the floor was asked through a door too. */
function table(here: readonly Row[]): readonly string[] {
  const cells = (row: Row) => [row.product, row.floor, row.ratio]
  const doorCells = (row: Row) => [row.door, row.doorOverFloor, row.productOverDoor]
  const withDoor = here.some(({ door }) => door !== null)
  const heads = [
    'product',
    'floor',
    'ratio',
    ...(withDoor ? ['floor behind a door', 'over floor', 'product over it'] : []),
  ]
  const lines = here
    .filter((row) => row.product ?? row.floor)
    .map((row) => [row.figure, ...[...cells(row), ...(withDoor ? doorCells(row) : [])].map(spread)])

  return [['', ...heads], ['', ...heads].map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`)
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
      const here = all.filter((each) => each.workload === workload && each.setting === setting)
      lines.push('', `### ${setting}`, '', ...table(here))
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
