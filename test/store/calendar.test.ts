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
  type SwapChange,
  swaps,
} from '../../prisma/store/calendar'
import { createDb, type Db } from '../../prisma/store/db'
import { SYSTEM } from '../../prisma/store/register-trail'
import { seedLaw, seedRegister } from '../../prisma/seed/seed'
import { caseCalendar, openingOf } from '../../prisma/store/opening'
import { KEEPER } from '../../prisma/store/register-sight'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import { arrangeCase } from '../api/harness'
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

describe('what was read of the calendar is kept', () => {
  const day = isoDate('2027-09-14')
  const kindOf = async (db: Db) => (await daysExplained(db, { body, from: day, to: day })).days[0]?.reason
  const another = (): Db => createDb(database.url, 2)

  test('and not read again while no day has changed', async () => {
    const asked: string[][] = []
    const noted = {
      ...database.db.sql,
      rows: async <Row>(parts: TemplateStringsArray, ...values: readonly unknown[]) => {
        const rows = await database.db.sql.rows<Row>(parts, ...values)
        asked.push(rows.map((row) => JSON.stringify(row)))

        return rows
      },
    }
    const db = new Proxy(database.db, { get: (at, name) => (name === 'sql' ? noted : Reflect.get(at, name)) })
    await daysExplained(db, { body, from: day, to: day })
    await daysExplained(db, { body, from: day, to: day })
    expect(asked[1]?.[0]?.length).toBeLessThan(300)
  })

  test.each([
    [
      'a holiday',
      `insert into holidays (id, date, "nameKey", "nameKk", "nameRu", "nameEn", kind, moves, confidence, source) values ('x', '2027-09-14', 'x', 'x', 'x', 'x', 'state', false, 'D', 'x')`,
      `delete from holidays where id = 'x'`,
      'holiday',
    ],
    [
      'a swap',
      `insert into day_swaps (id, date, kind, "appliesTo", reason, confidence, source) values ('x', '2027-09-14', 'off', 'all', 'x', 'D', 'x')`,
      `delete from day_swaps where id = 'x'`,
      'swap',
    ],
    [
      'a day of the body',
      `insert into body_days (id, "bodyKey", date, working, reason) values ('x', 'ministryFinance', '2027-09-14', false, 'x')`,
      `delete from body_days where id = 'x'`,
      'bodyDay',
    ],
  ])('until %s changes: every process counts with it at once', async (_what, enter, remove, reason) => {
    const other = another()
    expect(await Promise.all([kindOf(database.db), kindOf(other)])).toEqual([undefined, undefined])
    await database.sql(enter)
    expect(await Promise.all([kindOf(database.db), kindOf(other)])).toEqual([reason, reason])
    await database.sql(remove)
    expect(await Promise.all([kindOf(other), kindOf(database.db)])).toEqual([undefined, undefined])
    await other.$disconnect()
  })

  test('a change that is not committed is not counted with, and one that is taken back never', async () => {
    await database.db.sql
      .transaction(async (tx) => {
        await tx.run`insert into body_days (id, "bodyKey", date, working, reason) values ('x', ${body}, ${day}::date, false, 'x')`
        expect(await kindOf(database.db)).toBeUndefined()
        throw new Error('taken back')
      })
      .catch(() => undefined)
    expect(await kindOf(database.db)).toBeUndefined()
  })
})

test("days of one body are its own, and win over everybody's", async () => {
  const date = isoDate('2026-12-16')
  const added = await addBodyDay(database.db, SYSTEM, { body, date, working: true, reason: 'duty' })
  if (typeof added === 'string') throw new Error('already there')
  expect(await addBodyDay(database.db, SYSTEM, { body, date, working: true, reason: 'duty' })).toBe('exists')
  const own = await daysOffFor(database.db, { body, ...year(2026) })
  expect(isWorkingDay(date, own)).toBe(true)
  const general = await daysOffFor(database.db, { profile: 'five-day', ...year(2026) })
  expect(isWorkingDay(date, general)).toBe(false)
  const { days } = await daysExplained(database.db, { body, from: date, to: date })
  expect(days).toEqual([{ date, working: true, reason: 'bodyDay', note: 'duty' }])

  expect(await bodyDays.update(database.db, SYSTEM, { id: added.id, version: 1 }, { working: false })).toMatchObject({
    working: false,
    version: 2,
  })
  expect(await removeDay(database.db, SYSTEM, 'body-days', { id: added.id, version: 1 })).toBe('stale')
  expect(await removeDay(database.db, SYSTEM, 'body-days', { id: added.id, version: 2 })).toBe('removed')
  expect(await removeDay(database.db, SYSTEM, 'body-days', { id: added.id, version: 2 })).toBe('absent')
})

test('a swap and a holiday entered by an administrator count at once', async () => {
  const bridge = isoDate('2027-03-12')
  const swap = await addSwap(database.db, SYSTEM, {
    date: bridge,
    kind: 'off',
    appliesTo: 'five-day',
    reason: 'bridge',
    confidence: 'N',
    source: 'order',
  })
  if (typeof swap === 'string') throw new Error('already there')
  expect((await daysOffFor(database.db, { body, ...year(2027) })).off).toContain(bridge)
  expect(
    await swaps.update(database.db, SYSTEM, { id: swap.id, version: swap.version }, { appliesTo: 'all' }),
  ).toMatchObject({ version: 2 })

  const ait = (
    await holidays.list(database.db, { page: 1, perPage: 9, filter: { nameKey: 'kurbanAit', year: '2027' } }, KEEPER)
  ).data[0]
  if (!ait) throw new Error('no Kurban Ait')
  expect(ait).toMatchObject({ date: '2027-05-16', confidence: 'B', unverified: true })
  const moved = { date: isoDate('2027-05-17'), confidence: 'N', source: 'announcement' } as const
  expect(await holidays.update(database.db, SYSTEM, { id: ait.id, version: ait.version }, moved)).toMatchObject({
    ...moved,
    unverified: false,
  })
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
  expect(await addHoliday(database.db, SYSTEM, entry)).toMatchObject({ id: '2028-05-05:kurbanAit' })
  expect(await addHoliday(database.db, SYSTEM, entry)).toBe('exists')
  const { days } = await daysExplained(database.db, { body, ...year(2028) })
  expect(days.find((day) => day.date === '2028-05-05')).toMatchObject({ reason: 'holiday', working: false })
  expect(days.find((day) => day.date === '2028-07-06')).toMatchObject({ reason: 'holiday', projected: true })
})

describe('the calendar of a case reaches back as far as the register knows', () => {
  const law = { name: 'none', terms: [], rules: {} }
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

describe('rows that contradict each other are refused', () => {
  const swap = { kind: 'off', appliesTo: 'all', reason: 'order', confidence: 'N', source: 'order' } as const
  const on = (date: string, more: Partial<SwapChange> = {}) => ({ ...swap, ...more, date: isoDate(date) })
  const entered = async (row: Required<SwapChange>) => {
    const added = await addSwap(database.db, SYSTEM, row)
    if (typeof added === 'string') throw new Error(added)
    return added
  }

  test('swaps of one day, when the second is entered', async () => {
    await entered(on('2027-06-01'))
    for (const appliesTo of ['five-day', 'all'] as const)
      expect(await addSwap(database.db, SYSTEM, on('2027-06-01', { kind: 'working', appliesTo }))).toBe('contradicts')
    expect(await addSwap(database.db, SYSTEM, on('2027-06-01', { reason: 'again' }))).toBe('exists')
    // says the same of the five-day week
    await entered(on('2027-06-01', { appliesTo: 'five-day' }))
  })

  test('swaps of one day, when the second is changed', async () => {
    const first = await entered(on('2027-06-07', { appliesTo: 'five-day' }))
    const second = await entered(on('2027-06-08', { kind: 'working' }))
    const change = (change: SwapChange) =>
      swaps.update(database.db, SYSTEM, { id: second.id, version: second.version }, change)
    expect(await change({ date: first.date })).toBe('contradicts')
    expect(await change({ date: first.date, kind: 'off', appliesTo: 'five-day' })).toBe('exists')
    expect(await swaps.update(database.db, SYSTEM, { id: second.id, version: 7 }, { date: first.date })).toBe('stale')
    expect(await swaps.update(database.db, SYSTEM, { id: 'none', version: 1 }, { date: first.date })).toBe('absent')
    expect(await swaps.get(database.db, second.id, KEEPER)).toEqual(second)
    const third = await entered(on('2027-06-07', { appliesTo: 'all' }))
    expect(await swaps.update(database.db, SYSTEM, { id: third.id, version: third.version }, { kind: 'working' })).toBe(
      'contradicts',
    )
    expect(
      await swaps.update(database.db, SYSTEM, { id: third.id, version: third.version }, { appliesTo: 'five-day' }),
    ).toBe('exists')
  })

  test('swaps of one day that two people enter at once', async () => {
    const answers = await Promise.all(
      (['off', 'working'] as const).flatMap((kind) =>
        (['five-day', 'all'] as const).map((appliesTo) =>
          addSwap(database.db, SYSTEM, on('2027-06-14', { kind, appliesTo })),
        ),
      ),
    )
    expect(answers.filter((answer) => answer === 'contradicts')).toHaveLength(2)
  })

  test('rows that contradicted each other before can be explained and set right', async () => {
    const [one, other] = [await entered(on('2027-06-21')), await entered(on('2027-06-22', { kind: 'working' }))]
    await database.sql('update day_swaps set date = $1 where id = $2', [one.date, other.id])
    expect(await swaps.update(database.db, SYSTEM, { id: other.id, version: 1 }, { reason: 'error' })).toMatchObject({
      version: 2,
    })
    expect(
      await swaps.update(database.db, SYSTEM, { id: other.id, version: 2 }, { date: isoDate('2027-06-23') }),
    ).toMatchObject({ version: 3 })
  })

  test('a day from which a row was moved away can be entered again', async () => {
    const moved = await entered(on('2027-06-28'))
    await swaps.update(database.db, SYSTEM, { id: moved.id, version: 1 }, { date: isoDate('2027-06-29') })
    expect(await entered(on('2027-06-28', { kind: 'working' }))).toMatchObject({ date: '2027-06-28' })
    expect(await swaps.get(database.db, moved.id, KEEPER)).toMatchObject({ date: '2027-06-29', kind: 'off' })
  })

  describe('a holiday that the law gives once a year, on a second day of that year,', () => {
    const CLERGY = { kind: 'religious', moves: false, confidence: 'N', source: 'announcement' } as const
    const holiday = (nameKey: string, date: string) =>
      addHoliday(database.db, SYSTEM, { ...CLERGY, nameKey, name: { kk: 'o', ru: 'o', en: 'o' }, date: isoDate(date) })
    const one = async (nameKey: string, date: string) => {
      const added = await holiday(nameKey, date)
      if (typeof added === 'string') throw new Error(added)
      return added
    }

    test.each([
      ['set yearly', 'kurbanAit', '2026-05-28', '2026-05-27'],
      ['fixed', 'victoryDay', '2026-12-31', '2026-05-09'],
      ['new to the law', 'steppeDay', '2026-01-05', null],
    ])('when it is entered: %s', async (_which, nameKey, date, there) => {
      if (there === null) await one(nameKey, '2026-06-02')
      expect(await holiday(nameKey, date)).toBe('contradicts')
      expect(await holiday(nameKey, there ?? '2026-06-02')).toBe('exists')
    })

    test('when it is changed; within its year a row can be moved', async () => {
      const next = await one('kurbanAit', '2029-04-24')
      expect(
        await holidays.update(database.db, SYSTEM, { id: next.id, version: 1 }, { date: isoDate('2026-05-28') }),
      ).toBe('contradicts')
      expect(
        await holidays.update(database.db, SYSTEM, { id: next.id, version: 1 }, { date: isoDate('2026-05-27') }),
      ).toBe('exists')
      expect(
        await holidays.update(database.db, SYSTEM, { id: next.id, version: 1 }, { date: isoDate('2029-04-25') }),
      ).toMatchObject({
        version: 2,
      })
    })

    test('when two people enter it at once', async () => {
      const answers = await Promise.all(['2031-04-02', '2031-04-03'].map((date) => holiday('kurbanAit', date)))
      expect(answers.filter((answer) => answer === 'contradicts')).toHaveLength(1)
    })

    test('is no second one when it lasts several days, or when the year of the Moon ends within it', async () => {
      await one('nauryz', '2027-03-24')
      await one('kurbanAit', '2039-01-06')
      await one('kurbanAit', '2039-12-26')
      expect(await holiday('kurbanAit', '2039-12-27')).toBe('contradicts')
    })
  })

  test('the reference data, when it is entered beside what an administrator said otherwise', async () => {
    const removed = async (id: string) =>
      expect(await removeDay(database.db, SYSTEM, 'holidays', { id, version: 1 })).toBe('removed')
    await removed('2024-06-16:kurbanAit')
    const ait = { kind: 'religious', moves: false, confidence: 'N', source: 'announcement' } as const
    const name = { kk: 'o', ru: 'o', en: 'o' }
    await addHoliday(database.db, SYSTEM, { ...ait, name, nameKey: 'kurbanAit', date: isoDate('2024-06-17') })
    // moved onto the day of another row of the reference data, which is gone
    await removed('2024-03-22:nauryz')
    await holidays.update(database.db, SYSTEM, { id: '2024-03-21:nauryz', version: 1 }, { date: isoDate('2024-03-22') })
    await removeDay(database.db, SYSTEM, 'swaps', { id: '2024-05-04:five-day', version: 1 })
    await entered(on('2024-05-04'))
    const days = () => database.sql(`select id, date from holidays union all select id, date from day_swaps order by 1`)
    const before = await days()
    await seedRegister(database.url)
    expect(await days()).toEqual(before)
  })

  test('one holiday twice on one day, and a body day twice', async () => {
    const holiday = {
      nameKey: 'nauryz',
      name: { kk: 'o', ru: 'o', en: 'o' },
      kind: 'state',
      moves: true,
      confidence: 'N',
      source: 'law',
    } as const
    const first = await addHoliday(database.db, SYSTEM, { ...holiday, date: isoDate('2027-07-03') })
    const second = await addHoliday(database.db, SYSTEM, { ...holiday, date: isoDate('2027-07-10') })
    if (typeof first === 'string' || typeof second === 'string') throw new Error('already there')
    expect(await holidays.update(database.db, SYSTEM, { id: second.id, version: 1 }, { date: first.date })).toBe(
      'exists',
    )
    expect(
      await holidays.update(database.db, SYSTEM, { id: second.id, version: 1 }, { date: isoDate('2027-07-17') }),
    ).toMatchObject({
      version: 2,
    })
    expect(await addHoliday(database.db, SYSTEM, { ...holiday, date: isoDate('2027-07-17') })).toBe('exists')
    expect(await addHoliday(database.db, SYSTEM, { ...holiday, date: isoDate('2027-07-10') })).toMatchObject({
      version: 1,
    })

    const day = { body, date: isoDate('2027-07-20'), reason: 'order' }
    expect(await addBodyDay(database.db, SYSTEM, { ...day, working: false })).toMatchObject({ working: false })
    expect(await addBodyDay(database.db, SYSTEM, { ...day, working: true })).toBe('exists')
  })
})

test('days of a year that a release brings are told to the cases that are open, and told once', async () => {
  const older = await freshDatabase({ register: true })
  try {
    const id = await arrangeCase(older.db, { body, subject: (await older.db.person.findFirstOrThrow()).id })
    await older.sql(`delete from holidays where date >= '2027-01-01'`)
    const told = () => older.sql(`select kind, "caseId" from commands`)
    await seedLaw(older.url)
    expect(await told()).toEqual([{ kind: 'recompute', caseId: id }])
    await seedLaw(older.url)
    expect(await told()).toHaveLength(1)
  } finally {
    await older.drop()
  }
})
