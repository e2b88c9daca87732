/** The access log: who was shown what of which cases. Entries are added and read, and nothing else; no case is locked or referred to. */
import type { CaseId, PersonId, PersonRef } from '../../workflows/kernel/contract'
import type { ViewerKind } from '../../workflows/kernel/law/sight'
import type { Db } from './db'
import { personJson, slice, windowSql, type Slice, type Window } from './refs'

/** Cases of which somebody was shown the same pieces by the same rows of their tables, in one answer. */
export interface Look {
  readonly person: PersonId
  readonly kind: ViewerKind
  readonly onBehalfOf: PersonId | null
  /** the route, as `GET /api/cases/:id` */
  readonly door: string
  readonly rows: readonly string[]
  readonly pieces: readonly string[]
  readonly cases: readonly CaseId[]
}

/** Adds entries, with one commit. */
export const addLooks = (db: Db, looks: readonly Look[]): Promise<number> =>
  db.sql.run`
    insert into access_log ("personId", kind, "onBehalfOf", door, rows, pieces, cases)
    select person, kind, "onBehalfOf", door, rows, pieces, cases
    from jsonb_to_recordset(${JSON.stringify(looks)}::jsonb)
      as r(person uuid, kind text, "onBehalfOf" uuid, door text, rows text[], pieces text[], cases uuid[])`

export interface ReaderRow extends Pick<Look, 'kind' | 'door' | 'rows' | 'pieces'> {
  readonly id: string
  readonly at: Date
  /** null: the register does not have him any more */
  readonly person: PersonRef | null
  readonly onBehalfOf: PersonRef | null
}

/** Who was shown something of a case, newest first. */
export async function readersOf(db: Db, id: CaseId, window: Window): Promise<Slice<ReaderRow>> {
  const rows = await db.sql.rows<ReaderRow>`
    select l.id, l.at, l.kind, l.door, l.rows, l.pieces, ${personJson('person')} as person, ${personJson('subject')} as "onBehalfOf"
    from (select * from access_log a where a.cases @> array[${id}::uuid] order by a.at desc, a.id ${windowSql(window)}) l
    left join people person on person.id = l."personId" left join people subject on subject.id = l."onBehalfOf"
    order by l.at desc, l.id`

  return slice(rows, window)
}

/** Makes the tables of this month and of so many after it; answers how many it made. */
export async function keepMonths(db: Db, ahead: number): Promise<number> {
  const [done] = await db.sql.rows<{ made: number }>`select keep_access_log_months(${ahead}::int) as made`

  return done?.made ?? 0
}
