import fc from 'fast-check'
import { caseTime, instant, millis, movedTo, realTime } from './case-clock'
import type { CaseClock } from './case-clock'

const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR
const caseBase = Date.parse('2026-01-05T03:00:00.000Z')
const realBase = Date.parse('2026-11-22T09:30:00.000Z')
const clock = (speed: number): CaseClock => ({
  zone: 'Asia/Almaty',
  profile: 'five-day',
  speed,
  base: { case: instant(caseBase), real: instant(realBase) },
})

test('moments are written in UTC, to the millisecond', () => {
  expect(instant(caseBase + 7)).toBe('2026-01-05T03:00:00.007Z')
  expect(millis(instant(caseBase + 7))).toBe(caseBase + 7)
})

describe('the clock of a real case', () => {
  const real: CaseClock = { ...clock(1), base: { case: instant(realBase), real: instant(realBase) } }

  test('shows real time', () => {
    for (const at of [realBase - DAY, realBase, realBase + 1, realBase + 400 * DAY]) {
      expect(caseTime(real, at)).toBe(at)
      expect(realTime(real, at)).toBe(at)
    }
  })
})

describe('the clock of a rehearsal', () => {
  test.each([
    ['at its own pace', 1, DAY, DAY],
    ['an hour a second', 3600, 24 * SECOND, DAY],
    ['a day a second', 86_400, 90 * SECOND, 90 * DAY],
    ['half as fast', 0.5, 2 * DAY, DAY],
  ])('runs %s', (_, speed, real, shown) => {
    expect(caseTime(clock(speed), realBase)).toBe(caseBase)
    expect(caseTime(clock(speed), realBase + real)).toBe(caseBase + shown)
    expect(realTime(clock(speed), caseBase + shown)).toBe(realBase + real)
    expect(caseTime(clock(speed), realBase - real)).toBe(caseBase - shown)
  })

  test.each([
    ['a day a second', 86_400, 1, 1],
    ['a day a second', 86_400, 86_400, 1],
    ['a day a second', 86_400, 86_401, 2],
    ['three times as fast', 3, 10, 4],
    ['half as fast', 0.5, 3, 6],
  ])('%s (×%f): what is %i ms ahead comes after %i ms', (_, speed, ahead, after) => {
    expect(realTime(clock(speed), caseBase + ahead)).toBe(realBase + after)
  })

  test('what has passed has passed', () => {
    expect(realTime(clock(86_400), caseBase - DAY)).toBe(realBase - SECOND)
  })
})

describe('a held clock', () => {
  const held = clock(0)

  test('shows the same whatever the time', () => {
    for (const real of [realBase - DAY, realBase, realBase + 1, realBase + 9000 * DAY])
      expect(caseTime(held, real)).toBe(caseBase)
  })

  test('will never show another time by itself, nor say when it shows its own', () => {
    expect(realTime(held, caseBase)).toBeNull()
    expect(realTime(held, caseBase + DAY)).toBeNull()
    expect(realTime(held, caseBase - DAY)).toBeNull()
  })

  test('is moved by hand, and is held again', () => {
    const moved = movedTo(held, caseBase + 30 * DAY, realBase + HOUR)
    expect(moved).toEqual({ ...held, base: { case: instant(caseBase + 30 * DAY), real: instant(realBase + HOUR) } })
    expect(caseTime(moved, realBase + 2 * HOUR)).toBe(caseBase + 30 * DAY)
    expect(caseTime(held, realBase + 2 * HOUR)).toBe(caseBase)
  })
})

describe('laws of the clock', () => {
  const ahead = fc.integer({ min: -400 * DAY, max: 4000 * DAY })
  const later = fc.integer({ min: 0, max: 400 * DAY })
  const whole = fc.oneof(fc.constantFrom(1, 60, 3600, 86_400, 5_000_000), fc.integer({ min: 1, max: 5_000_000 }))
  const any = fc.oneof(whole, fc.double({ min: 0.001, max: 5_000_000, noNaN: true }))

  test('an alarm is never early, and not a millisecond later than it must be', () => {
    fc.assert(
      fc.property(whole, ahead, (speed, by) => {
        const at = realTime(clock(speed), caseBase + by)
        if (at === null) throw new Error('held')
        expect(caseTime(clock(speed), at)).toBeGreaterThanOrEqual(caseBase + by)
        expect(caseTime(clock(speed), at - 1)).toBeLessThan(caseBase + by)
      }),
    )
  })

  test('nor at a speed that is no whole number', () => {
    fc.assert(
      fc.property(any, ahead, (speed, by) => {
        const at = realTime(clock(speed), caseBase + by)
        if (at === null) throw new Error('held')
        expect(caseTime(clock(speed), at)).toBeGreaterThanOrEqual(caseBase + by)
      }),
      { numRuns: 2000 },
    )
  })

  test('alarms come in the order of their moments', () => {
    fc.assert(
      fc.property(any, ahead, later, (speed, by, more) => {
        const [first, second] = [by, by + more].map((each) => realTime(clock(speed), caseBase + each))
        expect(Number(second)).toBeGreaterThanOrEqual(Number(first))
      }),
    )
  })

  test('time never runs back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(0), any), ahead, later, (speed, real, more) => {
        const [before, after] = [real, real + more].map((each) => caseTime(clock(speed), realBase + each))
        expect(Number(after)).toBeGreaterThanOrEqual(Number(before))
      }),
    )
  })

  test('moved, it shows what it was moved to, and goes on at the same pace', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(0), whole), ahead, later, later, (speed, by, real, more) => {
        const moved = movedTo(clock(speed), caseBase + by, realBase + real)
        expect(caseTime(moved, realBase + real)).toBe(caseBase + by)
        expect(caseTime(moved, realBase + real + more)).toBe(caseBase + by + more * speed)
        expect(moved).toMatchObject({ zone: 'Asia/Almaty', profile: 'five-day', speed })
      }),
    )
  })
})
