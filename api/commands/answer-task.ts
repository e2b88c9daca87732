/** What the holder of a task sends to its case: an answer, a return for revision, a question, or its withdrawal. */
import type { StoredCommand } from '../../prisma/store/commands'
import type { OneTask, TaskRow } from '../../prisma/store/inbox'
import { isClosed, TRANSITIONS } from '../../prisma/store/tasks'
import type { Capacity, CaseId, PersonId } from '../../workflows/kernel/contract'
import { factsOf, type Form } from '../../workflows/kernel/forms'
import { isSealed, KERNEL_FORMS, taskForm } from '../../workflows/kernel/kernel-forms'
import { mayComplete, mayWithdraw } from '../../workflows/kernel/law/policy'
import { deciding, sightOf, type Viewer } from '../../workflows/kernel/law/sight'
import { whySuspended } from '../../workflows/kernel/law/suspension'
import type { Process } from '../../workflows/kernel/process'
import type { ToldOf } from '../../workflows/kernel/protocol/messages'
import { Problem, forbidden } from '../http/problems'
import type { Sending } from '../http/sending'
import { chosenCapacity } from '../policy/capacity'
import { policyTask, suspensionOf } from '../policy/tasks'
import { checkedForm, filesIn, type CheckedForm } from '../service/form-check'
import type { Service } from '../service/service'
import { submit } from './submit'

/** What a person says of a task, as he saw it. */
export interface Answering {
  readonly version: number
  readonly verb: 'complete' | 'return' | 'recuse' | 'ask' | 'withdrawQuestion'
  readonly form: Record<string, unknown>
  readonly capacity: Capacity | undefined
}

/** Stores and sends it, or throws why not. The order of refusals: who, in what state, stale, what. */
export async function answerTask(
  service: Service,
  viewer: Viewer,
  row: OneTask,
  sending: Sending,
  asked: Answering,
): Promise<StoredCommand> {
  const { actor } = viewer
  const { verb, version } = asked
  const process = service.processes.of(row.process, row.formVersion)
  const capacity = capacityIn(viewer, row, process, asked)
  const form = formOf(process, row, verb)
  const rules = verb === 'complete' && process ? process : null
  const checked = form
    ? await checkedForm(service, row, { task: row.kind, form, process: rules }, asked.form, actor)
    : NOTHING
  const sealed = verb === 'complete' && isSealed(process, row.kind)

  return submit(service, sending, {
    case: row.caseId as CaseId,
    kind: verb,
    actor,
    capacity,
    // a question is withdrawn without touching the task it was put from: that one may be answered meanwhile
    task: verb === 'withdrawQuestion' ? null : { id: row.id, version, holder: actor.person },
    content: checked.value,
    files: form && filesIn(actor, form, checked.value),
    message: messageOf(row, verb, sealed ? NOTHING : { ...checked, form }),
  })
}

/** In which capacity he sends it, or throws why he may not or why it is not the time. */
function capacityIn(viewer: Viewer, row: TaskRow, process: Process | undefined, asked: Answering): Capacity {
  const { actor } = viewer
  const { verb } = asked
  // of a task that stands still and has no holder the question is taken back by whoever may hold it
  const verdict = (verb === 'withdrawQuestion' ? mayWithdraw : mayComplete)(actor, policyTask(row))
  if (!verdict.may) {
    const { code } = verdict.reason
    refuseEnded(viewer, row)
    if (code === 'policy.heldByAnother') throw Problem.for('taken', { reason: verdict.reason })
    if (code === 'policy.claimFirst') throw Problem.for('conflict', { reason: verdict.reason })
    throw forbidden(verdict.reason)
  }
  refuseWhen(viewer, row, process, asked)

  return chosenCapacity(verdict, asked.capacity)
}

/** Throws when the task has ended; when its whole case has, that is what he has to know, unless the course of the case is not his to see. */
export function refuseEnded(viewer: Viewer, { status, state, seen }: Pick<TaskRow, 'status' | 'state' | 'seen'>): void {
  if (status === 'closed' && sightOf(deciding(viewer), seen).sees('course')) throw Problem.for('caseClosed')
  if (status === 'closed' || isClosed(state)) throw Problem.for('tooLate')
}

function refuseWhen(viewer: Viewer, row: TaskRow, process: Process | undefined, { verb, version }: Answering): void {
  const kind = process?.contract.tasks[row.kind]
  refuseEnded(viewer, row)
  if (row.state === 'completing') throw Problem.for('completing')
  if (row.version !== version) throw Problem.for('stale')
  if (verb === 'withdrawQuestion') {
    if (row.openQuestion === null) throw Problem.for('conflict', { reason: { code: 'task.noOpenQuestion' } })

    return
  }
  const stopped = suspensionOf(row, process)
  if (stopped) throw Problem.for('conflict', { reason: whySuspended(stopped) })
  if (!TRANSITIONS.send.from.includes(row.state))
    throw Problem.for('conflict', { reason: { code: `task.${row.state}` } })
  if (verb === 'return' && !kind?.returns) throw Problem.for('conflict', { reason: { code: 'task.notReturnable' } })
  if (verb === 'recuse' && !kind?.commission?.recusal)
    throw Problem.for('conflict', { reason: { code: 'task.noRecusal' } })
  if (verb === 'ask' && !kind?.asks) throw Problem.for('conflict', { reason: { code: 'task.noQuestions' } })
  if (verb === 'ask' && row.openQuestion) throw Problem.for('conflict', { reason: { code: 'task.questionOpen' } })
}

function formOf(process: Process | undefined, row: TaskRow, verb: Answering['verb']): Form | null {
  if (verb === 'withdrawQuestion') return null
  if (verb !== 'complete') return KERNEL_FORMS[verb]
  const form = taskForm(process, row.kind)
  if (!form) throw Problem.for('conflict', { detail: `no form for ${row.process}.${row.kind}` })

  return form
}

interface Said extends CheckedForm {
  readonly form: Form | null
}
const NOTHING: Said = { form: null, value: {}, named: { people: {}, positions: {}, offices: {} } }

/**
 * What the workflow is told: ids, codes and dates; what people wrote stays in its content row, and so does the whole of a sealed
 * answer, of which the workflow is given the row's id and hash.
 */
function messageOf(
  row: OneTask,
  verb: Answering['verb'],
  { form, value, named, earlier }: Said,
): ToldOf<Answering['verb']> {
  switch (verb) {
    case 'complete': {
      const { people, positions } = named

      return {
        task: row.id,
        answer: form && factsOf(form, value),
        people,
        positions,
        ...(earlier && { daysOff: earlier }),
      }
    }
    case 'return':
    case 'recuse':
      return { task: row.id }
    case 'ask': {
      const person = value['person'] as PersonId
      // whom the case is about is asked for himself, everybody else as one who serves in his body
      const servesIn = person === row.seen.subject ? null : named.offices[person]

      return { task: row.id, person, ...(servesIn && { servesIn }) }
    }
    case 'withdrawQuestion':
      return { task: row.openQuestion ?? row.id }
  }
}
