/**
 * The posts that people hold. The database holds them to it (constraints of `posts`): a position has one post of each kind at a time,
 * and a person one post.
 */
import type { IsoDate, Name, PersonRef } from '../../workflows/kernel/contract'
import type { RegisterRows, RowChange } from '../../workflows/kernel/register'
import { excludedBy, type Sql } from './db'
import { personJson, postJson } from './refs'
import { type Author, writeRegister } from './register-trail'

export const END_GROUNDS = [
  'transfer',
  'ownWish',
  'evaluation',
  'probation',
  'attestation',
  'negativeGrounds',
  'staffReduction',
] as const
export type EndGround = (typeof END_GROUNDS)[number]

/** A post that another one stands in the way of. */
export interface HeldPost {
  readonly post: string
  readonly person: PersonRef
  readonly position: { readonly id: string; readonly name: Name }
  readonly from: IsoDate
  readonly to: IsoDate | null
}
/** Why posts are left as they are. `positionHeld`: somebody else holds it then. `personHeld`: the person holds another post then. */
export type PostRefusal = { readonly refused: 'positionHeld' | 'personHeld'; readonly by: HeldPost }

type PostRow = RegisterRows['posts']

/** Ends an attempt that the register does not allow. */
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

/**
 * Does all of a piece of work on posts, or none of it when it would let a post be held twice. The transaction of the caller goes on
 * either way.
 */
async function attempt<T>(tx: Sql, work: () => Promise<T>): Promise<T | PostRefusal> {
  await tx.run`savepoint posts`
  try {
    const done = await work()
    await tx.run`release savepoint posts`

    return done
  } catch (error) {
    if (!(error instanceof HeldTwice)) throw error
    await tx.run`rollback to savepoint posts`
    const by = await postInTheWay(tx, error)
    if (!by) throw error

    return { refused: error.refused, by }
  }
}

/** Nobody else appoints these people, or to these positions, until the end of the transaction: two who did would wait for each other. */
async function lockPlaces(tx: Sql, rows: readonly Pick<PostRow, 'personId' | 'positionId'>[]): Promise<void> {
  await tx.run`select 1 from positions where id = any(${rows.map(({ positionId }) => positionId)}::uuid[]) order by id for no key update`
  await tx.run`select 1 from people where id = any(${rows.map(({ personId }) => personId)}::uuid[]) order by id for no key update`
}

/** Writes a row of a post; throws HeldTwice when a constraint refuses it. */
async function written(row: Omit<PostRow, 'version'>, write: () => Promise<RowChange<'posts'>[]>) {
  try {
    return await write()
  } catch (error) {
    const constraint = excludedBy(error)
    if (constraint === null) throw error
    throw new HeldTwice(constraint === 'posts_person_held' ? 'personHeld' : 'positionHeld', row, error)
  }
}

/** Changes a post of that version: nothing when there is none. */
export async function changePost(
  tx: Sql,
  author: Author,
  { id, version }: { readonly id: string; readonly version: number },
  change: Partial<Pick<PostRow, 'from' | 'to' | 'endGround' | 'kind'>>,
): Promise<RowChange<'posts'>[] | PostRefusal> {
  const [before] = await tx.rows<PostRow>`select * from posts where id = ${id}::uuid and version = ${version}`
  if (!before) return []
  await lockPlaces(tx, [before])

  return attempt(tx, () =>
    written({ ...before, ...change }, () => writeRegister(tx, author, 'posts', { id, version, change })),
  )
}
