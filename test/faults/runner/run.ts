/** Rounds of faults against the whole product under load, and what was found. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDb } from '../../../prisma/store/db'
import { isoDate } from '../../../workflows/kernel/law/calendar'
import type { AccessCount } from './access-checks'
import type { CarriedCount } from './carried-rows'
import type { Violation } from './checks'
import { Book } from './decisions'
import { inflict } from './inflict'
import { install, type Installation, type Size } from './installation'
import { startLoad, type Load } from './load'
import { peopleOf, type People } from './people'
import { arrangePlaces } from './places'
import { settled, violations, type EffectCount, type LinkedCount, type Looking } from './rows'
import { chanceOf, nameOf, POINTS, scheduleOf, type Round } from './schedule'

export interface Wanted extends Size {
  readonly seed: number
  readonly rounds: number
  readonly people: number
  /** looks whether all is well after so many rounds, and at the end */
  readonly checkEvery: number
  /** only faults or points that are named so */
  readonly only: string | null
}

export interface RoundResult {
  readonly round: Round
  readonly done: boolean
  readonly why: string | null
  /** milliseconds from the fault to the next decision that was confirmed to somebody who asked after it; null: none in time */
  readonly goodAfter: number | null
  /** milliseconds until the last of those whose decisions were under way knew what had come of them */
  readonly underway: readonly number[]
}

export interface Outcome {
  readonly wanted: Wanted
  readonly results: readonly RoundResult[]
  readonly book: Book
  readonly cases: number
  readonly linked: LinkedCount
  readonly effects: EffectCount
  readonly carried: CarriedCount
  readonly access: AccessCount
  readonly violations: readonly Violation[]
  /** the rounds after which the violations were found: from the one after the last good look to this */
  readonly foundIn: readonly [number, number] | null
  readonly troubles: readonly string[]
  /** errors of the product's own that the API has logged */
  readonly errors: readonly string[]
  readonly seconds: number
}

const GOOD_WITHIN_MS = 90_000

/** Runs the schedule of a seed in `folder`; stops at the first look that finds something wrong. */
export async function runFaults(
  wanted: Wanted,
  folder: string,
  say: (line: string) => void,
  interrupted = new AbortController().signal,
): Promise<Outcome> {
  const began = Date.now()
  const today = isoDate(new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' }))
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const installation = await install(folder, wanted, today, (line) => say(`    ${line}`))
  const db = createDb(installation.databaseUrl, 4)
  try {
    const book = new Book()
    const chance = chanceOf(wanted.seed ^ 0x5f5f5f)
    // one in four who hear that nothing was stored believes it, and leaves it at that
    const people = await peopleOf(db, { urls: installation.urls, today, book, givesUp: () => chance() < 0.25 })
    const load = startLoad(wanted.people, people, await arrangePlaces(db, today), chance)
    say(`The product runs (${Math.round((Date.now() - began) / 1000)} s); ${wanted.people} people work.`)

    return await befallen(
      { wanted, installation, book, people, load, folder, say, began, interrupted },
      { ...installation, db },
    )
  } finally {
    await db.$disconnect()
    await installation.stop()
  }
}

interface Stage {
  readonly wanted: Wanted
  readonly installation: Installation
  readonly book: Book
  readonly people: People
  readonly load: Load
  readonly folder: string
  readonly say: (line: string) => void
  readonly began: number
  /** no further round */
  readonly interrupted: AbortSignal
}

async function befallen(stage: Stage, looking: Looking): Promise<Outcome> {
  const { wanted, installation, book, people, load, folder, say, began } = stage
  const results: RoundResult[] = []
  const sound = new Set<string>()
  const found: Violation[] = []
  let cases = 0
  let linked: LinkedCount = { messages: 0, cases: 0, links: 0, lists: 0 }
  let effects: EffectCount = { posts: 0, takenBack: 0, annulments: 0, refusedAnnulments: 0, handovers: 0 }
  let carried: CarriedCount = { papers: 0, letters: 0, sentAgain: 0, files: 0, comments: 0 }
  let access: AccessCount = { changes: 0, kept: 0 }
  let lastGood = 0
  // the first decisions, so that there is something to be lost
  await book.goodAnswer(0, GOOD_WITHIN_MS)
  for (const round of scheduleOf(wanted.seed, wanted.rounds, wanted.only)) {
    const result = await oneRound(round, stage)
    results.push(result)
    say(told(result))
    if (result.goodAfter === null && result.done)
      found.push({ kind: 'no outcome', caseId: null, what: `no good answer within ${GOOD_WITHIN_MS / 1000} s` })
    const last = results.length === wanted.rounds || found.length > 0 || stage.interrupted.aborted
    if (!last && results.length % wanted.checkEvery !== 0) continue
    say(`  looking at the cases after round ${round.n} …`)
    if (last) await load.stop()
    else await load.pause()
    await settled(looking)
    const look = await violations(looking, people, book, sound)
    cases = look.cases
    linked = look.linked
    effects = look.effects
    carried = look.carried
    access = look.access
    found.push(...look.found)
    for (const { decision, what } of book.contradictions)
      found.push({ kind: 'disagrees', caseId: decision.caseId, what: `${decision.kind} ${decision.key} was ${what}` })
    if (found.length > 0) {
      keep(folder, { wanted, found, evidence: look.evidence, results, strange: book.strange })
      if (!last) {
        load.resume()
        await load.stop()
      }
      break
    }
    lastGood = round.n
    if (last) break
    load.resume()
  }

  return {
    wanted,
    results,
    book,
    cases,
    linked,
    effects,
    carried,
    access,
    violations: found,
    foundIn: found.length > 0 ? [lastGood + 1, results.length] : null,
    troubles: load.troubles,
    errors: installation.errors(),
    seconds: (Date.now() - began) / 1000,
  }
}

async function oneRound(round: Round, { installation, book, load }: Stage): Promise<RoundResult> {
  await sleep(round.after)
  const struck = await inflict(round, installation, load)
  const underway = book.decisions.filter(
    ({ sentAt, heardAt }) => sentAt <= struck.at && (heardAt === null || heardAt > struck.at),
  )
  await installation.heal()
  const good = await goodSince(book, struck.at)
  await Promise.race([
    sleep(1000),
    (async () => {
      while (underway.some(({ heardAt }) => heardAt === null)) await sleep(20)
    })(),
  ])

  return {
    round,
    done: struck.done,
    why: struck.why,
    goodAfter: good === null ? null : good - struck.at,
    // filled in as it comes: some wait longer than their round
    get underway() {
      return underway.flatMap(({ heardAt }) => (heardAt === null ? [] : [heardAt - struck.at]))
    },
  }
}

/** The first good answer since the fault, whether it came while the fault lasted or comes now. */
async function goodSince(book: Book, since: number): Promise<number | null> {
  const already = book.goodSince(since)

  return already ?? book.goodAnswer(since, GOOD_WITHIN_MS)
}

function told({ round, done, why, goodAfter }: RoundResult): string {
  const where = round.at === null ? '' : ` | ${POINTS[round.at]}`
  const after = goodAfter === null ? 'no good answer' : `good answer after ${goodAfter} ms`

  return `${String(round.n).padStart(4)} ${nameOf(round.deed)}${where} | ${done ? after : (why ?? '')}`
}

function keep(folder: string, evidence: unknown): void {
  writeFileSync(path.join(folder, 'evidence.json'), JSON.stringify(evidence, null, 1))
}
