/** Cases that nothing moves: what each of the things that move a case does, and that the checker finds what a search of all finds. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { toStored } from '../../prisma/store/db'
import { noteIncident } from '../../prisma/store/incidents'
import { noteWakes, stuckCases, type StuckCase } from '../../prisma/store/stuck'
import type {
  Actor,
  Addressee,
  BodyKey,
  CaseId,
  Instant,
  IsoDate,
  PersonId,
  Role,
} from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { mayHold } from '../../workflows/kernel/law/policy'
import { arrangeCase, arrangeTask } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { freshPosition } from '../support/positions'

const ON = '2026-11-27' as IsoDate
const NOW = '2026-11-27T09:00:00.000Z' as Instant
const BODIES = ['ministryFinance', 'ministryHealth'] as BodyKey[]
const BODY = BODIES[0] as BodyKey

let database: FreshDatabase
let people: PersonId[]

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  const { db } = database
  people = (await db.person.findMany({ take: 4, orderBy: { id: 'asc' } })).map(({ id }) => id as PersonId)
})
afterAll(() => database.drop())

const sql = (text: string, values: readonly unknown[] = []) => database.db.$executeRawUnsafe(text, ...values)
const clear = () => sql('truncate cases, tasks, events, commands, incidents, body_roles, posts cascade')
const person = (n: number): PersonId => people[n] as PersonId

/** A case whose workflow has said that it does not wake. */
async function arrange(more: { readonly rehearsal?: string | null; readonly status?: 'open' | 'closed' } = {}) {
  const id = (await arrangeCase(database.db, { body: BODY, subject: person(0), ...more })) as CaseId
  await sql(`update cases set "wakesKnown" = true, clock = jsonb_set(clock, '{base}', $2::jsonb) where id = $1::uuid`, [
    id,
    JSON.stringify({ case: NOW, real: NOW }),
  ])

  return id
}
const waits = (id: CaseId, cases: readonly CaseId[]) =>
  sql(`update cases set "waitsFor" = $2::uuid[] where id = $1::uuid`, [id, cases])
const wakes = (id: CaseId, at: string, speed = 1) =>
  sql(
    `update cases set "wakesAt" = $2::timestamptz, clock = clock || jsonb_build_object('speed', $3::float8) where id = $1::uuid`,
    [id, at, speed],
  )
/** A command to a case: of the system or of another case, and perhaps the start of one of a list. */
const commandTo = (id: CaseId, state = 'stored', sender: CaseId | null = null, list: CaseId | null = null) =>
  sql(
    `insert into commands (id, "caseId", "senderId", "listId", kind, principal, key, digest, actor, payload, "receivedAt", state)
     values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, 'system', $1::text, '', '{}', '{}', now(), $6)`,
    [randomUUID(), id, sender, list, list === null ? 'recompute' : 'start', state],
  )
const role = (who: PersonId, name: Role, body: BodyKey, to: IsoDate | null = null) =>
  database.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: who,
      role: name,
      bodyKey: body,
      from: toStored(addDays(ON, -9)),
      to: to && toStored(to),
      basis: 'test',
    },
  })
const found = (rehearsals = false): Promise<StuckCase[]> =>
  stuckCases(database.db, { on: ON, now: NOW, rehearsals, limit: 100 })
const numbersOf = async (rehearsals = false) => (await found(rehearsals)).map((each) => each.case)

describe('an open case is stuck', () => {
  beforeEach(clear)

  test('when it has no task, no clock and nothing on its way, and not once it is closed', async () => {
    const id = await arrange()
    await arrange({ status: 'closed' })
    expect(await found()).toMatchObject([{ case: id, tasks: [], waitsFor: [], wakesKnown: true }])
  })

  test('when nobody holds the role of its only task, and until the day after the last day of whoever does', async () => {
    const id = await arrange()
    const task = await arrangeTask(database.db, id, { role: 'hr', body: BODY })
    const tasks = [{ task, kind: 'appointMentor', why: 'nobodyHolds', role: 'hr', body: BODY, person: null }]
    expect(await found()).toMatchObject([{ case: id, tasks }])
    await role(person(1), 'hr', BODY, ON)
    expect(await found()).toEqual([])
    await sql(`update body_roles set "to" = $1::date`, [addDays(ON, -1)])
    expect(await numbersOf()).toEqual([id])
    await role(person(2), 'hr', BODIES[1] as BodyKey)
    await role(person(2), 'head', BODY)
    expect(await numbersOf()).toEqual([id])
  })

  test('when its only task stands still, unless it waits for a question, which whoever may do the task takes back', async () => {
    const id = await arrange()
    await role(person(1), 'hr', BODY)
    const task = await arrangeTask(database.db, id, { role: 'hr', body: BODY, state: 'suspended' })
    expect(await numbersOf()).toEqual([id])
    await arrangeTask(database.db, id, { person: person(2), body: BODY, state: 'reserved', questionOf: task })
    expect(await found()).toEqual([])
  })

  test('when everybody who holds the role is excluded', async () => {
    const id = await arrange()
    const task = await arrangeTask(database.db, id, { role: 'hr', body: BODY, excluded: [person(1)] })
    await role(person(1), 'hr', BODY)
    expect(await found()).toMatchObject([{ case: id, tasks: [{ task, why: 'allExcluded' }] }])
    await role(person(2), 'hr', BODY)
    expect(await found()).toEqual([])
  })

  test('when the person of its only task is excluded, or has left the office by which he is named', async () => {
    const [left, excluded, stays] = [await arrange(), await arrange(), await arrange()]
    await arrangeTask(database.db, left, { person: person(1), body: BODY, state: 'reserved' })
    await arrangeTask(database.db, excluded, { person: person(1), excluded: [person(1)], state: 'reserved' })
    await arrangeTask(database.db, stays, { person: person(1), state: 'reserved' })
    const why = new Map((await found()).map((each) => [each.case, each.tasks[0]?.why]))
    expect(why).toEqual(
      new Map([
        [left, 'leftOffice'],
        [excluded, 'excluded'],
      ]),
    )
  })

  test('when its alarm should have rung an hour ago, and not while it lies ahead or its clock is held', async () => {
    const [rung, rings, ahead, held] = [await arrange(), await arrange(), await arrange(), await arrange()]
    await wakes(rung, '2026-11-27T07:59:00Z')
    await wakes(rings, '2026-11-27T08:01:00Z')
    await wakes(ahead, '2027-01-01T00:00:00Z')
    await wakes(held, '2026-01-01T00:00:00Z', 0)
    expect(await numbersOf()).toEqual([rung])
  })

  test('when its day waits for a start about it, of which nothing has come for an hour', async () => {
    const id = await arrange()
    await wakes(id, '2026-11-27T07:59:00Z')
    await sql(
      `insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
       values (gen_random_uuid(), gen_random_uuid(), 'start', 'servant', gen_random_uuid(), '', '{}', $1, now(), 'stored')`,
      [JSON.stringify({ input: { aboutCase: id } })],
    )
    expect(await numbersOf()).toEqual([id])
  })

  test('whatever commands it has had, but not while one has no outcome', async () => {
    const id = await arrange()
    await commandTo(id, 'done')
    expect(await numbersOf()).toEqual([id])
    await commandTo(id)
    expect(await found()).toEqual([])
  })

  test('unless an incident says that it stands still; that its history is long does not', async () => {
    const id = await arrange()
    await noteIncident(database.db.sql, id, 'longHistory', {})
    expect(await numbersOf()).toEqual([id])
    await noteIncident(database.db.sql, id, 'storyFailed', {})
    expect(await found()).toEqual([])
  })

  test('when it waits for a closed case, for itself or in a circle, and not when the way leads to one that moves', async () => {
    const [a, b, c, alone, closed] = [
      await arrange(),
      await arrange(),
      await arrange(),
      await arrange(),
      await arrange({ status: 'closed' }),
    ]
    await waits(a, [b])
    await waits(b, [c])
    await waits(c, [a])
    await waits(alone, [closed, alone])
    expect((await numbersOf()).sort()).toEqual([a, b, c, alone].sort())
    const moving = await arrange()
    await commandTo(moving)
    await waits(c, [a, moving])
    expect(await numbersOf()).toEqual([alone])
  })

  test('and not while the case that it waits for is being started', async () => {
    const [id, started] = [await arrange(), randomUUID() as CaseId]
    await waits(id, [started])
    expect(await numbersOf()).toEqual([id])
    await commandTo(started)
    expect(await found()).toEqual([])
  })

  test('when it waits for a list whose open cases nothing moves, and not while one of them moves or begins', async () => {
    const [id, list] = [await arrange(), randomUUID()]
    const [over, idle] = [await arrange({ status: 'closed' }), await arrange()]
    await waits(id, [list as CaseId])
    for (const [of, state] of [
      [over, 'done'],
      [idle, 'done'],
      [randomUUID(), 'refused'],
    ] as const)
      await commandTo(of as CaseId, state, id, list as CaseId)
    const stuck = await found()
    expect(stuck.map((each) => each.case).sort()).toEqual([id, idle].sort())
    expect(stuck.find((each) => each.case === id)?.waitsFor).toMatchObject([{ case: idle, closed: false }])
    await commandTo(idle)
    expect(await found()).toEqual([])
    await sql('delete from commands where kind <> $1', ['start'])
    await sql(`update commands set state = 'stored' where "caseId" <> $1::uuid and state = 'refused'`, [idle])
    expect(await numbersOf()).toEqual([idle])
  })

  test('and not while something it has sent to another has no outcome', async () => {
    const id = await arrange()
    await commandTo(randomUUID() as CaseId)
    expect(await numbersOf()).toEqual([id])
    await sql(`update commands set "senderId" = $1::uuid`, [id])
    expect(await found()).toEqual([])
  })

  test('a rehearsal is told apart from a real case', async () => {
    const [real, rehearsed] = [await arrange(), await arrange({ rehearsal: 'set' })]
    expect([await numbersOf(), await numbersOf(true)]).toEqual([[real], [rehearsed]])
  })

  test('as far as its rows say; when it wakes is written as its workflow says it, unless it has gone on', async () => {
    const id = await arrange()
    await sql(`update cases set "wakesKnown" = false where id = $1::uuid`, [id])
    const [row] = await found()
    if (!row) throw new Error('not found')
    expect(row).toMatchObject({ case: id, wakesKnown: false })
    expect(await noteWakes(database.db, { case: id, step: row.step + 1 }, '2027-01-01T00:00:00.000Z' as Instant)).toBe(
      0,
    )
    expect(await noteWakes(database.db, row, '2027-01-01T00:00:00.000Z' as Instant)).toBe(1)
    expect(await found()).toEqual([])
  })
})

// ------------------------------------------------------------------ random cases, against a search of all

const index = (max: number) => fc.integer({ min: 0, max })
const ROLES = ['hr', 'head'] as const
const taskModel = fc.record({
  role: fc.option(fc.constantFrom<Role>(...ROLES), { freq: 2 }),
  body: index(1),
  person: index(3),
  servesIn: fc.boolean(),
  excluded: fc.uniqueArray(index(3), { maxLength: 2 }),
  state: fc.constantFrom('ready', 'reserved', 'suspended', 'completed', 'obsolete'),
})
const COUNT = 7
const caseModel = fc.record({
  closed: fc.constantFrom(false, false, false, true),
  tasks: fc.array(taskModel, { maxLength: 2 }),
  wakes: fc.constantFrom(null, null, null, null, 'ahead', 'overdue'),
  command: fc.constantFrom(null, null, null, null, 'stored', 'done'),
  incident: fc.constantFrom(null, null, null, null, 'storyFailed', 'longHistory'),
  // one past the last is a case without a row
  waits: fc.uniqueArray(index(COUNT), { maxLength: 2 }),
  waitsForLists: fc.uniqueArray(index(1), { maxLength: 1 }),
})
/** What one case has sent to another, with or without an outcome. */
const messageModel = fc.record({
  from: index(COUNT - 1),
  to: index(COUNT),
  state: fc.constantFrom('stored', 'done', 'refused'),
})
/** Cases that one of these opened by a list; one of them may be being started, or was refused. */
const listModel = fc.record({
  opener: index(COUNT - 1),
  cases: fc.array(fc.record({ n: index(COUNT), state: fc.constantFrom('done', 'done', 'done', 'refused', 'stored') }), {
    maxLength: 3,
  }),
})
const change = fc.oneof(
  fc.record({ kind: fc.constant('endRole' as const), n: index(5) }),
  fc.record({ kind: fc.constant('endPost' as const), n: index(3) }),
  fc.record({ kind: fc.constant('exclude' as const), n: index(COUNT - 1), person: index(3) }),
)
const world = fc.record({
  cases: fc.array(caseModel, { minLength: COUNT, maxLength: COUNT }),
  messages: fc.array(messageModel, { maxLength: 2 }),
  lists: fc.array(listModel, { minLength: 2, maxLength: 2 }),
  roles: fc.array(fc.record({ person: index(3), role: fc.constantFrom<Role>(...ROLES), body: index(1) }), {
    minLength: 1,
    maxLength: 6,
  }),
  // nobody holds two posts at once
  posts: fc.uniqueArray(fc.record({ person: index(3), body: index(1) }), {
    maxLength: 4,
    selector: (each) => each.person,
  }),
  changes: fc.array(change, { maxLength: 6 }),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never
type CaseModel = World['cases'][number]
type TaskModel = CaseModel['tasks'][number]

const addresseeOf = (task: TaskModel): Addressee<Role> =>
  task.role === null
    ? { person: person(task.person), ...(task.servesIn && { servesIn: BODIES[task.body] as BodyKey }) }
    : { role: task.role, body: BODIES[task.body] as BodyKey }

/** The checker by search: everybody is asked about every task, and every way along the waits is gone, never twice by one case. */
function searched({ cases, messages, lists, roles, posts }: Omit<World, 'changes'>): number[] {
  const actors: Actor[] = people.map((id, n) => ({
    person: id,
    grants: roles
      .filter((each) => each.person === n)
      .map((each) => ({ role: each.role, body: BODIES[each.body] as BodyKey })),
    posts: posts.filter((each) => each.person === n).map((each) => BODIES[each.body] as BodyKey),
  }))
  const isDone = ({ state }: TaskModel) => state === 'completed' || state === 'obsolete'
  const somebodyMay = (task: TaskModel) =>
    actors.some(
      (actor) =>
        mayHold(actor, { for: addresseeOf(task), excluded: task.excluded.map(person), subject: person(0) }).may,
    )
  const sent = [
    ...messages,
    ...lists.flatMap(({ opener, cases: listed }) => listed.map(({ n, state }) => ({ from: opener, to: n, state }))),
  ].filter(({ state }) => state === 'stored')
  const isSent = (n: number) => cases[n]?.command === 'stored' || sent.some(({ to }) => to === n)
  const movesAlone = (file: CaseModel, n: number) =>
    // none of these waits for a question: what is suspended stands still
    file.tasks.some((task) => !isDone(task) && task.state !== 'suspended' && somebodyMay(task)) ||
    file.wakes === 'ahead' ||
    isSent(n) ||
    sent.some(({ from }) => from === n) ||
    file.incident === 'storyFailed'
  const moves = (n: number, behind: readonly number[]): boolean => {
    if (behind.includes(n)) return false
    const file = cases[n]
    // a message to a closed case, or to one that is only being started, moves whoever waits for it: its answer is to come
    if (!file || file.closed) return isSent(n)
    const listed = file.waitsForLists.flatMap((list) => lists[list]?.cases ?? []).map((each) => each.n)

    return movesAlone(file, n) || [...file.waits, ...listed].some((next) => moves(next, [...behind, n]))
  }

  return cases.flatMap((file, n) => (file.closed || moves(n, []) ? [] : [n]))
}

test('whatever roles end and whoever is excluded, the checker finds what a search of all finds', async () => {
  let [stuck, open] = [0, 0]
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      await clear()
      const model = structuredClone<World>(drawn)
      const roleIds = await Promise.all(
        model.roles.map(async (each) => (await role(person(each.person), each.role, BODIES[each.body] as BodyKey)).id),
      )
      const postIds = await Promise.all(
        model.posts.map(async (each) => {
          const data = {
            id: randomUUID(),
            personId: person(each.person),
            positionId: await freshPosition(database.db, BODIES[each.body] as string),
            from: toStored(addDays(ON, -9)),
          }

          return (await database.db.post.create({ data })).id
        }),
      )
      const ids = await Promise.all(model.cases.map((file) => arrange({ status: file.closed ? 'closed' : 'open' })))
      const all = [...ids, randomUUID() as CaseId]
      const listIds = model.lists.map(() => randomUUID() as CaseId)
      for (const { from, to, state } of model.messages) await commandTo(all[to] as CaseId, state, all[from])
      for (const [n, { opener, cases: listed }] of model.lists.entries())
        for (const each of listed) await commandTo(all[each.n] as CaseId, each.state, all[opener], listIds[n])
      for (const [n, file] of model.cases.entries()) {
        const id = ids[n] as CaseId
        await waits(id, [
          ...file.waits.map((next) => all[next] as CaseId),
          ...file.waitsForLists.map((list) => listIds[list] as CaseId),
        ])
        if (file.wakes) await wakes(id, file.wakes === 'ahead' ? '2027-01-01T00:00:00Z' : '2026-11-26T00:00:00Z')
        if (file.command) await commandTo(id, file.command)
        if (file.incident) await noteIncident(database.db.sql, id, file.incident, {})
        for (const task of file.tasks) {
          const to = addresseeOf(task)
          await arrangeTask(database.db, id, {
            ...(to.role === undefined ? { person: to.person, ...(to.servesIn && { body: to.servesIn }) } : to),
            state: task.state,
            excluded: task.excluded.map(person),
          })
        }
      }
      const agree = async () => {
        const expected = searched(model)
        stuck += expected.length
        open += model.cases.filter((file) => !file.closed).length
        expect((await numbersOf()).sort()).toEqual(expected.map((n) => ids[n] as string).sort())
      }
      await agree()
      const inForce = {
        roles: model.roles.map((each, n) => ({ each, id: roleIds[n] as string })),
        posts: model.posts.map((each, n) => ({ each, id: postIds[n] as string })),
      }
      for (const each of model.changes) {
        if (each.kind === 'exclude') {
          model.cases[each.n]?.tasks.forEach((task) => task.excluded.push(each.person))
          await sql(`update tasks set excluded = excluded || $2::text where "caseId" = $1::uuid`, [
            ids[each.n],
            person(each.person),
          ])
        } else {
          const held = each.kind === 'endRole' ? inForce.roles : inForce.posts
          const [ended] = held.splice(each.n % Math.max(held.length, 1), 1)
          if (!ended) continue
          const table = each.kind === 'endRole' ? 'body_roles' : 'posts'
          await sql(`update ${table} set "to" = $2::date where id = $1::uuid`, [ended.id, addDays(ON, -1)])
          model.roles = inForce.roles.map((row) => row.each)
          model.posts = inForce.posts.map((row) => row.each)
        }
        await agree()
      }
    }),
    { numRuns: 60 },
  )
  // both were drawn often enough for the comparison to mean something
  expect(stuck).toBeGreaterThan(open / 10)
  expect(stuck).toBeLessThan(open * 0.9)
}, 120_000)
