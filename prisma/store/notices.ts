/**
 * What people are told of without looking: rows for a person, or for whoever holds a role in a body. A row holds ids and codes only; what it
 * says is read when it is shown, by what its reader sees of the case then.
 */
import { randomUUID } from 'node:crypto'
import {
  personOf,
  type Addressee,
  type CaseId,
  type IsoDate,
  type Notice,
  type PersonId,
  type Role,
  type TaskId,
} from '../../workflows/kernel/contract'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import type { Step } from '../../workflows/kernel/protocol/step'
import { addresseeColumns } from './columns'
import { allOf, TRUE } from './conditions'
import { Prisma, type Db } from './db'
import { inForceSql } from './listing'
import { ordering, type PageCursor } from './order'
import { numeral, slice, windowSql, type Slice } from './refs'
import { seenJson, seesSql } from './sight'

/** Codes that a notice says beside its task and case. */
export interface NoticeParams {
  readonly stage?: string
}
export interface NewNotice {
  readonly kind: Notice
  readonly to: Addressee<Role>
  readonly task?: TaskId | undefined
  readonly params?: NoticeParams
}

// ------------------------------------------------------------------ what a step tells

/**
 * Whom a step tells of what: what its workflow says, and what follows from the step itself, so that no workflow has to know who is
 * concerned. See `doc/adr/0021-notices-and-letters.md`.
 */
export function noticesOf(step: Step): NewNotice[] {
  const { subject, parties } = step
  const concerned = [
    ...new Set([subject, ...Object.values(parties)].filter((person) => person !== null && person !== undefined)),
  ]
  const toAll = (people: readonly PersonId[], kind: Notice, params: NoticeParams = {}): NewNotice[] =>
    people.map((person) => ({ kind, to: { person }, params }))
  const stage = step.events.findLast(({ kind }) => kind === 'stageEntered')?.params?.['stage']
  const told = step.notices.map((notice) => ({ ...notice, kind: kindOf(step, notice) }))
  // whoever started a case that was refused at once has been answered
  const starter = step.opening === null ? personOf(step.startedBy) : null
  const others = [...concerned, ...(starter === null || concerned.includes(starter) ? [] : [starter])].filter(
    (person) => person !== subject,
  )

  return [
    ...told,
    // the workflow tells the subject
    ...(step.status === 'closed' ? toAll(others, 'caseClosed') : []),
    ...(step.status === 'open' && typeof stage === 'string' && subject !== null
      ? toAll([subject], 'stageReached', { stage })
      : []),
    ...(step.events.some(({ kind }) => kind === 'handedOver') ? toAll(concerned, 'caseMoved') : []),
  ]
}

/** A task is told of as what it is: a question, or one that came back. */
function kindOf(step: Step, { kind, task: id }: Step['notices'][number]): Notice {
  const task = kind === 'taskOpened' ? step.tasks.find((each) => each.id === id) : undefined
  if (!task) return kind
  if (task.questionOf !== null) return 'questionAsked'
  const moved = step.events.some((event) => event.kind === 'taskReassigned' && event.task === id)

  return task.returned && !moved ? 'taskReturned' : kind
}

/** Questions that a step closed with an answer: whoever has the task from which each was put is told. */
const answeredIn = (step: Step): string[] =>
  step.closed.flatMap(({ id, state, answer }) => (state === 'completed' && answer ? [id] : []))

/** Tasks that a step finds overdue: whoever has one is told too, not only the one to whom it is escalated. */
const overdueIn = (step: Step): string[] =>
  step.notices.flatMap(({ kind, task }) => (kind === 'taskOverdue' && task !== undefined ? [task] : []))

/** Part of a statement: the notices of a step. */
export const stepNotices = (step: Step): Prisma.Sql => {
  const rows = noticesOf(step).map(({ kind, to, task, params = {} }) => ({
    id: randomUUID(),
    kind,
    task,
    ...addresseeColumns(to),
    params,
  }))

  return Prisma.sql`noticed as (
      insert into notices (id, "caseId", "taskId", kind, role, "bodyKey", "personId", params, at)
      select id, ${step.case}::uuid, task, kind, role, "bodyKey", "personId", params, ${step.at}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(id uuid, kind text, task uuid, role text, "bodyKey" text, "personId" uuid, params jsonb)
      union all
      select gen_random_uuid(), ${step.case}::uuid, t.id, 'questionAnswered', case when t."assigneeId" is null then t.role end,
        case when t."assigneeId" is null then t."bodyKey" end, coalesce(t."assigneeId", t."personId"), '{}', ${step.at}::timestamptz
      from tasks q join tasks t on t.id = q."questionOf"
      where q.id = any(${answeredIn(step)}::uuid[]) and q."caseId" = ${step.case}::uuid
      union all
      select gen_random_uuid(), ${step.case}::uuid, t.id, 'taskOverdue', null, null, t."assigneeId", '{}', ${step.at}::timestamptz
      from tasks t where t.id = any(${overdueIn(step)}::uuid[]) and t."caseId" = ${step.case}::uuid and t."assigneeId" is not null
        and not exists (
          select 1 from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, task uuid, role text, "bodyKey" text, "personId" uuid)
          where r.kind = 'taskOverdue' and r.task = t.id and (r."personId" = t."assigneeId" or exists (
            select 1 from body_roles held where held."personId" = t."assigneeId" and held.role = r.role and held."bodyKey" = r."bodyKey"
              and ${inForceSql('held', step.on)})))
    )`
}

/**
 * Part of the statement that moves a task, of the row `moved`, with a comma behind it: whoever it was given to is told, or the role to
 * which it goes back.
 */
export function movedNotice(kind: 'taskAssigned' | 'taskOpened'): Prisma.Sql {
  const to =
    kind === 'taskAssigned' ? Prisma.sql`null, null, m."assigneeId"` : Prisma.sql`m.role, m."bodyKey", null::uuid`

  return Prisma.sql`noticed as (
      insert into notices (id, "caseId", "taskId", kind, role, "bodyKey", "personId", params, at)
      select gen_random_uuid(), m."caseId", m.id, ${kind}, ${to}, '{}', clock_timestamp() from moved m where m.state <> 'suspended'
    ), `
}

// ------------------------------------------------------------------ what a person is told

export interface NoticeRow {
  readonly id: string
  readonly kind: Notice
  readonly toldAt: Date
  readonly params: NoticeParams
  readonly caseId: CaseId
  readonly caseNumber: string
  readonly process: string
  readonly version: number
  readonly outcome: string | null
  /** the case is restricted to people whom it names */
  readonly restricted: boolean
  readonly rehearsal: string | null
  readonly seen: SeenCase
  readonly taskId: TaskId | null
  readonly taskKind: string | null
  readonly taskOpen: boolean | null
  readonly dueOn: IsoDate | null
  readonly read: boolean
}

const orders = ordering<Pick<NoticeRow, 'id' | 'toldAt'>, 'told'>({
  told: [
    { sql: 'n."toldAt"', type: 'timestamptz', of: ({ toldAt }) => toldAt.toISOString() },
    { sql: 'n.id', type: 'uuid', of: ({ id }) => id },
  ],
})
const NEWEST = '-told'
const NEWEST_FIRST = Prisma.sql`order by ${orders.orderBy(NEWEST)}`
/** Reads the place at which a page of notices ended; null if it is none. */
export const parseNoticeCursor = (text: string): PageCursor | null => orders.parseCursor(text, NEWEST)

/** What is older counts as read. */
const UNREAD_DAYS = 90
/** Of each addressee, so many of the newest are looked through for those that are unread. */
const LOOKED_THROUGH = 1000
const MOST = 100

const me = ({ actor: { person } }: Viewer): Prisma.Sql => Prisma.sql`${person}::uuid`

/** Rows `n` that are addressed to the viewer: those of each addressee are read from an index, newest first. */
function addressed(viewer: Viewer, among: (to: Prisma.Sql) => Prisma.Sql): Prisma.Sql {
  const { grants } = viewer.actor
  const byRole = Prisma.sql`select n.* from unnest(${grants.map(({ role }) => role)}::text[], ${grants.map(({ body }) => body)}::text[])
      as g(role, body) cross join lateral (${among(Prisma.sql`n."bodyKey" = g.body and n.role = g.role`)}) n`

  return Prisma.sql`((${among(Prisma.sql`n."personId" = ${me(viewer)}`)}) union all (${byRole}))`
}

/** The case of a notice `n`, looked up one by one. */
const ITS_CASE = Prisma.sql`cross join lateral (select * from cases k where k.id = n."caseId" offset 0) c`
/** Up to when the viewer has read all. */
const readUpTo = (viewer: Viewer): Prisma.Sql =>
  Prisma.sql`(select "readUpTo" from notice_choices where "personId" = ${me(viewer)})`
const hasRead = (viewer: Viewer): Prisma.Sql => Prisma.sql`(n."toldAt" <= coalesce(${readUpTo(viewer)}, '-infinity')
  or exists (select 1 from notice_reads r where r."personId" = ${me(viewer)} and r."noticeId" = n.id))`

export interface NoticeQuery {
  readonly perPage: number
  readonly unread?: boolean | undefined
  readonly rehearsed?: boolean | undefined
  readonly after?: PageCursor | undefined
}

/** Ids of notices that the viewer sees, newest first, up to a number of them. */
function seenNotices(viewer: Viewer, { unread, rehearsed, after }: Omit<NoticeQuery, 'perPage'>, upTo: Prisma.Sql) {
  const ofKind = allOf([
    Prisma.sql`n.rehearsed = ${rehearsed ?? false}`,
    after ? orders.afterCursor(after, NEWEST) : TRUE,
  ])
  const sees = seesSql(viewer, 'course')
  if (unread !== true)
    return addressed(
      viewer,
      (to) =>
        Prisma.sql`select n.id, n."toldAt" from notices n ${ITS_CASE} where ${to} and ${ofKind} and n."toldAt" is not null and ${sees}
          ${NEWEST_FIRST} limit ${upTo}`,
    )
  const since = Prisma.sql`greatest(coalesce(${readUpTo(viewer)}, '-infinity'), now() - make_interval(days => ${numeral(UNREAD_DAYS)}))`
  const recent = addressed(
    viewer,
    (to) =>
      Prisma.sql`select n.id, n."toldAt", n."caseId" from notices n where ${to} and ${ofKind} and n."toldAt" > ${since}
        ${NEWEST_FIRST} limit ${numeral(LOOKED_THROUGH)}`,
  )

  return Prisma.sql`(select n.id, n."toldAt" from ${recent} n ${ITS_CASE} where ${sees}
    and not exists (select 1 from notice_reads r where r."personId" = ${me(viewer)} and r."noticeId" = n.id)
    ${NEWEST_FIRST} limit ${upTo})`
}

const columns = (viewer: Viewer): Prisma.Sql => Prisma.sql`
  n.id, n.kind, n."toldAt", n.params, n."caseId", c.number as "caseNumber", c.process, c.version, c.outcome, c.rehearsal,
  c."restrictedTo" is not null as restricted, ${seenJson(viewer)} as seen, n."taskId", t.kind as "taskKind",
  t.state not in ('completed', 'obsolete') as "taskOpen", t."dueOn"::text, ${hasRead(viewer)} as read`
const ONE_BY_ONE = Prisma.sql`cross join lateral (select * from notices k where k.id = page.id offset 0) n ${ITS_CASE}
  left join lateral (select * from tasks k where k.id = n."taskId" offset 0) t on true`

/** A page of what the viewer is told and sees now, newest first, and the place at which it ends. */
export async function noticesFor(
  db: Db,
  viewer: Viewer,
  question: NoticeQuery,
): Promise<Slice<NoticeRow> & { end: string | null }> {
  const { perPage, after } = question
  const window = { page: 1, perPage }
  const rows = await db.sql.rows<NoticeRow>`
    select ${columns(viewer)} from (select n.id from ${seenNotices(viewer, question, numeral(perPage + 1))} n
      ${NEWEST_FIRST} ${windowSql(window)}) page ${ONE_BY_ONE} ${NEWEST_FIRST}`
  const { data, pageInfo } = slice(rows, window)
  const last = data.at(-1)

  return {
    data,
    pageInfo: { ...pageInfo, hasPreviousPage: after !== undefined },
    end: last ? orders.cursorAfter(last, NEWEST) : null,
  }
}

/** How many real notices the viewer sees and has not read, up to a hundred. */
export async function unreadNotices(db: Db, viewer: Viewer): Promise<number> {
  const [counted] = await db.sql.rows<{ n: number }>`
    select count(*)::int as n from (select 1 from ${seenNotices(viewer, { unread: true }, numeral(MOST))} n limit ${numeral(MOST)}) u`

  return counted?.n ?? 0
}

/** Those of these notices that are addressed to the viewer now, and that he sees, oldest first. */
export const noticesByIds = (db: Db, viewer: Viewer, ids: readonly string[]): Promise<NoticeRow[]> =>
  db.sql.rows<NoticeRow>`
    select ${columns(viewer)} from (${ownAmong(viewer, ids)}) page ${ONE_BY_ONE} where ${seesSql(viewer, 'course')}
    order by n."toldAt", n.id`

/** Ids of those of these notices that are addressed to the viewer now. */
const ownAmong = (viewer: Viewer, ids: readonly string[]): Prisma.Sql => {
  const { grants } = viewer.actor

  return Prisma.sql`select o.id from notices o where o.id = any(${[...ids]}::uuid[]) and o."toldAt" is not null
    and (o."personId" = ${me(viewer)} or (o.role, o."bodyKey") in (select * from unnest(${grants.map(({ role }) => role)}::text[],
      ${grants.map(({ body }) => body)}::text[])))`
}

/** Marks one as read by the viewer; false when there is none that he sees. */
export async function markRead(db: Db, viewer: Viewer, id: string): Promise<boolean> {
  const [found] = await db.sql.rows<{ id: string }>`
    with own as (
      select n.id from (${ownAmong(viewer, [id])}) page ${ONE_BY_ONE} where ${seesSql(viewer, 'course')}
    ), marked as (
      insert into notice_reads ("personId", "noticeId") select ${me(viewer)}, id from own on conflict do nothing
    )
    select id from own`

  return found !== undefined
}

/** A notice of a step that is being written has its moment already: what is younger is marked one by one. */
const WRITING = Prisma.sql`interval '1 minute'`

/** Marks as read by the viewer what he was told up to a moment: that of the newest that he was shown. What comes later stays unread. */
export const markAllRead = (db: Db, viewer: Viewer, upTo: Date): Promise<number> =>
  db.sql.run`
    with own as (
      select n.id from (${seenNotices(viewer, { unread: true }, numeral(LOOKED_THROUGH))}
        union all ${seenNotices(viewer, { unread: true, rehearsed: true }, numeral(LOOKED_THROUGH))}) n
      where n."toldAt" <= ${upTo} and n."toldAt" > now() - ${WRITING}
    ), marked as (
      insert into notice_reads ("personId", "noticeId") select ${me(viewer)}, id from own on conflict do nothing
    )
    insert into notice_choices as mine ("personId", "readUpTo") values (${me(viewer)}, least(${upTo}, now() - ${WRITING}))
    on conflict ("personId") do update set "readUpTo" = greatest(mine."readUpTo", excluded."readUpTo")`
