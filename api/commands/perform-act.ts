/** Acts on a case: checked here so that most refusals cost nothing, and again by the workflow, which alone decides. */
import type { CaseRow } from '../../prisma/store/cases'
import type { StoredCommand } from '../../prisma/store/commands'
import { actCalendar } from '../../prisma/store/opening'
import type { Actor, BodyKey, Capacity } from '../../workflows/kernel/contract'
import { factsOf, namedIn } from '../../workflows/kernel/forms'
import { sendingOf, type Sending } from '../http/sending'
import { submit } from './submit'
import { chosenCapacity } from '../policy/capacity'
import { mayDo, policyCase, stopOf } from '../policy/cases'
import { ADVANCE, actForm, actKinds, HAND_OVER, isRehearsalAct } from '../../workflows/kernel/kernel-forms'
import { lacksDecision, standingDecision } from '../../workflows/kernel/law/decisions'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { whySuspended } from '../../workflows/kernel/law/suspension'
import { Problem, forbidden, invalid } from '../http/problems'
import {
  chooserOf,
  filesIn,
  parsedForm,
  refuseFiles,
  namedCases,
  registerFacts,
  setOf,
  subjectOf,
} from '../service/form-check'
import type { Service } from '../service/service'

export interface ActAsked {
  readonly act: string
  readonly step: number
  readonly form: Record<string, unknown>
  readonly capacity?: Capacity | undefined
  /** he knows that the decision which he withdraws was delivered already */
  readonly confirms?: boolean | undefined
}

/** Stores and sends an act, or throws why not. The order of refusals: who, when, stale, what. */
export async function performAct(
  service: Service,
  actor: Actor,
  row: CaseRow,
  sending: Sending,
  asked: ActAsked,
): Promise<StoredCommand> {
  const { act, step } = asked
  const { form, capacity } = allowed(service, actor, row, asked)
  const value = parsedForm(service, `${row.process}/${act}`, form, asked.form)
  const today = caseToday(row.clock, service.now())
  if (act === ADVANCE && value['to'] !== undefined && textOf(value['to']) <= today) throw invalid({ to: 'past' })
  if (act === HAND_OVER && value['body'] === row.body.key) throw invalid({ body: 'sameBody' })
  const facts = factsOf(form, value)
  const [{ people, positions }, daysOff] = await Promise.all([
    registerFacts(service, form, value, {
      ...{ process: row.process, on: today, subject: subjectOf(row), set: setOf(row) },
      by: chooserOf(service, actor, form, { body: row.body.key as BodyKey, file: row.id }),
    }),
    actCalendar(service.db, { ...row, body: row.body.key as BodyKey, form: facts }),
    namedCases(service, actor, namedIn(form, value).cases, {
      setBody: policyCase(row).setBody,
      rehearsal: row.rehearsal,
    }),
    refuseFiles(service, actor, namedIn(form, value).files),
  ])

  return submit(service, sending, {
    case: row.id,
    kind: 'act',
    act,
    actor,
    capacity,
    task: null,
    content: value,
    files: filesIn(actor, form, value),
    message: { act, step, form: facts, people, positions, ...(daysOff && { daysOff }) },
  })
}

/** What a client sent with an act, told apart from other requests. */
export const sendingOfAct = (
  actor: Actor,
  caseId: string,
  key: string | null,
  { act, step, form, capacity }: ActAsked,
) => sendingOf(actor, key, `act/${caseId}/${act}`, { step, form, capacity })

/** The form of an act that the actor may do now, and in which capacity; throws why he may not. */
function allowed({ processes }: Service, actor: Actor, row: CaseRow, { act, step, capacity, confirms }: ActAsked) {
  const process = processes.of(row.process, row.version)
  const kinds = process ? actKinds(process) : {}
  const kind = Object.hasOwn(kinds, act) ? kinds[act] : undefined
  const form = actForm(process, act)
  if (!kind || !form) throw Problem.for('notFound')
  const verdict = mayDo(actor, act, kind, policyCase(row))
  if (!verdict.may) throw forbidden(verdict.reason)
  if (row.status !== 'open') throw Problem.for('caseClosed')
  if (isRehearsalAct(act) && row.rehearsal === null)
    throw Problem.for('conflict', { reason: { code: 'act.rehearsalOnly' } })
  if (step !== row.step) throw Problem.for('stale')
  const stopped = process && stopOf(act, row, process.contract)
  if (stopped) throw Problem.for('conflict', { reason: whySuspended(stopped) })
  if (kind.during && !kind.during.includes(row.stage)) throw Problem.for('conflict', { reason: { code: 'act.notNow' } })
  const decisions = row.decisions ?? []
  if (process && lacksDecision(kind, process.contract, decisions))
    throw Problem.for('conflict', { reason: { code: 'act.noDecision' } })
  if (!confirms && standingDecision(decisions, kind.withdraws)?.deliveredOn)
    throw Problem.for('conflict', { reason: { code: 'act.unconfirmed' } })

  return { form, capacity: chosenCapacity(verdict, capacity) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
