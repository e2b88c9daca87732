/** What the holder of a task sends to its case: an answer, a return for revision, a question, or its withdrawal. */
import type { StoredCommand } from '../../prisma/store/commands'
import type { OneTask, TaskRow } from '../../prisma/store/inbox'
import { runningCalendar } from '../../prisma/store/opening'
import { isClosed, TRANSITIONS } from '../../prisma/store/tasks'
import { bodyOf } from '../../prisma/store/service'
import type {
  BodyKey,
  Capacity,
  CaseId,
  PersonId,
  TaskId,
  Actor,
  ContentRef,
  Fact,
  People,
  Positions,
} from '../../workflows/kernel/contract'
import { factsOf, fieldErrors, type Form } from '../../workflows/kernel/forms'
import { mayComplete, mayWithdraw } from '../../workflows/kernel/law/policy'
import { refusalOfCheck, refusalOfDates } from '../../workflows/kernel/protocol/refusals'
import { ruleFailed, sendingOf, sentBefore, submit, type Envelope, type Sending } from './submit'
import { isSealed, KERNEL_FORMS, taskForm } from '../../workflows/kernel/kernel-forms'
import { peopleOf } from './people-in-form'
import { positionsOf } from './positions-in-form'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { chosenCapacity } from '../policy/capacity'
import { policyTask } from '../policy/tasks'
import { Problem, forbidden, invalid, problemOfRefusal } from '../http/problems'
import type { Service } from '../service/service'
import { today } from '../service/today'

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
export async function answerTask(service: Service, actor: Actor, row: OneTask, asked: Asked): Promise<StoredCommand> {
  const sending = sendingOf(actor, asked.key, `${asked.verb}/${row.id}`, {
    version: asked.version,
    form: asked.form,
    capacity: asked.capacity,
  })
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
  const capacity = capacityIn(actor, row, asked, service)
  const form = formOf(service, row, verb)
  const { value, ...named } = await checkedForm(service, actor, row, form, asked)
  const servesIn = verb === 'ask' ? await officeOf(service, row, value['person'] as PersonId) : null
  const question = row.openQuestion

  return submit(service, {
    ...sending,
    case: row.caseId as CaseId,
    kind: verb,
    actor,
    capacity,
    // a question is withdrawn without touching the task it was put from: that one may be answered meanwhile
    task: verb === 'withdrawQuestion' ? null : { id: row.id, version: asked.version, holder: actor.person },
    content: value,
    payload: (envelope, content) => {
      const sealed = verb === 'complete' && isSealed(service.processes.of(row.process, row.formVersion), row.kind)
      const told = sealed ? { form: null, value: {}, people: {}, positions: {} } : { form, value, ...named }

      return messageOf(verb, envelope, { task: row.id, question, servesIn, content, ...told })
    },
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

/** The body in which the person serves who is asked; null for the one whom the case is about: he is asked for himself. */
const officeOf = ({ db, now }: Service, row: TaskRow, person: PersonId): Promise<BodyKey | null> =>
  person === row.subject.id ? Promise.resolve(null) : bodyOf(db, person, today(now()))

function formOf({ processes }: Service, row: TaskRow, verb: Answering['verb']): Form | null {
  if (verb === 'withdrawQuestion') return null
  if (verb !== 'complete') return KERNEL_FORMS[verb]
  const form = taskForm(processes.of(row.process, row.formVersion), row.kind)
  if (!form) throw Problem.for('conflict', { detail: `no form for ${row.process}.${row.kind}` })

  return form
}

/** The validated form, and what the register says of the people and positions in it. */
async function checkedForm(
  service: Service,
  actor: Actor,
  row: OneTask,
  form: Form | null,
  { verb, form: given }: Asked,
): Promise<{ value: Record<string, unknown>; people: People; positions: Positions }> {
  if (!form) return { value: {}, people: {}, positions: {} }
  const parsed = form.safeParse(given, { reportInput: true })
  if (!parsed.success) throw invalid(fieldErrors(parsed.error))
  const today = caseToday(row.clock, service.now())
  const [people, positions] = await Promise.all([
    peopleOf(service, form, parsed.data, today),
    positionsOf(service, form, parsed.data, row.subject.id as PersonId),
  ])
  if (verb === 'complete') await refuseAnswer(service, actor, row, factsOf(form, parsed.data), { people, positions })

  return { value: parsed.data, people, positions }
}

interface Named {
  readonly people: People
  readonly positions: Positions
}

/** The rules of the process, asked here so that a person hears at once what the case would say; the case alone decides. */
async function refuseAnswer(service: Service, actor: Actor, row: OneTask, answer: Fact, named: Named): Promise<void> {
  const process = service.processes.of(row.process, row.formVersion)
  if (!process?.contract.tasks[row.kind]) return
  const today = caseToday(row.clock, service.now())
  const body = row.body.key as BodyKey
  const daysOff = await runningCalendar(service.db, { body, startedOn: row.startedOn, today })
  const rule = (key: string) => row.law.rules?.find((each) => each.key === key)?.value ?? false
  const context = { today, actor: actor.person, stage: row.stage, rule, ...named, daysOff }
  const why =
    refusalOfDates(answer, daysOff) ??
    refusalOfCheck(() => process.check(row.kind, answer, row.facts, context), daysOff, ruleFailed(service, row.kind))
  if (why) throw Problem.of(problemOfRefusal(why))
}

interface Parts {
  readonly task: TaskId
  readonly question: TaskId | null
  readonly servesIn: BodyKey | null
  readonly form: Form | null
  readonly value: Record<string, unknown>
  readonly people: People
  readonly positions: Positions
  readonly content: ContentRef
}

/**
 * The message for the workflow: ids, codes and dates; what people wrote stays in its content row, and so does the whole of a
 * sealed answer, of which the workflow is given the row's id and hash.
 */
function messageOf(verb: Answering['verb'], envelope: Envelope, parts: Parts) {
  const { task, question, servesIn, form, value, people, positions, content } = parts
  switch (verb) {
    case 'complete':
      return { ...envelope, task, answer: form && factsOf(form, value), people, positions, content }
    case 'return':
    case 'recuse':
      return { ...envelope, task, content }
    case 'ask':
      return {
        ...envelope,
        task,
        person: value['person'] as PersonId,
        ...(servesIn !== null && { servesIn }),
        content,
      }
    case 'withdrawQuestion':
      return { ...envelope, task: question ?? task }
  }
}
