/** People who have a part in an open case by virtue of a post in its body that has ended. */
import { randomUUID } from 'node:crypto'
import type { CaseId, Instant, IsoDate } from '../../workflows/kernel/contract'
import type { Messages } from '../../workflows/kernel/protocol/messages'
import { Prisma, type Db } from './db'
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
  const declared = parts.flatMap(({ process, version, parties }) =>
    parties.map((party) => ({ process, version, party })),
  )

  return db.sql.rows<Departure>`
    select c.id as case, part.key as party, gone."personId" as person, gone.id as post, gone."to" as last, (
      select post."personId" from posts post where post."positionId" = gone."positionId" and ${inForceSql('post', on)}
      order by post."from" desc limit 1) as successor
    from posts gone
    join positions o on o.id = gone."positionId"
    cross join lateral (select k.* from cases k where k.people @> array[gone."personId"] and k.status = 'open' offset 0) c
    cross join lateral jsonb_each_text(c.parties) part
    where gone."to" < ${on}::date and gone."to" >= ${on}::date - ${LOOKED_BACK_DAYS}::int and c.rehearsal is null
      and (c."bodyKey" = o."bodyKey" or c."formerBodies" @> jsonb_build_array(jsonb_build_object('body', o."bodyKey")))
      and part.value = gone."personId"::text
      and exists (select 1 from jsonb_to_recordset(${JSON.stringify(declared)}::jsonb) as d(process text, version int, party text)
        where d.process = c.process and d.version = c.version and d.party = part.key)
      and not exists (select 1 from posts post join positions held on held.id = post."positionId"
        where post."personId" = gone."personId" and held."bodyKey" in (o."bodyKey", c."bodyKey") and ${inForceSql('post', on)})
      and not exists (select 1 from posts later join positions held on held.id = later."positionId"
        where later."personId" = gone."personId" and held."bodyKey" = o."bodyKey" and later."from" > gone."from" and later."from" <= ${on}::date)
      and not exists (select 1 from commands told where told.principal = 'system'
        and told.key = ${keyOf(Prisma.sql`c.id`, Prisma.sql`part.key`, Prisma.sql`gone.id`, Prisma.sql`gone."to"`)})
    order by gone."to", c.id limit ${most}`
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
