/** The policy asked about rows of tasks: what the actor may see of a task and what he may do with it. */
import type { TaskRow } from '../../prisma/store/inbox'
import { SNOOZABLE } from '../../prisma/store/snoozes'
import { isClosed, TRANSITIONS } from '../../prisma/store/tasks'
import type {
  Actor,
  Addressee,
  Role,
  BodyKey,
  IsoDate,
  PersonId,
  Piece,
  SeenAs,
  TaskKind,
} from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { WhyKept } from '../../workflows/kernel/law/kept'
import { holdsRole, mayComplete, mayHold, mayWithdraw } from '../../workflows/kernel/law/policy'
import { deciding, sightOf, type Viewer } from '../../workflows/kernel/law/sight'
import { suspendedTask, type Suspension } from '../../workflows/kernel/law/suspension'
import type { Process } from '../../workflows/kernel/process'
import type { TaskVerb } from '../shapes/views'

/** A task as the policy is asked about it. */
export const policyTask = (
  row: TaskRow,
): { for: Addressee<Role>; assignee: PersonId | null; subject: PersonId | null } & Pick<
  TaskRow,
  'excluded' | 'restrictedTo'
> => ({
  for: addresseeOf(row),
  excluded: row.excluded,
  subject: row.seen.subject,
  restrictedTo: row.restrictedTo,
  assignee: row.assignee && (row.assignee.id as PersonId),
})
function addresseeOf({ role, office, addressee }: TaskRow): Addressee<Role> {
  const body = office && (office.key as BodyKey)
  if (role && body) return { role, body }

  return { person: (addressee?.id ?? '') as PersonId, ...(body && { servesIn: body }) }
}

/** How the viewer stands to a task. */
export interface TaskSight {
  /** he finds it: with the course of its case, because he may hold it, or because he answered it */
  readonly finds: boolean
  /** he may hold it, and sees what whoever does it needs to */
  readonly holds: boolean
  /** he answered it: what he wrote remains his to read, unless he is excluded from its case, or did it by an office that counts no more */
  readonly answered: boolean
}

export function seesTask(viewer: Viewer, row: TaskRow): TaskSight {
  const { person } = viewer.actor
  const isFree = row.assignee === null || row.assignee.id === person
  const holds = !isClosed(row.state) && isFree && mayHold(viewer.actor, policyTask(row)).may
  const { kept } = row.seen.mine
  const answered = row.answerer?.id === person && kept !== 'excluded' && (row.role === null || kept === null)

  return { finds: holds || answered || sightOf(deciding(viewer), row.seen).sees('course'), holds, answered }
}

/** Whoever reads what he wrote, whatever the table says of him. */
const ANSWERER = 'answerer'

/** Takes note that he is shown this of the case of a task, if not by its table then by holding the task or because he answered it. */
export function noteTask(viewer: Viewer, row: TaskRow, piece: Piece): void {
  const sight = sightOf(viewer, row.seen)
  if (sight.sees(piece)) return
  const { holds, answered } = seesTask(viewer, row)
  const by = [...(holds ? ['holder' satisfies SeenAs] : []), ...(answered ? [ANSWERER] : [])]
  viewer.notes?.shown(row.seen.id, [...sight.rows, ...by], piece)
}

/**
 * The days until which somebody may put off, for himself, what he may do: no further than its term. A rehearsal is no part of a day, and its
 * clock runs otherwise.
 */
export function snoozeOf(
  viewer: Viewer,
  row: TaskRow,
  now: number,
): { readonly from: IsoDate; readonly to: IsoDate | null } | null {
  if (row.rehearsal !== null || !SNOOZABLE.includes(row.state) || !seesTask(viewer, row).holds) return null
  const from = addDays(caseToday(row.clock, now), 1)
  const [to = null] = [row.dueOn, row.closesOn].filter((day) => day !== null).sort()

  return to !== null && to < from ? null : { from, to }
}

/** May the actor hand this task to somebody: the head of the body whose role it waits for, but not in his own case. */
export const mayAssign = (
  actor: Actor,
  task: Pick<ReturnType<typeof policyTask>, 'for' | 'subject'>,
  kept: WhyKept | null,
): boolean =>
  kept === null &&
  task.subject !== actor.person &&
  'role' in task.for &&
  task.for.role !== undefined &&
  holdsRole(actor.grants, 'head', task.for.body)

/** The suspension for which an open task stands still; null: none. */
export const suspensionOf = (
  { state, kind, suspensions }: Pick<TaskRow, 'state' | 'kind' | 'suspensions'>,
  process: Process | undefined,
): Suspension | null => (isClosed(state) ? null : suspendedTask(process?.contract ?? {}, suspensions ?? [], kind))

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
    ['withdrawQuestion', mayWithdraw(actor, task).may && row.openQuestion !== null && !isClosed(row.state)],
    ['release', may && mine && byRole && from('release')],
    ['delegate', may && mine && byRole && from('delegate')],
    ['assign', mayAssign(actor, task, row.seen.mine.kept) && from('assign')],
  ]

  return verbs.filter(([, allowed]) => allowed).map(([verb]) => verb)
}
