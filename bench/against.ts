/**
 * `npm run bench:against -- DIR`: this checkout and the one in DIR (the release before), measured in alternating rounds. In each
 * round both measure their product and the floor behind a door on servers of their own; what is compared is the product's share of
 * that floor, so that a disturbed round disturbs both halves of a share. Writes `results/against-<date>-<commit>.md` and `.json`.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { spread } from './figures'
import { rows, type Result } from './report'
import { ratios, summarise } from './statistics'

const FIGURE = 'decisions/s'
const root = path.join(__dirname, '..')
const say = (line: string): void => console.log(line)

interface Share {
  readonly workload: string
  readonly setting: string
  /** product over the floor behind a door, a number for each round */
  readonly before: (number | undefined)[]
  readonly now: (number | undefined)[]
}

async function measured(checkout: string, out: string, args: readonly string[]): Promise<Result> {
  const child = spawn('npm', ['run', '--silent', 'bench', '--', ...args, '--door', '--rounds', '1', '--out', out], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`The benchmark of ${checkout} ended with ${String(code)}.`)

  return JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Result
}

function take(shares: Map<string, Share>, result: Result, side: 'before' | 'now'): void {
  for (const { workload, setting, figure, productOverDoor } of rows(result.measurements)) {
    if (figure !== FIGURE) continue
    const key = `${workload} ${setting}`
    const share = shares.get(key) ?? { workload, setting, before: [], now: [] }
    share[side].push(productOverDoor?.median)
    shares.set(key, share)
  }
}

const table = (shares: readonly Share[]): string =>
  [
    `| Workload | Setting | before | now | now / before |`,
    `| --- | --- | --- | --- | --- |`,
    ...shares.map(({ workload, setting, before, now }) =>
      ['', workload, setting, ...[before, now, ratios(now, before)].map((of) => spread(summarise(of))), '']
        .join(' | ')
        .trim(),
    ),
  ].join('\n')

async function main(): Promise<void> {
  const text = (usual: string) => ({ type: 'string', default: usual }) as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: text('5'),
      workloads: text('W1,W2'),
      people: text('8,32'),
      seconds: text('6'),
      backlog: text('1000'),
    },
  })
  const [dir] = positionals
  if (dir === undefined) throw new Error('Say with which checkout to compare: npm run bench:against -- DIR')
  const { rounds, ...measuring } = values
  const args = Object.entries(measuring).flatMap(([name, value]) => [`--${name}`, value])
  const temporary = mkdtempSync(path.join(tmpdir(), 'mansap-against-'))
  const shares = new Map<string, Share>()
  const sides = [
    ['before', path.resolve(dir)],
    ['now', root],
  ] as const
  const commits: Record<string, string> = {}
  let machine: unknown
  const startedAt = new Date().toISOString()
  for (let round = 1; round <= Number(rounds); round += 1)
    for (const [side, checkout] of round % 2 === 1 ? sides : [...sides].reverse()) {
      const result = await measured(checkout, path.join(temporary, `${String(round)}-${side}`), args)
      commits[side] = result.provenance.commit
      machine = result.provenance.machine
      take(shares, result, side)
      say(`Round ${String(round)} of ${rounds}, ${side} (${result.provenance.commit.slice(0, 8)}) measured.`)
    }
  const all = [...shares.values()]
  const name = `against-${startedAt.slice(0, 16).replace(':', '').replace('T', '-')}-${(commits['now'] ?? '').slice(0, 8)}`
  const file = path.join(__dirname, 'results', name)
  const told = {
    startedAt,
    finishedAt: new Date().toISOString(),
    rounds: Number(rounds),
    args,
    commits,
    machine,
    shares: all,
  }
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.json`, `${JSON.stringify(told, null, 1)}\n`)
  const page = [
    `# Decisions per second as a share of the floor behind a door`,
    '',
    `Before: ${commits['before'] ?? ''}. Now: ${commits['now'] ?? ''}. ${rounds} alternating rounds, ${startedAt} to ${told.finishedAt}: \`${args.join(' ')}\`.`,
    'Median of the rounds, with the smallest and the largest; the last column is now over before, round by round.',
    '',
    table(all),
    '',
  ].join('\n')
  writeFileSync(`${file}.md`, page)
  say(page)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
