/** Forms of processes by their addresses: who may fill one in, and whom it lets him name. */
import type { Choice } from '../../prisma/store/register-sight'
import { ADDITIONS, type Actor, type BodyKey } from '../../workflows/kernel/contract'
import type { Form } from '../../workflows/kernel/forms'
import { actForm, actKinds, ADDITION_FORMS, KERNEL_FORMS, taskForm } from '../../workflows/kernel/kernel-forms'
import { mayHold, startsAs } from '../../workflows/kernel/law/policy'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import { additionAddress, refuseAdding } from '../commands/add-after-end'
import { refuseEnded } from '../commands/answer-task'
import { id } from '../http/fields'
import { forbidden, Problem } from '../http/problems'
import { mayDo, policyCase } from '../policy/cases'
import { policyTask } from '../policy/tasks'
import { choicesIn } from '../service/form-check'
import type { Service } from '../service/service'
import { seenCase } from './cases'
import { ownFormAt } from './own-registers'
import { seenTask } from './tasks'

/** A form that somebody may fill in. */
interface FormAt {
  /** in its one spelling */
  readonly address: string
  /** null: it asks for words alone */
  readonly form: Form | null
  /** the body of its case */
  readonly body: BodyKey
}

/** An id of a case or a task in its one form; what cannot be one names nothing. */
function idOf(text: string): string {
  const read = id.safeParse(text)
  if (!read.success) throw Problem.for('notFound')

  return read.data
}

/** The form of a task, an act, an addition or a start at an address, when the viewer may fill it in now; throws why he may not. Null: it is of no process. */
export async function formOfProcess(service: Service, viewer: Viewer, address: string): Promise<FormAt | null> {
  const [of = '', first = '', ...rest] = address.split(':')
  const second = rest.join(':')
  switch (of) {
    case 'task':
      return formOfTask(service, viewer, idOf(first), second)
    case 'act':
      return formOfAct(service, viewer, idOf(first), second)
    case 'add':
      return formOfAddition(service, viewer, idOf(first), second)
    case 'start':
      return formOfStart(service, viewer.actor, first, second)
    default:
      return null
  }
}

const TASK_FORMS = ['complete', 'return', 'recuse', 'ask']

async function formOfTask(service: Service, viewer: Viewer, taskId: string, verb: string): Promise<FormAt> {
  if (!TASK_FORMS.includes(verb)) throw Problem.for('notFound')
  const row = await seenTask(service, viewer, taskId)
  const verdict = mayHold(viewer.actor, policyTask(row))
  if (!verdict.may) throw forbidden(verdict.reason)
  refuseEnded(viewer, row)
  const process = service.processes.of(row.process, row.formVersion)
  const forms: Readonly<Record<string, Form | undefined>> = {
    complete: taskForm(process, row.kind) ?? undefined,
    ask: KERNEL_FORMS.ask,
  }

  return { address: `task:${row.id}:${verb}`, form: forms[verb] ?? null, body: row.body.key as BodyKey }
}

async function formOfAct(service: Service, viewer: Viewer, caseId: string, act: string): Promise<FormAt> {
  const row = await seenCase(service, viewer, caseId)
  const process = service.processes.of(row.process, row.version)
  const kinds = process ? actKinds(process) : {}
  const kind = Object.hasOwn(kinds, act) ? kinds[act] : undefined
  if (!process || !kind) throw Problem.for('notFound')
  const verdict = mayDo(viewer.actor, act, kind, policyCase(row))
  if (!verdict.may) throw forbidden(verdict.reason)
  if (row.status !== 'open') throw Problem.for('caseClosed')

  return { address: `act:${row.id}:${act}`, form: actForm(process, act), body: row.body.key as BodyKey }
}

async function formOfAddition(service: Service, viewer: Viewer, caseId: string, kind: string): Promise<FormAt> {
  const row = await seenCase(service, viewer, caseId)
  const addition = ADDITIONS.find((each) => each === kind)
  if (!addition) throw Problem.for('notFound')
  refuseAdding(viewer.actor, row)

  return {
    address: additionAddress(row.id, addition),
    form: ADDITION_FORMS[addition],
    body: row.body.key as BodyKey,
  }
}

function formOfStart({ processes }: Service, actor: Actor, name: string, body: string): FormAt {
  const process = Object.hasOwn(processes.current, name) ? processes.current[name] : undefined
  if (!process) throw Problem.for('notFound')
  if (!startsAs(actor, process.contract.startedBy, body as BodyKey)) throw forbidden({ code: 'policy.noRole' })

  return { address: `start:${name}:${body}`, form: process.forms.start, body: body as BodyKey }
}

/** Whom the form at an address lets the viewer name; nobody where he may not fill it in. */
export async function choicesOf(service: Service, viewer: Viewer, address: string): Promise<Choice[]> {
  const at = await formOfProcess(service, deciding(viewer), address).catch((error: unknown) => {
    if (error instanceof Problem) return null
    throw error
  })
  const form = at?.form ?? ownFormAt(service, viewer.actor, address)

  return form ? choicesIn(form, at?.body ?? null) : []
}
