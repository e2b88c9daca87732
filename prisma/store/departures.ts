/** People who have a part in an open case by virtue of a post in its body that has ended, and who comes in. */
import { randomUUID } from 'node:crypto'
import type { CaseId, Instant, IsoDate, TaskId } from '../../workflows/kernel/contract'
import type { Messages } from '../../workflows/kernel/protocol/messages'
import { Prisma, type Db } from './db'
import { OPEN_TASK } from './conditions'
import { inForceSql } from './listing'

/** Parts that a post gives, by process and version. */
export interface PartsByPost {
  readonly process: string
  readonly version: number
  readonly parties: readonly string[]
}

export interface Departure extends Pick<Messages['partyLeft'], 'party' | 'person' | 'successor'> {
  readonly case: CaseId
  /** the post that ended and its last day, by which a case is told once */
  readonly post: string
  readonly last: IsoDate
}

/** An ended post is looked for so long, shorter than the key by which a case is told once is kept; who left before is found by the checker of cases without movement. */
const LOOKED_BACK_DAYS = 25

/**
 * Parts in open real cases whose person has left: his last post in the body of the case is over on the day, and he has no other there. His
 * successor is who holds the same position on that day. Not those of which the case was told.
 */
export async function departures(
  db: Db,
  parts: readonly PartsByPost[],
  on: IsoDate,
  most: number,
): Promise<Departure[]> {
  if (parts.length === 0) return []

  return db.sql.rows<Departure>`
    select c.id as case, part.key as party, gone."personId" as person, gone.id as post, gone."to" as last, (
      select post."personId" from posts post where post."positionId" = gone."positionId" and ${inForceSql('post', on)}
      order by post."from" desc limit 1) as successor
    from posts gone
    join positions o on o.id = gone."positionId"
    cross join lateral (select k.* from cases k where k.people @> array[gone."personId"] and k.status = 'open' offset 0) c
    cross join lateral jsonb_each_text(c.parties) part
    where gone."to" < ${on}::date and gone."to" >= ${on}::date - ${LOOKED_BACK_DAYS}::int and c.rehearsal is null
      and ${servedIn('o')} and part.value = gone."personId"::text and ${isDeclared(parts, Prisma.sql`part.key`)}
      and not exists (select 1 from posts post join positions held on held.id = post."positionId"
        where post."personId" = gone."personId" and held."bodyKey" in (o."bodyKey", c."bodyKey") and ${inForceSql('post', on)})
      and not exists (select 1 from posts later join positions held on held.id = later."positionId"
        where later."personId" = gone."personId" and held."bodyKey" = o."bodyKey" and later."from" > gone."from" and later."from" <= ${on}::date)
      and not exists (select 1 from commands told where told.principal = 'system'
        and told.key = ${keyOf(Prisma.sql`c.id`, Prisma.sql`part.key`, Prisma.sql`gone.id`, Prisma.sql`gone."to"`)})
    order by gone."to", c.id limit ${most}`
}

export interface Succession extends Pick<Messages['successorCame'], 'party' | 'successor'> {
  readonly case: CaseId
  /** in which HR is asked to name somebody */
  readonly task: TaskId
}

/**
 * Parts of open real cases that are nobody's since their person has left, and whose position somebody holds on the day: the last that he
 * had in the body of the case. Not those of which the case was told. Of a case that is about him nobody comes in.
 */
export async function successions(
  db: Db,
  parts: readonly PartsByPost[],
  on: IsoDate,
  most: number,
): Promise<Succession[]> {
  if (parts.length === 0) return []

  return db.sql.rows<Succession>`
    select c.id as case, part.name as party, t.id as task, held."personId" as successor
    from tasks t
    join cases c on c.id = t."caseId" and c.status = 'open' and c.rehearsal is null
    cross join lateral (select t.about #>> '{params,part}' as name) part
    cross join lateral (select (k.payload ->> 'person')::uuid as id from commands k
      where k."caseId" = c.id and k.kind = 'partyLeft' and k.payload ->> 'party' = part.name order by k.seq desc limit 1) gone
    cross join lateral (select post."positionId" from posts post join positions o on o.id = post."positionId"
      where post."personId" = gone.id and ${servedIn('o')} and post."from" <= ${on}::date order by post."from" desc limit 1) his
    cross join lateral (select post."personId" from posts post where post."positionId" = his."positionId" and ${inForceSql('post', on)}
      order by post."from" desc limit 1) held
    where t.kind = 'nameSuccessor' and t.state in ${OPEN_TASK} and held."personId" is distinct from c."subjectId"
      and ${isDeclared(parts, Prisma.sql`part.name`)}
      and not exists (select 1 from commands told where told.principal = 'system'
        and told.key = ${successionKey(Prisma.sql`t.id`, Prisma.sql`held."personId"`)})
    order by t.id limit ${most}`
}

const successionKey = (task: Prisma.Sql, successor: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`'successor/' || ${task}::text || '/' || ${successor}::text`

/** Tells each case once of each successor. */
export const storeSuccessions = (db: Db, found: readonly Succession[], at: Instant): Promise<number> => {
  const rows = found.map((each) => ({ ...each, id: randomUUID() }))

  return db.sql.run`
    insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
    select r.id, r."case", 'successorCame', 'system', ${successionKey(Prisma.sql`r.task`, Prisma.sql`r.successor`)}, '', '{}'::jsonb,
      jsonb_build_object('command', r.id, 'party', r.party, 'successor', r.successor), ${at}::timestamptz, 'stored'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, "case" uuid, party text, task uuid, successor uuid)
    on conflict (principal, key) do nothing`
}

/** Of a row `c` of `cases`: does its contract say of this part who comes in? */
const isDeclared = (parts: readonly PartsByPost[], party: Prisma.Sql): Prisma.Sql => Prisma.sql`exists (
  select 1 from jsonb_to_recordset(${JSON.stringify(
    parts.flatMap(({ process, version, parties }) => parties.map((each) => ({ process, version, party: each }))),
  )}::jsonb) as d(process text, version int, party text)
  where d.process = c.process and d.version = c.version and d.party = ${party})`

/** Of a row `c` of `cases`: is that position in its body, or in one to which it belonged before? */
const servedIn = (position: 'o'): Prisma.Sql => {
  const body = Prisma.raw(`${position}."bodyKey"`)

  return Prisma.sql`(c."bodyKey" = ${body} or c."formerBodies" @> jsonb_build_array(jsonb_build_object('body', ${body})))`
}

/** A post may be given back, and end another time: its last day is part of the key. */
const keyOf = (caseId: Prisma.Sql, party: Prisma.Sql, post: Prisma.Sql, last: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`'left/' || ${caseId}::text || '/' || ${party}::text || '/' || ${post}::text || '/' || ${last}::text`

/** Tells each case once of each post that ended. */
export const storeDepartures = (db: Db, found: readonly Departure[], at: Instant): Promise<number> => {
  const rows = found.map((each) => ({ ...each, id: randomUUID() }))

  return db.sql.run`
    insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
    select r.id, r."case", 'partyLeft', 'system', ${keyOf(Prisma.sql`r."case"`, Prisma.sql`r.party`, Prisma.sql`r.post`, Prisma.sql`r."last"`)}, '', '{}'::jsonb,
      jsonb_build_object('command', r.id, 'party', r.party, 'person', r.person, 'successor', r.successor), ${at}::timestamptz, 'stored'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, "case" uuid, party text, person uuid, post uuid, "last" date, successor uuid)
    on conflict (principal, key) do nothing`
}
