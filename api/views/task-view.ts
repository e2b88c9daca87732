/** A row of a task as the API answers it, with what the actor may do with it. */
import { taskById, type TaskRow, type UnansweredEnd } from '../../prisma/store/inbox'
import { isClosed } from '../../prisma/store/tasks'
import { MISSED, type Actor, type PersonRef } from '../../workflows/kernel/contract'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { Processes } from '../../workflows/kernel/process'
import { aboutView } from '../policy/cases'
import { verbsOf } from '../policy/tasks'
import type { Service } from '../service/service'
import type { DueView, MissedView, TaskView, Unanswered } from '../shapes/views'

function dueView(row: TaskRow, now: number): DueView | null {
  if (!row.due) return null
  const ended = isClosed(row.state)
  const today = ended ? (row.answeredOn ?? row.due.on) : caseToday(row.clock, now)

  return { ...row.due, at: row.dueAt?.toISOString() ?? null, overdue: today > row.due.on }
}

/** Why a task ended by that event; one that was withdrawn says it in its own parameter. */
const CAUSES: Readonly<Record<Exclude<UnansweredEnd, 'taskWithdrawn'>, string>> = {
  taskLapsed: MISSED,
  memberRecused: 'recused',
  questionWithdrawn: 'questionWithdrawn',
}

/** Why a closed task has no answer. What the file does not tell of ended with its case. */
function unansweredOf({ state, ended }: TaskRow): Unanswered | null {
  if (state !== 'obsolete') return null
  if (!ended) return { because: 'caseEnded', on: null }
  const { event, because, on } = ended

  return { because: event === 'taskWithdrawn' ? (because ?? 'caseEnded') : CAUSES[event], on }
}

/** A task that nobody did, as those who decide after it see it. */
export const missedView = (row: TaskRow): MissedView => ({
  taskId: row.id,
  kind: row.kind,
  by: row.addressee,
  due: row.due?.on ?? null,
  on: row.ended?.on ?? row.openedOn,
})

/** The person whose task it is, where it is no role's. */
export function addresseeOf({ id, addressee, subject }: TaskRow): PersonRef {
  const person = addressee ?? subject
  if (!person) throw new Error(`task ${id} is addressed to nobody whom the register has`)

  return person
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
    for: row.role && row.office ? { role: row.role, body: row.office } : { person: addresseeOf(row) },
    ...aboutView(actor, row),
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
    unanswered: unansweredOf(row),
    rehearsal: row.rehearsal,
    verbs: verbsOf(actor, row, processes.of(row.process, row.formVersion)),
  }
}

/** The task as it is after something was done to it. */
export async function taskNow({ db, processes, now }: Service, actor: Actor, row: TaskRow): Promise<TaskView> {
  return taskView(actor, (await taskById(db, row.id)) ?? row, processes, now())
}
