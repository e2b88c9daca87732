/**
 * From the register's rows (holidays, Government day swaps, days of one body) to the days that are off. Runs where the
 * rows are, beside the database; a workflow gets only the result (`DaysOff`).
 */
import { addDays, daysBetween, isIsoDate, isWeekend, OutsideCalendar } from './calendar'
import { type DaysOff } from '../contract'
import type { Confidence, IsoDate, Locale, WeekProfile } from '../contract'

export interface HolidayRow {
  readonly date: IsoDate
  readonly nameKey: string
  readonly name: Readonly<Record<Locale, string>>
  readonly kind: string
  /** falls on a day off, then the next working day is off; never for religious days */
  readonly moves: boolean
  readonly confidence: Confidence
  readonly source: string
}

export interface SwapRow {
  readonly date: IsoDate
  readonly kind: 'working' | 'off'
  readonly appliesTo: 'five-day' | 'all'
  readonly reason: string
  readonly confidence: Confidence
  readonly source: string
}

/** One body works, or rests, against the general calendar. */
export interface BodyDayRow {
  readonly date: IsoDate
  readonly working: boolean
  readonly reason: string
}

export interface CalendarRows {
  readonly holidays: readonly HolidayRow[]
  readonly swaps: readonly SwapRow[]
  /** of the body that is asked about; none for the general calendar */
  readonly bodyDays: readonly BodyDayRow[]
}

/** What makes a day off, or worked; the words are `kernel.days.<reason>`. */
export type DayReason = 'weekend' | 'holiday' | 'movedHoliday' | 'swap' | 'bodyDay'

export interface DayExplained {
  readonly date: IsoDate
  readonly working: boolean
  /** absent on an ordinary working day */
  readonly reason?: DayReason
  /** of the holiday */
  readonly name?: Readonly<Record<Locale, string>>
  readonly nameKey?: string
  /** the holiday whose day off was moved here */
  readonly movedFrom?: IsoDate
  /** of the swap or the body's own day */
  readonly note?: string
  readonly confidence?: Confidence
  readonly source?: string
  /** no list of holidays is known for this year yet: fixed holidays of the last known year stand in */
  readonly projected?: boolean
}

/** Set each year with the clergy, so that last year's date says nothing. */
const SET_YEARLY = ['kurbanAit']
/** The law gives these several days; any other holiday has one day of a year. */
const SEVERAL_DAYS = ['newYear', 'nauryz', 'independenceDay']
/** A year of the Moon has 354 days, so that in some years (2039) a day set by it falls twice. */
const MOON_YEAR_AT_LEAST = 340
/** The day by which one knows that the holidays of a year have been entered: the first of every year. */
const FIRST_OF_YEAR = 'newYear'

const yearOf = (date: IsoDate): number => Number(date.slice(0, 4))
const byDate = (a: { date: IsoDate }, b: { date: IsoDate }) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)

type HolidayDay = Pick<HolidayRow, 'date' | 'nameKey'>

/** Whether two rows give different days to one holiday of one year, of which only one can be true. */
export const isOtherDayOfHoliday = (a: HolidayDay, b: HolidayDay): boolean =>
  a.nameKey === b.nameKey &&
  a.date !== b.date &&
  yearOf(a.date) === yearOf(b.date) &&
  !SEVERAL_DAYS.includes(a.nameKey) &&
  !(SET_YEARLY.includes(a.nameKey) && Math.abs(daysBetween(a.date, b.date)) >= MOON_YEAR_AT_LEAST)

type KnownHoliday = HolidayRow & { projected?: boolean }

/**
 * Holidays of the years `first..last`. A year whose New Year is entered is taken as it is; for any other, fixed
 * holidays of the last year before it that was entered are added to what the register already has of it.
 * Throws OutsideCalendar for years before the first that was entered.
 */
const holidaysOf = (holidays: readonly HolidayRow[], first: number, last: number): KnownHoliday[] => {
  const entered = [...new Set(holidays.filter((row) => row.nameKey === FIRST_OF_YEAR).map((row) => yearOf(row.date)))]
  const known: KnownHoliday[] = []
  for (let year = first; year <= last; year += 1) {
    const own = holidays.filter((row) => yearOf(row.date) === year)
    known.push(...own)
    if (entered.includes(year)) continue
    const model = Math.max(...entered.filter((each) => each < year))
    for (const row of holidays) {
      const date = `${year}${row.date.slice(4)}`
      if (yearOf(row.date) !== model || SET_YEARLY.includes(row.nameKey) || !isIsoDate(date)) continue
      if (!own.some((each) => each.date === date)) known.push({ ...row, date, confidence: 'U', projected: true })
    }
  }
  return known.sort((a, b) => byDate(a, b) || (a.nameKey < b.nameKey ? -1 : 1))
}

/** The first day of which the register speaks, if it speaks of any. */
const firstDayKnown = ({ holidays }: CalendarRows): IsoDate | undefined =>
  holidays.reduce<IsoDate | undefined>(
    (first, row) => (row.nameKey === FIRST_OF_YEAR && (!first || row.date < first) ? row.date : first),
    undefined,
  )

/** The earlier day `wished`, or the first after it of which the register speaks; never later than `from`. */
export const reachingBack = (rows: CalendarRows, from: IsoDate, wished: IsoDate): IsoDate => {
  const first = firstDayKnown(rows)
  const reached = first && first > wished ? first : wished
  return reached < from ? reached : from
}

/** Far enough back that a holiday before it cannot move into the period asked for. */
const CASCADE_DAYS = 31

/**
 * Swaps in the order in which each outweighs those before it. Two that contradict each other are refused when they are
 * entered; of those that are there all the same the one for the narrower week wins, and of one week the day off (both D:
 * our decision, so that the order of entry decides nothing).
 */
const byWeight = (swaps: readonly SwapRow[]): SwapRow[] => {
  const weight = ({ kind, appliesTo }: SwapRow) => (appliesTo === 'five-day' ? 2 : 0) + (kind === 'off' ? 1 : 0)
  return [...swaps].sort((a, b) => weight(a) - weight(b))
}

/** What the register says of days, apart from the week: why each is off or worked. */
type Said = ReadonlyMap<IsoDate, DayExplained>

/**
 * The days of the period that are not like their weekday. The order of law: holidays, days moved from holidays that fall on a
 * weekend (each to the next day that is neither weekend, holiday nor taken by an earlier one; a day off on which several fall
 * is moved once, D), then Government swaps, which may cancel a moved day (2020-05-11), then the body's own days. Throws OutsideCalendar before the first year of the register.
 */
const saidOf = (rows: CalendarRows, profile: WeekProfile, from: IsoDate, to: IsoDate): Said => {
  const firstKnown = firstDayKnown(rows)
  if (!firstKnown || from < firstKnown) throw new OutsideCalendar(from, firstKnown ?? from)

  const since = addDays(from, -CASCADE_DAYS) < firstKnown ? firstKnown : addDays(from, -CASCADE_DAYS)
  const holidays = holidaysOf(rows.holidays, yearOf(since), yearOf(to)).filter((row) => row.date >= since)
  const said = new Map<IsoDate, DayExplained>()
  const because = ({ name, nameKey, confidence, source, projected }: KnownHoliday) => ({
    name,
    nameKey,
    confidence,
    source,
    ...(projected ? { projected } : {}),
  })
  for (const row of holidays)
    if (!said.has(row.date)) said.set(row.date, { date: row.date, working: false, reason: 'holiday', ...because(row) })
  const moved = new Set<IsoDate>()
  for (const row of holidays) {
    if (!row.moves || !isWeekend(row.date, profile) || moved.has(row.date)) continue
    moved.add(row.date)
    let day = addDays(row.date, 1)
    while (isWeekend(day, profile) || said.has(day)) day = addDays(day, 1)
    said.set(day, { date: day, working: false, reason: 'movedHoliday', movedFrom: row.date, ...because(row) })
  }
  for (const { date, kind, appliesTo, reason: note, confidence, source } of byWeight(rows.swaps))
    if (appliesTo === 'all' || profile === 'five-day')
      said.set(date, { date, working: kind === 'working', reason: 'swap', note, confidence, source })
  for (const { date, working, reason: note } of rows.bodyDays)
    said.set(date, { date, working, reason: 'bodyDay', note })

  return said
}

/** Every day of the period with why it is off or worked. Throws OutsideCalendar before the first year of the register. */
export const explainDays = (rows: CalendarRows, profile: WeekProfile, from: IsoDate, to: IsoDate): DayExplained[] => {
  const said = saidOf(rows, profile, from, to)
  const days: DayExplained[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const weekend = isWeekend(date, profile)
    days.push(said.get(date) ?? { date, working: !weekend, ...(weekend ? { reason: 'weekend' } : {}) })
  }
  return days
}

/** Why one day is off or worked; see `explainDays`. */
export const explainDay = (rows: CalendarRows, profile: WeekProfile, date: IsoDate): DayExplained => {
  const [day] = explainDays(rows, profile, date, date)
  if (!day) throw new OutsideCalendar(date, date)
  return day
}

/** The days off of a period in the short form that travels into a workflow; days that are like their weekday are not looked at. */
export const daysOff = (rows: CalendarRows, profile: WeekProfile, from: IsoDate, to: IsoDate): DaysOff => {
  const said = [...saidOf(rows, profile, from, to).values()]
  const exceptions = (working: boolean): IsoDate[] =>
    said
      .filter((day) => day.date >= from && day.date <= to)
      .filter((day) => day.working === working && isWeekend(day.date, profile) === working)
      .map((day) => day.date)
      .sort()
  return { profile, from, to, off: exceptions(false), working: exceptions(true) }
}
