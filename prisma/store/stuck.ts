/**
 * Open cases that nothing will ever move. A case moves if somebody may do one of its tasks, its clock will ring, an incident says that
 * it stands still, a command to or from it has no outcome yet, or it waits for a case that moves.
 */
import type {
  BodyKey,
  CaseId,
  Instant,
  IsoDate,
  NobodyMay,
  PersonId,
  Role,
  TaskId,
} from '../../workflows/kernel/contract'
import { Prisma, type Db } from './db'
import { OPEN_TASK, WAITS_FOR_QUESTION } from './conditions'
import { personMay, roleIsHeld, whyNone } from './eligible'
import { STANDSTILLS } from './incidents'
import { isKeptFromNot } from './kept'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import { numeral } from './refs'
import { seenJson } from './sight'

/** A task that nobody may do. */
export interface TaskOfNobody {
  readonly task: TaskId
  readonly kind: string
  readonly why: NobodyMay
  readonly role: Role | null
  readonly body: BodyKey | null
  readonly person: PersonId | null
}

export interface StuckCase {
  readonly case: CaseId
  readonly number: string
  readonly rehearsal: string | null
  /** false: only its workflow can say whether a clock will ring, see `noteWakes` */
  readonly wakesKnown: boolean
  readonly step: number
  readonly tasks: readonly TaskOfNobody[]
  /** cases that it waits for, none of which moves it; without a number, there is no such case */
  readonly waitsFor: readonly { readonly case: CaseId; readonly number: string | null; readonly closed: boolean }[]
}

/** Why nothing moves a case, as its incident keeps it. */
export interface WhyStuck extends Pick<StuckCase, 'tasks' | 'waitsFor'> {
  /** numbers of the cases that wait for one another, from this case round to it again; empty when it is in no circle */
  readonly circle: readonly string[]
}

export interface StuckQuestion {
  readonly on: IsoDate
  readonly now: Instant
  /** those of rehearsals, and not the real ones */
  readonly rehearsals: boolean
  readonly limit: number
  /** only these cases, and not all there are */
  readonly only?: readonly CaseId[]
}

/** An alarm that is this late was not heard: until then Temporal and its workers may be about to ring it. */
const HEARD_WITHIN = Prisma.sql`interval '1 hour'`

/** Of a row `c` of `cases`: its clock will ring, or has just rung; one that is held rings when somebody moves it. */
const rings = (now: Instant): Prisma.Sql => Prisma.sql`(c."wakesAt" is not null and (
  (c.clock ->> 'speed')::float8 = 0 or c."wakesAt" > (c.clock -> 'base' ->> 'case')::timestamptz
    + (${now}::timestamptz - ${HEARD_WITHIN} - (c.clock -> 'base' ->> 'real')::timestamptz) * (c.clock ->> 'speed')::float8))`

/** Of a row `t`: somebody who may do it can move the case by it. Nobody does a task of a suspended case. */
const MAY_BE_DONE = Prisma.sql`(t.state in ${OPEN_TASK} and (t.state <> 'suspended' or ${WAITS_FOR_QUESTION}))`

/** Of a row `i`: the cases that it waits for; of a list that it waits for, its cases instead. */
const WAITED = Prisma.sql`
  select coalesce(k."caseId", w.id) as id, k.id is not null as listed
  from unnest(i."waitsFor") w(id) left join commands k on k."listId" = w.id and k.kind = 'start'`
/** So many of them are named. */
const NAMED = numeral(20)

/**
 * Open cases that nothing moves, by id. What waits for a case that moves, moves as well: the least set that this rule gives, so that
 * cases that wait only for one another are not in it.
 */
export const stuckCases = (db: Db, { on, now, rehearsals, limit, only }: StuckQuestion): Promise<StuckCase[]> =>
  db.sql.rows<StuckCase>`
    with recursive idle as materialized (
      select c.id, c.number, c.rehearsal, c."wakesKnown", c.step, c."waitsFor" from cases c
      where c.status = 'open' and not coalesce(${rings(now)}, false)
        and not exists (select 1 from tasks t where t."caseId" = c.id and ${MAY_BE_DONE}
          and t.role is not null and ${roleIsHeld(on)})
        and not exists (select 1 from tasks t where t."caseId" = c.id and ${MAY_BE_DONE}
          and t."personId" is not null and ${personMay(on)})
        and not exists (select 1 from commands k where k."caseId" = c.id and k.state = 'stored')
        and not exists (select 1 from commands k where k."senderId" = c.id and k.state = 'stored')
        and not exists (select 1 from incidents i where i."caseId" = c.id and i."resolvedAt" is null
          and i.kind in (${Prisma.join(STANDSTILLS)}))
    ), waits as materialized (
      select i.id, w.id as other, w.listed from idle i cross join lateral (${WAITED}) w
    ), moving as (
      select w.id from waits w where
        exists (select 1 from cases c where c.id = w.other and c.status = 'open')
          and not exists (select 1 from idle j where j.id = w.other)
        or exists (select 1 from commands k where k."caseId" = w.other and k.state = 'stored')
      union
      select w.id from waits w join moving m on m.id = w.other
    ), stuck as materialized (
      select i.* from idle i
      where (i.rehearsal is not null) = ${rehearsals} and ${among(only)} and not exists (select 1 from moving m where m.id = i.id)
      order by i.id limit ${numeral(limit)}
    )
    select s.id as "case", s.number, s.rehearsal, s."wakesKnown", s.step, (
      select coalesce(jsonb_agg(jsonb_build_object('case', w.other, 'number', w.number, 'closed', w.closed) order by w.number), '[]')
      from (select w.other, c.number, coalesce(c.status, 'open') = 'closed' as closed
        from waits w left join cases c on c.id = w.other
        where w.id = s.id and (not w.listed or c.status = 'open') order by c.number limit ${NAMED}) w) as "waitsFor", (
      select coalesce(jsonb_agg(jsonb_build_object('task', t.id, 'kind', t.kind, 'role', t.role, 'body', t."bodyKey",
          'person', t."personId", 'why', case
            when t.role is null then case when t."personId"::text = any(t.excluded) then 'excluded' else 'leftOffice' end
            else ${whyNone(on)} end) order by t."openedAt", t.kind, t.id), '[]')
      from tasks t where t."caseId" = s.id and t.state in ${OPEN_TASK}) as tasks
    from stuck s order by s.id`

/** A case that was found to be stuck, as its incident keeps it. */
export interface NotedStuck {
  readonly case: CaseId
  readonly number: string
  readonly process: string
  readonly version: number
  readonly firstAt: Date
  readonly why: WhyStuck
  readonly seen: SeenCase
}

/** Open cases of which it is noted that nothing moves them, the longest first; those that are kept from the viewer only if he names them. */
export const notedStuck = (db: Db, viewer: Viewer, limit: number, only?: readonly CaseId[]): Promise<NotedStuck[]> =>
  db.sql.rows<NotedStuck>`
    select c.id as "case", c.number, c.process, c.version, n."firstAt", n.params as why, ${seenJson(viewer)} as seen
    from incidents n join cases c on c.id = n."caseId" cross join lateral (select c.id) i
    where n.kind = 'stuck' and n."resolvedAt" is null and c.status = 'open' and ${among(only)}
      and ${only === undefined ? isKeptFromNot('c', viewer.actor.person) : Prisma.sql`true`}
    order by n."firstAt", c.id limit ${numeral(limit)}`

const among = (only: readonly CaseId[] | undefined): Prisma.Sql =>
  only === undefined ? Prisma.sql`true` : Prisma.sql`i.id = any(${[...only]}::uuid[])`

/** Writes when a case wakes, as its workflow says, where its last step did not say it; nothing if another step came meanwhile. */
export const noteWakes = (
  db: Db,
  { case: id, step }: Pick<StuckCase, 'case' | 'step'>,
  wakes: Instant | null,
): Promise<number> =>
  db.sql.run`
    update cases set "wakesAt" = ${wakes}::timestamptz, "wakesKnown" = true
    where id = ${id}::uuid and step = ${step} and not "wakesKnown"`
