/** The clock of a case: how its time follows from real time. Pure; milliseconds since the epoch on both sides. */
import type { Instant, IsoDate, WeekProfile } from '../contract'
import { localDateAt } from './calendar'

/** How time runs in a case. */
export interface CaseClock {
  /** IANA zone of the body */
  readonly zone: string
  readonly profile: WeekProfile
  /** case seconds per real second: 1 for a real case; 0 is a held clock that moves only by the act `advance` */
  readonly speed: number
  readonly base: { readonly case: Instant; readonly real: Instant }
}

export const instant = (ms: number): Instant => new Date(ms).toISOString() as Instant
export const millis = (at: Instant): number => Date.parse(at)

/** Case time at a moment of real time. */
export const caseTime = (clock: CaseClock, real: number): number =>
  millis(clock.base.case) + (real - millis(clock.base.real)) * clock.speed

/** Real time at which the case's clock will show `at`, or null while the clock is held. Rounded up: never a moment early. */
export const realTime = (clock: CaseClock, at: number): number | null =>
  clock.speed === 0 ? null : millis(clock.base.real) + Math.ceil((at - millis(clock.base.case)) / clock.speed)

/** The same clock, showing `at` from the moment `real` on. */
export const movedTo = (clock: CaseClock, at: number, real: number): CaseClock => ({
  ...clock,
  base: { case: instant(at), real: instant(real) },
})

/** The same clock, going on in another place from the moment `real` on. */
export const inPlace = (clock: CaseClock, place: Pick<CaseClock, 'zone' | 'profile'>, real: number): CaseClock => ({
  ...movedTo(clock, caseTime(clock, real), real),
  zone: place.zone,
  profile: place.profile,
})

/** Today by the clock of a case, in its zone; `now` is real time. */
export const caseToday = (clock: CaseClock, now: number): IsoDate =>
  localDateAt(Math.trunc(caseTime(clock, now)), clock.zone)
