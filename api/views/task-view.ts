/** A row of a task as the API answers it, with what the actor may do with it. */
import { taskById, type TaskRow, type UnansweredEnd } from '../../prisma/store/inbox'
import { isClosed } from '../../prisma/store/tasks'
import { MISSED, type Due, type PersonRef } from '../../workflows/kernel/contract'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { Sight, Viewer } from '../../workflows/kernel/law/sight'
import type { Processes } from '../../workflows/kernel/process'
import { aboutView, naming, seesCase } from '../policy/cases'
import { noteTask, snoozeOf, verbsOf } from '../policy/tasks'
import type { Service } from '../service/service'
import type { DueView, MissedView, TaskView, Unanswered } from '../shapes/views'

/** How a date was reached; why a clock stood still is told to whoever sees it. */
export const stepsSeen = (sight: Sight, steps: Due['steps']): Due['steps'] =>
  steps.map((step) => (step.code === 'paused' && !sight.sees('pauses') ? { ...step, pauses: [] } : step))

function dueView(viewer: Viewer, row: TaskRow, now: number): DueView | null {
  if (!row.due) return null
  const ended = isClosed(row.state)
  const today = ended ? (row.answeredOn ?? row.due.on) : caseToday(row.clock, now)

  return {
    ...row.due,
    steps: stepsSeen(seesCase(viewer, row), row.due.steps),
    at: row.dueAt?.toISOString() ?? null,
    // what stands still is not late: its date moves on with it
    overdue: row.state !== 'suspended' && today > row.due.on,
  }
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
export const missedView = (viewer: Viewer, row: TaskRow): MissedView => ({
  taskId: row.id,
  kind: row.kind,
  by: namedIn(viewer, row)(row.addressee),
  due: row.due?.on ?? null,
  on: row.ended?.on ?? row.openedOn,
})

/** The person whose task it is, where it is no role's. */
export function addresseeOf(viewer: Viewer, row: TaskRow): PersonRef {
  const person = row.addressee ?? aboutOf(viewer, row).subject
  if (!person) throw new Error(`task ${row.id} is addressed to nobody whom the register has`)

  return namedIn(viewer, row)(person)
}

/** Its case, as far as people of it are named. */
export const fileOf = ({ caseId: id, caseNumber: number, seen }: TaskRow) => ({ id, number, seen })
const aboutOf = (viewer: Viewer, row: TaskRow) => aboutView(viewer, { ...row, ...fileOf(row) })
/** People of its case as they are named to the viewer. */
export const namedIn = (viewer: Viewer, row: TaskRow) => naming(viewer, fileOf(row))

export function taskView(viewer: Viewer, row: TaskRow, processes: Processes, now: number): TaskView {
  const named = namedIn(viewer, row)
  noteTask(viewer, row, 'exists')

  return {
    id: row.id,
    caseId: row.caseId,
    caseNumber: row.caseNumber,
    process: processes.keyOf(row.process, row.formVersion),
    kind: row.kind,
    state: row.state,
    version: row.version,
    stage: seesCase(viewer, row).sees('course') ? row.stage : null,
    for: row.role && row.office ? { role: row.role, body: row.office } : { person: addresseeOf(viewer, row) },
    ...aboutOf(viewer, row),
    body: row.body,
    openedOn: row.openedOn,
    due: dueView(viewer, row, now),
    closesOn: row.closesOn,
    assignee: named(row.assignee),
    returned: row.returned,
    escalated: row.escalated,
    unheld: row.unheld && !isClosed(row.state),
    about: row.about,
    answeredBy: named(row.answerer),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    unanswered: unansweredOf(row),
    rehearsal: row.rehearsal,
    verbs: verbsOf(viewer.actor, row, processes.of(row.process, row.formVersion)),
    snoozedUntil: row.snoozedUntil,
    snooze: snoozeOf(viewer, row, now),
  }
}

/** The task as it is after something was done to it. */
export async function taskNow({ db, processes, now }: Service, viewer: Viewer, row: TaskRow): Promise<TaskView> {
  return taskView(viewer, (await taskById(db, viewer, row.id)) ?? row, processes, now())
}
