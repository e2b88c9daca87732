/** Other engines on the same machine: their own harness is run where it is, and its figures are put beside ours. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { messageOf } from '../scripts/processes'
import type { Measurement } from './measure'
import { spread } from './figures'
import { summarise } from './statistics'
import type { Summary } from './statistics'

interface Level {
  readonly completePerS?: number
  readonly completeP50?: number
  readonly completeP99?: number
}
interface PeerRound {
  readonly failed?: string
  readonly levels?: Readonly<Record<string, Level>>
  readonly lists?: Readonly<Record<string, { readonly p50?: number; readonly p99?: number }>>
  readonly mbPer1000?: number
}
export interface PeerResults {
  readonly at: string
  readonly rounds: number
  /** rounds by engine */
  readonly raw: Readonly<Record<string, readonly PeerRound[]>>
}

/** Runs the harness in a folder and reads what it wrote; undefined, with a sentence, when there is none or it fails. */
export async function runPeers(
  folder: string,
  options: { readonly rounds: number; readonly seconds: number; readonly backlog: readonly number[] },
  stopped: AbortSignal,
  say: (line: string) => void,
): Promise<PeerResults | undefined> {
  const script = path.join(folder, 'bench.mjs')
  if (!existsSync(script)) {
    say(`There is no harness of other engines in ${folder} (bench.mjs is missing): their part is left out.`)

    return undefined
  }
  const { ROUNDS = String(options.rounds), SECS = String(options.seconds) } = process.env
  const { BIG = String(Math.max(...options.backlog)) } = process.env
  say(`Measuring other engines in ${folder}: ${ROUNDS} rounds …`)
  const child = spawn(process.execPath, ['bench.mjs'], {
    cwd: folder,
    env: { ...process.env, ROUNDS, SECS, BIG },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = () => child.kill('SIGINT')
  stopped.addEventListener('abort', stop)
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve)
    child.once('error', () => resolve(null))
  })
  stopped.removeEventListener('abort', stop)
  if (code !== 0) say(`The harness of other engines ended with ${String(code)}; what it wrote is used.`)

  return readPeers(path.join(folder, 'run', 'results.json'), say)
}

/** Reads results that the harness wrote. */
export function readPeers(file: string, say: (line: string) => void): PeerResults | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<PeerResults>
    if (typeof found.raw !== 'object') throw new Error('it holds no rounds')

    return { at: found.at ?? 'unknown', rounds: found.rounds ?? 0, raw: found.raw }
  } catch (error) {
    say(`The results of other engines in ${file} cannot be read (${messageOf(error)}): their part is left out.`)

    return undefined
  }
}

const PEOPLE = [1, 8, 32] as const

interface Line {
  readonly name: string
  readonly perSecond: readonly (Summary | null)[]
  readonly p50: Summary | null
  readonly p99: Summary | null
  readonly behindBacklog: Summary | null
  readonly listP50: Summary | null
  readonly listP99: Summary | null
  readonly kBPerCase: Summary | null
}

function peerLine(name: string, rounds: readonly PeerRound[], backlog: string): Line {
  const sound = rounds.filter((round) => round.failed === undefined)
  const of = (pick: (round: PeerRound) => number | undefined) => summarise(sound.map(pick))

  return {
    name,
    perSecond: PEOPLE.map((people) => of((round) => round.levels?.[`c${String(people)}`]?.completePerS)),
    p50: of((round) => round.levels?.['c8']?.completeP50),
    p99: of((round) => round.levels?.['c8']?.completeP99),
    behindBacklog: of((round) => round.levels?.['c8@big']?.completePerS),
    listP50: of((round) => round.lists?.[backlog]?.p50),
    listP99: of((round) => round.lists?.[backlog]?.p99),
    kBPerCase: of((round) => round.mbPer1000),
  }
}

function ownLine(system: 'product' | 'floor', measurements: readonly Measurement[], backlog: string): Line {
  const of = (workload: string, setting: string, ...figures: readonly string[]) =>
    summarise(
      measurements
        .filter((each) => each.system === system && each.workload === workload && each.setting === setting)
        .map((each) => figures.reduce((sum, figure) => sum + (each.figures[figure] ?? NaN), 0)),
    )
  const people = (n: number): string => (n === 1 ? '1 person' : `${String(n)} people`)

  return {
    name: system === 'product' ? '**Mansap**' : 'floor (bare Temporal)',
    perSecond: PEOPLE.map((n) => of('W1', people(n), 'decisions/s')),
    p50: of('W1', people(8), 'complete p50 ms'),
    p99: of('W1', people(8), 'complete p99 ms'),
    behindBacklog: of('W2', `8 people, ${backlog} waiting`, 'decisions/s'),
    listP50: of('W2', `1 person, ${backlog} waiting`, 'list p50 ms'),
    listP99: of('W2', `1 person, ${backlog} waiting`, 'list p99 ms'),
    kBPerCase: of('W1', people(8), 'rows kB/case', 'Temporal kB/case'),
  }
}

/** The longest list that the engines were measured with. */
const longest = (peers: PeerResults): string =>
  String(
    Math.max(
      0,
      ...Object.values(peers.raw).flatMap((rounds) =>
        rounds.flatMap(({ lists }) => Object.keys(lists ?? {}).map(Number)),
      ),
    ),
  )

/** One table with ours, and what in it is not equal. */
export function peersMarkdown(peers: PeerResults, measurements: readonly Measurement[]): string {
  const backlog = longest(peers)
  const lines = [
    ownLine('product', measurements, backlog),
    ownLine('floor', measurements, backlog),
    ...Object.entries(peers.raw).map(([name, rounds]) => peerLine(name, rounds, backlog)),
  ]

  return [
    '## Beside other engines',
    '',
    `W1 on the same machine, each engine with Postgres and nothing else running; theirs measured ${peers.at.slice(0, 16)}, ${String(peers.rounds)} rounds. ` +
      'They are called inside one process, or through the engine’s own client; Mansap over HTTP with sessions, permissions, forms, law and an audit chain, and its list is a page of the console. ' +
      `“Waiting” are ${backlog} tasks in the list: decisions a second of 8 people behind them (theirs: whole cases of W1; ours: W2), and a page of the list as one person gets it ` +
      '(theirs: asked alone; ours: by one who works).',
    '',
    `| engine | decisions/s, 1 person | 8 people | 32 people | complete p50 ms, 8 people | p99 | decisions/s, ${backlog} waiting | list p50 ms, ${backlog} waiting | p99 | kB/case |`,
    '|---|---|---|---|---|---|---|---|---|---|',
    ...lines.map(({ name, perSecond, p50, p99, behindBacklog, listP50, listP99, kBPerCase }) =>
      ['', name, ...[...perSecond, p50, p99, behindBacklog, listP50, listP99, kBPerCase].map(spread), '']
        .join(' | ')
        .trim(),
    ),
    '',
  ].join('\n')
}
