/** What the holder of a task sends to its case: an answer, a return for revision, a question, or its withdrawal. */
import type { StoredCommand } from '../../prisma/store/commands'
import type { OneTask, TaskRow } from '../../prisma/store/inbox'
import { reachesFurtherBack } from '../../prisma/store/opening'
import { isClosed, TRANSITIONS } from '../../prisma/store/tasks'
import {
  offerOf,
  refusedDays,
  type Actor,
  type Capacity,
  type CaseId,
  type CheckContext,
  type ContentRef,
  type DaysOff,
  type PersonId,
} from '../../workflows/kernel/contract'
import { factsOf, type Form } from '../../workflows/kernel/forms'
import { isSealed, KERNEL_FORMS, taskForm } from '../../workflows/kernel/kernel-forms'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { mayComplete, mayWithdraw } from '../../workflows/kernel/law/policy'
import type { Process } from '../../workflows/kernel/process'
import { Problem, forbidden } from '../http/problems'
import { chosenCapacity } from '../policy/capacity'
import { policyTask } from '../policy/tasks'
import { contextOf } from '../service/case-context'
import { parsedForm, refuseByRules } from '../service/process-code'
import type { Service } from '../service/service'
import { registerFacts, type RegisterFacts } from './named-in-form'
import { sendingOf, submit, type Envelope } from './submit'

export interface Answering {
  readonly verb: 'complete' | 'return' | 'recuse' | 'ask' | 'withdrawQuestion'
  readonly form: Record<string, unknown>
  readonly capacity: Capacity | undefined
}
interface Asked extends Answering {
  readonly version: number
  readonly key: string | null
}

/** Stores and sends it, or throws why not. The order of refusals: who, in what state, stale, what. */
export function answerTask(service: Service, actor: Actor, row: OneTask, asked: Asked): Promise<StoredCommand> {
  const { verb, version, form, capacity, key } = asked
  const sending = sendingOf(actor, key, `${verb}/${row.id}`, { version, form, capacity })

  return submit(service, sending, async () => {
    const chosen = capacityIn(actor, row, asked, service)
    const answer = await checkedForm(service, actor, row, asked)

    return {
      case: row.caseId as CaseId,
      kind: verb,
      actor,
      capacity: chosen,
      // a question is withdrawn without touching the task it was put from: that one may be answered meanwhile
      task: verb === 'withdrawQuestion' ? null : { id: row.id, version, holder: actor.person },
      content: answer.value,
      payload: (envelope, content) => messageOf(service, row, verb, { ...answer, envelope, content }),
    }
  })
}

/** In which capacity he sends it, or throws why he may not or why it is not the time. */
function capacityIn(actor: Actor, row: TaskRow, asked: Asked, service: Service): Capacity {
  const { verb } = asked
  // of a task that stands still and has no holder the question is taken back by whoever may hold it
  const verdict = (verb === 'withdrawQuestion' ? mayWithdraw : mayComplete)(actor, policyTask(row))
  if (!verdict.may) {
    const { code } = verdict.reason
    if (isClosed(row.state)) throw Problem.for('tooLate')
    if (code === 'policy.heldByAnother') throw Problem.for('taken', { reason: verdict.reason })
    if (code === 'policy.claimFirst') throw Problem.for('conflict', { reason: verdict.reason })
    throw forbidden(verdict.reason)
  }
  refuseWhen(row, asked, service)

  return chosenCapacity(verdict, asked.capacity)
}

function refuseWhen(row: TaskRow, { verb, version }: Asked, { processes }: Service): void {
  if (isClosed(row.state)) throw Problem.for('tooLate')
  if (row.state === 'completing') throw Problem.for('completing')
  if (row.version !== version) throw Problem.for('stale')
  const kind = processes.of(row.process, row.formVersion)?.contract.tasks[row.kind]
  if (verb === 'withdrawQuestion') {
    if (row.openQuestion === null) throw Problem.for('conflict', { reason: { code: 'task.noOpenQuestion' } })

    return
  }
  if (!TRANSITIONS.send.from.includes(row.state))
    throw Problem.for('conflict', { reason: { code: `task.${row.state}` } })
  if (verb === 'return' && !kind?.returns) throw Problem.for('conflict', { reason: { code: 'task.notReturnable' } })
  if (verb === 'recuse' && !kind?.commission?.recusal)
    throw Problem.for('conflict', { reason: { code: 'task.noRecusal' } })
  if (verb === 'ask' && !kind?.asks) throw Problem.for('conflict', { reason: { code: 'task.noQuestions' } })
  if (verb === 'ask' && row.openQuestion) throw Problem.for('conflict', { reason: { code: 'task.questionOpen' } })
}

function formOf({ processes }: Service, row: TaskRow, verb: Answering['verb']): Form | null {
  if (verb === 'withdrawQuestion') return null
  if (verb !== 'complete') return KERNEL_FORMS[verb]
  const form = taskForm(processes.of(row.process, row.formVersion), row.kind)
  if (!form) throw Problem.for('conflict', { detail: `no form for ${row.process}.${row.kind}` })

  return form
}

interface Checked {
  readonly form: Form | null
  readonly value: Record<string, unknown>
  readonly named: RegisterFacts
  /** the calendar back to a day that the answer names, where its case may not have it */
  readonly earlier?: DaysOff
}
const NOBODY: RegisterFacts = { people: {}, positions: {}, offices: {} }

/** The validated form, and what the register says of the people and positions in it. */
async function checkedForm(service: Service, actor: Actor, row: OneTask, asked: Asked): Promise<Checked> {
  const form = formOf(service, row, asked.verb)
  if (!form) return { form, value: {}, named: NOBODY }
  const value = parsedForm(service, `${row.process}/${row.kind}`, form, asked.form)
  const today = caseToday(row.clock, service.now())
  const process = service.processes.of(row.process, row.formVersion)
  const clocks = offerOf(process?.offers, row.kind)?.days !== undefined
  const [named, standing] = await Promise.all([
    registerFacts(service, form, value, { on: today, subject: row.subject.id as PersonId }),
    asked.verb === 'complete'
      ? contextOf(service, row, { actor: actor.person, clocks, form: factsOf(form, value) })
      : null,
  ])
  const checked = { form, value, named }
  if (!standing || !process) return checked
  refuseAnswer(service, process, row, checked, standing)
  const { daysOff } = standing

  return reachesFurtherBack(daysOff, row.startedOn) ? { ...checked, earlier: daysOff } : checked
}

/** The rules of the process, asked here so that a person hears at once what the case would say; the case alone decides. */
function refuseAnswer(
  service: Service,
  process: Process,
  row: OneTask,
  { form, value, named: { people, positions } }: Checked,
  standing: Omit<CheckContext, 'people' | 'positions'>,
): void {
  if (!form || !process.contract.tasks[row.kind]) return
  const answer = factsOf(form, value)
  const context = { ...standing, people, positions }
  refuseByRules(service, `${row.process}/${row.kind}`, {
    daysOff: standing.daysOff,
    counted: answer,
    check: () =>
      process.check(row.kind, answer, row.facts, context) ??
      refusedDays(offerOf(process.offers, row.kind), answer, row.facts, context),
  })
}

/**
 * The message for the workflow: ids, codes and dates; what people wrote stays in its content row, and so does the whole of a
 * sealed answer, of which the workflow is given the row's id and hash.
 */
function messageOf(
  { processes }: Service,
  row: OneTask,
  verb: Answering['verb'],
  {
    form,
    value,
    named,
    earlier,
    envelope,
    content,
  }: Checked & { readonly envelope: Envelope; readonly content: ContentRef },
) {
  switch (verb) {
    case 'complete': {
      const sealed = isSealed(processes.of(row.process, row.formVersion), row.kind)
      const answer = sealed || !form ? null : factsOf(form, value)
      const { people, positions } = sealed ? NOBODY : named

      return {
        ...envelope,
        task: row.id,
        answer,
        people,
        positions,
        ...(earlier && !sealed && { daysOff: earlier }),
        content,
      }
    }
    case 'return':
    case 'recuse':
      return { ...envelope, task: row.id, content }
    case 'ask': {
      const person = value['person'] as PersonId
      // whom the case is about is asked for himself, everybody else as one who serves in his body
      const servesIn = person === row.subject.id ? null : named.offices[person]

      return { ...envelope, task: row.id, person, ...(servesIn && { servesIn }), content }
    }
    case 'withdrawQuestion':
      return { ...envelope, task: row.openQuestion ?? row.id }
  }
}
