/** What the holder of a task sends to its case: an answer, a return for revision, a question, or its withdrawal. */
import type { StoredCommand } from '../../prisma/store/commands'
import type { OneTask, TaskRow } from '../../prisma/store/inbox'
import { runningCalendar } from '../../prisma/store/opening'
import { isClosed, TRANSITIONS } from '../../prisma/store/tasks'
import type {
  BodyKey,
  CaseId,
  PersonId,
  TaskId,
  Actor,
  ContentRef,
  Fact,
  People,
} from '../../workflows/kernel/contract'
import { factsOf, fieldErrors, type Form } from '../../workflows/kernel/forms'
import { mayComplete } from '../../workflows/kernel/law/policy'
import { refusalOfCheck, refusalOfDates } from '../../workflows/kernel/protocol/refusals'
import { ruleFailed, sendingOf, sentBefore, submit, type Envelope, type Sending } from './submit'
import { isSealed, KERNEL_FORMS, taskForm } from '../../workflows/kernel/kernel-forms'
import { peopleOf } from './people-in-form'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { policyTask } from '../policy/tasks'
import { Problem, forbidden, invalid, problemOfRefusal } from '../http/problems'
import type { Service } from '../service/service'

export interface Answering {
  readonly verb: 'complete' | 'return' | 'recuse' | 'ask' | 'withdrawQuestion'
  readonly form: Record<string, unknown>
}
interface Asked extends Answering {
  readonly version: number
  readonly key: string | null
}

/** Stores and sends it, or throws why not. The order of refusals: who, in what state, stale, what. */
export async function answerTask(service: Service, actor: Actor, row: OneTask, asked: Asked): Promise<StoredCommand> {
  const sending = sendingOf(actor, asked.key, `${asked.verb}/${row.id}`, { version: asked.version, form: asked.form })
  try {
    return await sent(service, actor, row, asked, sending)
  } catch (error) {
    // what was sent before under this key changed the task: its outcome is the answer, not that the task has changed
    const before = asked.key === null ? null : await sentBefore(service, sending)
    if (!before) throw error

    return before
  }
}

async function sent(service: Service, actor: Actor, row: OneTask, asked: Asked, sending: Sending) {
  const { verb } = asked
  refuseWhoAndWhen(actor, row, asked, service)
  const form = formOf(service, row, verb)
  const { value, people } = await checkedForm(service, actor, row, form, asked)
  const question = row.openQuestion

  return submit(service, {
    ...sending,
    case: row.caseId as CaseId,
    kind: verb,
    actor,
    // a question is withdrawn without touching the task it was put from: that one may be answered meanwhile
    task: verb === 'withdrawQuestion' ? null : { id: row.id, version: asked.version, holder: actor.person },
    content: value,
    payload: (envelope, content) => {
      const sealed = verb === 'complete' && isSealed(service.processes.of(row.process, row.formVersion), row.kind)
      const told = sealed ? { form: null, value: {}, people: {} } : { form, value, people }

      return messageOf(verb, envelope, { task: row.id, question, content, ...told })
    },
  })
}

function refuseWhoAndWhen(actor: Actor, row: TaskRow, { verb, version }: Asked, { processes }: Service): void {
  const verdict = mayComplete(actor, policyTask(row))
  if (!verdict.may) {
    const { code } = verdict.reason
    if (isClosed(row.state)) throw Problem.for('tooLate')
    if (code === 'policy.heldByAnother') throw Problem.for('taken', { reason: verdict.reason })
    if (code === 'policy.claimFirst') throw Problem.for('conflict', { reason: verdict.reason })
    throw forbidden(verdict.reason)
  }
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

/** The validated form, and what the register says of the people in it. */
async function checkedForm(
  service: Service,
  actor: Actor,
  row: OneTask,
  form: Form | null,
  { verb, form: given }: Asked,
): Promise<{ value: Record<string, unknown>; people: People }> {
  if (!form) return { value: {}, people: {} }
  const parsed = form.safeParse(given, { reportInput: true })
  if (!parsed.success) throw invalid(fieldErrors(parsed.error))
  const people = await peopleOf(service, form, parsed.data, caseToday(row.clock, service.now()))
  if (verb === 'complete') await refuseAnswer(service, actor, row, factsOf(form, parsed.data), people)

  return { value: parsed.data, people }
}

/** The rules of the process, asked here so that a person hears at once what the case would say; the case alone decides. */
async function refuseAnswer(service: Service, actor: Actor, row: OneTask, answer: Fact, people: People): Promise<void> {
  const process = service.processes.of(row.process, row.formVersion)
  if (!process?.contract.tasks[row.kind]) return
  const today = caseToday(row.clock, service.now())
  const body = row.body.key as BodyKey
  const daysOff = await runningCalendar(service.db, { body, startedOn: row.startedOn, today })
  const rule = (key: string) => row.law.rules?.find((each) => each.key === key)?.value ?? false
  const context = { today, actor: actor.person, stage: row.stage, rule, people, daysOff }
  const why =
    refusalOfDates(answer, daysOff) ??
    refusalOfCheck(() => process.check(row.kind, answer, row.facts, context), daysOff, ruleFailed(service, row.kind))
  if (why) throw Problem.of(problemOfRefusal(why))
}

interface Parts {
  readonly task: TaskId
  readonly question: TaskId | null
  readonly form: Form | null
  readonly value: Record<string, unknown>
  readonly people: People
  readonly content: ContentRef
}

/**
 * The message for the workflow: ids, codes and dates; what people wrote stays in its content row, and so does the whole of a
 * sealed answer, of which the workflow is given the row's id and hash.
 */
function messageOf(verb: Answering['verb'], envelope: Envelope, parts: Parts) {
  const { task, question, form, value, people, content } = parts
  switch (verb) {
    case 'complete':
      return { ...envelope, task, answer: form && factsOf(form, value), people, content }
    case 'return':
    case 'recuse':
      return { ...envelope, task, content }
    case 'ask':
      return { ...envelope, task, person: value['person'] as PersonId, content }
    case 'withdrawQuestion':
      return { ...envelope, task: question ?? task }
  }
}
