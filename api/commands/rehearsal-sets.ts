/** Sets of rehearsals: joining one, moving its clock and discarding it, for all of its cases together. */
import { setTimeout as sleep } from 'node:timers/promises'
import { caseById, type CaseRow } from '../../prisma/store/cases'
import {
  discardSet,
  createSet,
  isUnderway,
  moveSet,
  openCasesOf,
  rehearsalSet,
  type RehearsalSet,
  type SetName,
} from '../../prisma/store/rehearsals'
import { localDate, startOfDay } from '../../workflows/kernel/law/calendar'
import { instant, millis, caseToday } from '../../workflows/kernel/law/case-clock'
import { sightOf, type Viewer } from '../../workflows/kernel/law/sight'
import type { Actor, BodyKey, CaseId, IsoDate, PersonId } from '../../workflows/kernel/contract'
import type { CaseClock } from '../../workflows/kernel/law/case-clock'
import { performAct, sendingOfAct } from './perform-act'
import { ADVANCE, DISCARD } from '../../workflows/kernel/kernel-forms'
import { forbidden, invalid, Problem, problemOfStored } from '../http/problems'
import type { Service } from '../service/service'

export interface Asked {
  readonly set: string
  readonly origin?: string | undefined
  readonly speed?: number | undefined
}

/** A set that is there decides how its later cases begin; what was asked otherwise is refused. */
export function refuseOtherClock(set: RehearsalSet, { origin, speed }: Asked): void {
  if (set.discarded) throw invalid({ 'rehearsal.set': 'setDiscarded' })
  if (origin !== undefined && origin !== set.origin) throw invalid({ 'rehearsal.origin': 'otherOrigin' })
  if (speed !== undefined && speed !== set.speed) throw invalid({ 'rehearsal.speed': 'otherSpeed' })
}

/** The clock with which a case of the set begins: the set's own, wherever it stands by now. */
export const clockIn = (set: RehearsalSet, clock: CaseClock): CaseClock => ({
  ...clock,
  speed: set.speed,
  base: set.base,
})

/** The clock of the first case becomes the set's; if somebody else was first, theirs counts. `startedBy`: null of one who is not named. */
export async function joinSet(
  service: Service,
  startedBy: PersonId | null,
  body: BodyKey,
  asked: Asked,
  clock: CaseClock,
): Promise<CaseClock> {
  const origin = localDate(clock.base.case, clock.zone)
  const { speed, base } = clock
  const set = await createSet(service.db, { body, name: asked.set, origin, speed, base, startedBy })
  refuseOtherClock(set, asked)

  return clockIn(set, clock)
}

/** What became of each case of the set. */
export interface Moved {
  readonly caseId: CaseId
  readonly status: number
  readonly code: string | null
}

/** The set, for those who started it, and developers. */
async function ownSet(service: Service, actor: Actor, name: SetName): Promise<RehearsalSet> {
  const set = await rehearsalSet(service.db, name)
  if (!set) throw Problem.for('notFound')
  if (set.startedBy !== actor.person && !actor.grants.some(({ role }) => role === 'developer'))
    throw forbidden({ code: 'policy.notYourSet' })

  return set
}

/** Performs an act on a case of a set and says what became of it. */
async function tryAct(
  service: Service,
  actor: Actor,
  row: CaseRow,
  act: string,
  form: Record<string, unknown>,
): Promise<Moved> {
  const asked = { act, step: row.step, form }
  try {
    const { state, problem } = await performAct(service, actor, row, sendingOfAct(actor, row.id, null, asked), asked)
    if (problem) throw Problem.of(problemOfStored(problem))

    return { caseId: row.id, status: state === 'done' ? 200 : 202, code: null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error

    return { caseId: row.id, status: error.body.status, code: error.body.code }
  }
}

/** Takes note that he is told what became of a case of his set, whatever its table says of him. */
const noteMoved = (viewer: Viewer, { seen }: CaseRow): void =>
  viewer.notes?.shown(seen.id, sightOf(viewer, seen).rows, 'exists')

/** Is the case kept from him? It is not moved for him, nor is he told that it is there. */
const isKept = ({ seen }: CaseRow): boolean => seen.mine.kept !== null

async function openRowsOf(service: Service, viewer: Viewer, name: SetName): Promise<CaseRow[]> {
  const rows = await Promise.all((await openCasesOf(service.db, name)).map((id) => caseById(service.db, viewer, id)))

  return rows.flatMap((row) => (row === null || isKept(row) ? [] : [row]))
}

/** How many cases are asked or moved at once. */
const AT_ONCE = 20
const LOOK_EVERY_MS = 100

/** Does it for each, some at once, in their order. */
async function forEach<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let i = 0; i < all.length; i += AT_ONCE)
    results.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(work))))

  return results
}

/**
 * Moves every case of the set to a day, and those that join it meanwhile. It stops on each day on which something falls due in one of
 * them, and goes on when nothing that was sent to one of them is without an outcome: what is told on a day arrives on that day. It
 * ends in any case when the time of a request is over; asked again it goes on from there (202).
 */
export async function advanceSet(service: Service, viewer: Viewer, name: SetName, to: IsoDate): Promise<Moved[]> {
  const { actor } = viewer
  await ownSet(service, actor, name)
  const until = Date.now() + service.answerWithinMs
  const today = (row: CaseRow) => caseToday(row.clock, service.now())
  const known = new Set<CaseId>()
  const refused = new Map<CaseId, Moved>()
  const move = async (row: CaseRow, day: IsoDate) => {
    const asked = { ...service, answerWithinMs: Math.max(1, until - Date.now()) }
    const moved = await tryAct(asked, actor, row, ADVANCE, { to: day })
    // one that has changed meanwhile is looked at again
    if (moved.status >= 400 && moved.status !== 412) refused.set(row.id, moved)
  }
  for (const row of await openRowsOf(service, viewer, name)) {
    known.add(row.id)
    if (today(row) > to) await move(row, to)
  }

  while (Date.now() < until) {
    if (await isUnderway(service.db, name)) {
      await sleep(LOOK_EVERY_MS)
      continue
    }
    const rows = await openRowsOf(service, viewer, name)
    for (const { id } of rows) known.add(id)
    const behind = rows.filter((row) => today(row) < to && !refused.has(row.id))
    if (behind.length === 0) break
    const due = await forEach(behind, async (row) => ({ row, on: await wakesOn(service, row) }))
    const day = due.reduce((earliest, { on }) => (on !== null && on < earliest ? on : earliest), to)
    const here = due.filter(({ row }) => today(row) < day)
    // those in which something happens on the day come last: what they tell the others finds them there
    await forEach(
      [...here].sort((a, b) => Number(a.on === day) - Number(b.on === day)),
      ({ row }) => move(row, day),
    )
    await moveSetTo(service, viewer, name, { day, moved: here.map(({ row }) => row.id) })
  }

  const cases = await forEach([...known], (id) => caseById(service.db, viewer, id))

  return cases.flatMap((row) => {
    if (!row || isKept(row)) return []
    noteMoved(viewer, row)
    const isThere = today(row) === to || row.status === 'closed'

    return isThere
      ? { caseId: row.id, status: 200, code: null }
      : (refused.get(row.id) ?? { caseId: row.id, status: 202, code: null })
  })
}

/** The next day on which something falls due in a case; null when nothing does, or when that is not known just now. */
async function wakesOn(service: Service, row: CaseRow): Promise<IsoDate | null> {
  const at = await service.engine.wakes(row.id)
  if (at === undefined) service.log.warn({ case: row.id }, 'a case of a set of rehearsals did not say when it wakes')
  const on = at ? localDate(at, row.clock.zone) : null

  return on !== null && on > caseToday(row.clock, service.now()) ? on : null
}

/** Cases that are started from now on join the set where those that were moved stand, open or ended with that day. */
async function moveSetTo(
  service: Service,
  viewer: Viewer,
  name: SetName,
  { day, moved }: { readonly day: IsoDate; readonly moved: readonly CaseId[] },
): Promise<void> {
  const set = await rehearsalSet(service.db, name)
  const rows = await forEach(moved, (id) => caseById(service.db, viewer, id))
  const there = rows.find((row) => row !== null && caseToday(row.clock, service.now()) >= day)
  if (!set || !there) return
  const at = instant(millis(startOfDay(day, there.clock.zone)))
  if (at > set.base.case) await moveSet(service.db, name, { case: at, real: instant(service.now()) })
}

/** Ends every case of the set; nobody joins it any more. */
export async function discardWholeSet(service: Service, viewer: Viewer, name: SetName): Promise<Moved[]> {
  const { actor } = viewer
  await ownSet(service, actor, name)
  const moved: Moved[] = []
  for (const row of await openRowsOf(service, viewer, name)) {
    noteMoved(viewer, row)
    moved.push(await tryAct(service, actor, row, DISCARD, {}))
  }
  await discardSet(service.db, name)

  return moved
}
