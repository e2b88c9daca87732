/**
 * Whether a message may be taken as the case stands: the last and only deciding door. Runs in the validators of Updates, where what
 * is refused never enters history, and for what was said of a task once more when its turn comes; so it is synchronous and changes
 * nothing.
 */
import type {
  ActContext,
  Actor,
  ActKind,
  Addressee,
  Capacity,
  CaseSender,
  DaysOff,
  Fact,
  Instant,
  IsoDate,
  ProcessTypes,
  Role,
  TaskOf,
} from '../contract'
import { DECIDED_ON_APPEAL, isCase, isKernelTask, offerOf, refusedDays, refusedValues } from '../contract'
import { OutsideCalendar } from '../law/calendar'
import { millis } from '../law/case-clock'
import type {
  AccessForm,
  AdvanceForm,
  DecidedOnAppealForm,
  HandOverForm,
  Messages,
  Refusal,
  ReplaceMemberForm,
  ReviewForm,
  SuspensionForm,
} from '../protocol/messages'
import { outsideCalendar, refusal, refusalOfDates } from '../protocol/refusals'
import { accessKind, changesAccess, isAccessAct, whyKept, whyNoAccessChange, type AccessAct } from '../law/kept'
import { lacksDecision } from '../law/decisions'
import { handoverKind, mayHold, mayPerform, mayTell, rehearsersOf, replacementKind, type Verdict } from '../law/policy'
import {
  expectedEnd,
  isSuspensionAct,
  standingOn,
  suspendedAct,
  suspensionKind,
  whyNotFirstDay,
  whyNotGround,
  whyNotResumedFrom,
  whySuspended,
  type Expected,
  type Suspension,
  type SuspensionAct,
} from '../law/suspension'
import type { CaseState } from './case-state'
import type { AskWait, Question } from './waits'

export const replaceMemberForm = (form: Fact): ReplaceMemberForm => form as unknown as ReplaceMemberForm
export const handOverForm = (form: Fact): HandOverForm => form as unknown as HandOverForm
export const accessForm = (form: Fact): AccessForm => form as unknown as AccessForm
export const appealForm = (form: Fact): DecidedOnAppealForm => form as unknown as DecidedOnAppealForm
/** How the part of a story is called that carries out a decision, which the outcome of an appeal ends. */
export const executionOf = (form: Fact | DecidedOnAppealForm): string =>
  `${DECIDED_ON_APPEAL}/${appealForm(form as Fact).document}`
/** Why an act withdraws a decision. */
export const groundOf = (form: Fact): string => (form as { readonly ground: string }).ground
export const advanceForm = (form: Fact): AdvanceForm => form as unknown as AdvanceForm

export const suspensionForm = (form: Fact): SuspensionForm => form as unknown as SuspensionForm
export const reviewForm = (answer: Fact): ReviewForm => answer as unknown as ReviewForm

/** How long a suspension is expected to stand, as its form says. */
export function expectedIn(form: Fact): Expected | null {
  const { expectedDays, expectedUnit, expectedUntil } = suspensionForm(form)
  if (expectedUntil !== undefined) return { until: expectedUntil }
  if (expectedDays === undefined) return null

  return { days: expectedDays, unit: expectedUnit === 'workingDays' ? 'working days' : 'calendar days' }
}

/** Nobody does anything about what stands still; what was received before stands. */
const refusalOfStop = (stop: Suspension | null): Refusal | undefined =>
  stop ? { status: 409, reason: whySuspended(stop) } : undefined

/** Case time at which a message was received. */
const receivedOf = <P extends ProcessTypes>(
  state: CaseState<P>,
  { receivedAt }: Messages['complete' | 'return' | 'recuse' | 'act'],
) => state.caseTimeWhen(millis(receivedAt))

/** Refuses what a person may not do, or not in the capacity that he says. */
const refusalOf = (verdict: Verdict, said: Capacity | undefined): Refusal | undefined => {
  if (!verdict.may) return { status: 403, reason: verdict.reason }

  return said === undefined || verdict.capacities.includes(said) ? undefined : refusal(403, 'policy.notThisCapacity')
}

/**
 * What the policy says of whoever sent a message about an open task, and of one about a question put from it. What was received before
 * the case was handed over is heard by the rights of then, however late it arrives.
 */
export function verdictOnTask<P extends ProcessTypes>(
  { stands: { restrictedTo, subject } }: CaseState<P>,
  { actor, receivedAt }: Pick<Messages['complete'], 'actor' | 'receivedAt'>,
  wait: AskWait,
): Verdict {
  const { excluded } = wait
  const may = (to: Addressee<Role>) => mayHold(actor, { for: to, excluded, subject, restrictedTo })
  const verdict = may(wait.addresseeAt(receivedAt))
  const might = wait.askedBefore.some(({ addressee }) => may(addressee).may)

  return !verdict.may && might ? { may: false, reason: { code: 'policy.handedOver' } } : verdict
}
export const verdictOnQuestion = <P extends ProcessTypes>(
  { stands: { keptFrom, subject } }: CaseState<P>,
  actor: Actor,
  question: Question,
): Verdict => mayHold(actor, { for: question.to, excluded: keptFrom, subject })

/**
 * Whether an answer may enter history. Stricter than what is asked once more when its turn comes: an answer of an older history
 * stays as it was.
 */
export const refusalOfNewAnswer = <P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['complete'],
): Refusal | undefined =>
  refusalOfAnswerer(state, message, receivedOf(state, message)) ??
  refusalOfDates(message.answer, state.daysOff) ??
  refusalOfRules(state, message) ??
  refusalOfAnsweredDays(state, message)

/** Whether an answer still stands when its turn comes. */
export const refusalOfAnswer = <P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['complete'],
  received: number,
): Refusal | undefined => refusalOfAnswerer(state, message, received) ?? refusalOfRules(state, message)

/** Who answers, and when. */
function refusalOfAnswerer<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['complete'],
  received: number,
): Refusal | undefined {
  const { task, actor, capacity } = message
  const question = state.questionById(task)
  const from = state.askOfQuestion(task)
  if (question && from)
    return refusalOf(verdictOnQuestion(state, actor, question), capacity) ?? whileStopped(state, from, message)
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  const notTheirs = refusalOf(verdictOnTask(state, message, wait), capacity)
  if (notTheirs) return notTheirs
  const stopped = whileStopped(state, wait, message)
  if (stopped) return stopped
  if (state.waitsForQuestion(wait)) return refusal(409, 'task.suspended')

  return isTooLate(state, wait, received) ? refusal(409, 'task.tooLate') : undefined
}

/** Refuses what was sent about a task while the task stands still. */
const whileStopped = <P extends ProcessTypes>(
  state: CaseState<P>,
  wait: AskWait,
  { receivedAt }: { readonly receivedAt: Instant },
): Refusal | undefined => refusalOfStop(state.stopOfMessage(wait, receivedAt))

/** What the rules of the process say of an answer. */
function refusalOfRules<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, answer, people, positions }: Messages['complete'],
): Refusal | undefined {
  const wait = state.askById(task)
  if (wait?.kind === 'reviewSuspension') return refusalOfReview(state, wait, answer)
  // what is sealed was checked before it was stored, and cannot be looked at here
  if (!wait || isKernelTask(wait.kind) || state.contract.tasks[wait.kind]?.sealed) return undefined
  const kind = wait.kind as TaskOf<P['contract']>
  const errors = state.rulebook.check(kind, answer, state.factsAsJson, state.contextOf(actor, people, positions))

  return errors ? refusal(422, 'form.invalid', { errors }) : undefined
}

/** Whoever leaves a suspension standing says until when, and that lies ahead; whoever ends it may say that it has ended before. */
function refusalOfReview<P extends ProcessTypes>(
  state: CaseState<P>,
  wait: AskWait,
  answer: Fact,
): Refusal | undefined {
  const { today, suspensionReviews } = state
  const { suspension, expectedUntil, resumedFrom } = reviewForm(answer)
  if (suspension === 'resume') {
    const [ground = ''] = [...suspensionReviews].find(([, asked]) => asked === wait) ?? []

    return refusalOfResumedFrom(state, ground, resumedFrom)
  }
  if (expectedUntil === undefined) return refusal(422, 'form.invalid', { errors: { expectedUntil: 'required' } })

  return expectedUntil <= today ? refusal(422, 'form.invalid', { errors: { expectedUntil: 'past' } }) : undefined
}

function refusalOfResumedFrom<P extends ProcessTypes>(
  { contract, suspensions, today }: CaseState<P>,
  ground: string,
  day: IsoDate | undefined,
): Refusal | undefined {
  const standing = standingOn(suspensions, ground)
  const error =
    day && standing && whyNotResumedFrom(suspensionKind(contract, ground) ?? {}, day, { today, ...standing })

  return error ? refusal(422, 'form.invalid', { errors: { resumedFrom: error } }) : undefined
}

/** Whether the dates of an answer lie between the days that its form offers. */
function refusalOfAnsweredDays<P extends ProcessTypes>(
  state: CaseState<P>,
  { task, actor, answer, people, positions }: Messages['complete'],
): Refusal | undefined {
  const wait = state.askById(task)

  return wait && refusalOfDays(state, wait.kind, answer, state.contextOf(actor, people, positions))
}

function refusalOfDays<P extends ProcessTypes>(
  state: CaseState<P>,
  form: string,
  said: unknown,
  context: ActContext<P>,
): Refusal | undefined {
  const errors = refusedDays(offerOf(state.rulebook.offers, form), said, state.facts, context)

  return errors ? refusal(422, 'form.invalid', { errors }) : undefined
}

/** In time is what was received in time, whenever the timer fires and the clock is moved. */
const isTooLate = <P extends ProcessTypes>(state: CaseState<P>, wait: AskWait, received: number): boolean => {
  const closes = wait.closes()

  return closes ? received >= state.endOfDay(closes.on) : false
}

export function refusalOfReturn<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['return'],
  received = receivedOf(state, message),
): Refusal | undefined {
  const { task, capacity } = message
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  if (isTooLate(state, wait, received)) return refusal(409, 'task.tooLate')
  const stopped = whileStopped(state, wait, message)
  if (stopped) return stopped
  if (!state.contract.tasks[wait.kind]?.returns) return refusal(409, 'task.notReturnable')

  return refusalOf(verdictOnTask(state, message, wait), capacity)
}

export function refusalOfRecusal<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['recuse'],
  received = receivedOf(state, message),
): Refusal | undefined {
  const { task, capacity } = message
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  if (isTooLate(state, wait, received)) return refusal(409, 'task.tooLate')
  const stopped = whileStopped(state, wait, message)
  if (stopped) return stopped
  if (!wait.leave || !state.contract.tasks[wait.kind]?.commission?.recusal) return refusal(409, 'task.noRecusal')

  return refusalOf(verdictOnTask(state, message, wait), capacity)
}

export function refusalOfQuestion<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['ask'],
): Refusal | undefined {
  const { task, actor, capacity, person } = message
  const wait = state.askById(task)
  if (!wait) return refusal(409, 'task.closed')
  const stopped = whileStopped(state, wait, message)
  if (stopped) return stopped
  if (!state.contract.tasks[wait.kind]?.asks) return refusal(409, 'task.noQuestions')
  if (wait.question) return refusal(409, 'task.questionOpen')
  if (person === actor.person) return refusal(422, 'form.invalid', { errors: { person: 'yourself' } })
  if (state.keptFrom.includes(person)) return refusal(422, 'form.invalid', { errors: { person: 'excluded' } })

  return refusalOf(verdictOnTask(state, message, wait), capacity)
}

export function refusalOfWithdrawal<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['withdrawQuestion'],
): Refusal | undefined {
  const wait = state.askOfQuestion(message.task)
  if (!wait) return refusal(409, 'task.closed')

  return refusalOf(verdictOnTask(state, message, wait), message.capacity)
}

export function refusalOfAct<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['act'],
  /** something else has happened to the case that the person cannot have seen */
  busy: boolean,
): Refusal | undefined {
  const { actor } = message
  // another case has not seen this one: it is heard as the case stands
  if (!isCase(actor) && (busy || message.step !== state.n)) return refusal(412, 'case.changed')
  if (message.act === 'advance') return refusalOfAdvance(state, message)
  if (message.act === 'discard') return refusalOfDiscard(state, message)
  if (message.act === 'handOver') return refusalOfHandover(state, message)
  // the story is over: what is left is to take back, and to answer what the kernel asked
  if (state.ending) return refusal(409, 'act.notNow')
  if (message.act === 'replaceMember') return refusalOfReplacement(state, message)
  if (isAccessAct(message.act)) return refusalOfAccess(state, message.act, message)
  if (isSuspensionAct(message.act))
    return refusalOfSuspension(state, message.act, message) ?? refusalOfPastEnd(state, message)
  if (message.act === DECIDED_ON_APPEAL) return refusalOfAppealed(state, message)
  if (isCancelByOpener(message)) return undefined
  const kind = state.contract.acts[message.act]
  if (!kind) return refusal(409, 'act.unknown')
  const notTheirs = isCase(actor)
    ? mayTell(actor, kind)
      ? undefined
      : refusal(403, 'policy.notLinked')
    : refusalOf(mayPerform(actor, kind, state.stands), message.capacity)
  if (notTheirs) return notTheirs
  // what another case says has happened elsewhere: it is heard
  const stopped = isCase(actor)
    ? undefined
    : refusalOfStop(suspendedAct(state.contract, state.suspensions, message.act))
  if (stopped) return stopped
  if (kind.during && !kind.during.includes(state.stage)) return refusal(409, 'act.notNow')
  if (lacksDecision(kind, state.contract, state.decisions)) return refusal(409, 'act.noDecision')
  const result = state.resultOf(message)
  if ('refused' in result)
    return {
      status: result.errors ? 422 : 409,
      reason: result.refused,
      ...(result.errors ? { errors: result.errors } : {}),
    }
  const { form, people, positions } = message
  const outside = refusalOfDays(state, message.act, form, state.contextOf(actor, people, positions))
  if (outside) return outside
  // what a turn makes of its form is for the story to say, as with an answer
  if ('turn' in result) {
    if (state.partTurnedBy(message.act, receivedOf(state, message))) return refusalOfDates(message.form, state.daysOff)
    // the part that it would end has had its last day
    const was = [...state.parts].some(({ turns }) => turns.includes(message.act))

    return refusal(409, was ? 'act.tooLate' : 'act.notNow')
  }
  if ('facts' in result && !state.reaches(result.facts)) return { status: 409, reason: outsideCalendar(state.daysOff) }

  return undefined
}

/** What an appeal came to is told by the appeal, while the decision that it is against is being carried out. */
export function refusalOfAppealed<P extends ProcessTypes>(
  state: CaseState<P>,
  message: Messages['act'],
): Refusal | undefined {
  const { actor, form } = message
  if (!isCase(actor) || !actor.parts.includes('appeal')) return refusal(403, 'policy.notLinked')

  return state.partTurnedBy(executionOf(form), receivedOf(state, message)) ? undefined : refusal(409, 'act.notNow')
}

/** How a case ended is told to cases that it is linked with, and to no others. */
export const refusalOfAwaitingEnd = ({ parts }: CaseSender): Refusal | undefined =>
  parts.length > 0 ? undefined : refusal(403, 'policy.notLinked')

/** Whoever opened a case may cancel it, whatever its contract says of cancelling. */
export const isCancelByOpener = ({ act, actor }: Pick<Messages['act'], 'act' | 'actor'>): boolean =>
  act === 'cancel' && isCase(actor) && actor.parts.includes('opener')

function refusalOfReplacement<P extends ProcessTypes>(
  state: CaseState<P>,
  { actor, capacity, form }: Messages['act'],
): Refusal | undefined {
  if (isCase(actor)) return refusal(403, 'policy.notLinked')
  const notTheirs = refusalOf(mayPerform(actor, replacementKind(state.contract), state.stands), capacity)
  if (notTheirs) return notTheirs
  const { member, by } = replaceMemberForm(form)
  const commissions = [...state.commissions].filter((commission) => commission.hasSeat(member))
  const errors = commissions.map((commission) => commission.whyNotReplacedBy(by)).find((each) => each !== null)
  if (commissions.length === 0) return refusal(422, 'form.invalid', { errors: { member: 'noSeat' } })

  return errors ? refusal(422, 'form.invalid', { errors }) : undefined
}

function refusalOfHandover<P extends ProcessTypes>(
  state: CaseState<P>,
  { actor, capacity, form }: Messages['act'],
): Refusal | undefined {
  if (isCase(actor)) return refusal(403, 'policy.notLinked')
  const kind = handoverKind(state.contract)
  if (!kind) return refusal(409, 'act.unknown')
  const notTheirs = refusalOf(mayPerform(actor, kind, state.stands), capacity)
  if (notTheirs) return notTheirs
  const isSame = handOverForm(form).body === state.body

  return isSame ? refusal(422, 'form.invalid', { errors: { body: 'sameBody' } }) : undefined
}

/** Why a suspension of so many days from its first cannot be expected to end then: the calendar does not reach so far. */
function refusalOfLength(from: IsoDate, expected: Expected | null, daysOff: DaysOff): Refusal | undefined {
  try {
    expectedEnd(from, expected, daysOff)

    return undefined
  } catch (error) {
    if (error instanceof OutsideCalendar) return { status: 409, reason: outsideCalendar(daysOff) }
    throw error
  }
}

/**
 * A suspension that was expected to end before it is entered. Asked before the act enters history, and not again when it is performed: the
 * release before let it in.
 */
function refusalOfPastEnd<P extends ProcessTypes>(
  { daysOff, today }: CaseState<P>,
  { act, form }: Messages['act'],
): Refusal | undefined {
  if (act !== 'suspend') return undefined
  const { suspendedFrom = today, expectedUntil } = suspensionForm(form)
  const end = expectedUntil === undefined ? expectedEnd(suspendedFrom, expectedIn(form), daysOff) : null

  return end !== null && end < today
    ? refusal(422, 'form.invalid', { errors: { expectedDays: 'endsInPast' } })
    : undefined
}

/** Why a case is not suspended on a ground, or does not go on. */
export function refusalOfSuspension<P extends ProcessTypes>(
  state: CaseState<P>,
  act: SuspensionAct,
  { actor, capacity, form, people, positions }: Messages['act'],
): Refusal | undefined {
  if (isCase(actor)) return refusal(403, 'policy.notLinked')
  const { contract, suspensions, today } = state
  const said = suspensionForm(form)
  const { ground } = said
  const kind = suspensionKind(contract, ground)
  if (!kind) return refusal(409, 'act.unknown')
  const may: ActKind = { by: kind.by }
  const notTheirs = refusalOf(mayPerform(actor, may, state.stands), capacity)
  if (notTheirs) return notTheirs
  const error = whyNotGround(act, ground, { contract, suspensions, rules: state.opening.rules })
  if (error) return refusal(422, 'form.invalid', { errors: { ground: error } })
  if (act === 'resume') return refusalOfResumedFrom(state, ground, said.resumedFrom)
  const context = state.contextOf(actor, people, positions)
  const errors = refusedValues(offerOf(state.rulebook.offers, act), form, state.facts, context)
  if (errors) return refusal(422, 'form.invalid', { errors })
  const { expectedDays, expectedUntil, suspendedFrom = today } = said
  const late = whyNotFirstDay(kind, suspendedFrom, { today, begunOn: state.begunOn })
  if (late) return refusal(422, 'form.invalid', { errors: { suspendedFrom: late } })
  if (expectedUntil === undefined) return refusalOfLength(suspendedFrom, expectedIn(form), state.daysOff)
  if (expectedDays !== undefined) return refusal(422, 'form.invalid', { errors: { expectedUntil: 'eitherDaysOrDate' } })

  return expectedUntil <= today
    ? refusal(422, 'form.invalid', { errors: { expectedUntil: 'past' } })
    : refusalOfDates(form, state.daysOff)
}

/** Why an act on who is named may not be taken. */
export function refusalOfAccess<P extends ProcessTypes>(
  state: CaseState<P>,
  act: AccessAct,
  { actor, capacity, form }: Messages['act'],
): Refusal | undefined {
  if (isCase(actor)) return refusalOfAccessByCase(state, act, actor)
  const notTheirs = refusalOf(mayPerform(actor, accessKind(state.contract), state.stands), capacity)
  if (notTheirs) return notTheirs
  if (!changesAccess(act, state)) return refusal(409, 'act.notNow')
  const { person } = accessForm(form)
  const why = person === undefined ? null : whyNoAccessChange(act, person, state, actor.person)

  return why ? refusal(422, 'form.invalid', { errors: { person: why } }) : undefined
}

/** The case that this one appeals was restricted, or that was lifted; what people restricted by hand they lift by hand. */
function refusalOfAccessByCase<P extends ProcessTypes>(
  state: CaseState<P>,
  act: AccessAct,
  { parts }: CaseSender,
): Refusal | undefined {
  if (!parts.includes('appealed') || (act !== 'restrict' && act !== 'lift')) return refusal(403, 'policy.notLinked')

  return changesAccess(act, state) && (act === 'restrict' || state.restrictedWithOther)
    ? undefined
    : refusal(409, 'act.notNow')
}

function refusalOfDiscard<P extends ProcessTypes>(
  state: CaseState<P>,
  { actor }: Messages['act'],
): Refusal | undefined {
  if (state.input.rehearsal === null) return refusal(409, 'act.rehearsalOnly')

  return state.ending ? refusal(409, 'act.notNow') : refusalOfRehearser(state, actor)
}

/** A rehearsal is handled by those who may start a case there, and by developers of any body. */
function refusalOfRehearser<P extends ProcessTypes>(
  state: CaseState<P>,
  actor: Actor | CaseSender,
): Refusal | undefined {
  if (isCase(actor)) return refusal(403, 'policy.notLinked')
  const { subject, body, setBody = body } = state.input
  const by = rehearsersOf(state.contract)
  const { keptFrom, restrictedTo } = state
  const verdict = mayPerform(actor, { by }, { subject, body: setBody, keptFrom, restrictedTo })
  const developer = actor.grants.some((grant) => grant.role === 'developer') && whyKept(actor.person, state) === null

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
