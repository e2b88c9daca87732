/**
 * Whether a message may be taken as the case stands: the last and only deciding door. Runs in the validators of Updates, where what
 * is refused never enters history, and for what was said of a task once more when its turn comes; so it is synchronous and changes
 * nothing.
 */
import type { Instant, Actor, Fact, ProcessTypes } from '../contract'
import { isKernelTask } from '../contract'
import { caseTime, millis } from '../law/case-clock'
import type { AdvanceForm, Messages, Refusal, ReplaceMemberForm } from '../protocol/messages'
import { outsideCalendar, refusal, refusalOfDates } from '../protocol/refusals'
import { mayHold, mayPerform } from '../law/policy'
import type { CaseState } from './case-state'
import type { AskWait } from './waits'

export const replaceMemberForm = (form: Fact): ReplaceMemberForm => form as unknown as ReplaceMemberForm
export const advanceForm = (form: Fact): AdvanceForm => form as unknown as AdvanceForm

/**
 * Whether an answer may enter history. Stricter than what is asked once more when its turn comes: an answer of an older history
 * stays as it was.
 */
export const refusalOfNewAnswer = <P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['complete'],
): Refusal | undefined =>
  refusalOfAnswerer(state, message) ?? refusalOfDates(message.answer, state.daysOff) ?? refusalOfRules(state, message)

/** Whether an answer still stands when its turn comes. */
export const refusalOfAnswer = <P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['complete'],
): Refusal | undefined => refusalOfAnswerer(state, message) ?? refusalOfRules(state, message)

/** Who answers, and when. */
function refusalOfAnswerer<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, receivedAt }: Messages['complete'],
): Refusal | undefined {
  const question = state.questionById(task)
  if (question) return question.to === actor.person ? undefined : refusal(403, 'policy.notAddressee')
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })
  if (!verdict.may) return { status: 403, reason: verdict.reason }
  if (state.isSuspended(wait)) return refusal(409, 'task.suspended')

  return isTooLate(state, wait, receivedAt) ? refusal(409, 'task.tooLate') : undefined
}

/** What the rules of the process say of an answer. */
function refusalOfRules<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, answer, people }: Messages['complete'],
): Refusal | undefined {
  const wait = state.askById(task)
  // what is sealed was checked before it was stored, and cannot be looked at here
  if (!wait || isKernelTask(wait.kind) || state.contract.tasks[wait.kind]?.sealed) return undefined
  const errors = state.rulebook.check(wait.kind, answer, state.factsAsJson, state.contextOf(actor, people))

  return errors ? refusal(422, 'form.invalid', { errors }) : undefined
}

/** In time is what the API received in time, whenever the timer fires. */
const isTooLate = <P extends ProcessTypes>(state: CaseState<P>, wait: AskWait, receivedAt: Instant): boolean => {
  const closes = wait.closes?.()

  return closes ? caseTime(state.clock, millis(receivedAt)) >= state.endOfDay(closes.on) : false
}

export function refusalOfReturn<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, receivedAt }: Messages['return'],
): Refusal | undefined {
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  if (isTooLate(state, wait, receivedAt)) return refusal(409, 'task.tooLate')
  if (!state.contract.tasks[wait.kind]?.returns) return refusal(409, 'task.notReturnable')
  const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

  return verdict.may ? undefined : { status: 403, reason: verdict.reason }
}

export function refusalOfRecusal<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, receivedAt }: Messages['recuse'],
): Refusal | undefined {
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  if (isTooLate(state, wait, receivedAt)) return refusal(409, 'task.tooLate')
  if (!wait.leave || !state.contract.tasks[wait.kind]?.commission?.recusal) return refusal(409, 'task.noRecusal')
  const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

  return verdict.may ? undefined : { status: 403, reason: verdict.reason }
}

export function refusalOfQuestion<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, person }: Messages['ask'],
): Refusal | undefined {
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  if (!state.contract.tasks[wait.kind]?.asks) return refusal(409, 'task.noQuestions')
  if (wait.question) return refusal(409, 'task.questionOpen')
  if (person === actor.person) return refusal(422, 'form.invalid', { errors: { person: 'yourself' } })
  const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

  return verdict.may ? undefined : { status: 403, reason: verdict.reason }
}

export function refusalOfWithdrawal<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor }: Messages['withdrawQuestion'],
): Refusal | undefined {
  const wait = [...state.asks].find((ask) => ask.question?.id === task)
  if (!wait) return refusal(409, 'task.closed')
  const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

  return verdict.may ? undefined : { status: 403, reason: verdict.reason }
}

export function refusalOfAct<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['act'],
  /** something else has happened to the case that the person cannot have seen */
  busy: boolean,
): Refusal | undefined {
  if (busy || message.step !== state.n) return refusal(412, 'case.changed')
  if (message.act === 'advance') return refusalOfAdvance(state, message)
  if (message.act === 'discard') return refusalOfDiscard(state, message)
  // the story is over: what is left is to take back, and to answer what the kernel asked
  if (state.ending) return refusal(409, 'act.notNow')
  if (message.act === 'replaceMember') return refusalOfReplacement(state, message)
  const kind = state.contract.acts[message.act]
  if (!kind) return refusal(409, 'act.unknown')
  const verdict = mayPerform(message.actor, kind, state.input)
  if (!verdict.may) return { status: 403, reason: verdict.reason }
  if (kind.during && !kind.during.includes(state.stage)) return refusal(409, 'act.notNow')
  const result = state.resultOf(message)
  if ('refused' in result)
    return {
      status: result.errors ? 422 : 409,
      reason: result.refused,
      ...(result.errors ? { errors: result.errors } : {}),
    }
  // what a turn makes of its form is for the story to say, as with an answer
  if ('turn' in result)
    return state.partTurnedBy(message.act) ? refusalOfDates(message.form, state.daysOff) : refusal(409, 'act.notNow')
  if ('facts' in result && !state.reaches(result.facts)) return { status: 409, reason: outsideCalendar(state.daysOff) }

  return undefined
}

function refusalOfReplacement<P extends ProcessTypes>(
  state: CaseState<P>,
  { actor, form }: Messages['act'],
): Refusal | undefined {
  const verdict = mayPerform(actor, { by: ['hr'] }, state.input)
  if (!verdict.may) return { status: 403, reason: verdict.reason }
  const { member, by } = replaceMemberForm(form)
  const commissions = [...state.commissions].filter((commission) => commission.hasSeat(member))
  const errors = commissions.map((commission) => commission.whyNotReplacedBy(by)).find((each) => each !== null)
  if (commissions.length === 0) return refusal(422, 'form.invalid', { errors: { member: 'noSeat' } })

  return errors ? refusal(422, 'form.invalid', { errors }) : undefined
}

function refusalOfDiscard<P extends ProcessTypes>(
  state: CaseState<P>,
  { actor }: Messages['act'],
): Refusal | undefined {
  if (state.input.rehearsal === null) return refusal(409, 'act.rehearsalOnly')

  return state.ending ? refusal(409, 'act.notNow') : refusalOfRehearser(state, actor)
}

/** A rehearsal is handled by those who may start a case there, and by developers of any body. */
function refusalOfRehearser<P extends ProcessTypes>(state: CaseState<P>, actor: Actor): Refusal | undefined {
  const verdict = mayPerform(actor, { by: [...state.contract.startedBy, 'developer'] }, state.input)
  const developer = actor.grants.some((grant) => grant.role === 'developer')

  return verdict.may || developer ? undefined : { status: 403, reason: verdict.reason }
}

function refusalOfAdvance<P extends ProcessTypes>(
  state: CaseState<P>,
  { actor, form }: Messages['act'],
): Refusal | undefined {
  if (state.input.rehearsal === null && state.clock.speed !== 0) return refusal(409, 'act.rehearsalOnly')
  const notTheirs = refusalOfRehearser(state, actor)
  if (notTheirs) return notTheirs

  const { to, release } = advanceForm(form)
  if (release) return undefined
  if (to === undefined) return state.nextAlarm() === null ? refusal(409, 'act.nothingAhead') : undefined

  return to <= state.today ? refusal(422, 'form.invalid', { errors: { to: 'past' } }) : undefined
}
