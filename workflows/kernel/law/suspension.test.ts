import fc from 'fast-check'
import type { DaysOff, Instant, IsoDate, ProcessContract, RuleRow, SuspendedPart, TermRow, TermUnit } from '../contract'
import { addDays, addTerm, daysBetween, endOf, isoDate } from './calendar'
import {
  calendarOf,
  expectedEnd,
  holds,
  lastDay,
  stoppedDays,
  suspendedAct,
  suspendedTask,
  suspensionKinds,
  whyNotGround,
  whySuspended,
  type CountedFor,
  type Suspension,
} from './suspension'

const term = (value: number, unit: TermUnit): TermRow => ({
  id: unit,
  key: 'test.term',
  value,
  unit,
  confidence: 'D',
  source: 'test',
})

const contract: Pick<ProcessContract, 'suspends'> = {
  suspends: {
    illness: { of: 'case', by: ['hr'], rule: 'test.illness' },
    expertise: { of: 'case', by: ['hr', 'head'], rule: 'test.expertise', goesOn: ['opinion', 'report'] },
    silence: { of: { clock: 'silence' }, by: ['head'], rule: 'test.silence' },
    draft: { of: { task: 'draft' }, by: ['head'], rule: 'test.draft' },
  },
}
const partOf = (ground: string): SuspendedPart => contract.suspends?.[ground]?.of ?? 'case'
const suspension = (ground: string, from: string, to: string | null, expected: string | null = null): Suspension => ({
  ground,
  of: partOf(ground),
  from: isoDate(from),
  at: `${from}T06:00:00.000Z` as Instant,
  expected: expected === null ? null : isoDate(expected),
  to: to === null ? null : isoDate(to),
})

const FIRST = isoDate('2026-01-01')
const plain: DaysOff = {
  profile: 'five-day',
  from: FIRST,
  to: isoDate('2032-12-31'),
  off: [],
  working: [],
}

describe('each date is the one that counting day by day gives', () => {
  const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays(FIRST, days))
  const days = fc.uniqueArray(day, { maxLength: 40 })
  const calendar: fc.Arbitrary<DaysOff> = fc
    .record({ profile: fc.constantFrom('five-day' as const, 'six-day' as const), off: days, working: days })
    .map((daysOff) => ({ ...daysOff, from: isoDate('2024-01-01'), to: isoDate('2032-12-31') }))
  const suspensions = fc.array(
    fc
      .tuple(
        fc.constantFrom('illness', 'expertise', 'silence', 'draft'),
        day,
        fc.integer({ min: -1, max: 50 }),
        fc.boolean(),
      )
      .map(([ground, from, length, ended]) => suspension(ground, from, ended ? addDays(from, length) : null)),
    { maxLength: 6 },
  )
  const counted = fc.constantFrom<CountedFor>(
    {},
    { clock: 'silence' },
    { clock: 'whole' },
    { task: 'draft' },
    { task: 'opinion' },
  )
  const length = fc.tuple(
    fc.integer({ min: 1, max: 30 }),
    fc.constantFrom<TermUnit>('working days', 'calendar days', 'months'),
  )

  /** Said from the meaning, and not as the code has it: whether the term of this stands still on a day. */
  const standsStill = (all: readonly Suspension[], { clock, task }: CountedFor, today: IsoDate, on: IsoDate): boolean =>
    all.some(({ ground, from, to }) => {
      const ended = to ?? today
      if (on < from || on > ended || on > today) return false
      if (ground === 'silence') return clock === 'silence'
      if (ground === 'draft') return task === 'draft'

      return ground === 'illness' || task !== 'opinion'
    })
  const isWorked = ({ profile, off, working }: DaysOff, on: IsoDate): boolean => {
    const weekday = new Date(on).getUTCDay()
    const weekend = weekday === 0 || (profile === 'five-day' && weekday === 6)

    return weekend ? working.includes(on) : !off.includes(on)
  }

  /** The day on which so many days that count have passed, walking from one day to the next. */
  function walk(from: IsoDate, owed: number, step: 1 | -1, counts: (on: IsoDate) => boolean): IsoDate {
    let on = from
    for (let left = owed; left > 0;) {
      on = addDays(on, step)
      if (counts(on)) left -= 1
    }

    return on
  }
  const inMonths = (from: IsoDate, months: number): number =>
    Math.abs(daysBetween(from, addTerm(from, term(Math.abs(months), 'months'), plain, { back: months < 0 }).on))

  test('counted forward, whatever stands, has ended, overlaps or adjoins', () => {
    fc.assert(
      fc.property(calendar, suspensions, counted, day, day, length, (daysOff, all, of, today, from, [value, unit]) => {
        const stops = (on: IsoDate) => standsStill(all, of, today, on)
        const byWorkingDays = unit === 'working days'
        const counts = (on: IsoDate) => !stops(on) && (!byWorkingDays || isWorked(daysOff, on))
        const owed = unit === 'months' ? inMonths(from, value) : value
        // the time that passed on the first day of a term is added like that of any other
        const first = stops(from) && (!byWorkingDays || isWorked(daysOff, from)) ? 1 : 0
        const last = walk(from, owed + first, 1, counts)
        const moves = unit === 'calendar days' && !isWorked(daysOff, last)
        const end = moves ? walk(last, 1, 1, (on) => isWorked(daysOff, on) && !stops(on)) : last
        const moving = calendarOf(contract, all, daysOff, today, of)
        expect(addTerm(from, term(value, unit), moving).on).toBe(end)
        expect(
          endOf({ from, terms: [term(value, unit)], pauses: [], moveToWorkingDay: unit === 'calendar days' }, moving)
            .on,
        ).toBe(end)
      }),
      { numRuns: 1000 },
    )
  })

  test('counted back, for whoever has to do something so long before a day', () => {
    fc.assert(
      fc.property(calendar, suspensions, counted, day, day, length, (daysOff, all, of, today, from, [value, unit]) => {
        const byWorkingDays = unit === 'working days'
        const counts = (on: IsoDate) => !standsStill(all, of, today, on) && (!byWorkingDays || isWorked(daysOff, on))
        const owed = unit === 'months' ? inMonths(from, -value) : value
        const moving = calendarOf(contract, all, daysOff, today, of)
        expect(addTerm(from, term(value, unit), moving, { back: true, moveToWorkingDay: false }).on).toBe(
          walk(from, owed, -1, counts),
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('while it stands, a term has as much left each day as on its first day', () => {
    fc.assert(
      fc.property(calendar, day, fc.nat(20), fc.nat(60), length, (daysOff, from, after, lasts, [value, unit]) => {
        const begins = addDays(from, after)
        const end = (today: IsoDate, to: IsoDate | null) =>
          endOf(
            { from, terms: [term(value, unit)], pauses: [] },
            calendarOf(contract, [suspension('illness', begins, to)], daysOff, today),
          )
        const today = addDays(begins, lasts)
        const standing = end(today, null)
        // ended early, late or as expected: the days that passed count, and no others
        expect(end(addDays(today, 30), today).on).toBe(standing.on)
        const unmoved = end(addDays(begins, -1), null).on
        if (unmoved < begins) expect(standing.on).toBe(unmoved)
        else expect(standing.on > today).toBe(true)
      }),
    )
  })
})

describe('how a date is explained', () => {
  const from = isoDate('2026-03-02')
  const all = [suspension('illness', '2026-03-04', '2026-03-06'), suspension('expertise', '2026-03-10', null)]

  test('each pause is said with its ground and its days, and one that stands with the day until which it was counted', () => {
    const today = isoDate('2026-03-12')
    const due = endOf({ from, terms: [term(5, 'working days')], pauses: [] }, calendarOf(contract, all, plain, today))
    expect(due.steps.find(({ code }) => code === 'paused')).toEqual({
      code: 'paused',
      pauses: [
        { from: '2026-03-04', to: '2026-03-06', because: 'illness' },
        { from: '2026-03-10', to: today, because: 'expertise', open: true },
      ],
      days: 6,
      reaches: due.on,
    })
    expect(due.on).toBe('2026-03-17')
  })

  test('a pause that begins on the working day to which the last day has moved stops it there', () => {
    // five calendar days from Tuesday end on Sunday 8, which moves to Monday
    const tuesday = isoDate('2026-03-03')
    const monday = calendarOf(
      contract,
      [suspension('illness', '2026-03-09', '2026-03-11')],
      plain,
      isoDate('2026-03-20'),
    )
    const due = addTerm(tuesday, term(5, 'calendar days'), monday)
    expect(due.on).toBe('2026-03-12')
    expect(due.steps.slice(2)).toMatchObject([
      { code: 'movedToWorkingDay', reaches: '2026-03-09' },
      { code: 'paused', days: 3, reaches: '2026-03-12' },
    ])
  })

  test('days on which it stood before a day are those of then: what came later was not known', () => {
    expect(stoppedDays(contract, all, isoDate('2026-03-05'))).toEqual([
      { from: '2026-03-04', to: '2026-03-05', because: 'illness', open: true },
    ])
  })
})

describe('what stands still', () => {
  const [illness, expertise, silence, draft] = ['illness', 'expertise', 'silence', 'draft'].map((ground) =>
    suspension(ground, '2026-03-04', null, '2026-03-10'),
  ) as [Suspension, Suspension, Suspension, Suspension]

  test('tasks and acts of a suspended case, but for those that its ground lets go on, cancelling, and what the kernel asks', () => {
    expect(suspendedTask(contract, [illness], 'opinion')).toBe(illness)
    expect(suspendedTask(contract, [expertise], 'opinion')).toBeNull()
    expect(suspendedTask(contract, [expertise, illness], 'opinion')).toBe(illness)
    expect(suspendedTask(contract, [illness], 'nameSuccessor')).toBeNull()
    expect(suspendedTask(contract, [illness], 'answerQuestion')).toBe(illness)
    expect(suspendedAct(contract, [expertise], 'report')).toBeNull()
    expect(suspendedAct(contract, [illness], 'report')).toBe(illness)
    expect(suspendedAct(contract, [illness], 'cancel')).toBeNull()
    expect(suspendedTask(contract, [{ ...illness, to: illness.from }], 'opinion')).toBeNull()
  })

  test('of a term, its tasks alone or its clock alone', () => {
    expect(suspendedTask(contract, [draft], 'draft')).toBe(draft)
    expect(suspendedTask(contract, [draft, silence], 'opinion')).toBeNull()
    expect(suspendedAct(contract, [draft, silence], 'report')).toBeNull()
  })

  test('people are told since when, and until when it is expected', () => {
    expect(whySuspended(illness)).toEqual({
      code: 'case.suspendedUntil',
      params: { since: '2026-03-04', until: '2026-03-10' },
    })
    expect(whySuspended({ ...illness, expected: null })).toEqual({
      code: 'case.suspended',
      params: { since: '2026-03-04' },
    })
  })
})

describe('its grounds and its end', () => {
  const rule: RuleRow = { id: 'r', key: 'test.illness', value: true, confidence: 'D', source: 'test' }
  const rules = [rule]
  const known = { contract, rules, suspensions: [] }

  test('a ground needs a rule that says yes, and stands once', () => {
    expect(whyNotGround('suspend', 'illness', known)).toBeNull()
    expect(whyNotGround('suspend', 'draft', known)).toBe('groundNotInForce')
    expect(whyNotGround('suspend', 'nothing', known)).toBe('groundNotInForce')
    expect(holds({ of: 'case', by: ['hr'], rule: 'test.illness' }, [{ ...rule, value: false }])).toBe(false)
    const standing = { ...known, suspensions: [suspension('illness', '2026-03-04', null)] }
    expect(whyNotGround('suspend', 'illness', standing)).toBe('suspendedAlready')
    expect(whyNotGround('resume', 'illness', standing)).toBeNull()
    expect(whyNotGround('resume', 'draft', standing)).toBe('notSuspended')
  })

  test('whoever may by any ground does the acts; without grounds there are none', () => {
    expect(suspensionKinds(contract)).toEqual({ suspend: { by: ['hr', 'head'] }, resume: { by: ['hr', 'head'] } })
    expect(suspensionKinds({})).toBeNull()
  })

  test('an expected length has its first day in it, and the day on which it ends counts again', () => {
    const monday = isoDate('2026-03-02')
    expect(expectedEnd(monday, { days: 10, unit: 'calendar days' }, plain)).toBe('2026-03-11')
    expect(expectedEnd(monday, { days: 6, unit: 'working days' }, plain)).toBe('2026-03-09')
    expect(expectedEnd(monday, { until: isoDate('2026-03-20') }, plain)).toBe('2026-03-20')
    expect(expectedEnd(monday, null, plain)).toBeNull()
    expect(lastDay(monday)).toBe('2026-03-01')
  })
})
