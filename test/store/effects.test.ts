/** What a case does to a register is done once, whatever is lost on the way, and never after it was taken back. */
import { randomUUID } from 'node:crypto'
import { effectsOf, StartUnderway, takeEffect, undoEffect, type EffectStore } from '../../prisma/store/effects'
import type { CaseId, EffectId, IsoDate } from '../../workflows/kernel/contract'
import type { EffectOutcome, TakeEffect } from '../../workflows/kernel/protocol/activities'
import { freshDatabase, type FreshDatabase } from '../support/database'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
  await database.sql(`create table seats (place text primary key, holder uuid not null)`)
})
afterAll(() => database.drop())
beforeEach(() => database.sql('delete from seats'))

type Seat = { readonly place: string }
/** Who takes a seat has no other; it cannot be given back when somebody sits in it whom the case does not know. */
const sit: EffectStore<Seat, null> = {
  take: async (tx, { place }, { case: id }) => {
    const added = await tx.run`insert into seats select ${place}, ${id}::uuid
      where not exists (select 1 from seats where holder = ${id}::uuid) on conflict do nothing`

    return added > 0 ? { taken: true, value: null } : { taken: false, reason: { code: 'alreadyOpen' } }
  },
  undo: async (tx, { request: { place } }, { case: id }) => {
    const gone = await tx.run`delete from seats where place = ${place} and holder = ${id}::uuid`

    return gone > 0 ? { taken: true, value: null } : { taken: false, reason: { code: 'undoFailed' } }
  },
}
const stores = { sit }
const on = '2026-03-02' as IsoDate
const newCase = () => randomUUID() as CaseId
const seat = (place: string, id: CaseId, more: Partial<TakeEffect> = {}): TakeEffect => ({
  effect: randomUUID() as EffectId,
  name: 'sit',
  case: id,
  request: { place },
  on,
  rehearsal: null,
  setBody: 'ministryFinance' as TakeEffect['setBody'],
  ...more,
})
const take = (asked: TakeEffect) => takeEffect(database.db, stores, asked)
const undo = ({ effect, name, case: id }: TakeEffect) => undoEffect(database.db, stores, { effect, name, case: id, on })
const seats = async () => (await database.sql('select place from seats order by place')).map((row) => row['place'])

const TAKEN: EffectOutcome = { taken: true, value: null }

test('asked twice, or twice at once, it is done once and says the same', async () => {
  const asked = seat('a', newCase())
  expect(await Promise.all([take(asked), take(asked), take(asked)])).toEqual([TAKEN, TAKEN, TAKEN])
  expect(await take(asked)).toEqual(TAKEN)
  expect(await seats()).toEqual(['a'])
})

test('a refusal stays a refusal when it is asked again, though nothing stands in the way any more', async () => {
  const [first, second] = [seat('a', newCase()), seat('a', newCase())]
  await take(first)
  const refused = { taken: false, reason: { code: 'alreadyOpen' } }
  expect(await take(second)).toEqual(refused)
  await undo(first)
  expect(await take(second)).toEqual(refused)
})

test('what is taken back once is not taken back again, and the next may have it', async () => {
  const [first, second] = [seat('a', newCase()), seat('a', newCase())]
  await take(first)
  expect(await undo(first)).toEqual(TAKEN)
  expect(await take(second)).toEqual(TAKEN)
  expect(await undo(first)).toEqual(TAKEN)
  expect(await seats()).toEqual(['a'])
})

test('one that comes after it was taken back does nothing', async () => {
  const late = seat('a', newCase())
  expect(await undo(late)).toEqual(TAKEN)
  expect(await take(late)).toEqual({ taken: false, reason: { code: 'effect.undone' } })
  expect(await seats()).toEqual([])
})

test('of one that is under way while it is taken back nothing stays', async () => {
  for (let n = 0; n < 20; n += 1) {
    const asked = seat(`race ${n}`, newCase())
    await Promise.all([take(asked), undo(asked)])
  }
  expect(await seats()).toEqual([])
})

test('one that cannot be taken back says why and stands; a later try may succeed', async () => {
  const id = newCase()
  const asked = seat('a', id)
  await take(asked)
  await database.sql(`update seats set place = 'moved'`)
  expect(await undo(asked)).toEqual({ taken: false, reason: { code: 'undoFailed' } })
  expect(await effectsOf(database.db, id)).toEqual([{ effect: asked.effect, name: 'sit' }])
  await database.sql(`update seats set place = 'a'`)
  expect(await undo(asked)).toEqual(TAKEN)
  expect(await effectsOf(database.db, id)).toEqual([])
})

describe('in a rehearsal', () => {
  const rehearsed = (place: string, id: CaseId, set: string) => seat(place, id, { rehearsal: set })

  test('nothing is written, and what cases of the set did before counts', async () => {
    const [one, two] = [newCase(), newCase()]
    expect(await take(rehearsed('a', one, 'spring'))).toEqual(TAKEN)
    expect(await take(rehearsed('a', two, 'spring'))).toMatchObject({ taken: false })
    expect(await take(rehearsed('b', one, 'spring'))).toMatchObject({ taken: false })
    expect(await take(rehearsed('b', two, 'spring'))).toEqual(TAKEN)
    expect(await seats()).toEqual([])
  })

  test('sets know nothing of each other, the real register counts, and nothing real is kept from anybody', async () => {
    const [real, later] = [newCase(), newCase()]
    await take(seat('a', real))
    expect(await take(rehearsed('a', newCase(), 'autumn'))).toMatchObject({ taken: false })
    expect(await take(rehearsed('b', newCase(), 'autumn'))).toEqual(TAKEN)
    expect(await take(rehearsed('b', newCase(), 'winter'))).toEqual(TAKEN)
    expect(await take(seat('b', later))).toEqual(TAKEN)
    expect(await seats()).toEqual(['a', 'b'])
  })

  test('what is taken back in the set is free in it again', async () => {
    const first = rehearsed('a', newCase(), 'summer')
    await take(first)
    expect(await undo(first)).toEqual(TAKEN)
    expect(await take(rehearsed('a', newCase(), 'summer'))).toEqual(TAKEN)
  })
})

describe('what carries out a decision', () => {
  test('waits for a start about its case that is stored and has not begun, and does nothing meanwhile', async () => {
    const id = newCase()
    const asked = seat('a', id, { decision: randomUUID() })
    const key = randomUUID()
    await database.sql(
      `insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
       values (gen_random_uuid(), gen_random_uuid(), 'start', 'somebody', $1, '', '{}', $2, clock_timestamp(), 'stored')`,
      [key, JSON.stringify({ input: { aboutCase: id } })],
    )
    await expect(take(asked)).rejects.toThrow(StartUnderway)
    expect(await seats()).toEqual([])
    await database.sql(`update commands set state = 'refused' where key = $1`, [key])
    expect(await take(asked)).toEqual(TAKEN)
  })
})
