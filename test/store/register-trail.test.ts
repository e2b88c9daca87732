/** The trail of the register: every row that is entered, changed or removed leaves one, with who did it, or is not touched. */
import { z } from 'zod'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { BodyKey, CaseId, PersonId } from '../../workflows/kernel/contract'
import type { KeptRegister } from '../../workflows/kernel/register'
import { addBodyDay, addHoliday, addSwap, bodyDays, holidays, removeDay, swaps } from '../../prisma/store/calendar'
import { changeOwn, enterOwn, type OwnRegister } from '../../prisma/store/own-registers'
import * as registers from '../../prisma/store/register'
import { type Author, registerTables, SYSTEM, trailOf, writeRegister } from '../../prisma/store/register-trail'
import { KEEPER } from '../../prisma/store/register-sight'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { asViewer } from '../support/viewers'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ register: true })
})
afterAll(() => database.drop())

const PERSON = '00000000-0000-4000-8000-00000000000a' as PersonId
const CASE = '00000000-0000-4000-8000-00000000000b' as CaseId
const DOCUMENT = { id: '00000000-0000-4000-8000-00000000000c', number: '12-k' }
const administrator: Author = { by: { person: PERSON, capacity: 'administrator' } }

const trail = (where = 'true') =>
  database.sql(`select * from register_changes where by <> 'system' and ${where} order by seq`)
const lastSeq = async () =>
  Number((await database.sql('select max(seq) as seq from register_changes'))[0]?.['seq'] ?? 0)
const since = (seq: number) => database.sql(`select * from register_changes where seq > ${seq} order by seq`)

describe('what is seeded', () => {
  test('is in the trail, row by row', async () => {
    for (const { register, table } of registerTables()) {
      const [found] = await database.sql(
        `select (select count(*)::int from ${table}) as there,
          (select count(*)::int from register_changes where register = '${register}' and before is null and by = 'system') as traced`,
      )
      expect([register, found?.['traced']]).toEqual([register, found?.['there']])
    }
  })
})

/** Each way in which the API writes a register. */
const body = 'ministryFinance' as BodyKey
const name = { kk: 'a', ru: 'b', en: 'c' }
const sourced = { confidence: 'D', source: 'test' } as const
const first = async (table: string): Promise<{ id: string; version: number }> => {
  const [row] = await database.sql(`select * from ${table} order by 1 limit 1`)

  return { id: String(row?.['id'] ?? row?.['key']), version: Number(row?.['version']) }
}
const holiday = { nameKey: 'test', name, moves: false, kind: 'state', date: isoDate('2027-06-07'), ...sourced }
const swap = { date: isoDate('2027-06-08'), kind: 'off', appliesTo: 'all', reason: 'r', ...sourced } as const
const day = { body, date: isoDate('2027-06-09'), working: false, reason: 'r' }

/** A register that a process owns. */
const keys: OwnRegister = {
  ...{ id: 'doors-keys', process: 'doors', name: 'keys' },
  kind: { body: 'body', key: ['number'], readBy: 'everybody', keptBy: ['hr'] },
  form: z.strictObject({ body: z.string(), number: z.int() }),
}

const CHANGES: { readonly [R in KeptRegister]: () => Promise<unknown> } = {
  bodies: async () =>
    registers.bodies.update(database.db, administrator, await first('state_bodies'), { weekProfile: 'six-day' }),
  units: async () => registers.units.update(database.db, administrator, await first('units'), { name }),
  positions: async () =>
    registers.positions.update(database.db, administrator, await first('positions'), { name, unit: null }),
  people: async () =>
    registers.people.update(database.db, administrator, await first('people'), {
      surname: name,
      birthDate: isoDate('1990-01-02'),
    }),
  posts: async () =>
    registers.posts.update(database.db, administrator, await first('posts'), { endGround: 'transfer' }),
  roles: async () => registers.roles.update(database.db, administrator, await first('body_roles'), { basis: 'other' }),
  terms: async () =>
    registers.terms.update(database.db, administrator, await first('terms'), { validTo: isoDate('2030-01-01') }),
  rules: async () => registers.rules.update(database.db, administrator, await first('regime_rows'), { value: false }),
  holidays: async () => holidays.update(database.db, administrator, await first('holidays'), { moves: true }),
  swaps: async () => swaps.update(database.db, administrator, await first('day_swaps'), { reason: 'other' }),
  own: async () => {
    const fields = { body, number: 1 }
    const row = await database.db.sql.transaction((tx) => enterOwn(tx, SYSTEM, keys, fields))
    if (row === 'exists') throw new Error(row)

    return changeOwn(database.db, administrator, keys, { id: row.id, version: 1 }, { ...fields, number: 2 })
  },
  'body-days': async () => {
    await addBodyDay(database.db, SYSTEM, { ...day, date: isoDate('2027-06-10') })

    return bodyDays.update(database.db, administrator, await first('body_days'), { reason: 'other' })
  },
}

describe('a row that a person changes', () => {
  test.each(Object.entries(CHANGES))('of %s leaves one row in the trail', async (register, change) => {
    const before = (await trail(`register = '${register}'`)).length
    const row = await change()
    expect(row).toMatchObject({ id: expect.any(String) })
    const [left, ...others] = (await trail(`register = '${register}'`)).slice(before)
    expect(others).toEqual([])
    const was = left?.['before'] as { version: number }
    expect(left).toMatchObject({
      rowId: (row as { id: string }).id,
      by: 'person',
      personId: PERSON,
      capacity: 'administrator',
      caseId: null,
      after: { version: was.version + 1 },
    })
    expect(left?.['after']).not.toHaveProperty('search')
  })

  test('that somebody else has changed meanwhile leaves none', async () => {
    const before = await lastSeq()
    const { id } = await first('units')
    expect(await registers.units.update(database.db, administrator, { id, version: 99 }, { name })).toBe('stale')
    expect(await since(before)).toEqual([])
  })
})

describe('a row that a person enters and removes', () => {
  test.each([
    ['holidays', () => addHoliday(database.db, administrator, holiday)],
    ['swaps', () => addSwap(database.db, administrator, swap)],
    ['body-days', () => addBodyDay(database.db, administrator, day)],
  ] as const)('of %s leaves one row in the trail each', async (register, add) => {
    const before = await lastSeq()
    const row = await add()
    if (typeof row === 'string') throw new Error(row)
    expect(await since(before)).toMatchObject([{ register, rowId: row.id, before: null, after: { version: 1 } }])
    expect(await add()).toBe('exists')
    expect(await since(before)).toHaveLength(1)
    expect(await removeDay(database.db, administrator, register, { id: row.id, version: 1 })).toBe('removed')
    expect((await since(before)).slice(1)).toMatchObject([{ register, before: { version: 1 }, after: null }])
  })

  test('of roles leaves one row in the trail', async () => {
    const before = await lastSeq()
    const { id: person } = await first('people')
    const role = {
      person: person as PersonId,
      role: 'hr',
      body,
      from: isoDate('2026-01-01'),
      to: null,
      basis: 'b',
    } as const
    const added = await registers.addRole(database.db, administrator, role)
    expect(await since(before)).toMatchObject([
      { register: 'roles', rowId: 'id' in added && added.id, before: null, after: { personId: person } },
    ])
  })
})

describe('the function that writes the register', () => {
  const author: Author = { by: { case: CASE, effect: 'dismiss/1' }, document: DOCUMENT, basis: 'art. 20' }

  test('says which effect of which case, under which document, on which ground', async () => {
    const before = await lastSeq()
    const at = await first('posts')
    const nobody = asViewer({ person: PERSON, grants: [] })
    const endGround = 'ownWish'
    const [change, ...others] = await database.db.sql.transaction((tx) =>
      writeRegister(tx, author, 'posts', { ...at, change: { endGround } }),
    )
    expect(others).toEqual([])
    expect(change).toMatchObject({
      register: 'posts',
      id: at.id,
      before: { version: at.version },
      now: { endGround, version: at.version + 1 },
    })
    const [row] = await since(before)
    expect(row).toMatchObject({
      by: 'case',
      personId: null,
      caseId: CASE,
      effectId: 'dismiss/1',
      documentId: DOCUMENT.id,
      documentNumber: '12-k',
      basis: 'art. 20',
    })
    expect(await trailOf(database.db, nobody, { register: 'posts', id: at.id }, { page: 1, perPage: 1 })).toMatchObject(
      {
        data: [
          {
            seq: change?.seq,
            by: 'case',
            person: null,
            document: null,
            before: { version: at.version },
            after: { endGround },
          },
        ],
        pageInfo: { hasNextPage: true },
      },
    )
  })

  test('leaves no trail of what is taken back, and changes no row of which nobody could be told', async () => {
    const before = await lastSeq()
    const at = await first('units')
    const told = () => Promise.reject(new Error('nobody knows'))
    const changed = database.db.sql.transaction((tx) =>
      writeRegister(tx, { ...author, told }, 'units', { ...at, change: { nameKk: 'x' } }),
    )
    await expect(changed).rejects.toThrow('nobody knows')
    expect(await since(before)).toEqual([])
    expect(await registers.units.get(database.db, at.id, KEEPER)).not.toMatchObject({ name: { kk: 'x' } })
  })

  test('tells of each change in the transaction that makes it', async () => {
    const heard: string[] = []
    const at = await first('units')
    await database.db.sql.transaction(async (tx) => {
      const told: Author['told'] = async (within, { register, id, now }) => {
        const [row] = await within.rows<{ nameKk: string }>`select "nameKk" from units where id = ${id}::uuid`
        heard.push(`${register} ${String(row?.nameKk)} ${now === null ? 'removed' : 'changed'}`)
      }
      await writeRegister(tx, { ...author, told }, 'units', { ...at, change: { nameKk: 'told' } })
    })
    expect(heard).toEqual(['units told changed'])
  })

  test('adds to the trail and nothing else', async () => {
    await expect(database.sql(`update register_changes set basis = 'other'`)).rejects.toThrow('only added to')
    await expect(database.sql(`delete from register_changes`)).rejects.toThrow('only added to')
  })

  test('enters many rows as one, and dates and blanks as they are', async () => {
    const people = [0, 1].map((n) => ({
      ...{ surnameKk: 'a', surnameRu: 'b', surnameEn: 'c', givenKk: 'd', givenRu: 'e', givenEn: 'f', sex: 'f' },
      id: `00000000-0000-4000-8000-00000000010${n}` as PersonId,
      birthDate: addDays(isoDate('1990-01-01'), n),
    }))
    const entered = await database.db.sql.transaction((tx) => writeRegister(tx, author, 'people', { enter: people }))
    expect(entered.map(({ now }) => now)).toEqual(
      people.map((person) => ({ ...person, email: null, sample: true, fields: {}, version: 1 })),
    )
    expect(await database.db.sql.transaction((tx) => writeRegister(tx, author, 'people', { enter: [] }))).toEqual([])
  })
})
