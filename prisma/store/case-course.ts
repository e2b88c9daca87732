/** The course of one case: the tasks that are open in it now, and the stages it went through; and whether there is one about somebody. */
import type { CaseId, IsoDate } from '../../workflows/kernel/contract'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { linked, type Unlinked } from './about'
import { OPEN_TASK } from './conditions'
import { Prisma, type Db } from './db'
import { ONE_BY_ONE, TASK_NAMES, taskColumns, type TaskRow } from './inbox'
import { numeral } from './refs'
import { seesSql } from './sight'

const BY_TERM = Prisma.sql`t."dueOn" nulls last, t."openedAt", t."openedStep", t.id`

/** The open tasks of a case, or so many of them: whichever falls due first comes first, those without a term last. */
export async function openTasksOf(db: Db, viewer: Viewer, id: string, most?: number): Promise<TaskRow[]> {
  const rows = await db.sql.rows<Unlinked<TaskRow>>`
    select ${taskColumns(viewer)} from (select t.id from tasks t where t."caseId" = ${id}::uuid and t.state in ${OPEN_TASK}
      order by ${BY_TERM} ${most === undefined ? Prisma.empty : Prisma.sql`limit ${numeral(most)}`}) page ${ONE_BY_ONE} ${TASK_NAMES}
    order by ${BY_TERM}`

  return linked(db, viewer, rows)
}

export interface StageEntry {
  readonly stage: string
  readonly on: IsoDate
}

/** Each time that a stage was entered, in order, as the case file says it. */
export const stageEntriesOf = (db: Db, id: CaseId): Promise<StageEntry[]> =>
  db.sql.rows`
    select e.params ->> 'stage' as stage, e."on"::text as "on" from events e
    where e."caseId" = ${id}::uuid and e.kind = 'stageEntered' order by e.seq`

/** Whether there is a case about the viewer that he is shown as his. */
export async function hasOwnCases(
  db: Db,
  viewer: Viewer,
  { rehearsals }: { readonly rehearsals: boolean },
): Promise<boolean> {
  const [found] = await db.sql.rows<{ has: boolean }>`
    select exists (select 1 from cases c where c."subjectId" = ${viewer.actor.person}::uuid
      and (c.rehearsal is null or ${rehearsals}) and ${seesSql(viewer, 'course')} and ${seesSql(viewer, 'identity')}) as has`

  return found?.has === true
}
