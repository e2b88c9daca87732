/** A row of a task as the API answers it, with what the actor may do with it. */
import { taskById, type TaskRow } from '../../prisma/store/inbox'
import { isClosed } from '../../prisma/store/tasks'
import type { Actor } from '../../workflows/kernel/contract'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { Processes } from '../../workflows/kernel/process'
import { verbsOf } from '../policy/tasks'
import type { Service } from '../service/service'
import type { DueView, TaskView } from '../shapes/views'

function dueView(row: TaskRow, now: number): DueView | null {
  if (!row.due) return null
  const ended = isClosed(row.state)
  const today = ended ? (row.answeredOn ?? row.due.on) : caseToday(row.clock, now)

  return { ...row.due, at: row.dueAt?.toISOString() ?? null, overdue: today > row.due.on }
}

export function taskView(actor: Actor, row: TaskRow, processes: Processes, now: number): TaskView {
  return {
    id: row.id,
    caseId: row.caseId,
    caseNumber: row.caseNumber,
    process: processes.keyOf(row.process, row.formVersion),
    kind: row.kind,
    state: row.state,
    version: row.version,
    stage: row.stage,
    for: row.role && row.office ? { role: row.role, body: row.office } : { person: row.addressee ?? row.subject },
    subject: row.subject,
    body: row.body,
    openedOn: row.openedOn,
    due: dueView(row, now),
    closesOn: row.closesOn,
    assignee: row.assignee,
    returned: row.returned,
    escalated: row.escalated,
    unheld: row.unheld && !isClosed(row.state),
    about: row.about,
    answeredBy: row.answerer,
    answeredAt: row.answeredAt?.toISOString() ?? null,
    rehearsal: row.rehearsal,
    verbs: verbsOf(actor, row, processes.of(row.process, row.formVersion)),
  }
}

/** The task as it is after something was done to it. */
export async function taskNow({ db, processes, now }: Service, actor: Actor, row: TaskRow): Promise<TaskView> {
  return taskView(actor, (await taskById(db, row.id)) ?? row, processes, now())
}
