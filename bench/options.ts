/** What the person at the terminal asked for. */
import { parseArgs } from 'node:util'
import { CannotStart, messageOf } from '../scripts/processes'

export const WORKLOADS = ['W1', 'W2', 'W3', 'W4', 'W5'] as const
export type Workload = (typeof WORKLOADS)[number]

export interface Options {
  readonly workloads: readonly Workload[]
  readonly rounds: number
  readonly seconds: number
  readonly people: readonly number[]
  readonly backlog: readonly number[]
  readonly cases: number
  readonly server: 'dev' | 'postgres'
  readonly out: string | undefined
  readonly peers: string | undefined
  readonly peersResults: string | undefined
  /** W1 and W2 are measured for the floor behind a door too */
  readonly door: boolean
  readonly profile: boolean
  readonly help: boolean
}

export const HELP = `npm run bench -- [options]

  --workloads W1,W2   which of ${WORKLOADS.join(', ')} (all)
  --rounds N          rounds, product and floor taking turns (5)
  --seconds S         length of one measurement (6)
  --people 1,8,32     people at once, for W1 and W2
  --backlog 100,10000,100000
                      tasks that wait in the list, for W2
  --cases N           parked cases, for W5 (10000)
  --server dev        Temporal's dev server, as npm start has it (default); or postgres: Temporal's server on Postgres
  --quick             one short round with small numbers: shows that everything works, measures nothing
  --profile           processor profiles of worker and API, and statements per decision, under W1 (or --workloads W2)
  --door              W1 and W2 for the floor asked over HTTP too, which says what a door alone costs
  --peers DIR         run the harness of other engines in DIR and put all in one table
  --peers-results F   the same, from results that the harness wrote before
  --out FILE          results without the ending (bench/results/<date>-<commit>)
  --help              this page`

const QUICK = { rounds: 1, seconds: 1, people: [2], backlog: [100], cases: 20 }
const WHOLE = { rounds: 5, seconds: 6, people: [1, 8, 32], backlog: [100, 10_000, 100_000], cases: 10_000 }

/** Reads the command line; throws CannotStart with one sentence when it makes no sense. */
export function readOptions(args: readonly string[]): Options {
  const given = parsed(args)
  const usual = given.quick === true ? QUICK : WHOLE
  const server = given.server ?? 'dev'
  if (server !== 'dev' && server !== 'postgres') throw new CannotStart(`--server is dev or postgres, not "${server}".`)

  return {
    workloads: workloadsOf(given.workloads),
    rounds: count('rounds', given.rounds, usual.rounds, 1000),
    seconds: count('seconds', given.seconds, usual.seconds, 3600),
    people: counts('people', given.people, usual.people, 200),
    backlog: counts('backlog', given.backlog, usual.backlog, 5_000_000),
    cases: count('cases', given.cases, usual.cases, 100_000),
    server,
    out: given.out,
    peers: given.peers,
    peersResults: given['peers-results'],
    door: given.door === true,
    profile: given.profile === true,
    help: given.help === true,
  }
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        workloads: text,
        rounds: text,
        seconds: text,
        people: text,
        backlog: text,
        cases: text,
        server: text,
        out: text,
        peers: text,
        'peers-results': text,
        quick: flag,
        door: flag,
        profile: flag,
        help: flag,
      },
    }).values
  } catch (error) {
    throw new CannotStart(`${messageOf(error).split('. ')[0] ?? ''}: npm run bench -- --help names the options.`)
  }
}

function count(name: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= 1 && value <= most))
    throw new CannotStart(`--${name} is a number from 1 to ${String(most)}, not "${text}".`)

  return value
}

const counts = (name: string, text: string | undefined, usual: readonly number[], most: number): readonly number[] =>
  text === undefined ? usual : [...new Set(text.split(',').map((each) => count(name, each.trim(), 0, most)))]

function workloadsOf(text: string | undefined): readonly Workload[] {
  if (text === undefined) return WORKLOADS
  const wanted = text.split(',').map((each) => each.trim().toUpperCase())
  const unknown = wanted.find((each) => !WORKLOADS.some((known) => known === each))
  if (unknown !== undefined)
    throw new CannotStart(`There is no workload "${unknown}": there are ${WORKLOADS.join(', ')}.`)

  return WORKLOADS.filter((known) => wanted.includes(known))
}
