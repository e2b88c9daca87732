/** Links of a case with other cases, as somebody may see them. */
import { LINK_PARTS, type CaseId, type IsoDate, type LinkKind, type LinkPart } from '../../workflows/kernel/contract'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { CaseRow } from './cases'
import { annulledSql } from './annulments'
import { Prisma, type Db } from './db'
import { numeral } from './refs'
import { seenJson, seesSql } from './sight'

export type LinkedCase = Pick<
  CaseRow,
  'id' | 'number' | 'process' | 'version' | 'stage' | 'status' | 'outcome' | 'annulled' | 'seen'
>

export interface LinkRow {
  /** what the other case is to this one */
  readonly part: LinkPart
  /** name under which this case opened the other */
  readonly as: string | null
  /** null: it has not begun */
  readonly other: LinkedCase | null
}

export interface Links {
  readonly count: number
  readonly rows: readonly LinkRow[]
}

/** Starts by the story of this case that were not refused and have made no case yet; one by a person may make a case that is kept from whoever looks. */
const OPENING = Prisma.sql`(l."as" is not null and c.id is null and exists (
  select 1 from commands s where s."caseId" = l."otherId" and s.kind = 'start' and s.state <> 'refused'))`

/**
 * The links that were made last, and how many there are: those only whose other case the viewer finds, in the same set of rehearsals
 * or real as this one. With `opening` also cases that have not begun. Each case is found by its id, which `offset 0` keeps: Postgres
 * expects that next to none may be seen, and would rather read all cases for each link.
 */
export async function linksOf(
  db: Db,
  viewer: Viewer,
  { id, rehearsal }: Pick<CaseRow, 'id' | 'rehearsal'>,
  { most, opening }: { readonly most: number; readonly opening: boolean },
): Promise<Links> {
  const rows = await db.sql.rows<{
    kind: LinkKind
    side: 'from' | 'to'
    as: string | null
    otherId: CaseId | null
    other: Omit<LinkedCase, 'id'> | null
    count: number
  }>`
    select l.kind, l.side, l."as", c.id as "otherId", count(*) over ()::int as count,
      case when c.id is not null then jsonb_build_object('number', c.number, 'process', c.process, 'version', c.version,
        'stage', c.stage, 'status', c.status, 'outcome', c.outcome, 'annulled', ${annulledSql(Prisma.sql`c`)}, 'seen', ${seenJson(viewer)}) end as other
    from (
      select "toId" as "otherId", kind, 'to' as side, "as", "madeAt" from case_links where "fromId" = ${id}::uuid
      union all
      select "fromId", kind, 'from', null, "madeAt" from case_links where "toId" = ${id}::uuid) l
    left join lateral (select * from cases c where c.id = l."otherId" offset 0) c on true
    where (c.id is not null and c.rehearsal is not distinct from ${rehearsal}::text and ${seesSql(viewer)})
      ${opening ? Prisma.sql`or ${OPENING}` : Prisma.empty}
    order by l."madeAt" desc, l."otherId", l.kind limit ${numeral(most)}`

  return {
    count: rows[0]?.count ?? 0,
    rows: rows.map(({ kind, side, as, otherId, other }) => ({
      part: LINK_PARTS[kind][side],
      as,
      other: other && otherId && { id: otherId, ...other },
    })),
  }
}

export interface AppealRow {
  /** the document that is the decision it appeals */
  readonly document: string
  readonly since: IsoDate
  readonly case: LinkedCase
}

/**
 * Accepted appeals of decisions of a case, oldest first: those that the viewer finds, in the same set of rehearsals or real as it is.
 * `facts`: by process, the fact that holds the document of the decision.
 */
export async function appealsOf(
  db: Db,
  viewer: Viewer,
  { id, rehearsal }: Pick<CaseRow, 'id' | 'rehearsal'>,
  facts: Readonly<Record<string, string>>,
): Promise<AppealRow[]> {
  const rows = await db.sql.rows<LinkedCase & { document: string; since: IsoDate }>`
    select c.id, c.number, c.process, c.version, c.stage, c.status, c.outcome, ${annulledSql(Prisma.sql`c`)} as annulled,
      ${seenJson(viewer)} as seen, c."startedOn"::text as since, c.facts->>(${JSON.stringify(facts)}::jsonb->>c.process) as document
    from (select "fromId" as "otherId" from case_links where "toId" = ${id}::uuid and kind = 'appeals') l
    cross join lateral (select * from cases c where c.id = l."otherId" offset 0) c
    where c.facts->>(${JSON.stringify(facts)}::jsonb->>c.process) is not null
      and c.rehearsal is not distinct from ${rehearsal}::text and ${seesSql(viewer)}
    order by c."startedOn", c.id`

  return rows.map(({ document, since, ...other }) => ({ document, since, case: other }))
}

/** A decision of a closed case that has effect from another day than its case says, because an appeal of it did so. */
export interface ChangedDay {
  /** the document that is the decision */
  readonly decision: string
  readonly to: IsoDate
}

/** The days that appeals have given to decisions of a case after its end, in the order in which they did. */
export const changedDaysOf = (db: Db, id: CaseId): Promise<ChangedDay[]> =>
  db.sql.rows<ChangedDay>`
    select e.request->>'decision' as decision, e.request->>'on' as "to"
    from case_links l join effects e on e."caseId" = l."fromId" and e.name = 'doOn' and e.state = 'taken' and e.request->>'decision' is not null
    where l."toId" = ${id}::uuid and l.kind = 'appeals' order by e.seq`
