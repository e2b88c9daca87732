import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { actorOf } from '../../prisma/store/accounts'
import { createDb, toStored, type Db } from '../../prisma/store/db'
import { caseById, listCases, type CaseRow } from '../../prisma/store/cases'
import { aboutView } from '../../api/policy/cases'
import { inbox, taskById } from '../../prisma/store/inbox'
import { watched } from '../../prisma/store/watching'
import type {
  Actor,
  Addressee,
  BodyKey,
  CaseId,
  IsoDate,
  PersonId,
  Role,
  TaskId,
} from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { ROLES, SEEN_AS, type Piece, type SeesTable, type Sights } from '../../workflows/kernel/contract'
import { AGENCY, mayHold } from '../../workflows/kernel/law/policy'
import { whyKept } from '../../workflows/kernel/law/kept'
import { mineOf, sightOf, viewerOf, type SeenCase } from '../../workflows/kernel/law/sight'
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
const PARTS = ['mentor', 'supervisor'] as const
const STAGES = ['mentoring', 'extended'] as const
/** Any table: what each row gives, always or by the stages that a case has reached. */
const sights: fc.Arbitrary<Sights> = fc.array(
  fc.oneof(
    fc.constantFrom<Piece>('exists', 'course', 'identity', 'answers', 'document:mentorOrder'),
    fc.record({
      from: fc.constantFrom(...STAGES, 'end'),
      sees: fc.array(fc.constantFrom<Piece>('exists', 'identity'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      until: fc.constantFrom(...STAGES, 'end'),
      sees: fc.array(fc.constantFrom<Piece>('exists', 'identity'), { minLength: 1, maxLength: 2 }),
    }),
  ),
  { maxLength: 2 },
)
/** how a case is linked with another, and what the other is to it */
const LINKS = [
  { kind: 'opened', made: 'there', part: 'opener' },
  { kind: 'opened', made: 'here', part: 'opened' },
  { kind: 'appeals', made: 'there', part: 'appeal' },
  { kind: 'appeals', made: 'here', part: 'appealed' },
] as const
const ROWS = [...ROLES, ...SEEN_AS, ...PARTS, ...LINKS.map(({ part }) => `linked:${part}` as const)]
const sees = fc
  .tuple(...ROWS.map(() => sights))
  .map((all) => Object.fromEntries(ROWS.map((row, n) => [row, all[n] ?? []])))
/** two versions are served, and a third that cases have is not */
const VERSIONS = [1, 2, 99] as const
/** a task of a case that is linked, and in whose hands it is */
const linkedTask = fc.option(
  fc.record({
    role: fc.option(fc.constantFrom<Role>('hr', 'head')),
    body: index(1),
    holder: index(1),
    excluded: fc.boolean(),
    answered: fc.boolean(),
    /** its case is restricted to */
    named: fc.option(index(1)),
  }),
)
const arrangement = fc.record({
  me: index(1),
  tables: fc.tuple(sees, sees),
  roles,
  posts,
  cases: fc.array(
    fc.record({
      body: index(1),
      agency: index(1),
      subject: fc.option(index(1)),
      mentor: fc.option(index(1)),
      /** mentor before him */
      formerMentor: fc.option(index(1)),
      /** a case linked with it, and who has a part there, now or before */
      link: fc.option(
        fc.record({
          ...{ as: fc.constantFrom(...LINKS), party: index(1), former: fc.boolean(), task: linkedTask },
          keptFrom: fc.oneof(fc.constant<number[]>([]), fc.uniqueArray(index(1), { maxLength: 2 })),
          subject: fc.option(index(1), { freq: 1 }),
        }),
      ),
      supervisor: fc.option(index(1)),
      version: fc.constantFrom(...VERSIONS),
      stage: fc.constantFrom(...STAGES),
      keptFrom: fc.oneof(
        fc.constant<number[]>([]),
        fc.constant<number[]>([]),
        fc.uniqueArray(index(1), { maxLength: 2 }),
      ),
      restrictedTo: fc.oneof(fc.constant(null), fc.constant(null), fc.uniqueArray(index(1), { maxLength: 2 })),
      closed: fc.boolean(),
      rehearsal: fc.constantFrom(null, 'set'),
      tasks: fc.array(
        fc.record({
          role: fc.option(fc.constantFrom<Role>('hr', 'head', 'agency'), { freq: 2 }),
          body: index(1),
          person: index(1),
          servesIn: fc.option(index(1), { freq: 2 }),
          holder: fc.option(index(1)),
          excluded: fc.uniqueArray(index(1), { maxLength: 2 }),
          answered: fc.boolean(),
          /** before whom it was brought when it was overdue, or that nobody has it who may do it */
          escalatedTo: fc.option(fc.record({ role: fc.constantFrom<Role>('hr', 'head'), body: index(1) })),
          unheld: fc.boolean(),
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

type Link = {
  readonly as: (typeof LINKS)[number]
  readonly party: number
  readonly former: boolean
  readonly keptFrom: readonly number[]
  readonly subject: number | null
  readonly task: typeof linkedTask extends fc.Arbitrary<infer T> ? T : never
}
/** A case of no served version that is linked with a case, in which somebody has a part, or has had one. */
async function linkTo(
  id: string,
  { as: { kind, made }, party, former, task, keptFrom: excludes, subject: about }: Link,
  person: (n: number) => PersonId,
  actor: Actor,
) {
  const keptFrom = excludes.map(person)
  const subject = about === null ? null : person(about)
  const of = { body: bodies[2]!, agency: bodies[2]!, subject }
  const parties = { chair: person(party) }
  const restrictedTo = typeof task?.named === 'number' ? [person(task.named)] : null
  const other = await arrangeCase(db, { ...of, parties, version: 99, rehearsal: 'set', keptFrom, restrictedTo })
  if (former) await db.case.update({ where: { id: other }, data: { parties: {} } })
  const [fromId, toId] = made === 'here' ? [id, other] : [other, id]
  await db.caseLink.create({ data: { fromId, toId, kind, madeAt: new Date() } })

  let inHand = false
  if (task) {
    const [holder, excluded] = [person(task.holder), task.excluded ? [person(task.holder)] : []]
    const addressee: Addressee<Role> =
      task.role === null ? { person: holder } : { role: task.role, body: bodies[task.body]! }
    await arrangeTask(db, other, {
      ...addressee,
      ...{ state: task.answered ? 'completed' : 'reserved', assignee: holder, rehearsal: 'set' },
      excluded: [...excluded, ...keptFrom],
      ...(task.answered && { answeredBy: holder }),
    })
    const asked = { for: addressee, excluded: [...excluded, ...keptFrom], subject, restrictedTo }
    inHand = !task.answered && actor.person === holder && mayHold(actor, asked).may
  }
  const kept = whyKept(actor.person, { keptFrom, restrictedTo })

  return {
    id: other,
    inHand,
    parts: [
      ...(!former && actor.person === parties.chair ? ['chair'] : []),
      ...(actor.person === subject ? ['subject'] : []),
    ],
    kept,
    seen: { id: other as CaseId, process: 'probation', version: 99, ...of, reached: ['mentoring'] },
  }
}

const all = { page: 1, perPage: 100 } as const
const sorted = (ids: readonly string[]) => [...ids].sort()

test('the lists and the policy give the same', async () => {
  await fc.assert(
    fc.asyncProperty(arrangement, async ({ me, tables: [first, second], roles: held, posts: served, cases }) => {
      const tables: SeesTable[] = [first, second].map((each, n) => ({
        process: 'probation',
        version: n + 1,
        sees: each,
      }))
      await database.sql('truncate cases, case_links, tasks, events, body_roles, posts cascade')
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
      const viewer = viewerOf(actor, tables)
      const expected = {
        ...{ real: [] as string[], rehearsed: [] as string[], named: [] as string[] },
        ...{ mine: [] as string[], unit: [] as string[], escalated: [] as string[], done: [] as string[] },
      }
      for (const file of cases) {
        const of = (n: number | null) => (n === null ? null : person(n))
        const parties = Object.fromEntries(
          PARTS.flatMap((part) => (file[part] === null ? [] : [[part, of(file[part])]])),
        )
        const told = { body: body(file.body), agency: body(file.agency), subject: of(file.subject) }
        const keeps = { keptFrom: file.keptFrom.map(person), restrictedTo: file.restrictedTo?.map(person) ?? null }
        const kept = whyKept(person(me), keeps)
        const before = file.formerMentor === null ? parties : { ...parties, mentor: person(file.formerMentor) }
        const id = await arrangeCase(db, {
          ...told,
          ...{ parties: before, version: file.version, stage: file.stage, status: file.closed ? 'closed' : 'open' },
          rehearsal: file.rehearsal,
          ...keeps,
        })
        if (before !== parties) await db.case.update({ where: { id }, data: { parties } })
        const linked = file.link && (await linkTo(id, file.link, person, actor))
        if (
          linked &&
          sightOf(viewer, {
            ...linked.seen,
            mine: { parts: linked.parts, holds: linked.inHand, linked: [], kept: linked.kept },
          }).finds
        )
          expected.rehearsed.push(linked.id)
        let holds = false
        const taskIds: TaskId[] = []
        for (const task of file.tasks) {
          const addressee: Addressee<Role> =
            task.role === null
              ? { person: person(task.person), ...(task.servesIn !== null && { servesIn: body(task.servesIn) }) }
              : { role: task.role, body: body(task.body) }
          const holder = task.role === null ? task.person : task.holder
          const excluded = [...task.excluded.map(person), ...keeps.keptFrom]
          const taskId = await arrangeTask(db, id, {
            ...(addressee.role === undefined
              ? { person: addressee.person, ...(addressee.servesIn && { body: addressee.servesIn }) }
              : addressee),
            state: task.answered ? 'completed' : holder === null ? 'ready' : 'reserved',
            assignee: holder === null ? null : person(holder),
            excluded,
            rehearsal: file.rehearsal,
            ...(task.escalatedTo && {
              escalatedTo: { role: task.escalatedTo.role, body: body(task.escalatedTo.body) },
            }),
            unheld: task.unheld,
            ...(task.answered && { answeredBy: holder === null ? null : person(holder) }),
          })
          taskIds.push(taskId as TaskId)
          const may =
            !task.answered &&
            mayHold(actor, { for: addressee, excluded, subject: told.subject, restrictedTo: keeps.restrictedTo }).may
          if (may && (holder === me || (holder === null && task.role !== null))) holds = true
          if (file.rehearsal) continue
          const readsOwn = kept === null || (kept === 'notNamed' && task.role === null)
          if (task.answered && holder === me && readsOwn) expected.done.push(taskId)
          const has = (role: Role, of: BodyKey) =>
            actor.grants.some((grant) => grant.role === role && grant.body === of)
          const brought =
            (task.escalatedTo && has(task.escalatedTo.role, body(task.escalatedTo.body))) ||
            (task.unheld && (has('hr', told.body) || has('head', told.body)))
          if (!task.answered && brought && kept === null && file.subject !== me) expected.escalated.push(taskId)
          if (holder === me && may) expected.mine.push(taskId)
          if (holder === null && may) expected.unit.push(taskId)
        }
        const parts = PARTS.filter((part) => file[part] === me)
        const seen: SeenCase = {
          ...{ id: id as CaseId, process: 'probation', version: file.version, ...told },
          reached: [file.stage, ...(file.closed ? ['end'] : [])],
          mine: {
            parts: [...parts, ...(file.subject === me ? ['subject'] : [])].sort(),
            holds,
            linked:
              file.link && linked && (linked.inHand || (linked.parts.length > 0 && linked.kept !== 'excluded'))
                ? [file.link.as.part]
                : [],
            kept,
          },
        }
        const sight = sightOf(viewer, seen)
        if (sight.finds) expected[file.rehearsal ? 'rehearsed' : 'real'].push(id)
        if (sight.finds && sight.sees('identity') && told.subject !== null) expected.named.push(id)
        expect((await caseById(db, viewer, id as CaseId))?.seen).toEqual(seen)
        for (const task of taskIds) expect((await taskById(db, viewer, task))?.seen).toEqual(seen)
        // whoever listens is told of it by the same
        const looked = (await watched(db, { cases: [id], tasks: [], notices: [] })).cases.get(id as CaseId)
        const mine = looked && mineOf(viewer, looked)
        expect(mine && { ...mine, parts: [...mine.parts].sort() }).toEqual(seen.mine)
        expect(looked).toMatchObject({
          ...told,
          process: seen.process,
          version: seen.version,
          reached: seen.reached,
          ...keeps,
        })
      }
      const ids = (slice: { data: { id: string }[] }) => sorted(slice.data.map((row) => row.id))
      expect(ids(await listCases(db, viewer, all))).toEqual(sorted(expected.real))
      expect(ids(await listCases(db, viewer, { ...all, rehearsal: 'set' }))).toEqual(sorted(expected.rehearsed))
      // what is shown of whom a case is about, what is ordered by him and what is found by him is one
      const everyCase = [
        ...(await listCases(db, viewer, all)).data,
        ...(await listCases(db, viewer, { ...all, rehearsal: '*' })).data,
      ]
      const isNamed = (row: CaseRow) => row.subject !== null && aboutView(viewer, row).subject?.id === row.subject.id
      expect(sorted(everyCase.filter(isNamed).map(({ id }) => id))).toEqual(sorted(expected.named))
      const bySubject = await Promise.all(
        [0, 1, 2, 3].flatMap((n) =>
          [undefined, '*'].map((rehearsal) => listCases(db, viewer, { ...all, subject: person(n), rehearsal })),
        ),
      )
      expect(sorted(bySubject.flatMap(({ data }) => data.map(({ id }) => id)))).toEqual(sorted(expected.named))
      const ordered = await listCases(db, viewer, { ...all, sort: 'subject.en' })
      expect(ordered.data.map(({ subject }) => subject === null)).toEqual(
        ordered.data.map(({ subject }) => subject === null).sort((x, y) => Number(x) - Number(y)),
      )
      expect(ids(ordered)).toEqual(sorted(expected.real))
      expect(ids(await inbox(db, viewer, { ...all, queue: 'mine' }))).toEqual(sorted(expected.mine))
      expect(ids(await inbox(db, viewer, { ...all, queue: 'unit' }))).toEqual(sorted(expected.unit))
      expect(ids(await inbox(db, viewer, { ...all, queue: 'escalated' }))).toEqual(sorted(expected.escalated))
      expect(ids(await inbox(db, viewer, { ...all, queue: 'done' }))).toEqual(sorted(expected.done))
      expect(ids(await inbox(db, viewer, { ...all, queue: 'todo' }))).toEqual(
        sorted([...expected.mine, ...expected.unit]),
      )
    }),
    { numRuns: 60 },
  )
})

// drawn cases come to this too seldom
test.each(LINKS)(
  'a link to a case as $part counts a part there until it ends, and not of whoever is excluded',
  async (as) => {
    await database.sql('truncate cases, case_links, tasks, events, body_roles, posts cascade')
    const he = people[0] as PersonId
    const actor: Actor = { person: he, grants: [], posts: [] }
    const viewer = viewerOf(actor, [{ process: 'probation', version: 1, sees: { [`linked:${as.part}`]: ['course'] } }])
    const found = async ({ former = false, excluded = false }) => {
      const id = await arrangeCase(db, { body: bodies[1] as BodyKey, agency: AGENCY, version: 1, subject: null })
      const link = { as, party: 0, former, task: null, keptFrom: excluded ? [0] : [], subject: null }
      await linkTo(id, link, (n) => people[n] as PersonId, actor)

      return (await listCases(db, viewer, all)).data.some((row) => row.id === id)
    }
    expect([await found({}), await found({ former: true }), await found({ excluded: true })]).toEqual([
      true,
      false,
      false,
    ])
  },
)

const twoOfHr = async (): Promise<readonly [PersonId, PersonId]> => {
  const two = [people[0] as PersonId, people[1] as PersonId] as const
  for (const person of two) await giveRole(person, 'hr', bodies[1] as BodyKey, SPANS[3])

  return two
}
/** A case with a task that HR may take up, or that one of them has in hand. */
async function withTask(
  file: { readonly subject: PersonId | null; readonly restrictedTo?: readonly PersonId[] },
  assignee: PersonId | null = null,
): Promise<string> {
  const body = bodies[1] as BodyKey
  const id = await arrangeCase(db, { body, agency: AGENCY, version: 1, ...file })
  await arrangeTask(db, id, { role: 'hr', body, state: assignee ? 'reserved' : 'ready', assignee })

  return id
}
/** What he finds where only whoever holds a task finds its case. */
async function found(person: PersonId): Promise<string[]> {
  const actor = await actorOf(db, person, ON)
  if (!actor) throw new Error('nobody')
  const tables = [{ process: 'probation', version: 1, sees: { subject: [], holder: ['exists'] } }] as const

  return (await listCases(db, viewerOf(actor, tables), all)).data.map((row) => row.id)
}

test('nobody finds a restricted case that does not name him by a task of his role, to take up or in hand', async () => {
  await database.sql('truncate cases, case_links, tasks, events, body_roles, posts cascade')
  const [me, another] = await twoOfHr()
  const toTakeUp = await withTask({ subject: null, restrictedTo: [another] })
  const inHand = await withTask({ subject: null, restrictedTo: [another] }, me)
  expect(await found(another)).toEqual([toTakeUp])
  expect(await found(me)).toEqual([])
  await db.sql.run`update cases set "restrictedTo" = ${[me]}::uuid[]`
  expect((await found(me)).sort()).toEqual([toTakeUp, inHand].sort())
})

test('nobody finds his own case by a task of an office, to take up or in hand', async () => {
  await database.sql('truncate cases, case_links, tasks, events, body_roles, posts cascade')
  const [me, another] = await twoOfHr()
  const inHand = await withTask({ subject: me }, me)
  const id = await withTask({ subject: me })
  expect(await found(another)).toEqual([id])
  expect(await found(me)).toEqual([])
  const actor = await actorOf(db, me, ON)
  if (!actor) throw new Error('nobody')
  const viewer = viewerOf(actor, [
    { process: 'probation', version: 1, sees: { subject: ['exists'], holder: ['course'] } },
  ])
  const rows = (await listCases(db, viewer, all)).data
  expect(sorted(rows.map((row) => row.id))).toEqual(sorted([id, inHand]))
  const tasks = await Promise.all((await db.task.findMany()).map((task) => taskById(db, viewer, task.id as TaskId)))
  expect([...rows, ...tasks].map((row) => row?.seen.mine.holds)).toEqual([false, false, false, false])
})
