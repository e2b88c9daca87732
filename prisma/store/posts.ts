/**
 * The posts that people hold. The database holds them to it (constraints of `posts`): a position has one post of each kind at a time,
 * and a person one post.
 */
import { randomUUID } from 'node:crypto'
import type { FieldError, IsoDate, Name, PersonId, PersonRef, PositionId } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import type { PostKind, RegisterRows } from '../../workflows/kernel/register'
import type { DoneToPosts, EndGround, WhichPost } from '../../workflows/service/posts'
import { excludedBy, type Sql } from './db'
import { personJson, postJson } from './refs'
import { type Author, takeBackChange, writeRegister } from './register-trail'

/** A post that another one stands in the way of. */
export interface HeldPost {
  readonly post: string
  readonly person: PersonRef
  readonly position: { readonly id: string; readonly name: Name }
  readonly from: IsoDate
  readonly to: IsoDate | null
}
/**
 * Why posts are left as they are. `unknown`: the register has no such post, person or position. `backwards`: it would end before it
 * begins. `notHeld`: nobody holds it on that day. `ended`: it has ended already. `notEnded`: it has not been ended. `notPermanent`:
 * temporary posts are not exchanged. `samePlace`: of one person, or in one position. `roleBeginsLater`, `roleBeginsEarlier`: a role that
 * hangs on it would begin after its end, or before it begins. `changedSince`: somebody has changed it since.
 */
export type Obstacle =
  | 'unknown'
  | 'backwards'
  | 'notHeld'
  | 'ended'
  | 'notEnded'
  | 'notPermanent'
  | 'samePlace'
  | 'roleBeginsLater'
  | 'roleBeginsEarlier'
  | 'changedSince'
export type PostRefusal =
  /** somebody else holds the position then, or the person another post */
  | { readonly refused: 'positionHeld' | 'personHeld'; readonly by: HeldPost }
  | { readonly refused: Obstacle; readonly by?: never }

/** What was done, by which it is taken back. */
export type Done = DoneToPosts

type PostRow = RegisterRows['posts']
type RoleRow = RegisterRows['roles']
type Changes = readonly { readonly seq: number }[]
const seqsOf = (changes: Changes): number[] => changes.map(({ seq }) => seq)

/** Ends an attempt that the register does not allow. */
class NotAllowed extends Error {
  constructor(readonly obstacle: Obstacle) {
    super(obstacle)
  }
}
/** Ends an attempt by which a post would be held twice. */
class HeldTwice extends Error {
  constructor(
    readonly refused: 'positionHeld' | 'personHeld',
    readonly row: Omit<PostRow, 'version'>,
    cause: unknown,
  ) {
    super(refused, { cause })
  }
}

/** The post that stands in the way of a row; null when there is none any more. */
async function postInTheWay(tx: Sql, { refused, row }: HeldTwice): Promise<HeldPost | null> {
  const [held] = await tx.rows<HeldPost>`
    select held.id as post, ${personJson('person')} as person, ${postJson} as position, held."from", held."to"
    from posts held join people person on person.id = held."personId" join positions post on post.id = held."positionId"
    where held.id <> ${row.id}::uuid
      and case when ${refused}::text = 'personHeld' then held."personId" = ${row.personId}::uuid
        else held."positionId" = ${row.positionId}::uuid and held.kind = ${row.kind} end
      and daterange(held."from", held."to", '[]') && daterange(${row.from}::date, ${row.to}::date, '[]')
    order by held."from" limit 1`

  return held ?? null
}

/** Does all of a piece of work on posts, or none of it when the register does not allow it. The transaction goes on either way. */
async function attempt<T>(tx: Sql, work: () => Promise<T>): Promise<T | PostRefusal> {
  await tx.run`savepoint posts`
  try {
    const done = await work()
    await tx.run`release savepoint posts`

    return done
  } catch (error) {
    if (!(error instanceof HeldTwice || error instanceof NotAllowed)) throw error
    await tx.run`rollback to savepoint posts`
    if (error instanceof NotAllowed) return { refused: error.obstacle }
    const by = await postInTheWay(tx, error)
    if (!by) throw error

    return { refused: error.refused, by }
  }
}

/** Nobody else writes posts of these people, or in these positions, until the end of the transaction: two who did would wait for each other. */
async function lockPlaces(tx: Sql, posts: readonly Pick<PostRow, 'personId' | 'positionId'>[]): Promise<void> {
  const positions = new Set(posts.map(({ positionId }) => positionId))
  const people = new Set(posts.map(({ personId }) => personId))
  const found =
    (await tx.run`select 1 from positions where id = any(${[...positions]}::uuid[]) order by id for no key update`) +
    (await tx.run`select 1 from people where id = any(${[...people]}::uuid[]) order by id for no key update`)
  if (found < positions.size + people.size) throw new NotAllowed('unknown')
}

/** The posts of these ids, as nobody else changes them now. */
async function lockPosts(tx: Sql, ids: readonly string[]): Promise<PostRow[]> {
  const read = () => tx.rows<PostRow>`select * from posts where id = any(${ids}::uuid[]) order by id for update`
  // who they are of and where never changes
  const unlocked = await tx.rows<PostRow>`select * from posts where id = any(${ids}::uuid[])`
  await lockPlaces(tx, unlocked)
  const found = await read()

  return ids.map((id) => found.find((post) => post.id === id) ?? notAllowed('unknown'))
}

function notAllowed(obstacle: Obstacle): never {
  throw new NotAllowed(obstacle)
}

/** Writes a row of a post; throws HeldTwice when a constraint refuses it. */
async function held<T>(row: Omit<PostRow, 'version'>, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const constraint = excludedBy(error)
    if (constraint === null) throw error
    throw new HeldTwice(constraint === 'posts_person_held' ? 'personHeld' : 'positionHeld', row, error)
  }
}

/** When a row would have ended had it not been made to end on that day; its own end when it was entered with it. */
async function endBefore(tx: Sql, register: 'posts' | 'roles', { id, to }: PostRow | RoleRow): Promise<IsoDate | null> {
  const [change] = await tx.rows<{ to: IsoDate | null; entered: boolean }>`
    select before->>'to' as "to", before is null as entered from register_changes
    where register = ${register} and "rowId" = ${id} and after->>'to' = ${to}
      and (before is null or before->>'to' is distinct from after->>'to')
    order by seq desc limit 1`

  return change?.entered ? to : (change?.to ?? null)
}

const isLater = (a: IsoDate | null, b: IsoDate | null): boolean => b !== null && (a === null || a > b)
const earlier = (a: IsoDate | null, b: IsoDate | null): IsoDate | null => (isLater(a, b) ? b : a)

/** Fields of a row that cannot be so. */
export interface WrongFields {
  readonly wrong: Readonly<Record<string, FieldError>>
}

/**
 * What is wrong with a role for the post on which it is to hang: that is its holder's, in the body of the role, from its first day to its
 * last. The post stays as it is until the end of the transaction; only a change of the post moves the end of the role with it.
 */
export async function wrongForPost(
  tx: Sql,
  { postId, personId, bodyKey, from, to }: Pick<RoleRow, 'postId' | 'personId' | 'bodyKey' | 'from' | 'to'>,
): Promise<WrongFields | null> {
  if (postId === null) return null
  const [post] = await tx.rows<PostRow & { readonly bodyKey: string }>`
    select post.*, o."bodyKey" from posts post join positions o on o.id = post."positionId"
    where post.id = ${postId}::uuid for share of post`
  if (post?.personId !== personId || post.bodyKey !== bodyKey) return { wrong: { post: 'notTheirPost' } }
  if (from < post.from) return { wrong: { from: 'beforePost' } }

  return isLater(to, post.to) ? { wrong: { to: 'afterPost' } } : null
}

/** Roles that hang on a post end with it, and are held again when it is: those that ended with it. */
async function followPost(tx: Sql, author: Author, before: PostRow, to: IsoDate | null): Promise<Changes> {
  const roles =
    await tx.rows<RoleRow>`select * from body_roles where "postId" = ${before.id}::uuid order by id for update`
  const changes: { readonly seq: number }[] = []
  for (const role of roles) {
    const isCut = isLater(role.to, to)
    const comesBack = role.to !== null && role.to === before.to && isLater(to, before.to)
    if (!isCut && !comesBack) continue
    const end = isCut ? to : earlier(await endBefore(tx, 'roles', role), to)
    if (end !== null && end < role.from) notAllowed('roleBeginsLater')
    if (end === role.to) continue
    changes.push(...(await writeRegister(tx, author, 'roles', { id: role.id, change: { to: end } })))
  }

  return changes
}

/** Moves the end of a post, and of the roles that hang on it. */
async function moveEnd(tx: Sql, author: Author, post: PostRow, to: IsoDate | null, endGround: EndGround | null) {
  const changes = await held({ ...post, to }, () =>
    writeRegister(tx, author, 'posts', { id: post.id, change: { to, endGround } }),
  )

  return [...changes, ...(await followPost(tx, author, post, to))]
}

/** Changes a post of that version, and ends the roles that hang on it with it: nothing when there is none. */
export const changePost = (
  tx: Sql,
  author: Author,
  { id, version }: { readonly id: string; readonly version: number },
  change: Partial<Pick<PostRow, 'from' | 'to' | 'endGround' | 'kind'>>,
): Promise<Changes | PostRefusal> =>
  attempt(tx, async () => {
    const known = await tx.run`select 1 from posts where id = ${id}::uuid`
    const [before] = known > 0 ? await lockPosts(tx, [id]) : []
    if (before?.version !== version) return []
    const now = { ...before, ...change }
    if (now.to !== null && now.to < now.from) notAllowed('backwards')
    if (now.from > before.from && (await hasRoles(tx, id, now.from))) notAllowed('roleBeginsEarlier')
    const changes = await held(now, () => writeRegister(tx, author, 'posts', { id, version, change }))

    return [...changes, ...(await followPost(tx, author, before, now.to))]
  })

/** Appoints a person to a position from a day on; `to`: its last day, when it is known. */
export const appoint = (
  tx: Sql,
  author: Author,
  {
    person: personId,
    position: positionId,
    from,
    to = null,
    kind = 'permanent',
    id = randomUUID(),
  }: {
    readonly person: PersonId
    readonly position: PositionId
    readonly from: IsoDate
    readonly to?: IsoDate | null
    readonly kind?: PostKind
    readonly id?: string
  },
): Promise<Done | PostRefusal> =>
  attempt(tx, async () => {
    if (to !== null && to < from) notAllowed('backwards')
    const row = { id, personId, positionId, from, to, endGround: null, kind }
    await lockPlaces(tx, [row])
    const changes = await held(row, () => writeRegister(tx, author, 'posts', { enter: [row] }))

    return { changes: seqsOf(changes), posts: [row.id] }
  })

async function idOf(tx: Sql, which: WhichPost, on: IsoDate): Promise<string> {
  if ('post' in which) return which.post
  const [post] = await tx.rows<{ id: string }>`
    select id from posts where "personId" = ${which.person}::uuid and "positionId" = ${which.position}::uuid
      and ${on}::date <@ daterange("from", "to", '[]')`

  return post?.id ?? notAllowed('notHeld')
}

/** Ends a post, and the roles that hang on it: `on` is the last day of all. */
export const endPost = (
  tx: Sql,
  author: Author,
  which: WhichPost,
  on: IsoDate,
  ground: EndGround,
): Promise<Done | PostRefusal> =>
  attempt(tx, async () => {
    const [post = notAllowed('unknown')] = await lockPosts(tx, [await idOf(tx, which, on)])
    if (post.from > on) notAllowed('notHeld')
    if (post.to !== null && (post.to < on || (post.to === on && post.endGround !== null))) notAllowed('ended')

    return { changes: seqsOf(await moveEnd(tx, author, post, on, ground)), posts: [post.id] }
  })

/** Gives a post that was ended back to its holder as if it had not been, with the roles that ended with it. */
export const reinstate = (tx: Sql, author: Author, id: string): Promise<Done | PostRefusal> =>
  attempt(tx, async () => {
    const [post = notAllowed('unknown')] = await lockPosts(tx, [id])
    if (post.to === null) notAllowed('notEnded')
    const to = await endBefore(tx, 'posts', post)
    if (!isLater(to, post.to)) notAllowed('notEnded')

    return { changes: seqsOf(await moveEnd(tx, author, post, to, null)), posts: [id] }
  })

/** Two people change places: each holds the other's position from that day on, and the roles that hung on their posts have ended. */
export const exchange = (
  tx: Sql,
  author: Author,
  ids: readonly [string, string],
  on: IsoDate,
  [first, second]: readonly [string, string] = [randomUUID(), randomUUID()],
): Promise<Done | PostRefusal> =>
  attempt(tx, async () => {
    const [a = notAllowed('unknown'), b = notAllowed('unknown')] = await lockPosts(tx, ids)
    const eve = addDays(on, -1)
    for (const post of [a, b]) {
      if (post.kind !== 'permanent') notAllowed('notPermanent')
      if (post.from > eve || (post.to !== null && post.to < on)) notAllowed('notHeld')
    }
    if (a.positionId === b.positionId || a.personId === b.personId) notAllowed('samePlace')
    const ended = [
      ...(await moveEnd(tx, author, a, eve, 'transfer')),
      ...(await moveEnd(tx, author, b, eve, 'transfer')),
    ]
    const entered = []
    for (const [id, who, where] of [
      [first, a, b],
      [second, b, a],
    ] as const) {
      const { personId } = who
      const { positionId, to, kind } = where
      const row = { id, personId, positionId, from: on, to, endGround: null, kind }
      entered.push(...(await held(row, () => writeRegister(tx, author, 'posts', { enter: [row] }))))
    }

    return { changes: seqsOf([...ended, ...entered]), posts: entered.map(({ id }) => id) }
  })

/**
 * Takes back what any of these did, all of it: posts that began by it are removed, and those that ended by it go on, with their roles.
 * Once, however often it is asked for. `changedSince`: somebody has since changed a row of it, or made a role hang on a post of it.
 */
export const takeBack = (tx: Sql, author: Author, { changes }: Pick<Done, 'changes'>): Promise<Done | PostRefusal> =>
  attempt(tx, async () => {
    const done = await tx.rows<{ seq: number; register: string; before: PostRow | null; after: PostRow | null }>`
      select seq::float8 as seq, register, before, after from register_changes where seq = any(${changes}::bigint[])
      order by seq desc for update`
    const posts = done.flatMap(({ register, before, after }) => {
      const post = register === 'posts' ? (after ?? before) : null

      return post ? [post] : []
    })
    await lockPlaces(tx, posts)
    const before = await tx.rows<{ seq: number }>`
      select seq::float8 as seq from register_changes where undoes = any(${changes}::bigint[]) order by seq`
    const ids = [...new Set(posts.map(({ id }) => id))]
    if (before.length > 0) return { changes: seqsOf(before), posts: ids }
    const undone: { readonly seq: number }[] = []
    for (const { seq, register, before: was, after } of done) {
      if (register === 'posts' && was === null && after && (await hasRoles(tx, after.id))) notAllowed('changedSince')
      const back = () => takeBackChange(tx, author, seq)
      const change = await (register === 'posts' && was ? held(was, back) : back())
      if (change === 'changedSince') notAllowed('changedSince')
      undone.push(change)
    }
    // roles that somebody was given since end with the posts that end again
    for (const { register, before: was } of done)
      if (register === 'posts' && was) await followPost(tx, author, was, was.to)

    return { changes: seqsOf(undone), posts: ids }
  })

/** Do roles hang on the post, or, with a day, roles that begin before it? */
const hasRoles = async (tx: Sql, post: string, before: IsoDate | null = null): Promise<boolean> =>
  (await tx.run`select 1 from body_roles where "postId" = ${post}::uuid and (${before}::date is null or "from" < ${before}::date)`) >
  0
