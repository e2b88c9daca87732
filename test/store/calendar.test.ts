import { isoDate, isWorkingDay, OutsideCalendar } from '../../workflows/kernel/law/calendar'
import type { BodyKey } from '../../workflows/kernel/contract'
import {
  addBodyDay,
  addHoliday,
  addSwap,
  bodyDays,
  daysExplained,
  daysOffFor,
  holidays,
  removeDay,
  swaps,
} from '../../prisma/store/calendar'
import { caseCalendar, openingOf } from '../../prisma/store/opening'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import { type FreshDatabase, freshDatabase } from '../support/database'

const body = 'ministryFinance' as BodyKey
const year = (n: number) => ({ from: isoDate(`${n}-01-01`), to: isoDate(`${n}-12-31`) })

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ register: true })
})
afterAll(() => database.drop())

test('a calendar of a week and of a body', async () => {
  const five = await daysOffFor(database.db, { profile: 'five-day', ...year(2026) })
  expect(five.off).toEqual(expect.arrayContaining(['2026-03-24', '2026-03-25', '2026-05-27', '2026-10-26']))
  expect(await daysOffFor(database.db, { body, ...year(2026) })).toEqual(five)
  const six = await daysOffFor(database.db, { profile: 'six-day', ...year(2026) })
  expect(six.off).not.toContain('2026-03-25')
  await expect(daysOffFor(database.db, { profile: 'five-day', ...year(2014) })).rejects.toThrow(OutsideCalendar)
})

test("days of one body are its own, and win over everybody's", async () => {
  const date = isoDate('2026-12-16')
  const added = await addBodyDay(database.db, { body, date, working: true, reason: 'duty' })
  if (added === 'exists') throw new Error('already there')
  expect(await addBodyDay(database.db, { body, date, working: true, reason: 'duty' })).toBe('exists')
  const own = await daysOffFor(database.db, { body, ...year(2026) })
  expect(isWorkingDay(date, own)).toBe(true)
  const general = await daysOffFor(database.db, { profile: 'five-day', ...year(2026) })
  expect(isWorkingDay(date, general)).toBe(false)
  const { days } = await daysExplained(database.db, { body, from: date, to: date })
  expect(days).toEqual([{ date, working: true, reason: 'bodyDay', note: 'duty' }])

  expect(await bodyDays.update(database.db, added.id, 1, { working: false })).toMatchObject({
    working: false,
    version: 2,
  })
  expect(await removeDay(database.db, 'body-days', added.id, 1)).toBe('stale')
  expect(await removeDay(database.db, 'body-days', added.id, 2)).toBe('removed')
  expect(await removeDay(database.db, 'body-days', added.id, 2)).toBe('absent')
})

test('a swap and a holiday entered by an administrator count at once', async () => {
  const bridge = isoDate('2027-03-12')
  const swap = await addSwap(database.db, {
    date: bridge,
    kind: 'off',
    appliesTo: 'five-day',
    reason: 'bridge',
    confidence: 'N',
    source: 'order',
  })
  if (swap === 'exists') throw new Error('already there')
  expect((await daysOffFor(database.db, { body, ...year(2027) })).off).toContain(bridge)
  expect(await swaps.update(database.db, swap.id, swap.version, { appliesTo: 'all' })).toMatchObject({ version: 2 })

  const ait = (
    await holidays.list(database.db, { page: 1, perPage: 9, filter: { nameKey: 'kurbanAit', year: '2027' } })
  ).data[0]
  if (!ait) throw new Error('no Kurban Ait')
  expect(ait).toMatchObject({ date: '2027-05-16', confidence: 'B', unverified: true })
  const moved = { date: isoDate('2027-05-17'), confidence: 'N', source: 'announcement' } as const
  expect(await holidays.update(database.db, ait.id, ait.version, moved)).toMatchObject({ ...moved, unverified: false })
  expect((await daysOffFor(database.db, { body, ...year(2027) })).off).toContain('2027-05-17')

  const entry = {
    date: isoDate('2028-05-05'),
    nameKey: 'kurbanAit',
    name: ait.name,
    kind: 'religious',
    moves: false,
    confidence: 'N',
    source: 'announcement',
  } as const
  expect(await addHoliday(database.db, entry)).toMatchObject({ id: '2028-05-05:kurbanAit' })
  expect(await addHoliday(database.db, entry)).toBe('exists')
  const { days } = await daysExplained(database.db, { body, ...year(2028) })
  expect(days.find((day) => day.date === '2028-05-05')).toMatchObject({ reason: 'holiday', working: false })
  expect(days.find((day) => day.date === '2028-07-06')).toMatchObject({ reason: 'holiday', projected: true })
})

describe('the calendar of a case reaches back as far as the register knows', () => {
  const law = { name: 'none', terms: [], rules: [] }
  const opened = (on: string, form = {}) =>
    openingOf(database.db, openingQuestion(law, { body, on: isoDate(on), regime: null, form }))

  test('a case of the first days of the register', async () => {
    expect((await opened('2016-01-04')).daysOff).toMatchObject({ from: '2015-01-01' })
    expect((await opened('2015-01-01')).daysOff).toMatchObject({ from: '2015-01-01' })
    await expect(opened('2014-12-31')).rejects.toMatchObject({ date: '2014-12-31', first: '2015-01-01' })
  })

  test('a start form that names a day more than a year ago, at any depth', async () => {
    const on = '2026-11-10'
    const usual = (await opened(on)).daysOff
    expect(usual.from).toBe('2025-11-05')
    expect((await opened(on, { appointedOn: '2026-11-02', note: 'from 2016-01-01' })).daysOff).toEqual(usual)
    const { daysOff } = await opened(on, { posts: [{ from: '2025-10-14' }, { from: null }], to: '2029-01-01' })
    expect(isWorkingDay(isoDate('2025-10-14'), daysOff)).toBe(true)
    expect(isWorkingDay(isoDate('2025-10-27'), daysOff)).toBe(false)
    expect(daysOff.to).toBe(usual.to)
    // a day that the register does not know stays unknown
    expect((await opened(on, { from: '1999-01-01' })).daysOff.from).toBe('2015-01-01')
  })

  test('a case that asks again keeps the days it had', async () => {
    const on = isoDate('2026-11-10')
    const had = await caseCalendar(database.db, { body, on, earliest: isoDate('2020-05-11') })
    const again = await caseCalendar(database.db, { body, on: isoDate('2027-11-10'), earliest: had.from })
    expect(again.from).toBe(had.from)
    expect(had.from <= '2020-05-11').toBe(true)
  })
})
