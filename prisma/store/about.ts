/** Whom and what cases are about, and other cases that their pages name: read for a viewer, and no further than he sees. */
import type { BodyRef, CaseId, Name, PersonRef } from '../../workflows/kernel/contract'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import { Prisma } from './db'
import { bodyJson, joinByKey, personJson, postJson } from './refs'
import { seenJson, seesSql } from './sight'

/** Another case, with what decides who sees it: whoever does not find it is shown nothing of it (`caseRef` of the API's policy). */
export interface OtherCase {
  readonly id: CaseId
  readonly number: string
  readonly seen: SeenCase
}
/** An OtherCase of a joined `cases` row, or null. */
export const otherCaseJson = (viewer: Viewer, alias: 'other' | 'acting'): Prisma.Sql => {
  const c = Prisma.raw(alias)

  return Prisma.sql`case when ${c}.id is not null then jsonb_build_object('id', ${c}.id, 'number', ${c}.number,
    'seen', ${seenJson(viewer, alias)}) end`
}

/** Whom and what the case `c` is about: the joined rows, and what is read of them; and what decides who sees it. */
export interface AboutRow {
  readonly subject: PersonRef | null
  readonly position: { readonly id: string; readonly name: Name } | null
  readonly aboutBody: BodyRef | null
  readonly aboutCase: OtherCase | null
}
export const aboutColumns = (
  viewer: Viewer,
): Prisma.Sql => Prisma.sql`${personJson('subject')} as subject, ${postJson} as position,
  ${bodyJson('concerned')} as "aboutBody", ${otherCaseJson(viewer, 'other')} as "aboutCase"`
/** Joins them to cases `c`. Whom it is about, and in which position, is not read for whoever does not see it. */
export const about = (viewer: Viewer): Prisma.Sql => Prisma.sql`
    cross join lateral (select ${seesSql(viewer, 'identity')} as named offset 0) sight
    left join lateral (select * from people named where named.id = c."subjectId" and sight.named offset 0) subject on true
    left join lateral (select * from positions named where named.id = c."positionId" and sight.named offset 0) post on true
    ${Prisma.raw(`${joinByKey('state_bodies', 'concerned', 'key = c."aboutBodyKey"')}
    ${joinByKey('cases', 'other', 'id = c."aboutCaseId"')}`)}`
