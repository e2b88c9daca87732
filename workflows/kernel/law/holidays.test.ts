import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { addDays, isoDate, isWeekend, isWorkingDay, OutsideCalendar } from './calendar'
import type { WeekProfile } from '../contract'
import { type CalendarRows, daysOff, explainDay, explainDays, type HolidayRow, type SwapRow } from './holidays'

const rowsOf = <T>(path: string, shape: z.ZodType<T>): T[] =>
  z.array(shape).parse(parse(readFileSync(path), { columns: true }))

const date = z.string().transform(isoDate)
const profile = z.enum(['five-day', 'six-day'])
const holidays = rowsOf(
  'prisma/seed/data/holidays.csv',
  z.object({
    date,
    name_key: z.string(),
    name_en: z.string(),
    kind: z.string(),
    moves: z.string(),
    source: z.string(),
  }),
).map(({ name_key: nameKey, name_en: en, moves, ...row }): HolidayRow => ({
  ...row,
  nameKey,
  name: { kk: en, ru: en, en },
  moves: moves === 'yes',
  confidence: 'N',
}))
const swaps = rowsOf(
  'prisma/seed/data/day-swaps.csv',
  z.object({ date, kind: z.enum(['working', 'off']), applies_to: z.enum(['five-day', 'all']), reason: z.string() }),
).map(({ applies_to: appliesTo, ...row }) => ({ ...row, appliesTo, confidence: 'N' as const, source: '' }))
const calendar: CalendarRows = { holidays, swaps, bodyDays: [] }

const vectors = rowsOf(
  'test/vectors/calendar-vectors.csv',
  z.object({ profile, date, expected: z.enum(['off', 'working']), why: z.string() }),
)

test('the file of examples is whole', () => {
  expect(vectors).toHaveLength(123)
})

const span = [isoDate('2015-01-01'), isoDate('2027-12-31')] as const
const known = {
  'five-day': daysOff(calendar, 'five-day', ...span),
  'six-day': daysOff(calendar, 'six-day', ...span),
}

test.each(vectors.map((each) => [each.profile, each.date, each.expected, each.why] as const))(
  '%s week, %s: %s (%s)',
  (week, day, expected) => {
    // the same whether a day or the whole span is asked for
    expect(explainDay(calendar, week, day).working).toBe(expected === 'working')
    expect(isWorkingDay(day, known[week])).toBe(expected === 'working')
  },
)

test('says why', () => {
  const five = (day: string) => explainDay(calendar, 'five-day', isoDate(day))
  expect(five('2026-03-24')).toMatchObject({ reason: 'movedHoliday', movedFrom: '2026-03-21', nameKey: 'nauryz' })
  expect(five('2026-03-25')).toMatchObject({ reason: 'movedHoliday', movedFrom: '2026-03-22' })
  expect(five('2026-10-25')).toMatchObject({ reason: 'holiday', nameKey: 'republicDay', working: false })
  expect(five('2020-05-11')).toMatchObject({ reason: 'swap', working: true })
  expect(five('2026-11-21')).toEqual({ date: '2026-11-21', working: false, reason: 'weekend' })
  expect(five('2026-11-23')).toEqual({ date: '2026-11-23', working: true })
})

test("a body's own day comes last", () => {
  const day = isoDate('2020-05-11')
  const own = { ...calendar, bodyDays: [{ date: day, working: false, reason: 'order of the head' }] }
  expect(explainDay(own, 'five-day', day)).toMatchObject({
    reason: 'bodyDay',
    working: false,
    note: 'order of the head',
  })
})

test('the short form says the same as the long one', () => {
  for (const week of ['five-day', 'six-day'] satisfies WeekProfile[]) {
    const short = known[week]
    const differing = explainDays(calendar, week, ...span).filter(
      (day) => isWorkingDay(day.date, short) !== day.working,
    )
    expect(differing).toEqual([])
    expect(short.off.every((day) => !isWeekend(day, week))).toBe(true)
    expect(short.working.every((day) => isWeekend(day, week))).toBe(true)
  }
})

test('a period may begin anywhere in a block of holidays', () => {
  for (const day of explainDays(calendar, 'five-day', ...span).filter((each) => each.reason === 'movedHoliday'))
    expect(explainDays(calendar, 'five-day', day.date, addDays(day.date, 1))[0]).toEqual(day)
})

describe('years that nobody has entered', () => {
  const five = (day: string, rows = calendar) => explainDay(rows, 'five-day', isoDate(day))

  test('take the fixed holidays of the last one, marked as unverified', () => {
    expect(five('2028-03-15')).toMatchObject({ nameKey: 'constitutionDayNew', projected: true, confidence: 'U' })
    // 1 and 2 January 2028 are a Saturday and a Sunday
    expect(five('2028-01-03')).toMatchObject({ reason: 'movedHoliday', projected: true })
    expect(five('2028-01-04')).toMatchObject({ reason: 'movedHoliday', projected: true })
    expect(five('2031-12-16')).toMatchObject({ working: false, projected: true })
  })

  test('have no Kurban Ait until it is entered, and entering it does not make the year known', () => {
    const projected = (rows: CalendarRows) =>
      explainDays(rows, 'five-day', isoDate('2028-01-01'), isoDate('2028-12-31')).filter((day) => day.nameKey)
    expect(projected(calendar).map((day) => day.nameKey)).not.toContain('kurbanAit')
    const [ait] = holidays.filter((row) => row.nameKey === 'kurbanAit')
    if (!ait) throw new Error('no Kurban Ait in the register')
    const entered = { ...calendar, holidays: [...holidays, { ...ait, date: isoDate('2028-05-05') }] }
    expect(projected(entered).filter((day) => day.nameKey === 'kurbanAit')).toMatchObject([{ date: '2028-05-05' }])
    expect(projected(entered)).toHaveLength(projected(calendar).length + 1)
  })

  test('before the first one are refused', () => {
    expect(() => five('2014-12-31')).toThrow(OutsideCalendar)
    expect(() => five('2026-01-01', { ...calendar, holidays: [] })).toThrow(OutsideCalendar)
  })
})

describe('rows that contradict each other', () => {
  const day = isoDate
  const row = (date: string, nameKey: string, moves = true): HolidayRow => ({
    date: day(date),
    nameKey,
    name: { kk: nameKey, ru: nameKey, en: nameKey },
    kind: 'state',
    moves,
    confidence: 'N',
    source: '',
  })
  const swap = (kind: 'working' | 'off', appliesTo: 'five-day' | 'all', reason = `${kind} ${appliesTo}`): SwapRow => ({
    date: day('2026-11-24'),
    kind,
    appliesTo,
    reason,
    confidence: 'N',
    source: '',
  })
  const orders = <Row>(rows: readonly Row[]): (readonly Row[])[] => [rows, [...rows].reverse()]

  test.each([
    ['five-day', '2026-11-21', ['2026-11-23']],
    ['five-day', '2026-11-22', ['2026-11-23']],
    ['six-day', '2026-11-22', ['2026-11-23']],
  ] as const)('moving holidays that fall on one day off of a %s week (%s) free one weekday', (week, date, free) => {
    for (const two of orders([row(date, 'b'), row(date, 'a'), row(date, 'c', false)])) {
      const rows = { ...calendar, holidays: [...holidays, ...two] }
      const moved = explainDays(rows, week, day('2026-11-20'), day('2026-12-10')).filter(
        (each) => each.reason === 'movedHoliday',
      )
      expect(moved.map((each) => each.date)).toEqual(free)
      expect(moved).toMatchObject([{ movedFrom: date, nameKey: 'a' }])
    }
  })

  test('a Saturday and a Sunday still free two weekdays', () => {
    const rows = { ...calendar, holidays: [...holidays, row('2026-11-21', 'a'), row('2026-11-22', 'a')] }
    const off = explainDays(rows, 'five-day', day('2026-11-23'), day('2026-11-25')).filter((each) => !each.working)
    expect(off.map((each) => each.date)).toEqual(['2026-11-23', '2026-11-24'])
  })

  test.each([
    ['the narrower week wins', swap('working', 'five-day'), swap('off', 'all'), true, false],
    ['the narrower week wins', swap('off', 'five-day'), swap('working', 'all'), false, true],
    ['of one week the day off wins', swap('off', 'five-day'), swap('working', 'five-day'), false, true],
    ['of one week the day off wins', swap('off', 'all'), swap('working', 'all'), false, false],
  ])('swaps of one day, in whatever order they were entered: %s', (_, one, other, five, six) => {
    for (const swaps of orders([one, other])) {
      const rows = { ...calendar, swaps }
      expect(explainDay(rows, 'five-day', one.date).working).toBe(five)
      expect(explainDay(rows, 'six-day', one.date).working).toBe(six)
    }
  })
})
