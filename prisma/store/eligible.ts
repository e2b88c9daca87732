/** Who of the register may do a task on a day: `mayHold` of the kernel's policy (`law/policy.ts`), asked of everybody at once, as SQL. */
import type {
  Addressee,
  BodyKey,
  CaseId,
  IsoDate,
  NobodyMay,
  PersonId,
  Role,
  StandIn,
  TaskId,
} from '../../workflows/kernel/contract'
import { addresseeColumns } from './columns'
import { OPEN_TASK } from './conditions'
import { Prisma, type Db } from './db'
import { mayByOffice } from './kept'
import { inForceSql } from './listing'
import { numeral } from './refs'

/** Of a row `t` of `tasks` that is addressed to a role: somebody holds the role in that body on the day, is not excluded, and may by an office. */
export const roleIsHeld = (on: IsoDate): Prisma.Sql => Prisma.sql`exists (
  select 1 from body_roles held where held.role = t.role and held."bodyKey" = t."bodyKey" and ${inForceSql('held', on)}
    and not held."personId"::text = any(t.excluded) and ${mayByOffice('t', Prisma.sql`held."personId"`)})`

/** The same, whether or not anything keeps the task from them. */
const hasHolder = (on: IsoDate): Prisma.Sql => Prisma.sql`exists (
  select 1 from body_roles held where held.role = t.role and held."bodyKey" = t."bodyKey" and ${inForceSql('held', on)})`

/** Why none of those who hold its role may do a task `t` of a role. */
export const whyNone = (on: IsoDate): Prisma.Sql => Prisma.sql`case when not ${hasHolder(on)} then 'nobodyHolds'
  when t."restrictedTo" is not null then 'noneNamed' else 'allExcluded' end`

/** Of a row `t` that is addressed to a person: he is not excluded and, if named by virtue of a post, has one in that body on the day. */
export const personMay = (on: IsoDate): Prisma.Sql => Prisma.sql`(not t."personId"::text = any(t.excluded)
  and (t."bodyKey" is null or exists (
    select 1 from posts post join positions o on o.id = post."positionId"
    where post."personId" = t."personId" and o."bodyKey" = t."bodyKey" and ${inForceSql('post', on)})))`

/** An open task that nobody of its addressee may do, or that somebody else was asked to do for that reason. */
export interface UnattendedTask {
  readonly task: TaskId
  readonly case: CaseId
  readonly process: string
  readonly version: number
  readonly kind: string
  /** its addressee by the story */
  readonly own: Addressee<Role>
  readonly standIn: StandIn | null
  readonly claimed: boolean
  readonly excluded: readonly PersonId[]
  readonly restrictedTo: readonly PersonId[] | null
  readonly body: BodyKey
  readonly agency: BodyKey
  readonly subject: PersonId | null
}

/**
 * Those tasks on a day, from the one after `after`. Not those with an answer on its way, questions, which whoever put them takes back,
 * and those of cases that have not heard yet what was found before. Found one by one of three ways: Postgres joins each at once.
 */
export const unattendedTasks = (db: Db, on: IsoDate, after: TaskId | null, limit: number): Promise<UnattendedTask[]> =>
  db.sql.rows<UnattendedTask>`
    select t.id as task, t."caseId" as "case", t.process, t."formVersion" as version, t.kind, t."standIn",
      t."assigneeId" is not null as claimed, t.excluded, t."restrictedTo", c."bodyKey" as body, c."agencyKey" as agency, c."subjectId" as subject,
      coalesce(t."standIn" -> 'for', case when t.role is null
        then jsonb_strip_nulls(jsonb_build_object('person', t."personId", 'servesIn', t."bodyKey"))
        else jsonb_build_object('role', t.role, 'body', t."bodyKey") end) as own
    from (
      select t.id from tasks t where t.state in ${OPEN_TASK} and t."standIn" is not null
      union
      select t.id from tasks t where t.state in ${OPEN_TASK} and t.role is not null and not ${roleIsHeld(on)}
      union
      select t.id from tasks t where t.state in ${OPEN_TASK} and t.role is null and not ${personMay(on)}
    ) unattended join tasks t on t.id = unattended.id join cases c on c.id = t."caseId"
    where t.state in ${OPEN_TASK} and t.state <> 'completing' and t."questionOf" is null and c.status = 'open'
      and (${after}::uuid is null or t.id > ${after}::uuid)
      and not exists (select 1 from commands k where k."caseId" = c.id and k.state = 'stored' and k.kind = 'eligible')
    order by t.id limit ${numeral(limit)}`

/** Whose task it was by the story, and why he may not do it on a day; `why` is null where he may again. */
export interface StoodInFor {
  readonly role: Role | null
  readonly person: PersonId | null
  /** of the role, or of the post by virtue of which he was named */
  readonly body: BodyKey | null
  readonly why: NobodyMay | null
  /** somebody is asked instead; false: nobody anywhere may */
  readonly asked: boolean
}

/** For whom somebody else was asked to do a task, and why; null where nobody was. */
export async function stoodInFor(db: Db, task: TaskId, on: IsoDate): Promise<StoodInFor | null> {
  const [row] = await db.sql.rows<StoodInFor>`
    select t.role, t."personId" as person, t."bodyKey" as body, t.asked, case
      when t.role is null then case
        when t."personId"::text = any(t.excluded) then 'excluded'
        when not ${personMay(on)} then 'leftOffice' end
      when ${roleIsHeld(on)} then null
      else ${whyNone(on)} end as why
    from (
      select own ->> 'role' as role, (own ->> 'person')::uuid as "personId", coalesce(own ->> 'body', own ->> 'servesIn') as "bodyKey",
        excluded, "ownCaseOf", "restrictedTo", asked
      from (select "standIn" -> 'for' as own, "standIn" ->> 'by' is not null as asked, excluded, "ownCaseOf", "restrictedTo" from tasks where id = ${task}::uuid and "standIn" is not null) asked) t`

  return row ?? null
}

/** Somebody whom one could ask to do a task. */
export interface Candidate {
  readonly task: TaskId
  readonly to: Addressee<Role>
  readonly excluded: readonly PersonId[]
  readonly subject: PersonId | null
  readonly restrictedTo: readonly PersonId[] | null
}

/** Those of these candidates where somebody may do the task on the day. */
export async function areEligible(db: Db, on: IsoDate, candidates: readonly Candidate[]): Promise<Candidate[]> {
  const asked = candidates.map(({ to, excluded, subject, restrictedTo }, n) => ({
    n,
    excluded,
    ownCaseOf: subject,
    restrictedTo,
    ...addresseeColumns(to),
  }))
  const rows = await db.sql.rows<{ n: number }>`
    select t.n from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as t(n int, role text, "bodyKey" text, "personId" uuid, excluded text[], "ownCaseOf" uuid, "restrictedTo" uuid[])
    where case when t.role is null then ${personMay(on)} else ${roleIsHeld(on)} end`
  const eligible = new Set(rows.map(({ n }) => n))

  return candidates.filter((_, n) => eligible.has(n))
}

/** Who is head of each of these bodies on the day. */
export async function headsOf(
  db: Db,
  on: IsoDate,
  bodies: readonly BodyKey[],
): Promise<ReadonlyMap<BodyKey, readonly PersonId[]>> {
  if (bodies.length === 0) return new Map()
  const rows = await db.sql.rows<{ body: BodyKey; heads: PersonId[] }>`
    select held."bodyKey" as body, array_agg(held."personId" order by held."personId") as heads from body_roles held
    where held.role = 'head' and held."bodyKey" = any(${[...bodies]}::text[]) and ${inForceSql('held', on)} group by 1`

  return new Map(rows.map(({ body, heads }) => [body, heads]))
}

/** The bodies above each of these, the nearest first. */
export async function bodiesAbove(
  db: Db,
  bodies: readonly BodyKey[],
): Promise<ReadonlyMap<BodyKey, readonly BodyKey[]>> {
  const rows = await db.sql.rows<{ body: BodyKey; above: BodyKey[] }>`
    with recursive up as (
      select b.key as body, b."parentKey" as above, 1 as n from state_bodies b where b.key = any(${[...bodies]}::text[])
      union all
      select up.body, b."parentKey", up.n + 1 from up join state_bodies b on b.key = up.above where up.n < 20
    )
    select body, array_agg(above order by n) as above from up where above is not null group by body`

  return new Map(rows.map(({ body, above }) => [body, above]))
}
