/** Who hears of a change: the sessions of those who listen, and of what changed as much as decides who finds it. Ids come in, ids go out. */
import {
  LINK_PARTS,
  type BodyKey,
  type CaseId,
  type PersonId,
  type Role,
  type TaskId,
} from '../../workflows/kernel/contract'
import type { Keeps } from '../../workflows/kernel/law/kept'
import type { WatchedCase } from '../../workflows/kernel/law/sight'
import { Prisma, type Db } from './db'
import { OPEN_TASK } from './conditions'

/** The people of those of these sessions that have not ended. */
export async function peopleOfSessions(db: Db, sessions: readonly string[]): Promise<Map<string, PersonId>> {
  const rows = await db.sql.rows<{ session: string; person: PersonId }>`
    select sid as session, sess ->> 'person' as person from sessions
    where sid = any(${[...sessions]}::text[]) and expire > now() and sess ->> 'person' is not null`

  return new Map(rows.map(({ session, person }) => [session, person]))
}

/** A task that changed, and whose it is or was. */
export interface WatchedTask extends Keeps {
  readonly id: TaskId
  readonly case: CaseId
  readonly role: Role | null
  readonly body: BodyKey | null
  readonly person: PersonId | null
  readonly assignee: PersonId | null
  readonly excluded: readonly PersonId[]
  /** whom its case is about */
  readonly subject: PersonId | null
}
/** A notice that was written, and whom it is for. */
export interface WatchedNotice extends Pick<WatchedTask, 'case' | 'role' | 'body' | 'person'> {
  readonly id: string
}
export interface Watched {
  readonly cases: ReadonlyMap<CaseId, WatchedCase>
  readonly tasks: readonly WatchedTask[]
  readonly notices: readonly WatchedNotice[]
}

const LINKED = Object.entries(LINK_PARTS).flatMap(([kind, { from, to }]) => [
  { part: from, kind, its: 'toId', others: 'fromId' },
  { part: to, kind, its: 'fromId', others: 'toId' },
])
const linked = Prisma.join(
  LINKED.map(
    ({ part, kind, its, others }) => Prisma.sql`select p."personId", ${part}::text as part
      from case_links l join case_parts p on p."caseId" = l.${Prisma.raw(`"${others}"`)} and p."to" is null
      join cases o on o.id = p."caseId" and not p."personId" = any(o."keptFrom")
      where l.${Prisma.raw(`"${its}"`)} = c.id and l.kind = ${kind}`,
  ),
  ' union ',
)
/** Open tasks in hand of the cases that are linked with it. */
const linkedTasks = Prisma.join(
  LINKED.map(
    ({ part, kind, its, others }) => Prisma.sql`select ${part}::text as part, t.*
      from case_links l join tasks t on t."caseId" = l.${Prisma.raw(`"${others}"`)} and t.state in ${OPEN_TASK} and t."assigneeId" is not null
      where l.${Prisma.raw(`"${its}"`)} = c.id and l.kind = ${kind}`,
  ),
  ' union all ',
)

/** These cases, and these tasks and notices with theirs. Three statements for all of them, whoever listens. */
export async function watched(
  db: Db,
  changed: {
    readonly cases: readonly string[]
    readonly tasks: readonly string[]
    readonly notices: readonly string[]
  },
): Promise<Watched> {
  const tasks =
    changed.tasks.length === 0
      ? []
      : await db.sql.rows<WatchedTask>`
          select id, "caseId" as "case", role, "bodyKey" as body, "personId" as person, "assigneeId" as assignee, excluded, "ownCaseOf" as subject, "keptFrom", "restrictedTo"
          from tasks where id = any(${[...changed.tasks]}::uuid[])`
  const notices =
    changed.notices.length === 0
      ? []
      : await db.sql.rows<WatchedNotice>`
          select id, "caseId" as "case", role, "bodyKey" as body, "personId" as person
          from notices where id = any(${[...changed.notices]}::uuid[])`
  const ids = [...new Set([...changed.cases, ...[...tasks, ...notices].map((each) => each.case)])]
  const cases =
    ids.length === 0
      ? []
      : await db.sql.rows<WatchedCase>`
          select c.id, c.process, c.version, c."bodyKey" as body, c."agencyKey" as agency, c."subjectId" as subject, c.reached,
            c."keptFrom", c."restrictedTo",
            (select coalesce(jsonb_agg(jsonb_build_object('person', p."personId", 'part', p.part)), '[]') from case_parts p
              where p."caseId" = c.id and p."to" is null) as parts,
            (select coalesce(jsonb_agg(jsonb_build_object('person', "personId", 'part', part)), '[]') from (${linked}) of) as linked,
            (select coalesce(jsonb_agg(jsonb_build_object('part', t.part, 'role', t.role, 'body', t."bodyKey", 'assignee', t."assigneeId",
              'excluded', t.excluded, 'subject', t."ownCaseOf", 'keptFrom', t."keptFrom", 'restrictedTo', t."restrictedTo")), '[]') from (${linkedTasks}) t) as "linkedTasks",
            (select coalesce(jsonb_agg(jsonb_build_object('ready', t.state = 'ready', 'role', t.role, 'body', t."bodyKey",
              'assignee', t."assigneeId", 'excluded', t.excluded)), '[]') from tasks t
              where t."caseId" = c.id and t.state in ${OPEN_TASK}) as tasks
          from cases c where c.id = any(${ids}::uuid[])`

  return { cases: new Map(cases.map((file) => [file.id, file])), tasks, notices }
}
