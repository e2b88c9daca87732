/** Sets of rehearsals: joining one, moving its clock and discarding it, for all of its cases together. */
import { caseById } from '../../prisma/store/cases'
import {
  discardSet,
  createSet,
  moveSet,
  openCasesOf,
  rehearsalSet,
  type RehearsalSet,
  type SetName,
} from '../../prisma/store/rehearsals'
import { localDate, startOfDay } from '../../workflows/kernel/law/calendar'
import { instant, millis, caseToday } from '../../workflows/kernel/law/case-clock'
import type { Actor, BodyKey, IsoDate } from '../../workflows/kernel/contract'
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

/** The clock of the first case becomes the set's; if somebody else was first, theirs counts. */
export async function joinSet(
  service: Service,
  actor: Actor,
  body: BodyKey,
  asked: Asked,
  clock: CaseClock,
): Promise<CaseClock> {
  const origin = localDate(clock.base.case, clock.zone)
  const { speed, base } = clock
  const set = await createSet(service.db, { body, name: asked.set, origin, speed, base, startedBy: actor.person })
  refuseOtherClock(set, asked)

  return clockIn(set, clock)
}

/** What became of each case of the set. */
export interface Moved {
  readonly caseId: string
  readonly status: number
  readonly code: string | null
}

/** Does the same to every open case of a set: those who started it may, and developers. */
async function toAll(
  service: Service,
  actor: Actor,
  name: SetName,
  act: string,
  form: Record<string, unknown>,
): Promise<{ readonly set: RehearsalSet; readonly moved: Moved[] }> {
  const set = await rehearsalSet(service.db, name)
  if (!set) throw Problem.for('notFound')
  if (set.startedBy !== actor.person && !actor.grants.some(({ role }) => role === 'developer'))
    throw forbidden({ code: 'policy.notYourSet' })
  const moved: Moved[] = []
  for (const id of await openCasesOf(service.db, name)) {
    const row = await caseById(service.db, id)
    if (!row) continue
    const asked = { act, step: row.step, form }
    try {
      const { state, problem } = await performAct(service, actor, row, sendingOfAct(actor, row, null, asked), asked)
      if (problem) throw Problem.of(problemOfStored(problem))
      moved.push({ caseId: id, status: state === 'done' ? 200 : 202, code: null })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      moved.push({ caseId: id, status: error.body.status, code: error.body.code })
    }
  }

  return { set, moved }
}

/** Moves every case of the set, and the cases that join it later, to a day. */
export async function advanceSet(service: Service, actor: Actor, name: SetName, to: IsoDate): Promise<Moved[]> {
  const { set, moved } = await toAll(service, actor, name, ADVANCE, { to })
  const first = await openCasesOf(service.db, name)
  const row = first[0] === undefined ? null : await caseById(service.db, first[0])
  if (row && caseToday(row.clock, service.now()) >= to) {
    const at = instant(millis(startOfDay(to, row.clock.zone)))
    if (at > set.base.case) await moveSet(service.db, name, { case: at, real: instant(service.now()) })
  }

  return moved
}

/** Ends every case of the set; nobody joins it any more. */
export async function discardWholeSet(service: Service, actor: Actor, name: SetName): Promise<Moved[]> {
  const { moved } = await toAll(service, actor, name, DISCARD, {})
  await discardSet(service.db, name)

  return moved
}
