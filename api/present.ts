/** Rows as the API answers them, with what the person may do about them. */
import type { CaseRow } from '../prisma/store/cases'
import { taskById, type TaskRow } from '../prisma/store/inbox'
import { isClosed, TRANSITIONS } from '../prisma/store/tasks'
import { localDate } from '../workflows/kernel/calendar'
import { caseTime, instant } from '../workflows/kernel/clock'
import type { Addressee, BodyKey, IsoDate, PersonId, TaskKind } from '../workflows/kernel/contract'
import type { Actor, CaseClock } from '../workflows/kernel/messages'
import { holdsRole, mayComplete, mayHold, maySee } from '../workflows/kernel/policy'
import type { Process, Processes } from '../workflows/kernel/process'
import type { Service } from './service'
import type { CaseView, DueView, TaskVerb, TaskView } from './views'

/** Today by the clock of a case. */
export const caseToday = (clock: CaseClock, now: number): IsoDate =>
  localDate(instant(caseTime(clock, now)), clock.zone)

/** A task as the policy is asked about it. */
export const policyTask = (
  row: TaskRow,
): { for: Addressee; excluded: readonly PersonId[]; assignee: PersonId | null } => ({
  for: row.role && row.office ? { role: row.role, body: row.office.key as BodyKey } : { person: personOf(row) },
  excluded: row.excluded,
  assignee: row.assignee && (row.assignee.id as PersonId),
})
const personOf = (row: TaskRow): PersonId => (row.addressee?.id ?? '') as PersonId

/** What the actor may see of a task: by his part in the case, or because he may hold it. */
export function seesTask(actor: Actor, row: TaskRow): { readonly file: boolean; readonly content: boolean } {
  const seen = maySee(actor, { body: row.body.key as BodyKey, agency: row.agencyKey as BodyKey, people: row.people })
  const holds = mayHold(actor, policyTask(row)).may

  return { file: seen.file || holds, content: seen.content || holds }
}

export const seesCase = (actor: Actor, row: CaseRow) =>
  maySee(actor, { body: row.body.key as BodyKey, agency: row.agencyKey, people: row.people })

/** May the actor hand this task to somebody: the head of the body whose role it waits for. */
export const mayAssign = (actor: Actor, task: { for: Addressee }): boolean =>
  'role' in task.for && task.for.role !== undefined && holdsRole(actor.grants, 'head', task.for.body)

const NO_KIND: TaskKind = {}

/** What the actor may do with a task now. The commands ask the same functions again. */
export function verbsOf(actor: Actor, row: TaskRow, process: Process | undefined): TaskVerb[] {
  if (row.status === 'closed') return []
  const task = policyTask(row)
  const kind = process?.contract.tasks[row.kind] ?? NO_KIND
  const may = mayHold(actor, task).may
  const mine = task.assignee === actor.person
  const byRole = 'role' in task.for && task.for.role !== undefined
  const from = (move: keyof typeof TRANSITIONS) => TRANSITIONS[move].from.includes(row.state)
  const answers = mayComplete(actor, task).may && from('send')
  const verbs: readonly (readonly [TaskVerb, boolean])[] = [
    ['claim', may && byRole && task.assignee === null && from('claim')],
    ['start', may && mine && from('start')],
    ['complete', answers],
    ['return', answers && kind.returns === true],
    ['recuse', answers && kind.commission?.recusal === true],
    ['ask', answers && kind.asks === true && row.openQuestion === null],
    ['withdrawQuestion', may && mine && row.openQuestion !== null && !isClosed(row.state)],
    ['release', mine && byRole && from('release')],
    ['delegate', may && mine && byRole && from('delegate')],
    ['assign', mayAssign(actor, task) && from('assign')],
  ]

  return verbs.filter(([, allowed]) => allowed).map(([verb]) => verb)
}

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

export const caseView = (row: CaseRow, processes: Processes): CaseView => ({
  id: row.id,
  number: row.number,
  process: processes.keyOf(row.process, row.version),
  version: row.version,
  regime: row.regimeId,
  stage: row.stage,
  status: row.status,
  outcome: row.outcome,
  basis: row.basis,
  body: row.body,
  subject: row.subject,
  position: row.position,
  startedOn: row.startedOn,
  closedOn: row.closedOn,
  rehearsal: row.rehearsal,
})
