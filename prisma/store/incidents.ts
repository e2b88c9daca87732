/** What an operator has to look at: one row per case and kind, however often it happens. */
import type { CaseId, Fact, PersonId } from '../../workflows/kernel/contract'
import { TRUE } from './conditions'
import { Prisma, type Db, type Sql } from './db'
import { isKeptFromNot } from './kept'

/**
 * `stepConflict`: history and rows disagree, and the case tries again in vain. `longHistory`: a history grows towards Temporal's
 * limits. `manyMessages`: a case has taken so many messages that it will soon take none but of people; its params say which kinds it has refused
 * since. `storyFailed`: the code of the process failed, and the case stands still until it is mended. `stuck`: the case is open and
 * nothing will ever move it (`stuck.ts`). `appealNotBegun`: no decision of the case is carried out until an appeal that was received has begun, and
 * that lasts (`unbegun-appeals.ts`). `paperNotMade`: a document has no paper, because its template lacks something or what it is made
 * of is lost. `letterStopped`: a letter of the case is not sent, because its sentence lacks a variable. Both count in closed cases too,
 * whose last papers and letters are made after they closed.
 */
export const INCIDENTS = [
  'stepConflict',
  'longHistory',
  'manyMessages',
  'storyFailed',
  'stuck',
  'appealNotBegun',
  'paperNotMade',
  'letterStopped',
] as const
export type IncidentKind = (typeof INCIDENTS)[number]
/** Those that say of a case that it stands still until somebody mends what stopped it. */
export const STANDSTILLS = ['stepConflict', 'storyFailed', 'appealNotBegun'] as const satisfies readonly IncidentKind[]

export interface Incident {
  readonly caseId: CaseId
  /** null for a case whose first step failed: it has no row yet */
  readonly caseNumber: string | null
  readonly kind: IncidentKind
  readonly params: Readonly<Record<string, Fact>>
  readonly firstAt: Date
  readonly lastAt: Date
  readonly times: number
}

/** What stopped a case, as the worker noted it. */
export interface StoryFault {
  readonly process: string
  readonly version: number
  /** class of what was thrown: what it says of itself may quote an answer, and stands in the log */
  readonly cause: string
  /** `file:line`, if the stack says it */
  readonly line: string | null
}
export interface StoryFailure extends Incident {
  readonly params: Readonly<Record<string, Fact>> & StoryFault
}

/** Notes that it happened, once more if it has before; the first time counts anew when it had been over. */
export async function noteIncident(
  sql: Sql,
  caseId: CaseId,
  kind: IncidentKind,
  params: Readonly<Record<string, Fact>>,
): Promise<void> {
  await sql.run`
    insert into incidents ("caseId", kind, params, "firstAt", "lastAt")
    values (${caseId}::uuid, ${kind}, ${JSON.stringify(params)}::jsonb, now(), now())
    on conflict ("caseId", kind) do update
      set params = excluded.params, "lastAt" = now(), "resolvedAt" = null,
        times = case when incidents."resolvedAt" is null then incidents.times else 0 end + 1,
        "firstAt" = case when incidents."resolvedAt" is null then incidents."firstAt" else now() end`
}

/** It is over. Nothing happens where nothing was noted. */
export async function resolveIncident(sql: Sql, caseId: CaseId, kind: IncidentKind): Promise<void> {
  await sql.run`
    update incidents set "resolvedAt" = now() where "caseId" = ${caseId}::uuid and kind = ${kind} and "resolvedAt" is null`
}

/** What is known of all cases about incidents of one kind: those that are over are resolved, the others noted. */
export interface Survey {
  readonly kind: IncidentKind
  readonly found: readonly { readonly case: CaseId; readonly params: Readonly<Record<string, Fact>> }[]
  /** the last case, by id, of which it is known; null: it is known of all */
  readonly upTo: CaseId | null
}

/** Makes the open incidents of a kind those that were found. Several who find the same write it once. Answers what changed. */
export async function noteSurvey(db: Db, { kind, found, upTo }: Survey): Promise<{ noted: number; resolved: number }> {
  const [changed] = await db.sql.rows<{ noted: number; resolved: number }>`
    with found as materialized (
      select "case", params from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as r("case" uuid, params jsonb)
    ), noted as (
      insert into incidents ("caseId", kind, params, "firstAt", "lastAt")
      select "case", ${kind}, params, now(), now() from found
      on conflict ("caseId", kind) do update
        set params = excluded.params, "lastAt" = now(), "resolvedAt" = null,
          times = case when incidents."resolvedAt" is null then incidents.times else 0 end + 1,
          "firstAt" = case when incidents."resolvedAt" is null then incidents."firstAt" else now() end
        where incidents."resolvedAt" is not null or incidents.params <> excluded.params
      returning 1
    ), resolved as (
      update incidents i set "resolvedAt" = now()
      where i.kind = ${kind} and i."resolvedAt" is null and (${upTo}::uuid is null or i."caseId" <= ${upTo}::uuid)
        and not exists (select 1 from found f where f."case" = i."caseId")
      returning 1
    )
    select (select count(*)::int from noted) as noted, (select count(*)::int from resolved) as resolved`

  return changed ?? { noted: 0, resolved: 0 }
}

/** Part of the statement that writes a step: a case that records one has no failed story any more. */
export const resolveStoryFailure = (caseId: CaseId): Prisma.Sql => Prisma.sql`resolved_failure as (
  update incidents set "resolvedAt" = now() where "caseId" = ${caseId}::uuid and kind = 'storyFailed' and "resolvedAt" is null)`

const OPEN = Prisma.sql`
  select i."caseId", c.number as "caseNumber", i.kind, i.params, i."firstAt", i."lastAt", i.times
  from incidents i left join cases c on c.id = i."caseId"
  where i."resolvedAt" is null and (coalesce(c.status, 'open') = 'open' or i.kind in ('paperNotMade', 'letterStopped'))`

/**
 * What is not over in cases that are not closed, or is of papers and letters, the longest first; of more than the limit, what was noted last. For a person: not of
 * cases that are kept from him; absent: of all.
 */
export async function openIncidents(db: Db, person?: PersonId, limit = 100): Promise<Incident[]> {
  const among = person === undefined ? TRUE : Prisma.sql`(c.id is null or ${isKeptFromNot('c', person)})`
  const last = await db.sql
    .rows<Incident>`${OPEN} and ${among} order by i."firstAt" desc, i."caseId" desc limit ${limit}`

  return last.reverse()
}

/** Cases that stand still because the code of their process failed, the longest first. */
export async function storyFailures(
  db: Db,
  limit: number,
  only: readonly CaseId[] | null = null,
): Promise<StoryFailure[]> {
  const among = only === null ? Prisma.sql`true` : Prisma.sql`i."caseId" = any(${[...only]}::uuid[])`

  return db.sql.rows<StoryFailure>`
    ${OPEN} and i.kind = 'storyFailed' and ${among} order by i."firstAt", i."caseId" limit ${limit}`
}

/** Why a case stands still, if the code of its process failed; null when it does not. */
export async function storyFailure(db: Db, caseId: CaseId): Promise<StoryFailure | null> {
  const [found = null] = await storyFailures(db, 1, [caseId])

  return found
}
