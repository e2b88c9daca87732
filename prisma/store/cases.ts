/** Cases as screens read them: lists by who may see them, and one case with all that belongs to it. */
import type {
  BodyRef,
  Name,
  PersonRef,
  BodyKey,
  CaseId,
  Due,
  Impersonal,
  IsoDate,
  PersonId,
  Reason,
  RuleRow,
  TermRow,
  Fact,
} from '../../workflows/kernel/contract'
import type { CaseClock } from '../../workflows/kernel/law/case-clock'
import type { Keeps } from '../../workflows/kernel/law/kept'
import type { Suspension } from '../../workflows/kernel/law/suspension'
import { AGENCY } from '../../workflows/kernel/law/policy'
import { EVERYWHERE, type SeenCase, type Viewer } from '../../workflows/kernel/law/sight'
import type { Place } from '../../workflows/kernel/start'
import type { AwaitedDay, CommissionRecord, DecisionRecord, FormerBody } from '../../workflows/kernel/protocol/step'
import { annulledSql } from './annulments'
import { Prisma, type Db, type Sql } from './db'
import { inEachLanguage, ordering, personKeys, type Key, type PageCursor, type PersonNamed } from './order'
import { about, ABOUT_COLUMNS, linked, othersNamed, type AboutRow, type OtherCase, type Unlinked } from './about'
import {
  joinByKey,
  bodyJson,
  nameOf,
  personJson,
  rehearsalSql,
  rowCountSql,
  slice,
  windowSql,
  type Slice,
  type Window,
} from './refs'
import { matchingCase } from './search'
import { seenJson, seesSql } from './sight'

export interface CaseRow extends AboutRow {
  readonly id: CaseId
  readonly number: string
  readonly process: string
  readonly version: number
  readonly regimeId: string
  readonly stage: string
  readonly status: 'opening' | 'open' | 'closed'
  readonly outcome: string | null
  /** another case annulled its result */
  readonly annulled: boolean
  readonly basis: Reason | null
  readonly body: BodyRef
  readonly startedOn: IsoDate
  readonly closedOn: IsoDate | null
  readonly rehearsal: string | null
  /** what decides who sees how much of it */
  readonly seen: SeenCase
  /** the body whose set of rehearsals it is in; null: its own */
  readonly setBody: string | null
  readonly step: number
  readonly parties: Readonly<Record<string, PersonId>>
  readonly agencyKey: BodyKey
  readonly formerBodies: readonly FormerBody[]
  readonly facts: Fact
  readonly law: { readonly terms?: readonly TermRow[]; readonly rules?: readonly RuleRow[] }
  readonly clock: CaseClock
  readonly commissions: readonly CommissionRecord[]
  /** null: no step has said, since cases keep their decisions */
  readonly decisions: readonly DecisionRecord[] | null
  /** null: there never was one */
  readonly suspensions: readonly Suspension[] | null
  /** the first day for which its story waits; null: none, or its last step is of a release that did not say it */
  readonly awaits: AwaitedDay | null
  /** cases, and lists of cases, for whose reply or end its story waits */
  readonly waitsFor: readonly string[]
  readonly keptFrom: Keeps['keptFrom']
  readonly restrictedTo: Keeps['restrictedTo']
}

const columns = (viewer: Viewer): Prisma.Sql => Prisma.sql`
  c.id, c.number, c.process, c.version, c."regimeId", c.stage, c.status, c.outcome, ${annulledSql(Prisma.sql`c`)} as annulled, c.basis, ${bodyJson('body')} as body,
  ${ABOUT_COLUMNS}, ${seenJson(viewer)} as seen,
  c."startedOn"::text, c."closedOn"::text, c.rehearsal, c."setBodyKey" as "setBody", c.step, c.parties, c."agencyKey", c."formerBodies", c.facts, c.law, c.clock,
  c.commissions, c.decisions, c.suspensions, case when coalesce((c.awaits ->> 'step')::int, c.step) = c.step then c.awaits end as awaits, c."waitsFor", c."keptFrom", c."restrictedTo"`

const names = (named?: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`${about(named)} ${Prisma.raw(joinByKey('state_bodies', 'body', 'key = c."bodyKey"'))}`

/** Nearly every case is the viewer's to find: which plan is good follows from it, not what he sees. */
const findsMost = ({ actor }: Viewer): boolean =>
  actor.grants.some(({ role, body }) => EVERYWHERE.includes(role) || (role === 'agency' && body === AGENCY))

/** A case with what it is ordered by. */
interface ListedCase extends CaseRow, PersonNamed {
  readonly openedAt: Date
}
const ORDERED = Prisma.sql`c."openedAt", ${Prisma.join(
  ['surnameKk', 'givenKk', 'surnameRu', 'givenRu', 'surnameEn', 'givenEn'].map((column) =>
    Prisma.raw(`coalesce(subject."${column}", '') as "${column}"`),
  ),
)}`
const OPENED: Key<ListedCase> = { sql: 'c."openedAt"', type: 'timestamptz', of: (row) => row.openedAt.toISOString() }
const CASE_ID: Key<ListedCase> = { sql: 'c.id', type: 'uuid', of: ({ id }) => id }

const order = ordering({
  startedOn: [OPENED, CASE_ID],
  closedOn: [
    { sql: `coalesce(c."closedOn", 'infinity')`, type: 'date', of: ({ closedOn }) => closedOn ?? 'infinity' },
    CASE_ID,
  ],
  number: [{ sql: 'c.number', type: 'text', of: ({ number }) => number }],
  ...inEachLanguage('subject', (locale) => [...personKeys('subject', locale, (row: ListedCase) => row), CASE_ID]),
} satisfies Record<string, readonly Key<ListedCase>[]>)
export const CASE_SORTS = order.sorts
export type CaseSort = (typeof CASE_SORTS)[number]
const USUAL: CaseSort = '-startedOn'

/** Reads the cursor of a page of cases; null if it is none of that order. */
export const parseCaseCursor = (text: string, sort: CaseSort = USUAL): PageCursor | null =>
  order.parseCursor(text, sort)

/**
 * Cases `c` that are found before their subjects are looked at. Whoever sees some cases only would otherwise have everybody's names
 * read in their order until a page is full: Postgres cannot know how few they are.
 */
const fewCases = (matching: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(select c.* from cases c where ${matching} offset 0) c`

/** A cursor among those about nobody: it has no name. */
const isNameless = (cursor: PageCursor): boolean => cursor.slice(0, -1).every((part) => part === '')

/** Cases that come after a cursor in the order of their subjects; those whose subject is not seen, or that have none, come last, in the order of their ids. */
function behindSubject(after: PageCursor, sort: CaseSort): Prisma.Sql {
  const descending = sort.startsWith('-')
  if (!isNameless(after)) {
    const named = order.afterCursor(after, sort)

    return descending ? named : Prisma.sql`(${named} or subject.id is null)`
  }

  return descending
    ? Prisma.sql`(subject.id is not null or c.id < ${after.at(-1)}::uuid)`
    : Prisma.sql`subject.id is null and c.id > ${after.at(-1)}::uuid`
}

interface BySubject {
  readonly matching: Prisma.Sql
  /** of which cases the subject is seen */
  readonly named: Prisma.Sql
  readonly sort: CaseSort
  readonly after: PageCursor | undefined
}

/** A few cases in the order of their subjects: they are sorted. */
const fewBySubject = ({ matching, named, sort, after }: BySubject): Prisma.Sql => Prisma.sql`
  select c.* from ${fewCases(matching)} left join people subject on subject.id = c."subjectId" and ${named}
  where ${after ? behindSubject(after, sort) : Prisma.sql`true`} order by ${order.orderBy(sort)}`

/**
 * All cases in the order of their subjects, the first of them up to so many. Read in two parts: the order of names is that of an index
 * of people, which a join that keeps cases about nobody could not use.
 */
function allBySubject({ matching, named, sort, after, upTo }: BySubject & { readonly upTo: Prisma.Sql }): Prisma.Sql {
  const orderBy = order.orderBy(sort)
  const behind = after ? behindSubject(after, sort) : Prisma.sql`true`
  const [last, direction] = sort.startsWith('-')
    ? (['named', Prisma.sql`desc`] as const)
    : (['nameless', Prisma.sql`asc`] as const)
  const among = after && (isNameless(after) ? 'nameless' : 'named')
  const parts = {
    named: Prisma.sql`(select c.* from cases c join people subject on subject.id = c."subjectId"
      where ${matching} and ${named} and ${after && among === 'named' ? order.afterCursor(after, sort) : Prisma.sql`true`}
      order by ${orderBy} limit ${upTo})`,
    nameless: Prisma.sql`(select c.* from cases c left join people subject on false where (c."subjectId" is null or not ${named})
      and ${matching} and ${among === 'nameless' ? behind : Prisma.sql`true`} order by c.id ${direction} limit ${upTo})`,
  }
  const left = among === last ? parts[last] : Prisma.sql`${parts.named} union all ${parts.nameless}`

  return Prisma.sql`select c.* from (${left}) c
    left join people subject on subject.id = c."subjectId" and ${named} order by ${orderBy}`
}

export interface CaseListQuery extends Window {
  readonly id?: readonly string[] | undefined
  readonly status?: 'opening' | 'open' | 'closed' | undefined
  readonly process?: string | undefined
  readonly body?: string | undefined
  readonly stage?: string | undefined
  readonly outcome?: string | undefined
  readonly annulled?: boolean | undefined
  readonly subject?: string | undefined
  readonly q?: string | undefined
  readonly rehearsal?: string | undefined
  readonly sort?: CaseSort | undefined
  /** where the page before ended, in the same order */
  readonly after?: PageCursor | undefined
}

/** A page of the cases that the viewer finds, and the cursor at which it ends. */
export async function listCases(
  db: Db,
  viewer: Viewer,
  question: CaseListQuery,
): Promise<Slice<CaseRow> & { end: string | null }> {
  const { perPage, after, sort = USUAL } = question
  const where = [seesSql(viewer)]
  const named = seesSql(viewer, 'identity')
  // named one by one, a case is meant whatever set it is in
  if (question.id) where.push(Prisma.sql`c.id = any(${[...question.id]}::uuid[])`)
  else where.push(rehearsalSql('c', question.rehearsal))
  // nothing is found or ordered by what is not shown
  if (
    question.status ??
    question.stage ??
    question.outcome ??
    question.annulled ??
    (sort.includes('closedOn') || undefined)
  )
    where.push(seesSql(viewer, 'course'))
  if (question.status) where.push(Prisma.sql`c.status = ${question.status}`)
  if (question.process) where.push(Prisma.sql`c.process = ${question.process}`)
  if (question.body) where.push(Prisma.sql`c."bodyKey" = ${question.body}`)
  if (question.stage) where.push(Prisma.sql`c.stage = ${question.stage}`)
  if (question.outcome) where.push(Prisma.sql`c.outcome = ${question.outcome}`)
  if (question.annulled !== undefined) where.push(Prisma.sql`${annulledSql(Prisma.sql`c`)} = ${question.annulled}`)
  if (question.subject) where.push(Prisma.sql`c."subjectId" = ${question.subject}::uuid and ${named}`)
  if (question.q) where.push(matchingCase(named, question.q))
  const window = { perPage, page: after ? 1 : question.page }
  const matching = Prisma.join(where, ' and ')
  const bySubject = sort.includes('subject')
  const found = bySubject
    ? findsMost(viewer)
      ? allBySubject({ matching, named, sort, after, upTo: rowCountSql(window, window.page * perPage + 1) })
      : fewBySubject({ matching, named, sort, after })
    : Prisma.sql`select c.* from cases c where ${matching} and ${after ? order.afterCursor(after, sort) : Prisma.sql`true`}
        order by ${order.orderBy(sort)}`
  const rows = await db.sql.rows<Unlinked<ListedCase>>`
    select ${columns(viewer)}, ${ORDERED} from (${found} ${windowSql(window)}) c
    ${names(bySubject ? named : undefined)} order by ${order.orderBy(sort)}`
  const { data, pageInfo } = slice(await linked(db, viewer, rows), window)
  const last = data.at(-1)

  return {
    data,
    pageInfo: { ...pageInfo, hasPreviousPage: pageInfo.hasPreviousPage || after !== undefined },
    end: last ? order.cursorAfter(last, sort) : null,
  }
}

export async function caseById(db: Db, viewer: Viewer, id: CaseId): Promise<CaseRow | null> {
  const rows = await db.sql.rows<
    Unlinked<CaseRow>
  >`select ${columns(viewer)} from cases c ${names()} where c.id = ${id}::uuid`
  const [row] = await linked(db, viewer, rows)

  return row ?? null
}

export interface ClockRow {
  readonly name: string
  readonly startsOn: IsoDate
  readonly endsOn: IsoDate
  readonly steps: Due['steps']
}
export async function clocksOf(db: Db, id: CaseId): Promise<ClockRow[]> {
  const rows = await db.sql.rows<Omit<ClockRow, 'steps'> & { explanation: Due | Due['steps'] }>`
    select name, "startsOn"::text, "endsOn"::text, explanation from clocks where "caseId" = ${id}::uuid order by "startsOn", name`

  return rows.map(({ explanation, ...clock }) => ({
    ...clock,
    steps: 'steps' in explanation ? explanation.steps : explanation,
  }))
}

export interface EventRow {
  readonly seq: number
  readonly kind: string
  readonly at: Date
  readonly on: IsoDate
  readonly actor: PersonRef | null
  readonly actorKind: 'person' | 'case' | Impersonal | null
  /** the case that acted */
  readonly actorCase: OtherCase | null
  /** the case that it tells of, once that has begun */
  readonly otherCase: OtherCase | null
  /** the bodies from which and to which the case was handed over */
  readonly handedOver: { readonly from: BodyRef; readonly to: BodyRef } | null
  readonly capacity: string | null
  readonly taskId: string | null
  readonly params: Readonly<Record<string, unknown>>
  readonly hash: string
  /** content of the answer or act it tells of */
  readonly content: Record<string, unknown> | null
}

/** What is cast to an id: a process may have a word of its own by the name. */
const UUID = Prisma.raw(`'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`)

/** Entries that are about the system and not about the matter. */
const TECHNICAL = ['longHistory', 'manyMessages', 'caseMended', 'paperMade']

/** The audit trail, oldest first; `technical: false`: without what only developers look for. An event finds its content by `params.content`, else by the answer of its task. */
export async function eventsOf(
  db: Db,
  viewer: Viewer,
  id: CaseId,
  window: Window,
  { newestFirst, technical = true }: { readonly newestFirst: boolean; readonly technical?: boolean | undefined },
): Promise<Slice<EventRow>> {
  const order = newestFirst ? Prisma.sql`e.seq desc` : Prisma.sql`e.seq`
  type Read = Omit<EventRow, 'actorCase' | 'otherCase'> & Record<'actorCaseId' | 'otherCaseId', CaseId | null>
  const rows = await db.sql.rows<Read>`
    select e.seq, e.kind, e.at, e."on"::text, ${personJson('actor')} as actor, e."actorKind",
           e."actorCase" as "actorCaseId", case when e.params->>'case' ~ ${UUID} then e.params->>'case' end as "otherCaseId",
           case when e.kind = 'handedOver' then jsonb_build_object('from', ${bodyJson('former')}, 'to', ${bodyJson('body')}) end as "handedOver",
           e.capacity, e."taskId",
           case when task.kind is null then e.params else jsonb_build_object('kind', task.kind) || e.params end as params,
           e.hash, k.body as content
    from (select e.* from events e where e."caseId" = ${id}::uuid and (${technical} or e.kind <> all(${TECHNICAL}::text[])) order by ${order} ${windowSql(window)}) e
    left join people actor on actor.id = e."actorId"
    left join tasks task on task.id = e."taskId"
    left join state_bodies former on e.kind = 'handedOver' and former.key = e.params->>'from'
    left join state_bodies body on e.kind = 'handedOver' and body.key = e.params->>'body'
    left join contents k on k."caseId" = e."caseId" and k.id::text = coalesce(e.params->>'content',
      case when e.kind in ('taskCompleted', 'taskReturned', 'questionAnswered') then task."answerContentId"::text end)
    order by ${order}`
  const { data, pageInfo } = slice(rows, window)
  const other = await othersNamed(
    db,
    viewer,
    data.flatMap(({ actorCaseId, otherCaseId }) => [actorCaseId, otherCaseId]),
  )

  return {
    data: data.map((row) => ({ ...row, actorCase: other(row.actorCaseId), otherCase: other(row.otherCaseId) })),
    pageInfo,
  }
}

/** The acts performed on a case with all that was said by them, oldest first. */
export const actsPerformed = (
  db: Db,
  id: CaseId,
): Promise<{ readonly kind: string; readonly answer: Readonly<Record<string, unknown>> }[]> =>
  db.sql.rows`
    select e.params->>'act' as kind, coalesce(e.params->'form', '{}') || coalesce(k.body, '{}') as answer
    from events e left join contents k on k."caseId" = e."caseId" and k.id::text = e.params->>'content'
    where e."caseId" = ${id}::uuid and e.kind = 'actPerformed' order by e.seq`

export async function contentsByIds(db: Db, ids: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map()
  const rows = await db.content.findMany({ where: { id: { in: [...ids] } }, select: { id: true, body: true } })

  return new Map(
    rows.map(({ id, body }: { id: string; body: unknown }) => [
      id,
      typeof body === 'object' && body !== null ? { ...body } : {},
    ]),
  )
}

export async function archivedHistory(db: Db, id: CaseId): Promise<Uint8Array | null> {
  const row = await db.historyArchive.findUnique({ where: { caseId: id }, select: { history: true } })

  return row && row.history
}

/** Names of term rows in three languages, by id. */
export async function termNames(db: Db, ids: readonly string[]): Promise<Map<string, Name>> {
  const rows = await db.term.findMany({ where: { id: { in: [...ids] } } })

  return new Map(rows.map((row) => [row.id, nameOf(row)]))
}

/** A body, or the body of a position or of a case, with the zone and the week by which it lives. */
export async function placeOf(
  { sql }: { readonly sql: Sql },
  of: { readonly body: string } | { readonly position: string } | { readonly case: string },
): Promise<Place | null> {
  const body =
    'body' in of
      ? Prisma.sql`${of.body}`
      : 'position' in of
        ? Prisma.sql`(select o."bodyKey" from positions o where o.id = ${of.position}::uuid)`
        : Prisma.sql`(select c."bodyKey" from cases c where c.id = ${of.case}::uuid)`
  const [place] = await sql.rows<Place>`
    select b.key as body, r.timezone as zone, b."weekProfile" as profile
    from state_bodies b join regions r on r.key = b."regionKey" where b.key = ${body}`

  return place ?? null
}

/** Versions of processes by which open cases are run, with how many cases each. */
export async function openVersions(
  db: Db,
): Promise<{ readonly process: string; readonly version: number; readonly cases: number }[]> {
  return db.sql.rows`
    select process, version, count(*)::int as cases from cases where status = 'open'
    group by process, version order by process, version`
}
