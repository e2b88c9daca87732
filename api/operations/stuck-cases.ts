/**
 * Looks for open cases that nothing will ever move and writes an incident of each. It looks more often than once a night: at 100,000 open
 * cases it takes half a second, and an operator hears of it the same day.
 */
import { noteSurvey } from '../../prisma/store/incidents'
import { noteWakes, stuckCases, type StuckCase, type StuckQuestion, type WhyStuck } from '../../prisma/store/stuck'
import type { CaseId, Fact } from '../../workflows/kernel/contract'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { Service } from '../service/service'
import { today } from '../service/today'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 600_000
const MOST = 5000

interface Parts extends Pick<Service, 'db' | 'now'> {
  readonly engine: Pick<Service['engine'], 'wakes'>
}

/**
 * Cases that nothing moves. Of one whose last step is of a release that did not say when it wakes, its workflow is asked, once; one that
 * cannot be asked is not said to be stuck.
 */
export async function findStuck(
  { db, engine, now }: Parts,
  asked: Omit<StuckQuestion, 'on' | 'now'>,
): Promise<StuckCase[]> {
  const heard = new Set<CaseId>()
  for (;;) {
    const found = await stuckCases(db, { ...asked, on: today(now()), now: instant(now()) })
    const before = heard.size
    for (const each of found.filter(({ wakesKnown, case: id }) => !wakesKnown && !heard.has(id))) {
      const wakes = await engine.wakes(each.case)
      if (wakes === undefined) continue
      heard.add(each.case)
      await noteWakes(db, each, wakes)
    }
    // what is known now, also by another process that asked at the same moment, may move others
    if (heard.size === before) return found.filter(({ wakesKnown }) => wakesKnown)
  }
}

/** The numbers of the cases that wait for one another, from this case round to it again; empty when it is in no circle. */
export function circleOf(from: StuckCase, all: ReadonlyMap<string, StuckCase>): string[] {
  const seen = new Set<string>()
  const way = (at: StuckCase): string[] | null => {
    for (const { case: id } of at.waitsFor) {
      if (id === from.case) return [at.number]
      const next = all.get(id)
      if (!next || seen.has(id)) continue
      seen.add(id)
      const rest = way(next)
      if (rest) return [at.number, ...rest]
    }

    return null
  }

  return way(from) ?? []
}

/** Looks once at all real cases, and makes their incidents what was found. Nobody is woken for a rehearsal. */
export async function noteStuckCases(service: Parts): Promise<{ noted: number; resolved: number }> {
  const found = await findStuck(service, { rehearsals: false, limit: MOST })
  const all = new Map(found.map((each) => [each.case as string, each]))

  return noteSurvey(service.db, {
    kind: 'stuck',
    found: found.map((each) => ({ case: each.case, params: asFact(whyStuck(each, all)) })),
    upTo: found.length < MOST ? null : (found.at(-1)?.case ?? null),
  })
}

/** Why nothing moves a case that was found. */
export const whyStuck = (stuck: StuckCase, all: ReadonlyMap<string, StuckCase>): WhyStuck => ({
  tasks: stuck.tasks,
  waitsFor: stuck.waitsFor,
  circle: circleOf(stuck, all),
})
const asFact = ({ tasks, waitsFor, circle }: WhyStuck): Readonly<Record<string, Fact>> => ({
  tasks: tasks.map((task) => ({ ...task })),
  waitsFor: waitsFor.map((wait) => ({ ...wait })),
  circle: [...circle],
})

/** Starts to look again and again. Two API processes may both look: an incident is noted once. */
export function startStuckCases(service: Parts & Pick<Service, 'log'>): Rounds {
  const failure = 'cases that nothing moves could not be looked for in this round'

  return startRounds(service, { everyMs: EVERY_MS, failure }, async () => {
    const { noted, resolved } = await noteStuckCases(service)
    if (noted > 0) service.log.error({ noted }, 'open cases that nothing will move: GET /api/incidents names them')
    if (resolved > 0) service.log.info({ resolved }, 'cases move again')

    return 'done'
  })
}
