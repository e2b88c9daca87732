/**
 * Arithmetic of calendar dates and legal terms. Pure: no library, no clock, no state, because it is loaded into every
 * cached workflow and must give the same answer on replay. Which days are off is data that the caller passes in
 * (`DaysOff`, made by `holidays.ts` from the register).
 *
 * Count rules (procedures P16; those marked D are a design choice that a caller may override):
 * - the day on which a term starts does not count (D);
 * - months are calendar months and are clamped to the last day of the month: 31 August + 3 months = 30 November;
 * - a deadline in calendar days that falls on a day off moves to the next working day, or to the one before when it is
 *   counted back, so that notice never gets shorter (D); one in months or years stays where it falls (D).
 */
import type { DaysOff, Due, DueStep, Instant, IsoDate, Length, Pause, WeekProfile } from '../contract'

const DAY_MS = 86_400_000

/** Whether the text is a real date written `YYYY-MM-DD`; 2026-02-30 is not. */
export const isIsoDate = (text: string): text is IsoDate => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** The text as a date. Throws RangeError unless it is a real date written `YYYY-MM-DD`. */
export const isoDate = (text: string): IsoDate => {
  if (!isIsoDate(text)) throw new RangeError(`not a date: ${text}`)
  return text
}

const isInstant = (text: string): text is Instant => !Number.isNaN(new Date(text).getTime())

/** The moment so many milliseconds after 1970 in UTC. Throws RangeError when it is out of range. */
export const instantAt = (ms: number): Instant => {
  const text = new Date(ms).toISOString()
  if (!isInstant(text)) throw new RangeError(`not a moment: ${ms}`)
  return text
}

const midnight = (date: IsoDate): number => Date.parse(`${date}T00:00:00Z`)
const dateOf = (ms: number): IsoDate => isoDate(new Date(ms).toISOString().slice(0, 10))

/** The date `days` days later; earlier when negative. */
export const addDays = (date: IsoDate, days: number): IsoDate => dateOf(midnight(date) + days * DAY_MS)

/** Days from one date to another: 0 for the same date, negative when `to` is earlier. */
export const daysBetween = (from: IsoDate, to: IsoDate): number => (midnight(to) - midnight(from)) / DAY_MS

/** 1 is Monday, 7 is Sunday. */
export const weekday = (date: IsoDate): number => new Date(midnight(date)).getUTCDay() || 7

/** The same day of the month `months` months later, or the last day of that month if it is shorter. */
export const addMonths = (date: IsoDate, months: number): IsoDate => {
  const at = new Date(midnight(date))
  const year = at.getUTCFullYear()
  const month = at.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return dateOf(Date.UTC(year, month, Math.min(at.getUTCDate(), lastDay)))
}

/** Whole calendar months from one date to a later one; 0 when `to` is not later. */
export const monthsBetween = (from: IsoDate, to: IsoDate): number => {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))
  return Math.max(0, addMonths(from, months) <= to ? months : months - 1)
}

// making one costs a hundred times its use, and every line of a list asks for the date of its case
const formats = new Map<string, Intl.DateTimeFormat>()
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** Clocks of a zone change at such moments only; between two of them its offset stays. */
const QUARTER_MS = 15 * 60 * 1000
/** A case asks for the same few days again and again, a list for the same moment. */
const MOST_OFFSETS = 100
const offsets = new Map<string, Map<number, number>>()

/** Milliseconds by which the clocks of the zone are ahead of UTC at that moment. */
const offsetAt = (ms: number, zone: string): number => {
  let known = offsets.get(zone)
  if (!known || known.size > MOST_OFFSETS) offsets.set(zone, (known = new Map<number, number>()))
  const quarter = Math.floor(ms / QUARTER_MS)
  let offset = known.get(quarter)
  if (offset === undefined) known.set(quarter, (offset = foundOffset(ms, zone)))
  return offset
}

const foundOffset = (ms: number, zone: string): number => {
  const parts = formatOf(zone).formatToParts(ms)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - Math.floor(ms / 1000) * 1000
}

/**
 * The date that people in the zone (IANA name) read at that moment. Kazakhstan moved to one zone, UTC+5, on
 * 2024-03-01; Node's own zone data knows it.
 */
export const localDate = (instant: Instant, zone: string): IsoDate => localDateAt(Date.parse(instant), zone)

/** The same of a moment in milliseconds since the epoch. */
export const localDateAt = (ms: number, zone: string): IsoDate => dateOf(ms + offsetAt(ms, zone))

/** The first moment at which people in the zone read that date. The last moment of a date is the start of the next. */
export const startOfDay = (date: IsoDate, zone: string): Instant => {
  const utc = midnight(date)
  const starts = [utc - offsetAt(utc - DAY_MS, zone), utc - offsetAt(utc + DAY_MS, zone)]
    .sort((a, b) => a - b)
    .map(instantAt)
  const start = starts.find((each) => localDate(each, zone) === date)
  if (!start) throw new RangeError(`${date} does not occur in ${zone}`)
  return start
}

/**
 * The calendar as it is now, with the past of which the case was told before: it goes on counting from there. An answer
 * recorded by a release that did not ask for that past begins later than what the case has.
 */
export const keepingPast = (was: DaysOff, now: DaysOff): DaysOff => {
  // of the days between two calendars that do not meet nothing is known
  if (was.from >= now.from || addDays(was.to, 1) < now.from) return now

  return continuedBy(was, now.from, now)
}

/** One calendar to the day before `on`, and another from then on. */
export const continuedBy = (was: DaysOff, on: IsoDate, now: DaysOff): DaysOff => {
  const past = inWeekOf(now.profile, was, on)
  const since = (days: readonly IsoDate[]) => days.filter((date) => date >= on)
  return {
    ...now,
    from: was.from,
    off: [...past.off, ...since(now.off)],
    working: [...past.working, ...since(now.working)],
  }
}

/** What a calendar says of its days before a date, as exceptions to another week. */
const inWeekOf = (profile: WeekProfile, daysOff: DaysOff, before: IsoDate): Pick<DaysOff, 'off' | 'working'> => {
  const isPast = (date: IsoDate) => date < before
  if (profile === daysOff.profile) return { off: daysOff.off.filter(isPast), working: daysOff.working.filter(isPast) }
  const days: IsoDate[] = []
  for (let day = daysOff.from; day < before && day <= daysOff.to; day = addDays(day, 1)) days.push(day)
  return {
    off: days.filter((day) => !isWeekend(day, profile) && !isWorkingDay(day, daysOff)),
    working: days.filter((day) => isWeekend(day, profile) && isWorkingDay(day, daysOff)),
  }
}

/** Whether a calendar says of the days of another what that one says, however much further it reaches. */
export const saysTheSame = (before: DaysOff, now: DaysOff): boolean => {
  const within = (days: readonly IsoDate[]) => days.filter((day) => day >= before.from && day <= before.to).join()
  return (
    before.profile === now.profile &&
    now.from <= before.from &&
    now.to >= before.to &&
    within(now.off) === within(before.off) &&
    within(now.working) === within(before.working)
  )
}

/** A date of which the calendar that was asked does not speak: guessing would give a wrong legal date. */
export class OutsideCalendar extends RangeError {
  constructor(
    readonly date: IsoDate,
    readonly first: IsoDate,
    readonly last?: IsoDate,
  ) {
    super(`${date} is outside the calendar (${first}..${last ?? ''})`)
    this.name = 'OutsideCalendar'
  }
}

/** Saturday and Sunday, or only Sunday in a six-day week. */
export const isWeekend = (date: IsoDate, profile: WeekProfile): boolean =>
  weekday(date) === 7 || (profile === 'five-day' && weekday(date) === 6)

/** Whether the body works on that date. Throws OutsideCalendar for a date of which `daysOff` does not speak. */
export const isWorkingDay = (date: IsoDate, daysOff: DaysOff): boolean => {
  if (date < daysOff.from || date > daysOff.to) throw new OutsideCalendar(date, daysOff.from, daysOff.to)
  return isWeekend(date, daysOff.profile) ? daysOff.working.includes(date) : !daysOff.off.includes(date)
}

/** The date itself if it is worked, else the next working day, or the one before it with step −1. */
export const nearestWorkingDay = (date: IsoDate, daysOff: DaysOff, step: 1 | -1 = 1): IsoDate => {
  let day = date
  while (!isWorkingDay(day, daysOff)) day = addDays(day, step)
  return day
}

/** The working day `count` working days after the date (before it with step −1), which itself does not count. */
export const addWorkingDays = (date: IsoDate, count: number, daysOff: DaysOff, step: 1 | -1 = 1): IsoDate => {
  let day = date
  for (let left = count; left > 0;) {
    day = addDays(day, step)
    if (isWorkingDay(day, daysOff)) left -= 1
  }
  return day
}

/**
 * How many days of a period the body works, its first and its last day included; 0 when it ends before it begins. Those between two
 * dates, of which neither counts, are those from the day after the one to the day before the other. Throws OutsideCalendar.
 */
export const workingDaysWithin = (from: IsoDate, to: IsoDate, daysOff: DaysOff): number => {
  let count = 0
  for (let day = from; day <= to; day = addDays(day, 1)) if (isWorkingDay(day, daysOff)) count += 1
  return count
}

/** Days off passed over on the way from a date to the end of a term, neither end included. */
const daysOffBetween = (a: IsoDate, b: IsoDate, daysOff: DaysOff): IsoDate[] => {
  const [first, last] = a < b ? [a, b] : [b, a]
  const days: IsoDate[] = []
  for (let day = addDays(first, 1); day < last; day = addDays(day, 1)) if (!isWorkingDay(day, daysOff)) days.push(day)
  return days
}

export interface TermOptions {
  /** count back from the date: "10 working days before the end" */
  readonly back?: boolean
  /** the day it starts on is its first day (default: it does not count) */
  readonly startCounts?: boolean
  /** default: only for calendar days */
  readonly moveToWorkingDay?: boolean
}

/** What is said of a length that was counted: whether the law gives it or a form. */
const lengthStep = (term: Length, back: boolean, reaches: IsoDate): DueStep =>
  'given' in term
    ? { code: back ? 'givenBack' : 'given', term, reaches }
    : { code: back ? 'back' : 'adds', term, reaches }

/**
 * The date that lies one term after (or before) another, with the days off it passed over. A term of 0 ends on the day
 * it starts. Days on which the case is suspended (`stopped`) count for no term: the date lies so much further. Throws OutsideCalendar
 * when a working day is needed outside `daysOff`.
 */
export const addTerm = (from: IsoDate, term: Length, daysOff: DaysOff, options: TermOptions = {}): Due => {
  const step = options.back ? -1 : 1
  const early = options.startCounts && term.value > 0 ? -step : 0
  const inMonths = (months: number) => addDays(addMonths(from, step * months), early)
  const reached = {
    'working days': () => addWorkingDays(addDays(from, early), term.value, daysOff, step),
    'calendar days': () => addDays(from, step * term.value + early),
    months: () => inMonths(term.value),
    years: () => inMonths(term.value * 12),
  }[term.unit]()
  const steps: DueStep[] = [{ code: 'starts', on: from }, lengthStep(term, options.back ?? false, reached)]
  const byWorkingDays = term.unit === 'working days'
  const moves = options.moveToWorkingDay ?? term.unit === 'calendar days'
  const past = { from, on: reached, byWorkingDays, moves }
  const pauses = daysOff.stopped ?? []
  const paused = options.back ? pastPausesBack(past, pauses, daysOff) : pastPauses(past, pauses, daysOff)
  const { on } = paused
  if (byWorkingDays) {
    const passed = daysOffBetween(from, on, daysOff)
    if (passed.length > 0) steps.push({ code: 'daysOff', days: passed })
  }
  steps.push(...pauseSteps(paused))
  return moved({ on, steps }, moves, daysOff, step)
}

const moved = (due: Due, move: boolean, daysOff: DaysOff, step: 1 | -1): Due => {
  const on = move ? nearestWorkingDay(due.on, daysOff, step) : due.on
  return on === due.on ? due : { on, steps: [...due.steps, { code: 'movedToWorkingDay', reaches: on }] }
}

/** The pauses put in order, each once. */
const inOrder = (pauses: readonly Pause[]): Pause[] => {
  const sortKey = (pause: Pause) => `${pause.from} ${pause.to} ${pause.because}`
  const byKey = new Map(pauses.filter((pause) => pause.from <= pause.to).map((pause) => [sortKey(pause), pause]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pause]) => pause)
}

/** The days of the pauses from a date on, as stretches that neither touch nor overlap. */
const stretches = (pauses: readonly Pause[], since: IsoDate): { from: IsoDate; to: IsoDate }[] => {
  const merged: { from: IsoDate; to: IsoDate }[] = []
  for (const { from, to } of pauses) {
    if (to < since) continue
    const last = merged.at(-1)
    if (last && from <= addDays(last.to, 1)) last.to = to > last.to ? to : last.to
    else merged.push({ from: from > since ? from : since, to })
  }
  return merged
}

/** A date as it would be without pauses, and how it was counted. */
interface Unpaused {
  readonly from: IsoDate
  readonly on: IsoDate
  /** pauses move it by their working days, and not by all of their days */
  readonly byWorkingDays: boolean
  /** it moves to the next working day where it falls on a day off */
  readonly moves: boolean
}
/** A date with the pauses on its way, and by how many days they moved it. */
interface Paused {
  readonly on: IsoDate
  /** the working day to which it moved before a pause that began on that day */
  readonly movedTo: IsoDate | null
  readonly counted: readonly Pause[]
  readonly days: number
}

const lengthOf = (
  stretch: { readonly from: IsoDate; readonly to: IsoDate },
  { byWorkingDays }: Pick<Unpaused, 'byWorkingDays'>,
  daysOff: DaysOff,
): number =>
  byWorkingDays
    ? workingDaysWithin(stretch.from, stretch.to, daysOff)
    : Math.max(0, daysBetween(stretch.from, stretch.to) + 1)

const pauseSteps = ({ on, movedTo, counted, days }: Paused): DueStep[] =>
  // one that still lasts is said even while it has met days off alone
  days === 0 && !counted.some(({ open }) => open)
    ? []
    : [
        ...(movedTo === null ? [] : [{ code: 'movedToWorkingDay', reaches: movedTo } as const]),
        { code: 'paused', pauses: counted, days, reaches: on },
      ]

/** The date moved on by the pauses that begin before it comes; a pause in the time so gained counts too. */
const pastPauses = (unpaused: Unpaused, given: readonly Pause[], daysOff: DaysOff): Paused => {
  const { from, byWorkingDays, moves } = unpaused
  const pauses = inOrder(given)
  let { on } = unpaused
  let movedTo: IsoDate | null = null
  let days = 0
  for (const stretch of stretches(pauses, from)) {
    let { from: since } = stretch
    // the last day of one that moves to a working day is that day, and a pause that reaches it stops it from there on
    const last = moves && since > on ? nearestWorkingDay(on, daysOff) : on
    if (last > on && since <= last) since = on = movedTo = last
    // one that begins by the end counts whole, for the end moves past it while it lasts; of those to come none does
    if (since > on || (byWorkingDays && nearestWorkingDay(since, daysOff) > on)) break
    const length = lengthOf({ from: since, to: stretch.to }, unpaused, daysOff)
    days += length
    on = byWorkingDays ? addWorkingDays(on, length, daysOff) : addDays(on, length)
  }

  return { on, movedTo, days, counted: pauses.filter((pause) => pause.to >= from && pause.from <= on) }
}

/** The same of a date that was counted back: paused days before the day from which it is counted do not count. */
const pastPausesBack = (unpaused: Unpaused, given: readonly Pause[], daysOff: DaysOff): Paused => {
  const { from, byWorkingDays } = unpaused
  const last = addDays(from, -1)
  const pauses = inOrder(given).filter((pause) => pause.from <= last)
  let { on } = unpaused
  let days = 0
  for (const stretch of stretches(pauses, pauses[0]?.from ?? from).toReversed()) {
    const to = stretch.to < last ? stretch.to : last
    if (to < on) break
    const length = lengthOf({ from: stretch.from, to }, unpaused, daysOff)
    days += length
    on = byWorkingDays ? addWorkingDays(on, length, daysOff, -1) : addDays(on, -length)
  }

  return { on, movedTo: null, days, counted: pauses.filter((pause) => pause.to >= on) }
}

export interface ClockFacts {
  /** the legal start */
  readonly from: IsoDate
  /** all lengths of time that make it up, in any order: base term, extension, what a form gave */
  readonly terms: readonly Length[]
  /** in any order; may overlap, repeat, or come long after the fact */
  readonly pauses: readonly Pause[]
  /** move an end that falls on a day off to the next working day (default: no, D) */
  readonly moveToWorkingDay?: boolean
  /** a date it may not pass, and the key of the rule that says so */
  readonly notAfter?: { readonly on: IsoDate; readonly by: string }
}

/**
 * The end of a clock: the whole of it, from its facts. Months and years are added up and added once (so two terms of
 * 3 months from 30 November end on 30 May, not 28), then calendar days, then working days. Every day of a pause that
 * lies between the start and the end moves the end by one day, and a pause that begins in the time so gained counts
 * too; a clock with a term in working days is moved by the working days of the pause. Days on which the case is suspended
 * (`stopped`) are pauses like any other, so that none is counted twice. Because it is always worked out
 * anew, a late, overlapping, corrected or withdrawn absence needs no care of its own.
 */
export const endOf = (facts: ClockFacts, daysOff: DaysOff): Due => {
  const steps: DueStep[] = [{ code: 'starts', on: facts.from }]
  let months = 0
  let on = facts.from
  const add = (term: Length, reaches: IsoDate) => {
    on = reaches
    steps.push(lengthStep(term, false, reaches))
  }
  for (const term of facts.terms) {
    if (term.unit !== 'months' && term.unit !== 'years') continue
    months += term.unit === 'years' ? term.value * 12 : term.value
    add(term, addMonths(facts.from, months))
  }
  for (const term of facts.terms) if (term.unit === 'calendar days') add(term, addDays(on, term.value))
  const beforeWorkingDays = on
  for (const term of facts.terms) if (term.unit === 'working days') add(term, addWorkingDays(on, term.value, daysOff))
  const byWorkingDays = facts.terms.some((term) => term.unit === 'working days')

  const moves = facts.moveToWorkingDay ?? false
  const pauses = [...facts.pauses, ...(daysOff.stopped ?? [])]
  const paused = pastPauses({ from: facts.from, on, byWorkingDays, moves }, pauses, daysOff)
  on = paused.on
  if (byWorkingDays) {
    const passed = daysOffBetween(beforeWorkingDays, on, daysOff)
    if (passed.length > 0) steps.push({ code: 'daysOff', days: passed })
  }
  steps.push(...pauseSteps(paused))

  const due = moved({ on, steps }, moves, daysOff, 1)
  const cap = facts.notAfter
  if (!cap || due.on <= cap.on) return due
  return { on: cap.on, steps: [...due.steps, { code: 'capped', by: cap.by, reaches: cap.on }] }
}
