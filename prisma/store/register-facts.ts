/** What the register knows of the people and positions that a form names, for rules that cannot ask the register themselves. */
import type {
  BodyKey,
  IsoDate,
  PersonId,
  PersonRecord,
  PositionId,
  PositionRecord,
} from '../../workflows/kernel/contract'
import { Prisma, type Db } from './db'
import { inForceSql } from './listing'
import type { PeopleFacts } from './process-store'
import { monthsIn, type Held } from './service'

export interface PersonFacts extends PersonRecord {
  /** the body in which he serves on the day on which he is to act; null: he has no post then */
  readonly office: BodyKey | null
}

/** `on`: the day of the case by which the rules go. `acting`: the day on which whoever is named is to act. */
export interface Days {
  readonly on: IsoDate
  readonly acting: IsoDate
}

const bodyOn = (day: IsoDate) => Prisma.sql`(
  select o."bodyKey" from posts post join positions o on o.id = post."positionId"
  where post."personId" = p.id and ${inForceSql('post', day)} order by post."from" desc limit 1)`

/** Those of these people whom the register has; each with what the process knows of him whose rules ask (`owned`). */
export async function factsOfPeople(
  db: Db,
  people: readonly PersonId[],
  { on, acting }: Days,
  owned: PeopleFacts | null,
): Promise<ReadonlyMap<PersonId, PersonFacts>> {
  if (people.length === 0) return new Map()
  const [known, rows] = await Promise.all([owned?.(db.sql, people, on), registered(db, people, { on, acting })])

  return new Map(
    rows.map(({ id, posts, ...facts }) => [id, { ...facts, serviceMonths: monthsIn(posts, on), ...known?.get(id) }]),
  )
}

const registered = (db: Db, people: readonly PersonId[], { on, acting }: Days) =>
  db.sql.rows<Omit<PersonFacts, 'serviceMonths'> & { id: PersonId; posts: Held[] }>`
    select p.id, ${bodyOn(on)} as body, ${bodyOn(acting)} as office,
      (select coalesce(json_agg(json_build_object('from', "from", 'to', "to") order by "from"), '[]') from posts
        where "personId" = p.id and "from" <= ${on}::date) as posts
    from people p where p.id = any(${[...people]}::uuid[])`

/** Those of these positions that the register has, each with the posts of one person in it, none of nobody. */
export async function factsOfPositions(
  db: Db,
  positions: readonly PositionId[],
  person: PersonId | null,
): Promise<ReadonlyMap<PositionId, PositionRecord>> {
  if (positions.length === 0) return new Map()
  const rows = await db.sql.rows<PositionRecord & { id: PositionId }>`
    select o.id, o."bodyKey" as body,
      (select coalesce(json_agg(json_build_object('from', p."from", 'to', p."to") order by p."from"), '[]') from posts p
        where p."positionId" = o.id and p."personId" = ${person}::uuid) as posts
    from positions o where o.id = any(${[...positions]}::uuid[])`

  return new Map(rows.map(({ id, ...record }) => [id, record]))
}
