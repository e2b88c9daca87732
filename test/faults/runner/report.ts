/** What a run of faults shows: as JSON for machines, as a page for people. */
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { Decision } from './decisions'
import type { Outcome, RoundResult } from './run'
import { nameOf, POINTS, type Point } from './schedule'

/** What no round can do here, and why; said in every result. */
const NEVER: readonly string[] = [
  'power cuts: a killed process loses nothing that it has handed to the operating system, a machine without power does',
  'the clocks of Postgres and Temporal, and of the native part of the worker: only the clocks that our own code reads are shifted',
  'the way between Temporal and its own database: the dev server keeps it inside its process',
  'bytes that are changed or reordered on their way: TCP does not let that happen between two processes',
]

interface Spread {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

/** Median, 95th percentile and maximum, in milliseconds. */
export function spread(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  if (sorted.length === 0) return null

  return { count: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) }
}

const groups = (results: readonly RoundResult[], by: (result: RoundResult) => string) => {
  const found = new Map<string, RoundResult[]>()
  for (const result of results) found.set(by(result), [...(found.get(by(result)) ?? []), result])

  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}
const count = (decisions: readonly Decision[], told: Decision['told']) =>
  decisions.filter((each) => each.told === told).length
const tally = (values: readonly string[]): Record<string, number> => {
  const found: Record<string, number> = {}
  for (const value of values) found[value] = (found[value] ?? 0) + 1

  return found
}

/** The commit that is checked out, with a mark when files differ from it. */
export function commitOf(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim()
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '-changed'}`
  } catch {
    return 'unknown'
  }
}

/** The result as it is kept. */
export function resultOf(outcome: Outcome, commit: string, date: string) {
  const { wanted, results, book, violations } = outcome
  const done = results.filter((each) => each.done)
  const pointed = done.filter(({ round }) => round.at !== null)
  const kinds = (kind: string) => violations.filter((each) => each.kind === kind).length
  const rows = (of: readonly RoundResult[], by: (result: RoundResult) => string) =>
    groups(of, by).map(([name, members]) => ({
      name,
      planned: members.length,
      done: members.filter((each) => each.done).length,
      goodAfterMs: spread(members.flatMap((each) => (each.done && each.goodAfter !== null ? [each.goodAfter] : []))),
      underwayMs: spread(members.flatMap((each) => (each.done ? each.underway : []))),
    }))

  return {
    what: 'mansap faults',
    commit,
    date,
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30) },
    node: process.version,
    ...wanted,
    seconds: Math.round(outcome.seconds),
    rounds: { planned: wanted.rounds, carriedOut: results.length, done: done.length, atAPoint: pointed.length },
    cases: outcome.cases,
    linked: outcome.linked,
    effects: outcome.effects,
    carried: outcome.carried,
    access: outcome.access,
    decisions: {
      sent: book.decisions.length,
      confirmed: count(book.decisions, 'confirmed'),
      refused: count(book.decisions, 'refused'),
      toldThatNothingWasStored: count(book.decisions, 'notStored'),
      unknownToTheirSender: count(book.decisions, 'unknown'),
      byKind: tally(book.decisions.filter(({ told }) => told === 'confirmed').map(({ kind }) => kind)),
      refusals: tally(
        book.decisions.filter(({ told }) => told === 'refused').map(({ status, code }) => `${status} ${code ?? ''}`),
      ),
      sentMoreThanOnce: book.decisions.filter(({ attempts }) => attempts > 1).length,
    },
    confirmedAndLost: kinds('lost'),
    confirmedAndDoubled: kinds('doubled'),
    refusedWithAnEffect: kinds('effect of what was refused'),
    orphaned: kinds('orphaned'),
    casesWithoutOwnerOrTimer: kinds('ownerless'),
    withoutOutcome: kinds('no outcome'),
    brokenFiles: kinds('broken file'),
    disagreements: kinds('disagrees'),
    shownToStrangers: kinds('shown to a stranger'),
    violations,
    foundIn: outcome.foundIn,
    goodAfterMs: spread(done.flatMap(({ goodAfter }) => goodAfter ?? [])),
    byKind: rows(results, ({ round }) => nameOf(round.deed)),
    byPoint: rows(
      results.filter(({ round }) => round.at !== null),
      ({ round }) => POINTS[round.at as Point],
    ),
    unexpectedAnswers: tally(
      book.strange.map(({ status, path }) => `${status} ${path.replaceAll(/[0-9a-f-]{36}/g, ':id')}`),
    ),
    loggedErrors: tally(outcome.errors),
    troubles: outcome.troubles,
    notCovered: [
      ...new Set(
        results.flatMap(({ done: carried, why, round }) =>
          carried ? [] : [`${nameOf(round.deed)}${round.at ? ` at “${POINTS[round.at]}”` : ''}: ${why ?? ''}`],
        ),
      ),
      ...NEVER,
    ],
    schedule: results.map(({ round, done: carried, goodAfter }) => ({
      n: round.n,
      at: round.at,
      ...round.deed,
      done: carried,
      goodAfterMs: goodAfter,
    })),
  }
}

export type Result = ReturnType<typeof resultOf>

const cell = (value: Spread | null) => (value ? `${value.median} | ${value.p95} | ${value.max}` : '– | – | –')
const table = (title: string, rows: Result['byKind']) => [
  `| ${title} | planned | done | next good answer, ms: median | p95 | max | those under way, ms: median | p95 | max |`,
  '|---|---|---|---|---|---|---|---|---|',
  ...rows.map(
    (row) => `| ${row.name} | ${row.planned} | ${row.done} | ${cell(row.goodAfterMs)} | ${cell(row.underwayMs)} |`,
  ),
]

/** The result as a page. */
export function pageOf(result: Result): string {
  const { rounds, decisions, linked, effects, carried, access, machine } = result
  const share = rounds.done === 0 ? 0 : Math.round((100 * rounds.atAPoint) / rounds.done)

  return `${[
    `# Faults: ${rounds.carriedOut} rounds, ${result.date}`,
    '',
    `Commit ${result.commit}, seed ${result.seed}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${result.node}; ${result.apis} API, ${result.workers} worker, ${result.people} people at work, ${result.seconds} s.`,
    `Again: \`npm run faults -- --rounds ${result.rounds.planned} --seed ${result.seed} --people ${result.people} --workers ${result.workers} --apis ${result.apis}${result.only === null ? '' : ` --only '${result.only}'`}\`.`,
    '',
    `- Faults done: ${rounds.done} of ${rounds.carriedOut}; ${rounds.atAPoint} (${share} %) between a command being sent and its answer.`,
    `- Decisions: ${decisions.sent} sent in ${result.cases} cases, ${decisions.confirmed} confirmed, ${decisions.refused} refused, ${decisions.toldThatNothingWasStored} told that nothing was stored, ${decisions.unknownToTheirSender} given up without an answer.`,
    `- Between cases: ${linked.messages} messages, ${linked.links} links, ${linked.cases} cases opened by others, ${linked.lists} lists of cases.`,
    `- Registers: ${effects.posts} effects on posts, ${effects.takenBack} of them taken back; ${effects.annulments} annulments, ${effects.refusedAnnulments} refused; ${effects.handovers} handovers.`,
    `- What cases carry: ${carried.papers} papers, ${carried.letters} letters (${carried.sentAgain} copies more, each under the Message-ID of its letter), ${carried.files} files of answers, ${carried.comments} comments.`,
    `- Restricted cases: access was changed ${access.changes} times; ${access.kept} cases were kept from an officer of their body who looked for them, and found by him: **${result.shownToStrangers}**.`,
    `- Confirmed or sent, and lost: **${result.confirmedAndLost}**; doubled: **${result.confirmedAndDoubled}**. Refused and done all the same: **${result.refusedWithAnEffect}**. Cases or links that belong to nothing: **${result.orphaned}**.`,
    `- Cases without an owner or a timer: **${result.casesWithoutOwnerOrTimer}**. Commands without an outcome: **${result.withoutOutcome}**. Broken files: **${result.brokenFiles}**. Rows that disagree with their workflow: **${result.disagreements}**.`,
    `- Next good answer: median ${result.goodAfterMs?.median ?? '–'} ms, p95 ${result.goodAfterMs?.p95 ?? '–'} ms, longest ${result.goodAfterMs?.max ?? '–'} ms after the fault began.`,
    '',
    'The next good answer is the first decision confirmed to anybody who asked after the fault had begun, so it includes the time that the fault lasts. “Those under way” are the decisions that were sent and not answered when it began: how long until their senders knew.',
    '',
    ...table('Where', result.byPoint),
    '',
    ...table('What', result.byKind),
    '',
    '## Not covered',
    '',
    ...result.notCovered.map((each) => `- ${each}`),
    ...(Object.keys(result.loggedErrors).length > 0
      ? [
          '',
          '## Errors that the API did not foresee',
          '',
          ...Object.entries(result.loggedErrors).map(([what, times]) => `- ${times} × ${what}`),
        ]
      : []),
    ...(result.violations.length > 0
      ? [
          '',
          '## Violations',
          '',
          ...result.violations.map((each) => `- ${each.kind}: case ${each.caseId ?? '–'}: ${each.what}`),
        ]
      : []),
  ].join('\n')}\n`
}
