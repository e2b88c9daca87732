/** Whom and what cases are about, and other cases that their pages name: read for a viewer, who is shown no more than he sees. */
import type { BodyRef, CaseId, Name, PersonRef } from '../../workflows/kernel/contract'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import { TRUE } from './conditions'
import { Prisma, type Db } from './db'
import { bodyJson, joinByKey, personJson, postJson } from './refs'
import { seenJson } from './sight'

/** Another case, with what decides who sees it: whoever does not find it is shown nothing of it (`caseRef` of the API's policy). */
export interface OtherCase {
  readonly id: CaseId
  readonly number: string
  readonly seen: SeenCase
}

/** Those of these ids that are cases. */
export async function casesByIds(db: Db, viewer: Viewer, ids: readonly string[]): Promise<OtherCase[]> {
  if (ids.length === 0) return []

  return db.sql.rows<OtherCase>`
    select c.id, c.number, ${seenJson(viewer)} as seen from cases c where c.id = any(${[...ids]}::uuid[])`
}

/**
 * The cases that rows name by their ids, in one statement, and in none where no row names one: most name none, and what decides who sees
 * a case makes a third of the statement that reads it.
 */
export async function othersNamed(
  db: Db,
  viewer: Viewer,
  ids: readonly (CaseId | null)[],
): Promise<(id: CaseId | null) => OtherCase | null> {
  const found = await casesByIds(db, viewer, [...new Set(ids.filter((id) => id !== null))])
  const byId = new Map(found.map((other) => [other.id, other]))

  return (id) => (id === null ? null : (byId.get(id) ?? null))
}

/** Whom and what the case `c` is about. */
export interface AboutRow {
  readonly subject: PersonRef | null
  readonly position: { readonly id: string; readonly name: Name } | null
  readonly aboutBody: BodyRef | null
  readonly aboutCase: OtherCase | null
}
/** A row as it is read, before the case that it is about. */
export type Unlinked<Row extends AboutRow> = Omit<Row, 'aboutCase'> & { readonly aboutCaseId: CaseId | null }

export const ABOUT_COLUMNS = Prisma.sql`${personJson('subject')} as subject, ${postJson} as position,
  ${bodyJson('concerned')} as "aboutBody", c."aboutCaseId"`
/** Joins whom and what they are about to cases `c`: the subject only of those of which `named` holds, for what is ordered by his name. */
export const about = (named: Prisma.Sql = TRUE): Prisma.Sql => Prisma.sql`
    left join lateral (select * from people named where named.id = c."subjectId" and ${named} offset 0) subject on true
    ${Prisma.raw(`${joinByKey('positions', 'post', 'id = c."positionId"')}
    ${joinByKey('state_bodies', 'concerned', 'key = c."aboutBodyKey"')}`)}`

/** The rows with the cases that they are about. */
export async function linked<Row extends { readonly aboutCaseId: CaseId | null }>(
  db: Db,
  viewer: Viewer,
  rows: readonly Row[],
): Promise<(Row & Pick<AboutRow, 'aboutCase'>)[]> {
  const other = await othersNamed(
    db,
    viewer,
    rows.map(({ aboutCaseId }) => aboutCaseId),
  )

  return rows.map((row) => ({ ...row, aboutCase: other(row.aboutCaseId) }))
}
