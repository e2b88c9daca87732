import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { BodyKey, IsoDate, PersonId, PositionId } from '../../workflows/kernel/contract'
import * as data from '../../prisma/seed/data'
import { newcomers, SAMPLE_DATE, seedRegister } from '../../prisma/seed/seed'
import { sampleRegister } from '../../prisma/seed/sample'
import { bodies, people, positions, posts, terms } from '../../prisma/store/register'
import { regimeOn, RegisterGap, ruleRows, termRows } from '../../prisma/store/law'
import { actorOf } from '../../prisma/store/accounts'
import { toStored } from '../../prisma/store/db'
import { SYSTEM } from '../../prisma/store/register-trail'
import { agencyOf, holdersOf, serviceMonths, servicePost } from '../../prisma/store/service'
import { KEEPER } from '../../prisma/store/register-sight'
import { type FreshDatabase, freshDatabase } from '../support/database'

const on = SAMPLE_DATE
const body = (key: string) => key as BodyKey
const sample = sampleRegister({ seed: 1, on })

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ register: true })
})
afterAll(() => database.drop())

const counts = () =>
  database.sql(`select (select count(*) from regions) as regions, (select count(*) from state_bodies) as bodies,
    (select count(*) from terms) as terms, (select count(*) from holidays) as holidays, (select count(*) from day_swaps) as swaps,
    (select count(*) from regime_rows) as rules, (select count(*) from people) as people, (select count(*) from posts) as posts,
    (select count(*) from positions) as positions, (select count(*) from accounts) as accounts,
    (select md5(string_agg(p::text, '' order by p.id)) from posts p) as digest`)

/** The person who holds that position of the Ministry of Finance now, by how he came to it. */
const reappointedAfter = async (ground: string) => {
  const left = await database.db.post.findFirstOrThrow({
    where: {
      endGround: ground,
      person: {
        posts: { some: { to: null, position: { bodyKey: 'ministryFinance' }, from: { gte: new Date('2026-11-01') } } },
      },
    },
  })
  const post = await database.db.post.findFirstOrThrow({ where: { personId: left.personId, to: null } })
  return { person: post.personId as PersonId, position: post.positionId as PositionId, on }
}

describe('seeding', () => {
  test('a second run, even on another date, changes nothing', async () => {
    const before = await counts()
    expect(before).toMatchObject([
      {
        regions: '20',
        bodies: '78',
        terms: String(data.termRows().length),
        holidays: '201',
        swaps: '38',
        rules: String(data.ruleRows().length),
      },
    ])
    await seedRegister(database.url, { on: isoDate('2026-12-24') })
    expect(await counts()).toEqual(before)
  })
})

/** As it is asked on the day itself. */
const postThen = (question: Parameters<typeof servicePost>[1]) =>
  servicePost({ sql: database.db.sql }, question, Date.parse(`${question.on}T06:00:00Z`))

describe('facts about a servant', () => {
  test('a newcomer', async () => {
    for (const newcomer of newcomers().slice(0, 8)) {
      const { person, position } = newcomer
      expect(await postThen({ person, position, on })).toMatchObject({
        firstEntry: true,
        corps: 'B',
        elected: false,
        leftOn: null,
        leftGround: null,
        breakWorkingDays: null,
        appointedOn: newcomer.appointedOn,
        body: newcomer.body,
        bodyKind: newcomer.bodyKind,
        supervisor: newcomer.supervisor,
        profile: 'five-day',
      })
    }
  })

  test.each(['ownWish', 'probation', 'evaluation', 'attestation', 'negativeGrounds', 'staffReduction'])(
    'one who had left before: %s',
    async (ground) => {
      const facts = await postThen(await reappointedAfter(ground))
      expect(facts).toMatchObject({ firstEntry: false, leftGround: ground })
      expect(facts?.breakWorkingDays).toBeGreaterThan(100)
    },
  )

  test('one who moved on the next working day', async () => {
    const facts = await postThen(await reappointedAfter('transfer'))
    expect(facts).toMatchObject({ firstEntry: false, leftGround: 'transfer', breakWorkingDays: 0 })
    expect(facts?.serviceMonths).toBeGreaterThanOrEqual(12)
  })

  test.each([
    ['ended after it', '2014-06-30', '2015-03-02', 171],
    ['ended before it', '2013-12-27', '2014-01-06', 5],
  ])('a break in service that began before the first day of the register and %s', async (_, left, taken, days) => {
    const { person, position } = await reappointedAfter('ownWish')
    // nobody else has held his positions
    await database.sql('delete from posts where "positionId" = $1 and "personId" <> $2', [position, person])
    await database.sql(
      `update posts set "positionId" = (select id from positions where id not in (select "positionId" from posts) limit 1)
       where "personId" = $1 and "positionId" <> $2`,
      [person, position],
    )
    await database.sql('update posts set "from" = $1, "to" = $2 where "personId" = $3 and "positionId" <> $4', [
      '2010-01-04',
      left,
      person,
      position,
    ])
    await database.sql('update posts set "from" = $1 where "personId" = $2 and "positionId" = $3', [
      taken,
      person,
      position,
    ])
    const facts = await servicePost(
      { sql: database.db.sql },
      { person, position, on: isoDate(taken) },
      Date.parse(taken),
    )
    expect(facts).toMatchObject({ leftOn: left, breakWorkingDays: days })
    await database.sql('update posts set "from" = $1 where "personId" = $2 and "positionId" = $3', [
      on,
      person,
      position,
    ])
  })

  test('where nobody heads the unit, and for whoever heads it, the head of the body supervises', async () => {
    const [head] = await holdersOf(database.db, { role: 'head', body: body('ministryFinance') }, on)
    const free = sample.newcomers.filter((each) => each.body === 'ministryFinance' && each.supervisor === head)
    expect(free).toHaveLength(1)
    for (const { person, position } of free) expect((await postThen({ person, position, on }))?.supervisor).toBe(head)
    const director = await database.db.post.findFirstOrThrow({
      where: { to: null, position: { bodyKey: 'ministryFinance', headsUnit: true } },
    })
    const where = { person: director.personId as PersonId, position: director.positionId as PositionId, on }
    expect((await postThen(where))?.supervisor).toBe(head)
    const minister = await database.db.post.findFirstOrThrow({
      where: { to: null, position: { bodyKey: 'ministryFinance', headsBody: true } },
    })
    const top = { person: minister.personId as PersonId, position: minister.positionId as PositionId, on }
    expect(await postThen(top)).toMatchObject({ supervisor: null, corps: 'political' })
  })

  test('a supervisor who has left since is not named, nor is anything said of a servant who has', async () => {
    const one = newcomers().find(({ supervisor }) => supervisor !== null)
    if (!one?.supervisor) throw new Error('no newcomer has a supervisor')
    const { person, position, appointedOn, supervisor } = one
    const later = Date.parse(`${addDays(on, 10)}T06:00:00Z`)
    const asked = () => servicePost({ sql: database.db.sql }, { person, position, on: appointedOn }, later)
    const ending = (whose: string, to: IsoDate | null) =>
      database.db.post.updateMany({
        where: {
          personId: whose,
          OR: [{ to: null }, { to: toStored(addDays(on, 9)) }, { to: toStored(addDays(on, 10)) }],
        },
        data: { to: to && toStored(to) },
      })
    expect(await asked()).toMatchObject({ supervisor })
    await ending(supervisor, addDays(on, 10))
    expect(await asked()).toMatchObject({ supervisor })
    await ending(supervisor, addDays(on, 9))
    const now = await asked()
    expect(now?.supervisor).not.toBe(supervisor)
    // the head of the body stands in
    expect(now?.supervisor).toEqual(expect.any(String))
    await ending(supervisor, null)
    await ending(person, addDays(on, 9))
    expect(await asked()).toBeNull()
    await ending(person, null)
  })

  test('nothing about a position that he does not hold that day', async () => {
    const [one, other] = newcomers()
    if (!one || !other) throw new Error('no newcomers')
    expect(await postThen({ person: one.person, position: other.position, on })).toBeNull()
    expect(await postThen({ person: one.person, position: one.position, on: addDays(one.appointedOn, -1) })).toBeNull()
  })

  test('months of service leave gaps out', async () => {
    const db = database.db
    const person = newcomers()[0]?.person as PersonId
    const { id: position } = await db.position.findFirstOrThrow({ where: { posts: { none: {} } } })
    const stretch = (id: string, from: string, to: string) => ({
      id,
      personId: person,
      positionId: position,
      from: new Date(from),
      to: new Date(to),
      endGround: 'ownWish',
    })
    const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const
    // 4 months and 12 months that touch, then a gap, then 5
    await db.post.createMany({
      data: [
        stretch(ids[0], '2020-01-01', '2020-04-30'),
        stretch(ids[1], '2020-05-01', '2021-04-30'),
        stretch(ids[2], '2022-01-01', '2022-05-31'),
      ],
    })
    expect(await serviceMonths(db.sql, person, isoDate('2022-12-31'))).toBe(21)
    expect(await serviceMonths(db.sql, person, isoDate('2021-01-01'))).toBe(12)
    await db.post.deleteMany({ where: { id: { in: [...ids] } } })
  })
})

describe('roles', () => {
  test('hold from their first to their last day', async () => {
    const agency = { role: 'agency', body: body('civilServiceAgency.karaganda') } as const
    const officers = await holdersOf(database.db, agency, on)
    expect(officers.length).toBeGreaterThanOrEqual(2)
    const [first] = officers
    if (!first) throw new Error('no officer')
    expect((await actorOf(database.db, first, on))?.grants).toContainEqual(agency)
    expect(await actorOf(database.db, first, isoDate('2010-01-01'))).toMatchObject({ grants: [], posts: [] })
  })

  test.each([
    ['ministryFinance', 'civilServiceAgency'],
    ['akimat.karaganda', 'civilServiceAgency.karaganda'],
    ['akimat.kostanay.fedorov', 'civilServiceAgency.kostanay'],
    ['ministryJustice.shymkent', 'civilServiceAgency.shymkent'],
    ['civilServiceAgency.karaganda', 'civilServiceAgency'],
    ['civilServiceAgency', 'civilServiceAgency'],
  ])('%s answers to %s', async (from, to) => {
    expect(await agencyOf(database.db, body(from))).toBe(to)
  })
})

describe('the law of a day', () => {
  test.each([
    ['2010-01-01', 'R0'],
    ['2015-12-31', 'R0'],
    ['2016-01-01', 'R1'],
    ['2020-07-14', 'R1'],
    ['2020-07-15', 'R2'],
    ['2023-06-01', 'R3'],
    ['2026-06-30', 'R4'],
    ['2026-07-01', 'R5'],
    ['2031-01-01', 'R5'],
  ])('on %s it is %s', async (day, regime) => {
    expect(await regimeOn(database.db, isoDate(day))).toBe(regime)
  })

  test("the regime's own row wins over the one for all", async () => {
    const keys = ['probation.interimCheck', 'probation.base']
    expect(await termRows(database.db, keys, 'R3', on)).toMatchObject([
      { id: 'probation.interimCheck:*', value: 5, unit: 'working days', confidence: 'D' },
      { id: 'probation.base:R3', value: 3, unit: 'months', confidence: 'L' },
    ])
    expect(await termRows(database.db, ['probation.base'], 'RC', on)).toMatchObject([{ value: 0, confidence: 'S' }])
  })

  test('a missing row or value is an error, not a guess', async () => {
    await expect(termRows(database.db, ['probation.base', 'probation.extension'], 'R0', on)).rejects.toThrow(
      RegisterGap,
    )
    await expect(termRows(database.db, ['selection.oath'], 'R5', on)).rejects.toThrow('selection.oath')
    await expect(termRows(database.db, ['selection.lawTest'], 'R5', on)).rejects.toThrow(RegisterGap)
    await expect(ruleRows(database.db, ['probation.unheardOf'], 'R5')).rejects.toThrow(RegisterGap)
  })

  test('rules keep their type', async () => {
    expect(
      await ruleRows(database.db, ['probation.mentorMaxMentees', 'probation.dismissalAtFirstReview'], 'R1'),
    ).toMatchObject([
      { value: 3, confidence: 'D' },
      { value: true, confidence: 'S' },
    ])
  })
})

describe('lists', () => {
  test('go by pages without counting', async () => {
    const page = (n: number) => bodies.list(database.db, { page: n, perPage: 25 }, KEEPER)
    expect((await page(1)).pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false })
    const last = await page(4)
    expect(last.data).toHaveLength(3)
    expect(last.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true })
    const all = [...(await page(1)).data, ...(await page(2)).data, ...(await page(3)).data, ...last.data]
    expect(new Set(all.map((each) => each.id)).size).toBe(78)
  })

  test('find people by any of their names in any language and case, within a body', async () => {
    const person = await database.db.person.findFirstOrThrow({
      where: { surnameKk: { not: { equals: database.db.person.fields.surnameRu } }, posts: { some: { to: null } } },
    })
    const texts = [
      person.surnameKk,
      person.surnameRu.toLowerCase(),
      person.surnameEn.toUpperCase(),
      `${person.givenEn} ${person.surnameRu}`,
      person.surnameRu.slice(1, 5),
    ]
    for (const q of texts) {
      const { data } = await people.list(database.db, { page: 1, perPage: 100, filter: { q } }, KEEPER)
      expect(data.map((each) => each.id)).toContain(person.id)
    }
    const nobody = await people.list(database.db, { page: 1, perPage: 5, filter: { q: 'nobody 100%' } }, KEEPER)
    expect(nobody.data).toEqual([])
    const here = await people.list(database.db, { page: 1, perPage: 100, filter: { body: 'ministryFinance' } }, KEEPER)
    expect(here.data.length).toBeGreaterThan(30)
    expect(here.data.every((each) => each.post?.body.key === 'ministryFinance')).toBe(true)
  })

  test('know vacant positions and who is in post', async () => {
    const vacant = await positions.list(
      database.db,
      {
        page: 1,
        perPage: 50,
        filter: { body: 'ministryFinance', vacantOn: on },
      },
      KEEPER,
    )
    expect(vacant.data.length).toBeGreaterThanOrEqual(3)
    for (const { id } of vacant.data) {
      const held = await posts.list(database.db, { page: 1, perPage: 5, filter: { position: id, on } }, KEEPER)
      expect(held.data).toEqual([])
    }
  })

  test('refuse filters and sorts they do not have', async () => {
    const query = { page: 1, perPage: 5 }
    await expect(bodies.list(database.db, { ...query, filter: { colour: 'red' } }, KEEPER)).rejects.toThrow(RangeError)
    await expect(bodies.list(database.db, { ...query, sort: 'x' }, KEEPER)).rejects.toThrow(RangeError)
    const sorted = await bodies.list(database.db, { ...query, sort: '-id' }, KEEPER)
    expect(sorted.data[0]?.id).toBe('supremeAuditChamber')
    const chosen = await bodies.list(database.db, { ...query, ids: ['ministryFinance', 'nowhere'] }, KEEPER)
    expect(chosen.data.map((each) => each.id)).toEqual(['ministryFinance'])
  })
})

describe('changes', () => {
  test('are refused when somebody was faster', async () => {
    const id = 'probation.agencyAnswer:*'
    const term = await terms.get(database.db, id, KEEPER)
    if (!term) throw new Error('no such term')
    expect(await terms.update(database.db, SYSTEM, { id, version: term.version }, { value: 15 })).toMatchObject({
      value: 15,
      version: 2,
    })
    expect(await terms.update(database.db, SYSTEM, { id, version: term.version }, { value: 20 })).toBe('stale')
    expect(await terms.update(database.db, SYSTEM, { id: 'nothing', version: 1 }, { value: 20 })).toBe('absent')
    expect(await terms.get(database.db, id, KEEPER)).toMatchObject({ value: 15, version: 2, name: term.name })
    await seedRegister(database.url)
    expect(await terms.get(database.db, id, KEEPER)).toMatchObject({ value: 15, version: 2 })
  })
})
