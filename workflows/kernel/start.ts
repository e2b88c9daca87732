/** What a case begins with: the same whether a person starts it, another case, the clock, or a row of the register. */
import type { BodyKey, Capacity, CaseId, Fact, Sender, WeekProfile } from './contract'
import { WEEK_PROFILES } from './contract'
import { instant, type CaseClock } from './law/case-clock'
import type { CaseInput, Named } from './protocol/messages'
import type { About, Process } from './process'

/** Where a case begins: its body, with the zone and the week by which that lives. */
export interface Place {
  readonly body: BodyKey
  readonly zone: string
  readonly profile: string
}

const weekOf = (profile: string): WeekProfile => WEEK_PROFILES.find((each) => each === profile) ?? 'five-day'

/** The clock of a real case that begins now. */
export const realClock = ({ zone, profile }: Place, now: number): CaseClock => ({
  zone,
  profile: weekOf(profile),
  speed: 1,
  base: { case: instant(now), real: instant(now) },
})

/** A start, checked and ready to be stored. */
export interface Starting {
  readonly case: CaseId
  readonly process: Process
  readonly body: BodyKey
  readonly about: About
  readonly clock: CaseClock
  readonly rehearsal: string | null
  readonly startedBy: Sender
  readonly startedAs?: Capacity
  /** the start form without its personal content */
  readonly form: Fact
  /** of a start by nobody in person */
  readonly named?: Named
}

/** The argument of the workflow of such a start, without the content row that goes with it. */
export function caseInput({ process, body, about, form, ...starting }: Starting): Omit<CaseInput, 'content'> {
  return {
    case: starting.case,
    process: process.contract.name,
    version: process.contract.version,
    body,
    subject: about.person ?? null,
    position: about.position ?? null,
    ...(about.body && { aboutBody: about.body }),
    ...(about.case && { aboutCase: about.case }),
    clock: starting.clock,
    rehearsal: starting.rehearsal,
    startedBy: starting.startedBy,
    ...(starting.startedAs && { startedAs: starting.startedAs }),
    form,
    ...(starting.named && { named: starting.named }),
  }
}
