/**
 * The start of a day, as SQL: what needs a person, by the legal terms, read from the queues of his inbox; and, for those who answer
 * for the work of others, how it is spread and what is about to be late. Nothing here counts whole tables.
 */
import type { BodyKey, BodyRef, PersonId, PersonRef } from '../../workflows/kernel/contract'
import { AGENCY } from '../../workflows/kernel/law/policy'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { linked, type Unlinked } from './about'
import { OPEN_TASK as OPEN, TRUE } from './conditions'
import { Prisma, type Db } from './db'
import { grantsSql, ONE_BY_ONE, queueSql, TASK_NAMES, taskColumns, type Queue, type TaskRow } from './inbox'
import { orderBy } from './order'
import { bodyJson, joinByKey, numeral, personJson, rehearsalSql } from './refs'
import { seesSql } from './sight'

/**
 * The parts of a day in their order; a task is in the first that fits. The three first are of all that is in a person's hands or his to
 * take up; what is due after this week, or has no term or stands still, is apart by what became of it.
 */
export const DAY_PARTS = ['overdue', 'today', 'week', 'returned', 'free', 'later'] as const
export type DayPart = (typeof DAY_PARTS)[number]

/**
 * A date falls due when its day ends where the body is (`dueAt`): what falls due within a day does so today, and from that it is known
 * what day it is there. Real cases run with real time, and rehearsals are no part of a day.
 */
const DAYS_LEFT = Prisma.sql`(ceil(extract(epoch from t."dueAt" - now()) / 86400)::int - 1)`
const TODAY_THERE = Prisma.sql`(t."dueOn" - ${DAYS_LEFT})`
/** Of what is due later than now: it is due by the end of this week, which begins on Monday. */
const THIS_WEEK = Prisma.sql`t."dueOn" <= ${TODAY_THERE} + 7 - extract(isodow from ${TODAY_THERE})::int`
const DUE = Prisma.sql`coalesce(t."dueAt", 'infinity')`
/** When the week of a place ends. */
const weekEnds = (zone: 'Etc/GMT-14' | 'Etc/GMT+12'): Prisma.Sql =>
  Prisma.raw(`((date_trunc('week', now() at time zone '${zone}') + interval '7 days') at time zone '${zone}')`)
const [EASTERNMOST, WESTERNMOST] = [weekEnds('Etc/GMT-14'), weekEnds('Etc/GMT+12')]
/**
 * From Monday at the easternmost place until Monday at the westernmost, places are in different weeks. The bounds below only say from where to
 * where an index is read; then they are wide, and `THIS_WEEK` decides.
 */
const BETWEEN_WEEKS = Prisma.sql`${EASTERNMOST} > ${WESTERNMOST}`
const FIRST_WEEK_END = Prisma.sql`case when ${BETWEEN_WEEKS} then now() else ${EASTERNMOST} end`
const LAST_WEEK_END = Prisma.sql`case when ${BETWEEN_WEEKS} then now() + interval '8 days' else ${WESTERNMOST} end`
const STANDS = Prisma.sql`t.state = 'suspended'`
const OVERDUE = Prisma.sql`not ${STANDS} and ${DUE} <= now()`
const SOON = Prisma.sql`not ${STANDS} and ${DUE} > now() and ${DUE} <= ${LAST_WEEK_END} and ${THIS_WEEK}`
const AFTER_WEEK = Prisma.sql`${DUE} > now() and ${DUE} >= ${FIRST_WEEK_END} and (${THIS_WEEK}) is not true`

const PARTS: Readonly<Record<DayPart, { readonly of: Queue; readonly where: Prisma.Sql }>> = {
  overdue: { of: 'todo', where: OVERDUE },
  today: { of: 'todo', where: Prisma.sql`not ${STANDS} and ${DUE} > now() and ${DUE} <= now() + interval '1 day'` },
  week: { of: 'todo', where: Prisma.sql`${SOON} and ${DUE} > now() + interval '1 day'` },
  returned: { of: 'mine', where: Prisma.sql`t.returned and not ${STANDS} and ${AFTER_WEEK}` },
  free: { of: 'unit', where: AFTER_WEEK },
  later: { of: 'mine', where: Prisma.sql`(${STANDS} or not t.returned and ${AFTER_WEEK})` },
}

/** Most that is counted of a part. */
const COUNTED = 100
/** Most that is shown of a part. */
const SHOWN = 10

export interface PartOfDay {
  readonly part: DayPart
  /** up to a hundred */
  readonly total: number
  readonly tasks: readonly TaskRow[]
}

/** What needs the person now, without the parts in which there is nothing. */
export async function dayOf(db: Db, viewer: Viewer): Promise<PartOfDay[]> {
  const order = Prisma.sql`order by ${orderBy('dueOn')}`
  const real = rehearsalSql('t', undefined)
  const lines = DAY_PARTS.map((part, n) => {
    const { of, where } = PARTS[part]

    return Prisma.sql`(select ${numeral(n)} as part, t.* from (${queueSql(viewer, of, Prisma.sql`${real} and ${where}`, numeral(COUNTED), order)}) t)`
  })
  const rows = await db.sql.rows<Unlinked<TaskRow> & { part: number; total: number }>`
    with lines as (${Prisma.join(lines, ' union all ')}),
      placed as (select t.part, t.id, row_number() over (partition by t.part ${order}) as place,
        count(*) over (partition by t.part)::int as total from lines t)
    select page.part, page.total, ${taskColumns(viewer)}
    from (select * from placed where place <= ${numeral(SHOWN)}) page ${ONE_BY_ONE} ${TASK_NAMES}
    order by page.part, page.place`
  const tasks = await linked(db, viewer, rows)

  return DAY_PARTS.flatMap((part, n) => {
    const its = tasks.filter((row) => row.part === n)
    const [first] = its

    return first ? [{ part, total: first.total, tasks: its }] : []
  })
}

/** Open tasks of one case that are told of beside a task. */
const BESIDE = 4

/** The first other open tasks of the cases of these tasks: who else is on them. */
export async function tasksBeside(
  db: Db,
  viewer: Viewer,
  tasks: readonly Pick<TaskRow, 'id' | 'caseId'>[],
): Promise<TaskRow[]> {
  if (tasks.length === 0) return []
  const cases = [...new Set(tasks.map(({ caseId }) => caseId))]
  const rows = await db.sql.rows<Unlinked<TaskRow>>`
    select ${taskColumns(viewer)} from unnest(${cases}::uuid[]) k(id)
      cross join lateral (select t.id from tasks t where t."caseId" = k.id and t.state in ${OPEN}
        and not t.id = any(${tasks.map(({ id }) => id)}::uuid[])
        order by ${orderBy('dueOn')} limit ${numeral(BESIDE)}) page
      ${ONE_BY_ONE} ${TASK_NAMES}
    order by ${orderBy('dueOn')}`

  return linked(db, viewer, rows)
}

// ------------------------------------------------------------------ the work of others

/** For whose work somebody answers, and whether it is told by the people who do it or by the bodies in which it is done. */
export interface LoadAsked {
  readonly by: 'person' | 'body'
  readonly scope: Prisma.Sql
}
/** What the offices of a person make him answer for: a head for his bodies, an officer of the Agency for those that it oversees. */
export function loadsOf({ actor: { grants } }: Viewer): LoadAsked[] {
  const held = (role: string): BodyKey[] => grants.filter((grant) => grant.role === role).map(({ body }) => body)
  const [headed, agencies] = [held('head'), held('agency')]
  const everywhere = agencies.includes(AGENCY)

  return [
    ...(headed.length > 0 ? [{ by: 'person' as const, scope: Prisma.sql`c."bodyKey" = any(${headed}::text[])` }] : []),
    ...(agencies.length > 0
      ? [{ by: 'body' as const, scope: everywhere ? TRUE : Prisma.sql`c."agencyKey" = any(${agencies}::text[])` }]
      : []),
  ]
}

/** Who holds tasks: a person, somebody whom the case itself is about, or nobody yet; or, told by bodies, a body. */
export interface LoadRow {
  readonly holder: 'person' | 'subject' | 'nobody' | 'body'
  readonly person: PersonRef | null
  readonly body: BodyRef | null
  readonly open: number
  readonly overdue: number
  /** due today or in this week */
  readonly soon: number
}

/** Open tasks that are looked through for a load: those that end first. */
const LOOKED_THROUGH = 1_000

/** The open tasks of cases whose course the viewer sees by virtue of what he answers for, in the order of their terms. */
const openTasks = (viewer: Viewer, scope: Prisma.Sql, where: Prisma.Sql, most: number): Prisma.Sql =>
  Prisma.sql`select t.*, c."bodyKey" as "caseBody", c."subjectId" from tasks t join cases c on c.id = t."caseId"
    where t.state in ${OPEN} and ${rehearsalSql('t', undefined)} and ${where} and ${scope} and ${seesSql(viewer, 'course')}
    order by ${orderBy('dueOn')} limit ${numeral(most)}`

/** How the open tasks are spread: whoever is late first. `whole` is false when there are more than were looked through. */
export async function loadRows(
  db: Db,
  viewer: Viewer,
  { by, scope }: LoadAsked,
): Promise<{ rows: LoadRow[]; whole: boolean }> {
  const holder =
    by === 'body'
      ? Prisma.sql`'body'`
      : Prisma.sql`case when t."assigneeId" is null then 'nobody' when t."assigneeId" = t."subjectId" then 'subject' else 'person' end`
  const who = by === 'body' ? Prisma.sql`null::uuid` : Prisma.sql`nullif(t."assigneeId", t."subjectId")`
  const where = by === 'body' ? Prisma.sql`t."caseBody"` : Prisma.sql`null::text`
  const rows = await db.sql.rows<LoadRow & { seen: number }>`
    with t as (${openTasks(viewer, scope, TRUE, LOOKED_THROUGH + 1)}),
      spread as (select ${holder} as holder, ${who} as "personId", ${where} as "bodyKey", count(*)::int as open,
        count(*) filter (where ${OVERDUE})::int as overdue, count(*) filter (where ${SOON})::int as soon
        from t group by 1, 2, 3)
    select s.holder, ${personJson('person')} as person, ${bodyJson('body')} as body, s.open, s.overdue, s.soon,
      (sum(s.open) over ())::int as seen
    from spread s ${Prisma.raw(`${joinByKey('people', 'person', 'id = s."personId"')}
      ${joinByKey('state_bodies', 'body', 'key = s."bodyKey"')}`)}
    order by s.overdue desc, s.soon desc, s.open desc, s."personId", s."bodyKey"`
  const seen = rows[0]?.seen ?? 0

  return { rows: rows.map(({ seen: _, ...row }) => row), whole: seen <= LOOKED_THROUGH }
}

/** Tasks of others that are shown as about to be late. */
const SHOWN_OF_OTHERS = 5

/** What others have to do today or in this week, and the viewer himself does not. */
export async function soonOfOthers(db: Db, viewer: Viewer, asked: readonly LoadAsked[]): Promise<TaskRow[]> {
  if (asked.length === 0) return []
  const { actor } = viewer
  const me: PersonId = actor.person
  const others = Prisma.sql`${SOON} and t."assigneeId" is distinct from ${me}::uuid
    and not (t.state = 'ready' and (t.role, t."bodyKey") in (${grantsSql(actor)}))`
  const scope = Prisma.sql`(${Prisma.join(
    asked.map((each) => each.scope),
    ' or ',
  )})`
  const rows = await db.sql.rows<Unlinked<TaskRow>>`
    select ${taskColumns(viewer)} from (select t.id from (${openTasks(viewer, scope, others, SHOWN_OF_OTHERS)}) t) page
      ${ONE_BY_ONE} ${TASK_NAMES} order by ${orderBy('dueOn')}`

  return linked(db, viewer, rows)
}
