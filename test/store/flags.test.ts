/** A flag is on in a case when the register said so, by an act in force, on the day on which the case starts; otherwise it is off. */
import { openingOf } from '../../prisma/store/opening'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { BodyKey } from '../../workflows/kernel/contract'
import { flagIn, openingQuestion, type Opening } from '../../workflows/kernel/protocol/opening'
import { contract } from '../example/contract'
import { enterExampleLaw } from '../example/register'
import { freshDatabase, type FreshDatabase } from '../support/database'

const FLAG = 'example.everyoneInRoll'
const START = '2026-11-20'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  await enterExampleLaw(database.db)
})
afterAll(() => database.drop())
beforeEach(() => database.sql(`delete from regime_rows where key = $1`, [FLAG]))

const opening = (on = START): Promise<Opening> => {
  const body = 'ministryFinance' as BodyKey

  return openingOf(database.db, openingQuestion(contract, { body, on: isoDate(on), regime: 'R5', form: null }))
}
const enter = (value: unknown, act: string | null, inForceFrom: string | null, regime = 'R5') =>
  database.sql(
    `insert into regime_rows (id, key, "regimeId", value, confidence, source, act, "inForceFrom")
     values ($1 || ':' || $2, $1, $2, $3, 'D', 'test', $4, $5::date)`,
    [FLAG, regime, JSON.stringify(value), act, inForceFrom],
  )

test.each<[what: string, value: unknown, act: string | null, from: string | null, on: boolean]>([
  ['says yes, by an act in force since long before', true, 'Order 1', '2026-01-01', true],
  ['says yes, by an act in force from the day of the start', true, 'Order 1', START, true],
  ['says yes, by an act in force from the day after', true, 'Order 1', '2026-11-21', false],
  ['says yes without an act', true, null, '2026-01-01', false],
  ['says yes with an empty act', true, ' ', '2026-01-01', false],
  ['says yes without a day', true, 'Order 1', null, false],
  ['says yes without either', true, null, null, false],
  ['says no by an act in force', false, 'Order 1', '2026-01-01', false],
  ['says something that means nothing', 'abc', 'Order 1', '2026-01-01', false],
])('a row that %s', async (_what, value, act, from, on) => {
  await enter(value, act, from)
  const law = await opening()
  expect(flagIn(law.rules, FLAG)).toBe(on)
  expect(law.missing).toEqual([])
})

test('a missing row is off, and no gap in the register', async () => {
  const law = await opening()
  expect(flagIn(law.rules, FLAG)).toBe(false)
  expect(law.missing).toEqual([])
})

test('a row of another regime says nothing', async () => {
  await enter(true, 'Order 1', '2026-01-01', 'R4')
  expect(flagIn((await opening()).rules, FLAG)).toBe(false)
})

test('what is entered or changed later changes no case that has started', async () => {
  const before = await opening()
  await enter(true, 'Order 1', '2026-01-01')
  const after = await opening()
  await database.sql(`update regime_rows set value = 'false' where key = $1`, [FLAG])
  expect([before, after, await opening()].map(({ rules }) => flagIn(rules, FLAG))).toEqual([false, true, false])
})

test('a case keeps the act and the day by which its flag is on', async () => {
  await enter(true, 'Order 1', '2026-01-01')
  expect((await opening()).rules.find(({ key }) => key === FLAG)).toMatchObject({
    value: true,
    inForce: { act: 'Order 1', from: '2026-01-01' },
  })
})
