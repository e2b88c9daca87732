/**
 * Appointments, ends, reinstatements, exchanges and what takes them back, in any order, against a simple model: no post is held twice,
 * none is lost, roles follow their posts, and the trail tells every change.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import {
  appoint,
  endPost,
  exchange,
  reinstate,
  takeBack,
  type Done,
  type Obstacle,
  type PostRefusal,
} from '../../prisma/store/posts'
import { posts as register } from '../../prisma/store/register'
import { type Author, SYSTEM, writeRegister } from '../../prisma/store/register-trail'
import type { Sql } from '../../prisma/store/db'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { BodyKey, CaseId, IsoDate, PersonId, PositionId } from '../../workflows/kernel/contract'
import type { PostKind } from '../../workflows/kernel/register'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { freshPosition } from '../support/positions'

jest.setTimeout(180_000)

const BODY = 'ministryFinance' as BodyKey
const COUNT = 3
const DAYS = 20
const day = (n: number): IsoDate => addDays(isoDate('2026-01-01'), n)
const author: Author = { by: { case: randomUUID() as CaseId, effect: 'effect' } }

let database: FreshDatabase
let people: PersonId[]
let positions: PositionId[]
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  people = Array.from({ length: COUNT }, () => randomUUID() as PersonId)
  const names = { surnameKk: 'a', surnameRu: 'b', surnameEn: 'c', givenKk: 'd', givenRu: 'e', givenEn: 'f', sex: 'f' }
  await inTransaction((tx) =>
    writeRegister(tx, SYSTEM, 'people', {
      enter: people.map((id) => ({ ...names, id, birthDate: isoDate('1990-01-01') })),
    }),
  )
  positions = []
  for (let n = 0; n < COUNT; n += 1) positions.push(await freshPosition(database.db, BODY))
})
beforeEach(clear)
afterAll(() => database.drop())

const inTransaction = <T>(work: (tx: Sql) => Promise<T>): Promise<T> => database.db.sql.transaction(work)
async function clear() {
  await database.sql(`delete from body_roles where "personId" = any($1)`, [people])
  await database.sql(`delete from posts where "personId" = any($1)`, [people])
}
const person = (n: number): PersonId => people[n]!
const position = (n: number): PositionId => positions[n]!
const done = (answer: Done | PostRefusal): Done => {
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`)

  return answer
}
const giveRole = (post: string, holder: PersonId, from: IsoDate, to: IsoDate | null) => {
  const row = { id: randomUUID(), personId: holder, role: 'hr', bodyKey: BODY, from, to, basis: 'post', postId: post }

  return inTransaction((tx) => writeRegister(tx, author, 'roles', { enter: [row] })).then(() => row.id)
}
const rowsOf = (table: 'posts' | 'body_roles') =>
  database.sql(`select to_jsonb(t) as row from ${table} t where "personId" = any($1) order by id`, [people])

// ------------------------------------------------------------------ the model

interface Row {
  readonly from: IsoDate
  readonly to: IsoDate | null
}
interface Post extends Row {
  readonly person: number
  readonly position: number
  readonly kind: PostKind
  readonly ground: string | null
}
interface Role extends Row {
  readonly post: string
}
interface World {
  readonly posts: ReadonlyMap<string, Post>
  readonly roles: ReadonlyMap<string, Role>
}
type Ends = Map<string, { readonly before: IsoDate | null | undefined; readonly to: IsoDate | null }[]>
type Refused = Obstacle | 'held'
class No extends Error {
  constructor(readonly why: Refused) {
    super(why)
  }
}
const no = (why: Refused): never => {
  throw new No(why)
}
const after = (a: IsoDate | null, b: IsoDate | null) => b !== null && (a === null || a > b)
const overlap = (a: Row, b: Row) => !after(a.from, b.to) && !after(b.from, a.to)
const checked = (world: World): World => {
  const all = [...world.posts.values()]
  for (const [n, a] of all.entries())
    for (const b of all.slice(n + 1))
      if (overlap(a, b) && (a.person === b.person || (a.position === b.position && a.kind === b.kind))) no('held')

  return world
}
const withPost = (world: World, id: string, post: Post): World => ({
  ...world,
  posts: new Map([...world.posts, [id, post]]),
})

/** When a row would have ended before somebody made it end on the day it does. */
function endBefore(ends: Ends, id: string, to: IsoDate | null): IsoDate | null {
  const last = ends.get(id)?.findLast((end) => end.to === to && end.before !== end.to)

  return last?.before === undefined ? to : last.before
}

function withEnd(world: World, ends: Ends, id: string, to: IsoDate | null, ground: string | null): World {
  const post = world.posts.get(id)!
  const roles = new Map(world.roles)
  const moved = checked(withPost(world, id, { ...post, to, ground }))
  for (const [key, role] of world.roles) {
    if (role.post !== id) continue
    const before = role.to === post.to && after(to, post.to) ? endBefore(ends, key, role.to) : role.to
    const end = after(before, to) ? to : before
    if (end !== null && end < role.from && end !== role.to) no('roleBeginsLater')
    roles.set(key, { ...role, to: end })
  }

  return { ...moved, roles }
}

// ------------------------------------------------------------------ what happens

const n = (max: number) => fc.integer({ min: 0, max })
const which = fc.nat()
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('appoint' as const),
      person: n(COUNT - 1),
      position: n(COUNT - 1),
      from: n(6),
      days: fc.option(n(DAYS), { freq: 2 }),
      kind: fc.constantFrom<PostKind>('permanent', 'permanent', 'temporary'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('end' as const), which, on: n(DAYS) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('reinstate' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('exchange' as const),
      which,
      other: which,
      on: fc.integer({ min: 4, max: DAYS }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('role' as const), which, late: n(4), days: fc.option(n(9), { freq: 2 }) }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('undo' as const), which }) },
)
const arrival = (who: number): Command => ({
  what: 'appoint',
  person: who,
  position: who,
  from: who,
  days: null,
  kind: 'permanent',
})
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never
interface Act {
  readonly done: Done
  readonly before: World
  readonly after: World
  undone: boolean
}

/** What the model says of a command, and what the store answers to it. The ids of new rows are the store's. */
async function happen(world: World, ends: Ends, acts: Act[], command: Command): Promise<World> {
  const ids = [...world.posts.keys()]
  const id = 'which' in command ? ids[command.which % Math.max(ids.length, 1)] : undefined
  const compare = async (
    ask: (tx: Sql) => Promise<Done | PostRefusal>,
    expected: (answer: Done) => World,
    act = true,
  ): Promise<World> => {
    const answer = await inTransaction(ask)
    const refused = 'refused' in answer ? (answer.by ? 'held' : answer.refused) : null
    let next = world
    let why: Refused | null = null
    try {
      next = expected('refused' in answer ? { changes: [], posts: [randomUUID(), randomUUID()] } : answer)
    } catch (error) {
      if (!(error instanceof No)) throw error
      why = error.why
    }
    // of several reasons to take nothing back any may be named
    if (command.what === 'undo') expect([command, refused !== null]).toEqual([command, why !== null])
    else expect([command, refused]).toEqual([command, why])
    if (act && !('refused' in answer)) acts.push({ done: answer, before: world, after: next, undone: false })

    return next
  }
  switch (command.what) {
    case 'appoint': {
      const { person: who, position: where, kind } = command
      const from = day(command.from)
      const to = command.days === null ? null : addDays(from, command.days)

      return compare(
        (tx) => appoint(tx, author, { person: person(who), position: position(where), from, to, kind }),
        ({ posts: [made = ''] }) =>
          checked(withPost(world, made, { person: who, position: where, from, to, kind, ground: null })),
      )
    }
    case 'end': {
      if (!id) return world
      const post = world.posts.get(id)!
      const on = day(command.on)

      return compare(
        (tx) => endPost(tx, author, { post: id }, on, 'ownWish'),
        () => {
          if (post.from > on) no('notHeld')
          if (post.to !== null && (post.to < on || (post.to === on && post.ground !== null))) no('ended')

          return withEnd(world, ends, id, on, 'ownWish')
        },
      )
    }
    case 'reinstate': {
      if (!id) return world
      const post = world.posts.get(id)!

      return compare(
        (tx) => reinstate(tx, author, id),
        () => {
          const to = endBefore(ends, id, post.to)
          if (post.to === null || !after(to, post.to)) no('notEnded')

          return withEnd(world, ends, id, to, null)
        },
      )
    }
    case 'exchange': {
      const other = ids[command.other % Math.max(ids.length, 1)]
      if (!id || !other || id === other) return world
      const [a, b] = [world.posts.get(id)!, world.posts.get(other)!]
      const on = day(command.on)

      return compare(
        (tx) => exchange(tx, author, [id, other], on),
        ({ posts: [first = '', second = ''] }) => {
          for (const post of [a, b]) {
            if (post.kind !== 'permanent') no('notPermanent')
            if (post.from >= on || (post.to !== null && post.to < on)) no('notHeld')
          }
          if (a.person === b.person || a.position === b.position) no('samePlace')
          const eve = addDays(on, -1)
          const ended = withEnd(withEnd(world, ends, id, eve, 'transfer'), ends, other, eve, 'transfer')
          const one = withPost(ended, first, { ...b, person: a.person, from: on, ground: null })

          return checked(withPost(one, second, { ...a, person: b.person, from: on, ground: null }))
        },
      )
    }
    case 'role': {
      if (!id) return world
      const post = world.posts.get(id)!
      const from = addDays(post.from, command.late)
      if (after(from, post.to)) return world
      const wanted = command.days === null ? null : addDays(from, command.days)
      const to = after(wanted, post.to) ? post.to : wanted
      const made = await giveRole(id, person(post.person), from, to)

      return { ...world, roles: new Map([...world.roles, [made, { post: id, from, to }]]) }
    }
    case 'undo': {
      const act = acts[command.which % Math.max(acts.length, 1)]
      if (!act) return world

      const next = await compare(
        (tx) => takeBack(tx, author, act.done),
        () => {
          if (act.undone) return world
          const undo = <R extends object>(
            now: ReadonlyMap<string, R>,
            was: ReadonlyMap<string, R>,
            made: ReadonlyMap<string, R>,
          ) => {
            const back = new Map(now)
            for (const [key, row] of made) {
              const before = was.get(key)
              const present = now.get(key)
              const changed = (Object.keys(row) as (keyof R)[]).filter((column) => before?.[column] !== row[column])
              if (before && changed.length === 0) continue
              if (!present || changed.some((column) => present[column] !== row[column])) no('changedSince')
              if (!before) {
                if ([...world.roles.values()].some(({ post }) => post === key)) no('changedSince')
                back.delete(key)
              } else back.set(key, { ...present!, ...Object.fromEntries(changed.map((c) => [c, before[c]])) })
            }

            return back
          }

          const back = checked({
            posts: undo(world.posts, act.before.posts, act.after.posts),
            roles: undo(world.roles, act.before.roles, act.after.roles),
          })
          const roles = [...back.roles].map(([key, role]) => {
            const { to } = back.posts.get(role.post)!
            if (!after(role.to, to)) return [key, role] as const
            if (to !== null && to < role.from) no('roleBeginsLater')

            return [key, { ...role, to }] as const
          })

          return { ...back, roles: new Map(roles) }
        },
        false,
      )
      if (next !== world) act.undone = true

      return next
    }
  }
}

/** What is in the tables, as the model has it. */
async function tables(): Promise<World> {
  const posts = (await rowsOf('posts')).map(({ row }) => row as Record<string, string> & { to: IsoDate | null })
  const roles = (await rowsOf('body_roles')).map(({ row }) => row as Record<string, string> & { to: IsoDate | null })

  return {
    posts: new Map(
      posts.map((row) => [
        row['id']!,
        {
          person: people.indexOf(row['personId'] as PersonId),
          position: positions.indexOf(row['positionId'] as PositionId),
          from: row['from'] as IsoDate,
          to: row.to,
          kind: row['kind'] as PostKind,
          ground: row['endGround'] ?? null,
        },
      ]),
    ),
    roles: new Map(
      roles.map((row) => [row['id']!, { post: row['postId']!, from: row['from'] as IsoDate, to: row.to }]),
    ),
  }
}
const sorted = ({ posts, roles }: World) => ({
  posts: [...posts].sort(([a], [b]) => (a < b ? -1 : 1)),
  roles: [...roles].sort(([a], [b]) => (a < b ? -1 : 1)),
})

/** The tables as the trail alone gives them. */
async function replayed(since: number) {
  const changes = await database.sql(
    `select register, "rowId", before, after from register_changes where seq > $1 and register in ('posts', 'roles') order by seq`,
    [since],
  )
  const rows = { posts: new Map<string, unknown>(), roles: new Map<string, unknown>() }
  for (const { register: name, rowId, before, after: now } of changes) {
    const all = rows[name as 'posts' | 'roles']
    // each row of the trail begins where the one before it ended
    expect(all.get(String(rowId)) ?? null).toEqual(before)
    if (now === null) all.delete(String(rowId))
    else all.set(String(rowId), now)
  }
  const byId = (all: Map<string, unknown>) => [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)

  return { posts: byId(rows.posts), roles: byId(rows.roles) }
}

test('whatever happens to posts, in any order', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 25, size: 'max' }), async (drawn) => {
      await clear()
      const [last] = await database.sql('select max(seq)::int as seq from register_changes')
      let world: World = { posts: new Map(), roles: new Map() }
      const ends: Ends = new Map()
      const acts: Act[] = []
      // two who may change places
      const commands: Command[] = [...[0, 1].map(arrival), ...drawn]
      for (const each of commands) {
        const next = await happen(world, ends, acts, each)
        const how = `${each.what} ${next === world ? 'refused' : 'done'}`
        seen.set(how, (seen.get(how) ?? 0) + 1)
        for (const [id, { to }] of [...next.posts, ...next.roles]) {
          const before = (world.posts.get(id) ?? world.roles.get(id))?.to
          if (before !== to || !ends.has(id)) ends.set(id, [...(ends.get(id) ?? []), { before, to }])
        }
        world = next
        expect(sorted(await tables())).toEqual(sorted(world))
        checked(world)
        for (const role of world.roles.values()) expect(after(role.to, world.posts.get(role.post)!.to)).toBe(false)
      }
      const { posts, roles } = await replayed(Number(last?.['seq']))
      expect({ posts, roles }).toEqual({
        posts: (await rowsOf('posts')).map(({ row }) => row),
        roles: (await rowsOf('body_roles')).map(({ row }) => row),
      })
    }),
    { numRuns: 30 },
  )
  // it was drawn often enough that each could be done, and could not
  for (const what of ['appoint', 'end', 'reinstate', 'exchange', 'undo'])
    for (const how of ['done', 'refused'])
      expect([what, how, (seen.get(`${what} ${how}`) ?? 0) > 0]).toEqual([what, how, true])
})

// ------------------------------------------------------------------ one by one

describe('a post', () => {
  const appointed = async (who: number, where: number, from = day(0)) =>
    done(await inTransaction((tx) => appoint(tx, author, { person: person(who), position: position(where), from })))
      .posts[0]!

  test('that ends on the day before another begins in it is no obstacle, and its roles end with it', async () => {
    const post = await appointed(0, 0)
    const role = await giveRole(post, person(0), day(0), null)
    const ended = done(
      await inTransaction((tx) =>
        endPost(tx, author, { person: person(0), position: position(0) }, day(9), 'attestation'),
      ),
    )
    await appointed(1, 0, day(10))
    expect(await rowsOf('posts')).toHaveLength(2)
    expect((await rowsOf('body_roles'))[0]?.['row']).toMatchObject({ id: role, to: day(9) })
    expect(await inTransaction((tx) => reinstate(tx, author, post))).toMatchObject({
      refused: 'positionHeld',
      by: { person: { id: person(1) } },
    })
    expect(await inTransaction((tx) => takeBack(tx, author, ended))).toMatchObject({ refused: 'positionHeld' })
  })

  test('that an administrator ends in the register takes its roles with it, and back', async () => {
    const post = await appointed(0, 0)
    await giveRole(post, person(0), day(0), null)
    const changed = (version: number, to: IsoDate | null) =>
      register.update(database.db, author, { id: post, version }, { to })
    expect(await changed(1, day(5))).toMatchObject({ to: day(5) })
    expect((await rowsOf('body_roles'))[0]?.['row']).toMatchObject({ to: day(5) })
    expect(await changed(2, null)).toMatchObject({ to: null })
    expect((await rowsOf('body_roles'))[0]?.['row']).toMatchObject({ to: null })
  })

  test('that is given back takes back no role that ended for itself', async () => {
    const post = await appointed(0, 0)
    const own = await giveRole(post, person(0), day(0), day(3))
    const withIt = await giveRole(post, person(0), day(0), null)
    await inTransaction((tx) => endPost(tx, author, { post }, day(3), 'ownWish'))
    done(await inTransaction((tx) => reinstate(tx, author, post)))
    const roles = new Map((await rowsOf('body_roles')).map(({ row }) => [(row as Row & { id: string }).id, row]))
    expect(roles.get(own)).toMatchObject({ to: day(3) })
    expect(roles.get(withIt)).toMatchObject({ to: null })
  })

  test('is exchanged for another, back again once, and the transaction of the caller goes on after a refusal', async () => {
    const [a, b] = [await appointed(0, 0), await appointed(1, 1)]
    const swapped = done(await inTransaction((tx) => exchange(tx, author, [a, b], day(10))))
    expect(swapped.posts).toHaveLength(2)
    const [first, again] = await inTransaction(async (tx) => [
      await takeBack(tx, author, swapped),
      await takeBack(tx, author, swapped),
    ])
    expect(again).toEqual(first)
    expect((await rowsOf('posts')).map(({ row }) => row)).toMatchObject([{ to: null }, { to: null }])
    await inTransaction(async (tx) => {
      const twice = await appoint(tx, author, { person: person(2), position: position(0), from: day(1) })
      expect(twice).toMatchObject({ refused: 'positionHeld', by: { post: a } })
      done(await appoint(tx, author, { person: person(2), position: position(2), from: day(1) }))
    })
    expect(await rowsOf('posts')).toHaveLength(3)
  })

  test('of a person or in a position that nobody knows, and one that would end before it begins, is refused', async () => {
    const asked = (of: object) =>
      inTransaction((tx) => appoint(tx, author, { person: person(0), position: position(0), from: day(3), ...of }))
    expect(await asked({ person: randomUUID() })).toEqual({ refused: 'unknown' })
    expect(await asked({ position: randomUUID() })).toEqual({ refused: 'unknown' })
    expect(await asked({ to: day(2) })).toEqual({ refused: 'backwards' })
    expect(await inTransaction((tx) => endPost(tx, author, { post: randomUUID() }, day(1), 'ownWish'))).toEqual({
      refused: 'unknown',
    })
    expect(await rowsOf('posts')).toEqual([])
  })

  test('that two appoint to at the same moment has one holder', async () => {
    const answers = await Promise.all(
      [0, 1, 2].map((who) =>
        inTransaction((tx) => appoint(tx, author, { person: person(who), position: position(0), from: day(0) })),
      ),
    )
    expect(answers.filter((answer) => 'refused' in answer)).toMatchObject([
      { refused: 'positionHeld' },
      { refused: 'positionHeld' },
    ])
    expect(await rowsOf('posts')).toHaveLength(1)
  })
})
