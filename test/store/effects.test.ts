/** What a case does to a register is done once, whatever is lost on the way, and never after it was taken back. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { commandById, storeCommand, type NewCommand } from '../../prisma/store/commands'
import {
  AppealNotBegun,
  effectsOf,
  suspendingAppeal,
  suspend,
  takeEffect,
  undoEffect,
  type EffectStore,
} from '../../prisma/store/effects'
import type { CaseId, CommandId, EffectId, IsoDate } from '../../workflows/kernel/contract'
import type { EffectOutcome, TakeEffect } from '../../workflows/kernel/protocol/activities'
import { arrangeCase } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { planOfStatement, rowsRead } from '../support/plans'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase({ register: true })
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
const appealing = ['appeal']
const take = (asked: TakeEffect) => takeEffect(database.db, stores, asked, { appealing })
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
  const appeals = (about: CaseId | null, process = 'appeal'): NewCommand => ({
    id: randomUUID() as CommandId,
    caseId: newCase(),
    kind: 'start',
    act: null,
    principal: 'somebody',
    key: randomUUID(),
    digest: '',
    actor: {},
    payload: { message: {}, input: { process, ...(about && { aboutCase: about }) } },
    content: null,
    task: null,
    ...(about && { aboutCase: about }),
  })
  /** The case of a start that was stored begins: what it suspends is suspended, and the start has come to something. */
  async function begins({ id, caseId }: NewCommand, suspended: string): Promise<void> {
    const asked = seat('', caseId, { name: 'suspend', request: { document: suspended } })
    await takeEffect(database.db, { ...stores, suspend }, asked)
    await arrangeCase(database.db, { id: caseId, body: 'ministryFinance', subject: null })
    await database.sql(`update commands set state = 'done' where id = $1`, [id])
  }

  test('waits for no start about its case that appeals nothing, whatever becomes of that', async () => {
    const id = newCase()
    await storeCommand(database.db, appeals(id, 'probation'))
    await storeCommand(database.db, appeals(id, 'servedByNobody'))
    expect(await take(seat('a', id, { decision: randomUUID() }))).toEqual(TAKEN)
  })

  test('waits for an appeal about its case that is stored and has not begun, and does nothing meanwhile', async () => {
    const id = newCase()
    const asked = seat('a', id, { decision: randomUUID() })
    const start = appeals(id)
    await storeCommand(database.db, start)
    await expect(take(asked)).rejects.toThrow(AppealNotBegun)
    expect(await seats()).toEqual([])
    await database.sql(`update commands set state = 'refused' where id = $1`, [start.id])
    expect(await take(asked)).toEqual(TAKEN)
  })

  test('a start about no case waits for nobody; one about a case waits while a decision of that case is carried out', async () => {
    const id = newCase()
    const start = appeals(id)
    const reached = gate()
    const goOn = gate()
    const slow: EffectStore = {
      take: async (tx, request, author) => {
        reached.open()
        await goOn.opened

        return sit.take(tx, request as Seat, author)
      },
      undo: sit.undo,
    }
    const done = takeEffect(database.db, { sit: slow }, seat('a', id, { decision: randomUUID() }), { appealing })
    await reached.opened
    expect(await storeCommand(database.db, appeals(null))).toMatchObject({ stored: true })
    expect(await storeCommand(database.db, appeals(newCase()))).toMatchObject({ stored: true })
    const stored = storeCommand(database.db, start)
    await eventually('the start to wait', async () => {
      const rows = await database.sql(
        `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
      )

      return rows.length > 0
    })
    expect(await commandById(database.db, start.id)).toBeNull()
    goOn.open()
    expect(await done).toEqual(TAKEN)
    expect(await stored).toMatchObject({ stored: true })
  })

  test('many at once, in any order: what was received before is seen, and what was not seen was received after it was done', async () => {
    await database.sql('create table done_at (holder uuid primary key, at timestamptz not null)')
    const noting: EffectStore = {
      take: async (tx, _, { case: id }) => {
        await tx.run`insert into done_at select ${id}::uuid, clock_timestamp()`

        return { taken: true, value: null }
      },
      undo: () => Promise.resolve({ taken: true, value: null }),
    }
    const orders = fc.sample(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 }), {
      seed: 17,
      numRuns: 60,
    })
    const came = { first: 0, after: 0 }
    await Promise.all(
      [[0, 60, 60, 60], [60, 0, 60, 60], ...orders].map(async ([before = 0, ...pauses]) => {
        const id = newCase()
        const decision = randomUUID()
        const starts = pauses.map(() => appeals(id))
        const received = Promise.all(
          starts.map(async (start, i) => {
            await sleep(pauses[i])
            const stored = await storeCommand(database.db, start)
            await sleep(pauses[i])
            await begins(start, decision)

            return stored.stored ? Date.parse(stored.receivedAt) : 0
          }),
        )
        await sleep(before)
        const asked = seat('', id, { decision })
        const outcome = await untilBegun(() => takeEffect(database.db, { sit: noting }, asked, { appealing }))
        const moments = await received
        const [done] = await database.sql('select at from done_at where holder = $1', [id])
        if (outcome.taken) {
          came.first += 1
          // the store keeps the moment of a start in whole milliseconds
          for (const at of moments) expect(at).toBeGreaterThanOrEqual(Math.floor((done?.['at'] as Date).getTime()))
        } else {
          came.after += 1
          expect(done).toBeUndefined()
          expect(starts.map(({ caseId }) => caseId)).toContain(outcome.reason.params?.['appeal'])
        }
      }),
    )
    expect(came.first).toBeGreaterThan(0)
    expect(came.after).toBeGreaterThan(0)
  })
})

/** Asked again, as Temporal does, while a start is about to begin. */
async function untilBegun(take: () => Promise<EffectOutcome>): Promise<EffectOutcome> {
  for (;;)
    try {
      return await take()
    } catch (error) {
      if (!(error instanceof AppealNotBegun)) throw error
      await sleep(2)
    }
}

/** Something that waits until it is let on. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))

  return { opened, open: () => open() }
}

test('whether an appeal suspends a decision is asked without reading what other cases did, however much that is', async () => {
  const one = await arrangeCase(database.db, { body: 'ministryFinance', subject: null })
  await database.sql(
    `insert into cases select r.* from cases c, generate_series(1, 2000) n, jsonb_populate_record(null::cases,
       to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'number', 'many-' || n)) r where c.id = $1`,
    [one],
  )
  await database.sql(
    `insert into effects (id, "caseId", name, request, state, outcome, "setBodyKey", "on", at)
     select gen_random_uuid(), c.id, case when n % 3 = 0 then 'suspend' else 'sit' end,
       jsonb_build_object('document', gen_random_uuid()), case when n % 2 = 0 then 'taken' else 'undone' end, '{}', '', '2026-04-01', now()
     from cases c, generate_series(1, 6) n where c.number like 'many-%'`,
  )
  await database.sql('analyze effects, cases')
  const decision = randomUUID()
  const plan = await planOfStatement(database.db, database.url, ({ sql }) => suspendingAppeal(sql, decision))
  expect(rowsRead(plan, 'effects')).toBeLessThan(5)
})
