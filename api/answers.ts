/** What the holder of a task sends to its case: an answer, a return for revision, a question, or its withdrawal. */
import { caseById, type CaseRow } from '../prisma/store/cases'
import { deleteDraft, taskById, type TaskRow } from '../prisma/store/inbox'
import { isClosed, TRANSITIONS } from '../prisma/store/tasks'
import type { CaseId, PersonId, TaskId } from '../workflows/kernel/contract'
import { factsOf, fieldErrors, type Form } from '../workflows/kernel/forms'
import type { Actor, ContentRef, People } from '../workflows/kernel/messages'
import { mayComplete } from '../workflows/kernel/policy'
import { answerTo, sendingOf, sentBefore, submit, type Envelope } from './commands'
import { taskDetail } from './details'
import { isSealed, KERNEL_FORMS, taskForm } from './forms'
import { peopleOf } from './people'
import { caseToday, policyTask } from './present'
import { Problem, forbidden, invalid } from './problems'
import type { Reply } from './route'
import type { Service } from './service'

export interface Answering {
  readonly verb: 'complete' | 'return' | 'recuse' | 'ask' | 'withdrawQuestion'
  readonly form: Record<string, unknown>
}
interface Asked extends Answering {
  readonly version: number
  readonly key: string | null
}

/** Sends it, or says why not. The order of refusals: who, in what state, stale, what. */
export async function answerTask(service: Service, actor: Actor, row: TaskRow, asked: Asked): Promise<Reply> {
  const { db } = service
  const { verb } = asked
  const done = async () => {
    if (verb === 'complete') await deleteDraft(db, row.id, actor.person)
    const [task, file] = await Promise.all([taskById(db, row.id), caseById(db, row.caseId as CaseId)])

    return { body: await taskDetail(service, actor, task ?? row, file?.facts ?? {}) }
  }
  const sending = sendingOf(actor, asked.key, `${verb}/${row.id}`, { version: asked.version, form: asked.form })
  const before = asked.key === null ? null : await sentBefore(service, sending)
  if (before) return answerTo(service, before, done)

  refuseWhoAndWhen(actor, row, asked, service)
  const file = await caseById(db, row.caseId as CaseId)
  if (!file) throw Problem.for('notFound')
  const form = formOf(service, row, verb)
  const { value, people } = await checkedForm(service, file, row, form, asked)

  const question = row.openQuestion
  const command = await submit(service, {
    ...sending,
    case: file.id,
    kind: verb,
    actor,
    // a question is withdrawn without touching the task it was put from: that one may be answered meanwhile
    task: verb === 'withdrawQuestion' ? null : { id: row.id, version: asked.version, holder: actor.person },
    content: value,
    payload: (envelope, content) => {
      const sealed = verb === 'complete' && isSealed(service.processes[row.process], row.kind)
      const told = sealed ? { form: null, value: {}, people: {} } : { form, value, people }

      return messageOf(verb, envelope, { task: row.id, question, content, ...told })
    },
  })

  return answerTo(service, command, done)
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
  const kind = processes[row.process]?.contract.tasks[row.kind]
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
  const form = taskForm(processes[row.process], row.kind)
  if (!form) throw Problem.for('conflict', { detail: `no form for ${row.process}.${row.kind}` })

  return form
}

/** The validated form, and what the register says of the people in it. */
async function checkedForm(
  service: Service,
  file: CaseRow,
  row: TaskRow,
  form: Form | null,
  { verb, form: given }: Asked,
): Promise<{ value: Record<string, unknown>; people: People }> {
  if (!form) return { value: {}, people: {} }
  const parsed = form.safeParse(given, { reportInput: true })
  if (!parsed.success) throw invalid(fieldErrors(parsed.error))
  const people = await peopleOf(service, form, parsed.data, caseToday(file.clock, service.now()))
  if (verb === 'complete') {
    const rule = (key: string) => file.law.rules?.find((each) => each.key === key)?.value ?? false
    const process = service.processes[row.process]
    const errors = process?.contract.tasks[row.kind]
      ? process.check(row.kind, factsOf(form, parsed.data), file.facts, { rule, people })
      : null
    if (errors) throw invalid({ ...errors })
  }

  return { value: parsed.data, people }
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
