import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { actorOf } from '../../prisma/store/accounts'
import { createDb, toStored, type Db } from '../../prisma/store/db'
import { listCases } from '../../prisma/store/cases'
import { inbox } from '../../prisma/store/inbox'
import type { Addressee, BodyKey, IsoDate, PersonId, Role } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { ROLES } from '../../workflows/kernel/contract'
import { AGENCY, mayHold, maySee } from '../../workflows/kernel/law/policy'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { freshPosition } from '../support/positions'
import { arrangeCase, arrangeTask } from './harness'

/** The lists say in SQL what the policy says of each row: whatever the cases, tasks and roles, both give the same. */

const BODIES = ['ministryFinance', 'civilServiceAgency', 'ministryHealth'] as const

let database: FreshDatabase
let db: Db
let people: PersonId[]
let bodies: BodyKey[]
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  db = createDb(database.url, 5)
  people = (await db.person.findMany({ take: 4, orderBy: { id: 'asc' } })).map((row) => row.id as PersonId)
  const found = await db.stateBody.findMany({ where: { key: { in: [...BODIES] } } })
  bodies = [AGENCY, ...found.map((row) => row.key as BodyKey).filter((key) => key !== AGENCY)].slice(0, 3)
})
afterAll(async () => {
  await db.$disconnect()
  await database.drop()
})

const index = (max: number) => fc.integer({ min: 0, max })
/** relative to the day: a role or post that ended yesterday, ends today, ends later, has no end, or begins tomorrow */
const SPANS = [
  { from: -9, to: -1 },
  { from: -9, to: 0 },
  { from: -9, to: 3 },
  { from: 0, to: null },
  { from: 1, to: null },
] as const
type Span = (typeof SPANS)[number]
const overlaps = (a: Span, b: Span) => (b.to === null || a.from <= b.to) && (a.to === null || b.from <= a.to)
const span = fc.constantFrom(...SPANS)
const roles = fc.array(fc.record({ role: fc.constantFrom<Role>(...ROLES), body: index(1), span }), { maxLength: 4 })
/** nobody holds two posts at once */
const posts = fc
  .array(fc.record({ body: index(1), span }), { maxLength: 3 })
  .map((all) => all.filter((each, n) => !all.slice(0, n).some((earlier) => overlaps(earlier.span, each.span))))
const ON = '2026-11-27' as IsoDate
const isInForce = ({ from, to }: (typeof SPANS)[number]) => from <= 0 && (to === null || to >= 0)
const arrangement = fc.record({
  me: index(3),
  roles,
  posts,
  cases: fc.array(
    fc.record({
      body: index(1),
      agency: index(1),
      people: fc.uniqueArray(index(3), { maxLength: 3 }),
      rehearsal: fc.constantFrom(null, 'set'),
      tasks: fc.array(
        fc.record({
          role: fc.option(fc.constantFrom<Role>('hr', 'head', 'agency')),
          body: index(1),
          person: index(3),
          servesIn: fc.option(index(1)),
          holder: fc.option(index(3)),
          excluded: fc.uniqueArray(index(3), { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

const day = (days: number | null) => (days === null ? null : toStored(addDays(ON, days)))
const giveRole = (personId: PersonId, role: Role, bodyKey: BodyKey, { from, to }: Span) =>
  db.bodyRole.create({
    data: { id: randomUUID(), personId, role, bodyKey, from: toStored(addDays(ON, from)), to: day(to), basis: 'test' },
  })
const givePost = async (personId: PersonId, bodyKey: BodyKey, { from, to }: Span) =>
  db.post.create({
    data: {
      id: randomUUID(),
      personId,
      positionId: await freshPosition(db, bodyKey),
      from: toStored(addDays(ON, from)),
      to: day(to),
    },
  })

const all = { page: 1, perPage: 100 } as const
const sorted = (ids: readonly string[]) => [...ids].sort()

test('the lists and the policy give the same', async () => {
  await fc.assert(
    fc.asyncProperty(arrangement, async ({ me, roles: held, posts: served, cases }) => {
      await database.sql('truncate cases, tasks, events, body_roles, posts cascade')
      const person = (n: number) => people[n] as PersonId
      const body = (n: number) => bodies[n] as BodyKey
      for (const each of held) await giveRole(person(me), each.role, body(each.body), each.span)
      for (const each of served) await givePost(person(me), body(each.body), each.span)
      const actor = await actorOf(db, person(me), ON)
      if (!actor) throw new Error('nobody')
      // the register says of the day what the dates say
      expect(new Set(actor.grants.map(({ role, body: of }) => `${role} ${of}`))).toEqual(
        new Set(held.filter((each) => isInForce(each.span)).map((each) => `${each.role} ${body(each.body)}`)),
      )
      expect(new Set(actor.posts)).toEqual(
        new Set(served.filter((each) => isInForce(each.span)).map((each) => body(each.body))),
      )
      const expected = { real: [] as string[], rehearsed: [] as string[], mine: [] as string[], unit: [] as string[] }
      for (const file of cases) {
        const told = { body: body(file.body), agency: body(file.agency), people: file.people.map(person) }
        const id = await arrangeCase(db, { ...told, subject: person(0), rehearsal: file.rehearsal })
        if (maySee(actor, told).file) expected[file.rehearsal ? 'rehearsed' : 'real'].push(id)
        for (const task of file.tasks) {
          const addressee: Addressee<Role> =
            task.role === null
              ? { person: person(task.person), ...(task.servesIn !== null && { servesIn: body(task.servesIn) }) }
              : { role: task.role, body: body(task.body) }
          const holder = task.role === null ? task.person : task.holder
          const excluded = task.excluded.map(person)
          const taskId = await arrangeTask(db, id, {
            ...(addressee.role === undefined
              ? { person: addressee.person, ...(addressee.servesIn && { body: addressee.servesIn }) }
              : addressee),
            state: holder === null ? 'ready' : 'reserved',
            assignee: holder === null ? null : person(holder),
            excluded,
            rehearsal: file.rehearsal,
          })
          if (file.rehearsal) continue
          const may = mayHold(actor, { for: addressee, excluded }).may
          if (holder === me && may) expected.mine.push(taskId)
          if (holder === null && may) expected.unit.push(taskId)
        }
      }
      const ids = (slice: { data: { id: string }[] }) => sorted(slice.data.map((row) => row.id))
      expect(ids(await listCases(db, actor, all))).toEqual(sorted(expected.real))
      expect(ids(await listCases(db, actor, { ...all, rehearsal: 'set' }))).toEqual(sorted(expected.rehearsed))
      expect(ids(await inbox(db, actor, { ...all, queue: 'mine' }))).toEqual(sorted(expected.mine))
      expect(ids(await inbox(db, actor, { ...all, queue: 'unit' }))).toEqual(sorted(expected.unit))
      expect(ids(await inbox(db, actor, { ...all, queue: 'todo' }))).toEqual(
        sorted([...expected.mine, ...expected.unit]),
      )
    }),
    { numRuns: 60 },
  )
})
