/**
 * The inbox, as SQL: what is mine, what waits for a role of mine, what I answered. It says the same as
 * `workflows/kernel/law/policy.ts`; a property test holds the two together. Nothing here counts whole tables.
 */
import type {
  BodyRef,
  PersonRef,
  Due,
  IsoDate,
  PersonId,
  Reason,
  Role,
  TaskId,
  TaskState,
  Actor,
} from '../../workflows/kernel/contract'
import type { CaseClock } from '../../workflows/kernel/law/case-clock'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import type { FormerBody } from '../../workflows/kernel/protocol/step'
import type { CaseRow } from './cases'
import { Prisma, type Db } from './db'
import type { ChainEnd } from './events'
import { OPEN_TASK as OPEN } from './conditions'
import { isKeptFromNot, isNamedIn, mayByOffice } from './kept'
import { afterCursor, orderBy, cursorAfter, type PageCursor, type TaskSort } from './order'
import { about, ABOUT_COLUMNS, linked, type AboutRow, type Unlinked } from './about'
import {
  bodyJson,
  joinByKey,
  personJson,
  rehearsalSql,
  slice,
  numeral,
  rowCountSql,
  windowSql,
  type Slice,
  type Window,
} from './refs'
import { matchingCase } from './search'
import { isNotPutOff, putOffBy, snoozedUntilSql } from './snoozes'
import { seenOfTaskJson, seesOfHisTasksSql, seesSql } from './sight'

export interface TaskRow extends AboutRow {
  readonly id: TaskId
  readonly caseId: string
  readonly caseNumber: string
  readonly process: string
  readonly kind: string
  readonly state: TaskState
  readonly version: number
  readonly stage: string
  readonly status: string
  readonly role: Role | null
  readonly office: BodyRef | null
  readonly addressee: PersonRef | null
  readonly excluded: readonly PersonId[]
  /** the people whom its case names, if it is restricted to them */
  readonly restrictedTo: readonly PersonId[] | null
  readonly body: BodyRef
  /** what decides who sees how much of its case */
  readonly seen: SeenCase
  readonly clock: CaseClock
  /** of its case; null: there never was one */
  readonly suspensions: CaseRow['suspensions']
  readonly openedAt: Date
  readonly openedOn: IsoDate
  readonly due: Due | null
  readonly dueOn: IsoDate | null
  readonly dueAt: Date | null
  readonly closesOn: IsoDate | null
  readonly assignee: PersonRef | null
  readonly returned: boolean
  readonly escalated: boolean
  readonly unheld: boolean
  readonly answerer: PersonRef | null
  readonly answeredAt: Date | null
  readonly answeredOn: IsoDate | null
  readonly answeredStep: number | null
  /** how a task ended that nobody answered, as the file tells it; null where the file says nothing, or it has not ended so */
  readonly ended: { readonly event: UnansweredEnd; readonly because: string | null; readonly on: IsoDate } | null
  readonly answer: unknown
  readonly answerContentId: string | null
  readonly contentId: string | null
  readonly questionOf: TaskId | null
  /** why the kernel asks for it */
  readonly about: Reason | null
  /** version of the process whose form it keeps */
  readonly formVersion: number
  /** the question put from this task that is not answered yet */
  readonly openQuestion: TaskId | null
  readonly rehearsal: string | null
  /** the day until which the viewer has put it off */
  readonly snoozedUntil: IsoDate | null
}

const UNANSWERED_ENDS = ['taskLapsed', 'taskWithdrawn', 'memberRecused', 'questionWithdrawn'] as const
/** Events with which a task ends without an answer. */
export type UnansweredEnd = (typeof UNANSWERED_ENDS)[number]
const ENDED = Prisma.sql`case when t.state = 'obsolete' then (
  select json_build_object('event', e.kind, 'because', e.params ->> 'because', 'on', e."on") from events e
  where e."caseId" = t."caseId" and e."taskId" = t.id and e.kind in (${Prisma.join(UNANSWERED_ENDS)})
  order by e.seq desc limit 1) end`

/** What is shown of a task `t`, with `TASK_NAMES` joined. */
export const taskColumns = (viewer: Viewer): Prisma.Sql => Prisma.sql`
  t.id, t."caseId", c.number as "caseNumber", t.process, t.kind, t.state, t.version, c.stage, c.status, t.role,
  ${bodyJson('office')} as office, ${personJson('addressee')} as addressee, t.excluded, t."restrictedTo",
  ${ABOUT_COLUMNS}, ${seenOfTaskJson(viewer)} as seen, ${bodyJson('body')} as body, c.clock, c.suspensions,
  t."openedAt", t."openedOn"::text, t.due, t."dueOn"::text, t."dueAt", t."closesOn"::text, ${personJson('assignee')} as assignee, t.returned, t.escalated, t.unheld,
  ${personJson('answerer')} as answerer, t."answeredAt", t."answeredOn"::text, t."answeredStep", ${ENDED} as ended, t.answer, t."answerContentId",
  t."contentId", t."questionOf", t.about, t."formVersion", t.rehearsal,
  ${snoozedUntilSql(viewer.actor.person)} as "snoozedUntil",
  (select q.id from tasks q where q."questionOf" = t.id and q.state in ${OPEN} limit 1) as "openQuestion"`

export const TASK_NAMES = Prisma.sql`
  join cases c on c.id = t."caseId" ${about()} ${Prisma.raw(`
  ${joinByKey('state_bodies', 'body', 'key = c."bodyKey"')}
  ${joinByKey('state_bodies', 'office', 'key = t."bodyKey"')}
  ${joinByKey('people', 'addressee', 'id = t."personId"')}
  ${joinByKey('people', 'assignee', 'id = t."assigneeId"')}
  ${joinByKey('people', 'answerer', 'id = t."answeredById"')}`)}`

/**
 * `todo`: those in a person's own hands (`mine`) and those that he could take up (`unit`); what he has put off is in neither, but in
 * `snoozed`. `team`: what others have in hand by a role of his, and in a body that he heads by any. `escalated`: tasks of others that
 * somebody has to see to: overdue ones that were brought before a role of the person, and those of his body that nobody has who may
 * do them.
 */
export const QUEUES = ['todo', 'mine', 'unit', 'team', 'escalated', 'snoozed', 'done'] as const
export type Queue = (typeof QUEUES)[number]

export interface InboxQuery extends Window {
  readonly queue: Queue
  readonly process?: string | undefined
  readonly kind?: string | undefined
  readonly overdue?: boolean | undefined
  /** in the number of its case and the name of the subject, see `matching` */
  readonly q?: string | undefined
  /** a named set, or `*` for any; absent: real cases only */
  readonly rehearsal?: string | undefined
  readonly sort?: TaskSort | undefined
  /** where the page before ended: the rows after it are found without reading those before it */
  readonly after?: PageCursor | undefined
}

/** Overdue by the case's own clock; a held clock shows its base. What stands still is not. */
const OVERDUE = Prisma.sql`case when t.state = 'suspended' then false when t."dueAt" is not null then t."dueAt" <= now() else t."dueOn" < (
  select ((k.clock->'base'->>'case')::timestamptz at time zone (k.clock->>'zone'))::date from cases k where k.id = t."caseId"
) end`

function filters(question: Omit<InboxQuery, keyof Window | 'queue' | 'sort' | 'q'>): Prisma.Sql {
  const parts = [rehearsalSql('t', question.rehearsal)]
  if (question.process !== undefined) parts.push(Prisma.sql`t.process = ${question.process}`)
  if (question.kind !== undefined) parts.push(Prisma.sql`t.kind = ${question.kind}`)
  if (question.overdue !== undefined) parts.push(Prisma.sql`coalesce(${OVERDUE}, false) = ${question.overdue}`)

  return Prisma.join(parts, ' and ')
}

/** The tasks of a page by their ids: joined otherwise, Postgres may read the whole table for a page, and keep that plan. */
export const ONE_BY_ONE = Prisma.sql`cross join lateral (select k.* from tasks k where k.id = page.id offset 0) t`

/** With what a queue is ordered by and the task itself has not. */
const ONE_BY_ONE_IN_ORDER = Prisma.sql`cross join lateral (select k.*, page."snoozedUntil" from tasks k where k.id = page.id offset 0) t`

/** What a queue is ordered by; all else is joined to the lines of one page. */
const ORDERED = Prisma.sql`t.id, t."dueAt", t."dueOn", t."openedAt", t."answeredAt", t."snoozedUntil"`
/** Tasks of a queue in which nothing is put off. */
const TASKS = Prisma.sql`(select k.*, null::date as "snoozedUntil" from tasks k) t`

export const grantsSql = (actor: Actor): Prisma.Sql => {
  const grants = JSON.stringify(actor.grants.map(({ role, body }) => ({ role, body })))

  return Prisma.sql`select distinct role, body from jsonb_to_recordset(${grants}::jsonb) as o(role text, body text)`
}

/** `mayHold` of the kernel's policy, of a task that the person is assigned. */
const mayHoldSql = (actor: Actor): Prisma.Sql => {
  const inPost =
    actor.posts === undefined ? Prisma.sql`true` : Prisma.sql`t."bodyKey" = any(${[...actor.posts]}::text[])`

  return Prisma.sql`not (${actor.person}::text = any(t.excluded)) and case
    when t.role is null then t."personId" = ${actor.person}::uuid and (t."bodyKey" is null or ${inPost})
    else (t.role, t."bodyKey") in (${grantsSql(actor)}) and ${mayByOffice('t', idOf(actor))} end`
}

const idOf = ({ person }: Actor): Prisma.Sql => Prisma.sql`${person}::uuid`
/** Of a task that the person answered: what he wrote is his to read, unless he is excluded from its case, or did it by an office that counts no more. */
const readsOwn = (actor: Actor): Prisma.Sql => Prisma.sql`(not ${idOf(actor)} = any(t."keptFrom")
  and (t.role is null or ${isNamedIn('t', idOf(actor))}))`

/** Tasks that wait for a role of the person: he could take them up. */
const mayTakeUp = (actor: Actor): Prisma.Sql =>
  Prisma.sql`not (${actor.person}::text = any(t.excluded)) and ${mayByOffice('t', idOf(actor))}`

/**
 * Ids of a queue in order. A role's tasks are read role by role from an index and merged, so that a page costs the
 * same whatever waits behind it. What is in a person's own hands is a short list and is sorted, and so is what he has put off.
 */
export function queueSql(
  viewer: Viewer,
  queue: Queue,
  where: Prisma.Sql,
  upTo: Prisma.Sql,
  order: Prisma.Sql,
): Prisma.Sql {
  const { actor } = viewer
  const { person } = actor
  const each = Prisma.sql`(${grantsSql(actor)}) g`
  const notKept = Prisma.sql`${isKeptFromNot('t', person)} and ${mayByOffice('t', idOf(actor))}`
  switch (queue) {
    case 'todo': {
      const part = (of: Queue) => queueSql(viewer, of, where, upTo, order)

      return Prisma.sql`select t.* from ((${part('mine')}) union all (${part('unit')})) t ${order} limit ${upTo}`
    }
    case 'mine':
      return Prisma.sql`select ${ORDERED} from ${TASKS} where t."assigneeId" = ${person}::uuid and t.state in ${OPEN}
        and ${mayHoldSql(actor)} and ${isNotPutOff(person)} and ${where} ${order} limit ${upTo}`
    case 'unit':
      return Prisma.sql`select t.* from ${each}
        cross join lateral (select ${ORDERED} from ${TASKS} where t.state = 'ready' and t."bodyKey" = g.body and t.role = g.role
          and ${mayTakeUp(actor)} and ${isNotPutOff(person)} and ${where} ${order} limit ${upTo}) t
        ${order} limit ${upTo}`
    case 'snoozed':
      return Prisma.sql`select ${ORDERED} from (select t.*, s.until as "snoozedUntil" from ${putOffBy(person)}) t
        where t.state in ${OPEN} and ${where} and case when t."assigneeId" is null
          then (t.role, t."bodyKey") in (${grantsSql(actor)}) and ${mayTakeUp(actor)}
          else t."assigneeId" = ${person}::uuid and ${mayHoldSql(actor)} end
        ${order} limit ${upTo}`
    case 'done':
      return Prisma.sql`select ${ORDERED} from ${TASKS} where t."answeredById" = ${person}::uuid and t.state = 'completed'
        and ${readsOwn(actor)} and ${where} ${order} limit ${upTo}`
    case 'team':
      return Prisma.sql`select t.* from (select g.body, array_agg(g.role) as roles, bool_or(g.role = 'head') as heads from ${each} group by g.body) g
        cross join lateral (select ${ORDERED} from ${TASKS}
          cross join lateral (select c.* from cases c where c.id = t."caseId" offset 0) c
          where t."bodyKey" = g.body and num_nulls(t."assigneeId") = 0 and t.state in ${OPEN} and (g.heads or t.role = any(g.roles))
            and t."assigneeId" <> ${person}::uuid and ${mayTakeUp(actor)}
            and ${seesSql(viewer, 'course')} and ${where} ${order} limit ${upTo}) t
        ${order} limit ${upTo}`
    case 'escalated':
      return Prisma.sql`select t.* from (select t.* from ${each}
        cross join lateral (select ${ORDERED} from ${TASKS} where t.escalated and t."escalatedTo" ->> 'role' = g.role
          and t."escalatedTo" ->> 'body' = g.body and t.state in ${OPEN} and ${notKept} and ${where} ${order} limit ${upTo}) t
        union (select ${ORDERED} from ${TASKS} join cases k on k.id = t."caseId"
          join ${each} on g.role in ('hr', 'head') and g.body = k."bodyKey"
          where t.unheld and t.state in ${OPEN} and ${notKept} and ${where} ${order} limit ${upTo})) t
        ${order} limit ${upTo}`
  }
}

/** The order of a queue unless another is asked for. */
export const usualSort = (queue: Queue): TaskSort =>
  queue === 'done' ? '-answeredAt' : queue === 'snoozed' ? 'snoozedUntil' : 'dueOn'

/** Lines of a queue that are looked through for what is typed before an index is asked. */
const LOOKED_THROUGH = 2_000

/** The first lines of a queue whose cases have what is typed, without asking how many others have it. */
const foundAmong = (first: Prisma.Sql, matching: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`select t.* from (${first}) t join tasks k on k.id = t.id
    cross join lateral (select c.* from cases c where c.id = k."caseId" offset 0) c where ${matching}`

/** A page of a queue of the person, and the cursor at which it ends. */
export async function inbox(
  db: Db,
  viewer: Viewer,
  question: InboxQuery,
): Promise<Slice<TaskRow> & { end: string | null }> {
  const { queue, perPage, after, sort = usualSort(queue) } = question
  const order = Prisma.sql`order by ${orderBy(sort)}`
  const where = after ? Prisma.sql`${filters(question)} and ${afterCursor(after, sort)}` : filters(question)
  const window = { perPage, page: after ? 1 : question.page }
  const page = (found: Prisma.Sql) => db.sql.rows<Unlinked<TaskRow>>`
    with t as (${found})
    select ${taskColumns(viewer)} from (select t.id, t."snoozedUntil" from t ${order} ${windowSql(window)}) page
    ${ONE_BY_ONE_IN_ORDER} ${TASK_NAMES} ${order}`
  const lines = (on: Prisma.Sql) => queueSql(viewer, queue, on, rowCountSql(window, window.page * perPage + 1), order)
  const found = async (typed: string): Promise<Unlinked<TaskRow>[]> => {
    const isHis = queue === 'todo' || queue === 'mine' || queue === 'unit'
    // what nearly every case has fills a page at once, and takes an index long; what few have takes an index no time
    const named = (isHis ? seesOfHisTasksSql : seesSql)(viewer, 'identity')
    const among = foundAmong(queueSql(viewer, queue, where, numeral(LOOKED_THROUGH), order), matchingCase(named, typed))
    const first = await page(among)
    if (first.length > perPage) return first
    const matching = matchingCase(seesSql(viewer, 'identity'), typed)

    return page(lines(Prisma.sql`${where} and exists (select from cases c where c.id = t."caseId" and ${matching})`))
  }
  const rows = question.q === undefined ? await page(lines(where)) : await found(question.q)
  const { data, pageInfo } = slice(rows, window)
  const last = data.at(-1)

  return {
    data: await linked(db, viewer, data),
    pageInfo: { ...pageInfo, hasPreviousPage: pageInfo.hasPreviousPage || after !== undefined },
    end: last ? cursorAfter(last, sort) : null,
  }
}

/** Most that is counted of a queue: whoever has more is told that he has. */
export const MOST_COUNTED = 1_000
const COUNTED = numeral(MOST_COUNTED + 1)
export type QueueCounts = Readonly<Partial<Record<Queue, number>>>

/** How many are in each of these queues, by the statement that its rows are read with, never counting beyond one more than a thousand. */
export async function inboxCounts(
  db: Db,
  viewer: Viewer,
  {
    queues = QUEUES,
    rehearsal,
  }: { readonly queues?: readonly Queue[] | undefined; readonly rehearsal?: string | undefined } = {},
): Promise<QueueCounts> {
  const where = rehearsalSql('t', rehearsal)
  const columns = [...new Set(queues)].map((queue) => {
    // in order, or Postgres may choose to read the table: it does not know whether a role has many or none
    const lines = queueSql(viewer, queue, where, COUNTED, Prisma.sql`order by ${orderBy(usualSort(queue))}`)

    return Prisma.sql`(select count(*)::int from (${lines}) n) as ${Prisma.raw(queue)}`
  })
  const [counts = {}] = await db.sql.rows<QueueCounts>`select ${Prisma.join(columns)}`

  return counts
}

/** A task with what its answer is checked against. */
export interface OneTask extends TaskRow {
  readonly commissions: CaseRow['commissions']
  readonly facts: CaseRow['facts']
  readonly law: CaseRow['law']
  readonly startedOn: IsoDate
  readonly formerBodies: readonly FormerBody[]
  readonly setBody: string | null
  readonly regime: string
  readonly chain: ChainEnd
}
export async function taskById(db: Db, viewer: Viewer, id: TaskId): Promise<OneTask | null> {
  const rows = await db.sql.rows<Unlinked<OneTask>>`
    select ${taskColumns(viewer)}, c.facts, c.law, c.commissions, c."formerBodies", c."setBodyKey" as "setBody", c."startedOn"::text, c."regimeId" as regime,
      json_build_object('lastSeq', c."lastSeq", 'lastHash', c."lastHash") as chain from tasks t ${TASK_NAMES} where t.id = ${id}::uuid`

  const [row] = await linked(db, viewer, rows)

  return row ?? null
}

/** How a task of a role comes to whoever holds it, and how one of a person comes to him where it was another's before. */
const TAKEN_UP = ['task.claim', 'task.assign', 'task.delegate']
const ADDRESSED = ['taskReassigned', 'eligibleAgain']

/** The day since which whoever holds a task has it; null while nobody does. */
export async function heldSince(db: Db, { id, caseId, assignee, openedOn, role }: TaskRow): Promise<IsoDate | null> {
  if (!assignee) return null
  const [last] = await db.sql.rows<{ on: IsoDate }>`
    select e."on"::text from events e
    where e."caseId" = ${caseId}::uuid and e."taskId" = ${id}::uuid and e.kind = any(${role === null ? ADDRESSED : TAKEN_UP}::text[])
    order by e.seq desc limit 1`

  return last?.on ?? (role === null ? openedOn : null)
}

/** Tasks of one case, oldest first. */
export async function tasksOfCase(db: Db, viewer: Viewer, caseId: string, window: Window): Promise<Slice<TaskRow>> {
  const rows = await db.sql.rows<Unlinked<TaskRow>>`
    select ${taskColumns(viewer)} from (select t.id from tasks t where t."caseId" = ${caseId}::uuid
      order by t."openedAt", t."openedStep", t.id ${windowSql(window)}) page ${ONE_BY_ONE} ${TASK_NAMES}
    order by t."openedAt", t."openedStep", t.id`

  return slice(await linked(db, viewer, rows), window)
}

/** Answers and questions of a case that are read at once. */
const ANSWERS = 500

/**
 * The last tasks of a case that were answered, or that put a question, oldest first; not those whose answers are sealed. However many
 * came after it, the task that is looked at is among them, with the questions put from it.
 */
export async function answeredTasks(
  db: Db,
  viewer: Viewer,
  caseId: string,
  looksAt: TaskId | null,
): Promise<TaskRow[]> {
  const answered = Prisma.sql`t."caseId" = ${caseId}::uuid
    and (t.state = 'completed' and t."answerContentId" is not null or t."questionOf" is not null)`

  const rows = await db.sql.rows<Unlinked<TaskRow>>`
    select ${taskColumns(viewer)} from (
      (select t.id from tasks t where ${answered} order by coalesce(t."answeredAt", t."openedAt") desc, t.id desc
        limit ${numeral(ANSWERS)})
      union
      select t.id from tasks t where ${answered} and (t.id = ${looksAt}::uuid or t."questionOf" = ${looksAt}::uuid)) page
    ${ONE_BY_ONE} ${TASK_NAMES}
    order by coalesce(t."answeredAt", t."openedAt"), t.id`

  return linked(db, viewer, rows)
}

/** Open tasks of these kinds that are asked of people by name, in the order of the days with which they close. */
export async function openTasksOfKinds(
  db: Db,
  caseId: string,
  kinds: readonly string[],
): Promise<
  { readonly id: TaskId; readonly kind: string; readonly person: PersonId | null; readonly closesOn: IsoDate | null }[]
> {
  if (kinds.length === 0) return []

  return db.sql.rows`
    select t.id, t.kind, t."personId" as person, t."closesOn" from tasks t
    where t."caseId" = ${caseId}::uuid and t.kind = any(${[...kinds]}::text[]) and t.state in ${OPEN}
    order by t."closesOn", t.id`
}

/** Tasks of these kinds that nobody did before they closed, oldest first. */
export async function missedTasks(
  db: Db,
  viewer: Viewer,
  caseId: string,
  kinds: readonly string[],
): Promise<TaskRow[]> {
  if (kinds.length === 0) return []

  const rows = await db.sql.rows<Unlinked<TaskRow>>`
    select ${taskColumns(viewer)} from (select t.id from tasks t
      where t."caseId" = ${caseId}::uuid and t.state = 'obsolete' and t.kind = any(${[...kinds]}::text[])
        and exists (select 1 from events e where e."caseId" = t."caseId" and e."taskId" = t.id and e.kind = 'taskLapsed')) page
    ${ONE_BY_ONE} ${TASK_NAMES}
    order by t."openedAt", t."openedStep", t.id`

  return linked(db, viewer, rows)
}
