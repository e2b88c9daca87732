import fc from 'fast-check'
import {
  addDays,
  addMonths,
  addTerm,
  addWorkingDays,
  daysBetween,
  endOf,
  instantAt,
  isIsoDate,
  isoDate,
  isWorkingDay,
  keepingPast,
  localDate,
  monthsBetween,
  nearestWorkingDay,
  OutsideCalendar,
  startOfDay,
  weekday,
  workingDaysWithin,
} from './calendar'
import { type DaysOff } from '../contract'
import type { Pause, TermRow, TermUnit } from '../contract'

const term = (value: number, unit: TermUnit): TermRow => ({
  id: `${value} ${unit}`,
  key: 'test.term',
  value,
  unit,
  confidence: 'D',
  source: 'test',
})
const pause = (from: string, to: string): Pause => ({ from: isoDate(from), to: isoDate(to), because: 'sickLeave' })

/** Around the turn of 2026: Independence Day, New Year, Christmas, and one Saturday that is worked. */
const winter: DaysOff = {
  profile: 'five-day',
  from: isoDate('2025-01-01'),
  to: isoDate('2029-12-31'),
  off: ['2026-12-16', '2026-12-31', '2027-01-01', '2027-01-04', '2027-01-07'].map(isoDate),
  working: [isoDate('2026-12-26')],
}

describe('dates', () => {
  test.each(['2026-02-30', '2026-2-3', '2026-13-01', '2023-02-29', '20260101', '2026-01-01T00:00', ''])(
    '%s is not a date',
    (text) => {
      expect(isIsoDate(text)).toBe(false)
      expect(() => isoDate(text)).toThrow(RangeError)
    },
  )

  test.each([
    ['2026-08-31', 3, '2026-11-30'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2027-11-30', 3, '2028-02-29'],
    ['2026-11-22', 3, '2027-02-22'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-15', -13, '2024-12-15'],
    ['2028-02-29', 12, '2029-02-28'],
  ])('%s + %i months = %s', (from, months, to) => {
    expect(addMonths(isoDate(from), months)).toBe(to)
  })

  test.each([
    ['2026-01-31', '2026-02-28', 1],
    ['2026-01-31', '2026-02-27', 0],
    ['2025-11-22', '2026-11-22', 12],
    ['2025-11-23', '2026-11-22', 11],
    ['2026-11-22', '2026-01-01', 0],
  ])('whole months from %s to %s: %i', (from, to, months) => {
    expect(monthsBetween(isoDate(from), isoDate(to))).toBe(months)
  })

  test('Monday is 1 and Sunday is 7', () => {
    expect(weekday(isoDate('2026-11-23'))).toBe(1)
    expect(weekday(isoDate('2026-11-22'))).toBe(7)
  })

  test('days are added and counted alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9000, max: 9000 }), (days) => {
        const from = isoDate('2026-11-22')
        expect(daysBetween(from, addDays(from, days))).toBe(days)
      }),
    )
  })
})

describe('zones', () => {
  test.each([
    // the clocks of Almaty went back from 24:00 to 23:00 on 2024-02-29
    ['Asia/Almaty', '2024-02-29', '2024-02-28T18:00:00.000Z'],
    ['Asia/Almaty', '2024-03-01', '2024-02-29T19:00:00.000Z'],
    ['Asia/Almaty', '2024-03-02', '2024-03-01T19:00:00.000Z'],
    ['Asia/Qostanay', '2024-02-29', '2024-02-28T18:00:00.000Z'],
    ['Asia/Qostanay', '2024-03-01', '2024-02-29T19:00:00.000Z'],
    ['Asia/Aqtau', '2024-03-01', '2024-02-29T19:00:00.000Z'],
    ['Asia/Oral', '2026-11-22', '2026-11-21T19:00:00.000Z'],
    // daylight saving of the year 2004: midnight itself is not skipped, but the day is an hour short
    ['Asia/Almaty', '2004-03-28', '2004-03-27T18:00:00.000Z'],
    ['Asia/Almaty', '2004-03-29', '2004-03-28T17:00:00.000Z'],
    // a midnight that never was
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ])('%s %s begins at %s', (zone, date, instant) => {
    expect(startOfDay(isoDate(date), zone)).toBe(instant)
  })

  test('the hour that came twice still belongs to 29 February', () => {
    for (const at of ['2024-02-29T17:30:00Z', '2024-02-29T18:30:00Z', '2024-02-29T18:59:59.999Z'])
      expect(localDate(instantAt(Date.parse(at)), 'Asia/Almaty')).toBe('2024-02-29')
    expect(localDate(instantAt(Date.parse('2024-02-29T19:00:00Z')), 'Asia/Almaty')).toBe('2024-03-01')
  })

  test('a day begins in itself and not a millisecond earlier', () => {
    const zones = ['Asia/Almaty', 'Asia/Qostanay', 'Asia/Oral', 'Asia/Aqtau', 'Asia/Qyzylorda', 'UTC']
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14_000 }), fc.constantFrom(...zones), (days, zone) => {
        const date = addDays(isoDate('1992-01-01'), days)
        const start = Date.parse(startOfDay(date, zone))
        expect(localDate(instantAt(start), zone)).toBe(date)
        expect(localDate(instantAt(start - 1), zone)).toBe(addDays(date, -1))
      }),
    )
  })
})

describe('terms', () => {
  test.each([
    // 16 December is off, Saturday 26 is worked, 31 December to 4 January are off
    ['2026-12-14', 1, '2026-12-15'],
    ['2026-12-15', 1, '2026-12-17'],
    ['2026-12-25', 1, '2026-12-26'],
    ['2026-12-30', 1, '2027-01-05'],
    ['2026-12-14', 10, '2026-12-28'],
    ['2026-12-13', 1, '2026-12-14'],
    ['2026-12-14', 0, '2026-12-14'],
  ])('%s + %i working days = %s', (from, value, to) => {
    expect(addTerm(isoDate(from), term(value, 'working days'), winter).on).toBe(to)
  })

  test('says which days off it passed over', () => {
    expect(addTerm(isoDate('2026-12-14'), term(4, 'working days'), winter).steps).toEqual([
      { code: 'starts', on: '2026-12-14' },
      { code: 'adds', term: term(4, 'working days'), reaches: '2026-12-21' },
      { code: 'daysOff', days: ['2026-12-16', '2026-12-19', '2026-12-20'] },
    ])
  })

  test('counts back', () => {
    const due = addTerm(isoDate('2027-01-05'), term(2, 'working days'), winter, { back: true })
    expect(due.on).toBe('2026-12-29')
    expect(due.steps[1]).toMatchObject({ code: 'back', reaches: '2026-12-29' })
  })

  test('a calendar-day deadline on a day off moves on, or back when counted back; months stay', () => {
    const sunday = addTerm(isoDate('2026-12-13'), term(7, 'calendar days'), winter)
    expect(sunday.on).toBe('2026-12-21')
    expect(sunday.steps.at(-1)).toEqual({ code: 'movedToWorkingDay', reaches: '2026-12-21' })
    const notice = addTerm(isoDate('2026-12-20'), term(7, 'calendar days'), winter, { back: true })
    expect(notice.on).toBe('2026-12-11')
    expect(addTerm(isoDate('2026-12-13'), term(7, 'calendar days'), winter, { moveToWorkingDay: false }).on).toBe(
      '2026-12-20',
    )
    expect(addTerm(isoDate('2026-10-16'), term(2, 'months'), winter).on).toBe('2026-12-16')
    expect(addTerm(isoDate('2026-10-16'), term(2, 'months'), winter, { moveToWorkingDay: true }).on).toBe('2026-12-17')
    expect(addTerm(isoDate('2028-02-29'), term(1, 'years'), winter).on).toBe('2029-02-28')
  })

  test('the first day may be made to count', () => {
    const options = { startCounts: true }
    expect(addTerm(isoDate('2026-12-14'), term(1, 'working days'), winter, options).on).toBe('2026-12-14')
    expect(addTerm(isoDate('2026-12-14'), term(5, 'calendar days'), winter, options).on).toBe('2026-12-18')
    expect(addTerm(isoDate('2026-03-01'), term(3, 'months'), winter, options).on).toBe('2026-05-31')
    expect(addTerm(isoDate('2026-03-01'), term(0, 'months'), winter, options).on).toBe('2026-03-01')
  })

  test('a calendar told anew keeps the past of the one before, as far as the two meet', () => {
    const holiday = isoDate('2027-01-01')
    const now = { ...winter, from: isoDate('2026-12-20'), to: isoDate('2031-12-31'), off: [holiday], working: [] }
    const kept = keepingPast(winter, now)
    expect([kept.from, kept.to]).toEqual([winter.from, now.to])
    for (const day of winter.off.filter((each) => each < now.from)) expect(isWorkingDay(day, kept)).toBe(false)
    expect(kept.off.filter((day) => day >= now.from)).toEqual([holiday])
    expect(kept.working).toEqual(winter.working.filter((day) => day < now.from))
    // what is known is not made less, and what lies between two that do not meet is not guessed
    expect(keepingPast(now, winter)).toEqual(winter)
    const later = { ...now, from: addDays(winter.to, 2), to: addDays(winter.to, 100) }
    expect(keepingPast(winter, later)).toEqual(later)
  })

  test('refuses to guess about days outside the calendar', () => {
    expect(() => addTerm(isoDate('2029-12-30'), term(5, 'working days'), winter)).toThrow(OutsideCalendar)
    expect(() => isWorkingDay(isoDate('2024-12-31'), winter)).toThrow(OutsideCalendar)
    expect(addTerm(isoDate('2029-12-30'), term(3, 'months'), winter).on).toBe('2030-03-30')
  })
})

describe('a length that a form gave', () => {
  const given = { value: 3, unit: 'working days', given: { act: 'extend', field: 'days' } } as const

  test('is counted like one of the law, and explained as given', () => {
    const from = isoDate('2026-12-14')
    const due = addTerm(from, given, winter)
    expect(due.on).toBe(addTerm(from, term(3, 'working days'), winter).on)
    expect(due.steps[1]).toEqual({ code: 'given', term: given, reaches: due.on })
    expect(addTerm(from, given, winter, { back: true }).steps[1]).toMatchObject({ code: 'givenBack', term: given })
  })

  test('lengthens a term of the law, each said for itself', () => {
    const law = term(4, 'working days')
    const due = endOf({ from: isoDate('2026-12-14'), terms: [law, given], pauses: [] }, winter)
    expect(due.steps.filter(({ code }) => code === 'adds' || code === 'given')).toMatchObject([
      { code: 'adds', term: law },
      { code: 'given', term: given, reaches: due.on },
    ])
    expect(due.on).toBe(addTerm(isoDate('2026-12-14'), term(7, 'working days'), winter).on)
  })
})

describe('counting working days', () => {
  const FIRST = isoDate('2025-12-01')
  const day = fc.integer({ min: 0, max: 400 }).map((n) => addDays(FIRST, n))
  const days = fc.uniqueArray(day, { maxLength: 40 })
  const calendar = fc
    .record({ profile: fc.constantFrom('five-day' as const, 'six-day' as const), off: days, working: days })
    .map((daysOff): DaysOff => ({ ...daysOff, from: FIRST, to: addDays(FIRST, 900) }))
  /** Each day looked at for itself. */
  const counted = (from: string, to: string, { profile, off, working }: DaysOff): number => {
    const ends = new Date(to).getTime()
    const exceptions: { readonly off: readonly string[]; readonly working: readonly string[] } = { off, working }
    let count = 0
    for (let at = new Date(from).getTime(); at <= ends; at += 86_400_000) {
      const date = new Date(at)
      const text = date.toISOString().slice(0, 10)
      const weekend = date.getUTCDay() === 0 || (profile === 'five-day' && date.getUTCDay() === 6)
      if (weekend ? exceptions.working.includes(text) : !exceptions.off.includes(text)) count += 1
    }

    return count
  }

  test('gives what counting them one by one gives, both ends included', () => {
    fc.assert(
      fc.property(calendar, day, day, (daysOff, from, to) => {
        expect(workingDaysWithin(from, to, daysOff)).toBe(counted(from, to, daysOff))
      }),
    )
  })

  test('is the other way round of adding them', () => {
    fc.assert(
      fc.property(calendar, day, fc.integer({ min: 0, max: 60 }), (daysOff, from, count) => {
        const reached = addWorkingDays(from, count, daysOff)
        expect(workingDaysWithin(addDays(from, 1), reached, daysOff)).toBe(count)
      }),
    )
  })
})

describe('the end of a clock', () => {
  const from = isoDate('2026-08-31')
  const terms = [term(3, 'months')]

  test('months are added up before they are clamped', () => {
    const start = isoDate('2026-11-30')
    expect(endOf({ from: start, terms: [term(3, 'months'), term(3, 'months')], pauses: [] }, winter).on).toBe(
      '2027-05-30',
    )
  })

  test.each<[string, Pause[], string]>([
    ['none', [], '2026-11-30'],
    ['within', [pause('2026-09-07', '2026-09-11')], '2026-12-05'],
    ['overlapping', [pause('2026-09-07', '2026-09-11'), pause('2026-09-10', '2026-09-14')], '2026-12-08'],
    ['adjacent', [pause('2026-09-07', '2026-09-11'), pause('2026-09-12', '2026-09-14')], '2026-12-08'],
    ['before the start', [pause('2026-08-01', '2026-08-30')], '2026-11-30'],
    ['from before the start', [pause('2026-08-01', '2026-08-31')], '2026-12-01'],
    ['beginning on the last day', [pause('2026-11-30', '2026-12-04')], '2026-12-05'],
    ['after the end', [pause('2026-12-01', '2026-12-04')], '2026-11-30'],
    ['in the time gained', [pause('2026-09-07', '2026-09-11'), pause('2026-12-03', '2026-12-06')], '2026-12-09'],
    ['upside down', [pause('2026-09-11', '2026-09-07')], '2026-11-30'],
  ])('absence %s', (_, pauses, end) => {
    expect(endOf({ from, terms, pauses }, winter).on).toBe(end)
  })

  test('explains itself', () => {
    const absence = pause('2026-09-07', '2026-09-11')
    expect(endOf({ from, terms, pauses: [absence, pause('2027-01-01', '2027-01-02')] }, winter).steps).toEqual([
      { code: 'starts', on: '2026-08-31' },
      { code: 'adds', term: term(3, 'months'), reaches: '2026-11-30' },
      { code: 'paused', pauses: [absence], days: 5, reaches: '2026-12-05' },
    ])
  })

  test('moves to a working day and is capped only when asked', () => {
    const saturday = { from, terms, pauses: [pause('2026-09-07', '2026-09-11')] }
    expect(endOf({ ...saturday, moveToWorkingDay: true }, winter).on).toBe('2026-12-07')
    const capped = endOf({ ...saturday, notAfter: { on: isoDate('2026-12-01'), by: 'leave.longest' } }, winter)
    expect(capped.on).toBe('2026-12-01')
    expect(capped.steps.at(-1)).toEqual({ code: 'capped', by: 'leave.longest', reaches: '2026-12-01' })
  })

  test('a clock in working days is moved by the working days of the absence', () => {
    const facts = { from: isoDate('2026-12-14'), terms: [term(4, 'working days')] }
    expect(endOf({ ...facts, pauses: [] }, winter).on).toBe('2026-12-21')
    expect(endOf({ ...facts, pauses: [pause('2026-12-16', '2026-12-20')] }, winter).on).toBe('2026-12-23')
  })
})

describe('laws of the arithmetic', () => {
  const first = isoDate('2026-01-01')
  const day = fc.integer({ min: 0, max: 700 }).map((days) => addDays(first, days))
  const dates = (max: number) => fc.uniqueArray(day, { maxLength: max })
  const calendar: fc.Arbitrary<DaysOff> = fc.record({
    profile: fc.constantFrom('five-day', 'six-day'),
    from: fc.constant(isoDate('2024-01-01')),
    to: fc.constant(isoDate('2034-12-31')),
    off: dates(40),
    working: dates(20),
  })
  const absence = fc
    .tuple(day, fc.integer({ min: 0, max: 60 }), fc.constantFrom('sickLeave', 'question'))
    .map(([from, length, because]): Pause => ({ from, to: addDays(from, length), because }))
  const absences = fc.array(absence, { maxLength: 6 })
  const lengths = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom<TermUnit>('months', 'calendar days', 'working days')),
    { minLength: 1, maxLength: 3 },
  )
  const clock = fc.record({
    from: day,
    terms: lengths.map((all) => all.map(([value, unit]) => term(value, unit))),
    pauses: absences,
  })

  test('a later start and a longer term never end earlier', () => {
    fc.assert(
      fc.property(day, fc.nat(30), fc.nat(40), calendar, fc.boolean(), (from, later, value, daysOff, working) => {
        const unit = working ? 'working days' : 'calendar days'
        const due = addTerm(from, term(value, unit), daysOff).on
        expect(addTerm(addDays(from, later), term(value, unit), daysOff).on >= due).toBe(true)
        expect(addTerm(from, term(value + 1, unit), daysOff).on >= due).toBe(true)
      }),
    )
  })

  test('forward and back undo each other between working days', () => {
    fc.assert(
      fc.property(day, fc.nat(60), calendar, (from, count, daysOff) => {
        const start = nearestWorkingDay(from, daysOff)
        expect(addWorkingDays(addWorkingDays(start, count, daysOff), count, daysOff, -1)).toBe(start)
      }),
    )
  })

  test('a working-day term ends on a working day', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), calendar, (from, value, daysOff) => {
        expect(isWorkingDay(addTerm(from, term(value, 'working days'), daysOff).on, daysOff)).toBe(true)
      }),
    )
  })

  test('the end is the least that holds all paused days before it', () => {
    fc.assert(
      fc.property(clock, calendar, (facts, daysOff) => {
        const byWorkingDays = facts.terms.some((each) => each.unit === 'working days')
        const base = endOf({ ...facts, pauses: [] }, daysOff).on
        const after = (paused: number) =>
          byWorkingDays ? addWorkingDays(base, paused, daysOff) : addDays(base, paused)
        let end = base
        for (;;) {
          let paused = 0
          for (let each = facts.from; each <= end; each = addDays(each, 1))
            if (facts.pauses.some((one) => one.from <= each && each <= one.to))
              if (!byWorkingDays || isWorkingDay(each, daysOff)) paused += 1
          const next = after(paused)
          if (next === end) break
          end = next
        }
        expect(endOf(facts, daysOff).on).toBe(end)
      }),
    )
  })

  test('pauses may come in any order and twice', () => {
    fc.assert(
      fc.property(clock, calendar, (facts, daysOff) => {
        const due = endOf(facts, daysOff)
        expect(endOf({ ...facts, pauses: facts.pauses.toReversed() }, daysOff)).toEqual(due)
        expect(endOf({ ...facts, pauses: [...facts.pauses, ...facts.pauses] }, daysOff)).toEqual(due)
      }),
    )
  })

  test('one more absence never ends a clock earlier', () => {
    fc.assert(
      fc.property(clock, absence, calendar, (facts, more, daysOff) => {
        const longer = endOf({ ...facts, pauses: [...facts.pauses, more] }, daysOff).on
        expect(longer >= endOf(facts, daysOff).on).toBe(true)
      }),
    )
  })

  test('the order of terms does not matter', () => {
    fc.assert(
      fc.property(clock, calendar, (facts, daysOff) => {
        expect(endOf({ ...facts, terms: facts.terms.toReversed() }, daysOff).on).toBe(endOf(facts, daysOff).on)
      }),
    )
  })
})
