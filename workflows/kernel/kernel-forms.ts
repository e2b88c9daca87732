/** The form of every task and act: the process's own, or the kernel's for what every process has. */
import { z } from 'zod'
import {
  ADDITIONS,
  isKernelAct,
  isKernelTask,
  type ActKind,
  type Addition,
  type FileKind,
  type KernelAct,
  type KernelTask,
  type ProcessContract,
  type TaskKind,
} from './contract'
import { body, date, file, jsonSchemaOf, person, text, uuid, type Form } from './forms'
import { accessKinds } from './law/kept'
import { groundsOf, isSuspensionAct, suspensionKinds, type SuspensionAct } from './law/suspension'
import { handoverKind, rehearsersOf, replacementKind } from './law/policy'
import type { Process } from './process'

const FILES = ['pdf', 'jpeg', 'png', 'docx', 'xlsx', 'odt', 'ods', 'txt'] as const satisfies readonly FileKind[]

/** A ground of suspension: words `because.<ground>`. Which there are, the contract of the process says. */
const ground = (grounds?: readonly string[]) =>
  (grounds ? z.enum(grounds) : z.string().regex(/^[A-Za-z]\w{0,99}$/)).meta({ 'x-words': 'because' })

/** Forms that need no process. */
export const KERNEL_FORMS = {
  answerQuestion: z.strictObject({ answer: text() }),
  mendUndo: z.strictObject({ measures: text() }),
  reconsider: z.strictObject({ verdict: z.enum(['stands', 'changed']), measures: text() }),
  nameSuccessor: z.strictObject({ measures: text() }),
  mendEffect: z.strictObject({ measures: text() }),
  return: z.strictObject({ remarks: text() }),
  ask: z.strictObject({ person: person('anyone'), question: text() }),
  recuse: z.strictObject({ reason: text() }),
  replaceMember: z.strictObject({ member: person('party'), by: person('anyone').optional(), reason: text() }),
  handOver: z.strictObject({ body: body(), reason: text() }),
  restrict: z.strictObject({ people: z.array(person('anyone')).max(50), reason: text() }),
  grant: z.strictObject({ person: person('anyone'), reason: text() }),
  revokeAccess: z.strictObject({ person: person('party'), reason: text() }),
  lift: z.strictObject({ reason: text() }),
  suspend: z.strictObject({
    ground: ground(),
    suspendedFrom: date().optional(),
    expectedDays: z.int().min(1).max(1000).optional(),
    expectedUnit: z.enum(['calendarDays', 'workingDays']).optional(),
    expectedUntil: date().optional(),
    reason: text(),
  }),
  resume: z.strictObject({ ground: ground(), resumedFrom: date().optional(), reason: text() }),
  reviewSuspension: z.strictObject({
    suspension: z.enum(['resume', 'extend']),
    resumedFrom: date().optional(),
    expectedUntil: date().optional(),
    reason: text(),
  }),
  decidedOnAppeal: z.strictObject({
    document: uuid(),
    outcome: z.enum(['stands', 'cancelled', 'changed']),
    effectiveFrom: date().optional(),
  }),
  advance: z.strictObject({ to: date().optional() }),
  discard: z.strictObject({}),
} as const

/** What is filled in to add something to a case after its end. */
export const ADDITION_FORMS = {
  paper: z.strictObject({
    paperTitle: text(300),
    paperNumber: text(100),
    issuedOn: date(),
    issuer: text(300),
    receivedOn: date(),
    file: file(FILES),
  }),
  file: z.strictObject({ description: text(300), receivedFrom: text(300), receivedOn: date(), file: file(FILES) }),
  note: z.strictObject({ note: text() }),
} as const satisfies Readonly<Record<Addition, Form>>

/** The kinds of the kernel's own tasks, declared as a contract declares those of a process. */
export const KERNEL_TASK_KINDS: {
  readonly [K in KernelTask]: TaskKind & { readonly decision?: keyof z.output<(typeof KERNEL_FORMS)[K]> }
} = {
  answerQuestion: {},
  mendUndo: {},
  reconsider: { decision: 'verdict' },
  nameSuccessor: {},
  mendEffect: {},
  reviewSuspension: { decision: 'suspension' },
}

export const ADVANCE = 'advance' satisfies KernelAct
export const DISCARD = 'discard' satisfies KernelAct
export const REPLACE_MEMBER = 'replaceMember' satisfies KernelAct
export const HAND_OVER = 'handOver' satisfies KernelAct
/** What may be done to rehearsals only. */
export const isRehearsalAct = (act: string): act is typeof ADVANCE | typeof DISCARD =>
  act === ADVANCE || act === DISCARD

export const taskForm = (process: Process | undefined, kind: string): Form | null =>
  process && Object.hasOwn(process.forms.tasks, kind)
    ? (process.forms.tasks[kind] ?? null)
    : isKernelTask(kind)
      ? KERNEL_FORMS[kind]
      : null

/** Nobody reads an answer of this kind before the commission has opened all of them. */
export const isSealed = (process: Process | undefined, kind: string): boolean =>
  process?.contract.tasks[kind]?.sealed === true

export const actForm = (process: Process | undefined, act: string): Form | null =>
  process && Object.hasOwn(process.forms.acts, act)
    ? (process.forms.acts[act] ?? null)
    : isKernelAct(act)
      ? kernelActForm(process, act)
      : null

const suspensionForms = new WeakMap<ProcessContract, { readonly [A in SuspensionAct]: Form }>()

/** The form of an act of the kernel: grounds of suspension are chosen from those of the process. */
function kernelActForm(process: Process | undefined, act: KernelAct): Form {
  if (!process || !isSuspensionAct(act) || groundsOf(process.contract).length === 0) return KERNEL_FORMS[act]
  const { contract } = process
  const known = suspensionForms.get(contract)
  if (known) return known[act]
  const chosen = ground(groundsOf(contract))
  const forms = {
    suspend: z.strictObject({ ...KERNEL_FORMS.suspend.shape, ground: chosen }),
    resume: z.strictObject({ ...KERNEL_FORMS.resume.shape, ground: chosen }),
  }
  suspensionForms.set(contract, forms)

  return forms[act]
}

const convenes = ({ contract }: Process): boolean => Object.values(contract.tasks).some((kind) => kind.commission)

/**
 * The acts of a process, with those on rehearsals for whoever may start one, HR's where commissions sit, the handover to another
 * body, those on who is named in a restricted case, and those that suspend it.
 */
export function actKinds(process: Process): Readonly<Record<string, ActKind>> {
  const handsOver = handoverKind(process.contract)

  return {
    ...process.contract.acts,
    ...(convenes(process) ? { [REPLACE_MEMBER]: replacementKind(process.contract) } : {}),
    ...(handsOver ? { [HAND_OVER]: handsOver } : {}),
    ...accessKinds(process.contract),
    ...suspensionKinds(process.contract),
    [ADVANCE]: { by: rehearsersOf(process.contract) },
    [DISCARD]: { by: rehearsersOf(process.contract), turn: true },
  }
}

/** JSON Schema as it is sent: a copy that a view may hold. */
export const schemaOf = (form: Form): Record<string, unknown> => ({ ...jsonSchemaOf(form) })

/** What may be added to a case after its end, each with the form in which it is asked for. */
export const additionForms = (): { kind: Addition; form: Record<string, unknown> }[] =>
  ADDITIONS.map((kind) => ({ kind, form: schemaOf(ADDITION_FORMS[kind]) }))
