/** The regulation of probation as pure functions, named as answers. Now is an argument. */
import type { PostEffects, ServicePost, ServiceQuestions } from '../service/posts'
import { addDays, addMonths, endOf } from '../kernel/law/calendar'
import { positionRefusal, postErrors } from '../kernel/law/posts'
import {
  actsOf,
  checksOf,
  type Bound,
  type DaysOff,
  type ActContext,
  type ActResult,
  type CheckContext,
  type ErrorOf,
  type Days,
  type Errors,
  type Offer,
  type Offers,
  type Rulebook,
  type Addressee,
  type BodyKey,
  type Due,
  type IsoDate,
  type Pause,
  type PersonId,
  type PositionId,
  type Reason,
  type RuleRow,
  type TermRow,
} from '../kernel/contract'
import type { contract, PauseCode, ReasonCode } from './contract'
import type { AbsenceKind, ActForms, Answers, GoalVerdict, StartForm } from './forms'

export interface Absence {
  readonly from: IsoDate
  readonly to: IsoDate
  readonly kind: AbsenceKind
  readonly withdrawn: boolean
}

/** A move to another post, as HR recorded it. */
export type Move = ActForms['moveToOtherPost']

export interface ProbationFacts {
  readonly servant: PersonId
  readonly position: PositionId
  readonly body: BodyKey
  readonly bodyKind: string
  /** legal start of the probation */
  readonly startsOn: IsoDate
  readonly extended: boolean
  readonly supervisor: PersonId | null
  readonly mentor: PersonId | null
  /** when each goal of the agreed plan is to be met */
  readonly goals: readonly IsoDate[]
  /** numbered from 1 in the order in which they were recorded */
  readonly absences: readonly Absence[]
  /** days on which the plan lay with the mentor for revision */
  readonly revisions: readonly Pause<PauseCode>[]
  /** under a regime that opens it, dismissal may be proposed at the first review */
  readonly dismissalOpen: boolean
  readonly restarts: number
  /** recorded, and to take effect on a day to come */
  readonly moveAhead: Move | null
}

export interface Probation {
  readonly contract: typeof contract
  readonly facts: ProbationFacts
  readonly answers: Answers
  readonly acts: ActForms
  readonly questions: ServiceQuestions
  readonly effects: Pick<PostEffects, 'endPost'>
  /** `mentees`: open cases in which he is the mentor */
  readonly people: { readonly mentees: number }
}

// ------------------------------------------------------------------ whether probation applies

/** Art. 20(1): earlier dismissed on these grounds, a re-entrant passes probation again. */
const NEGATIVE_GROUNDS: readonly string[] = ['evaluation', 'probation', 'attestation', 'negativeGrounds']

export type Applies = { readonly applies: true } | { readonly applies: false; readonly reason: Reason<ReasonCode> }

const ruledBy = (
  code: ReasonCode,
  rule: { readonly source: string; readonly confidence: RuleRow['confidence'] },
): Applies => ({
  applies: false,
  reason: { code, source: rule.source, confidence: rule.confidence },
})

/** Whether a person appointed to this post passes probation. Art. 20(1) and 15(2-1) of the Law; a regime may abolish it. */
export function probationApplies(
  post: ServicePost,
  regime: { readonly applies: RuleRow; readonly base: TermRow; readonly noBreak: TermRow },
): Applies {
  if (regime.applies.value !== true || regime.base.value === 0) return ruledBy('abolished', regime.applies)
  if (post.corps === 'political') return ruledBy('politicalServant', regime.applies)
  if (post.corps === 'A') return ruledBy('corpsA', regime.applies)
  if (post.elected) return ruledBy('electedAkim', regime.applies)
  if (post.firstEntry) return { applies: true }
  // art. 15(2-1): no later than the next working day is no re-entry
  if (post.breakWorkingDays !== null && post.breakWorkingDays < regime.noBreak.value)
    return ruledBy('noBreakInService', regime.noBreak)
  if (post.leftGround !== null && NEGATIVE_GROUNDS.includes(post.leftGround)) return { applies: true }

  return ruledBy('reentrantInGoodStanding', regime.applies)
}

// ------------------------------------------------------------------ clocks

/** Art. 20(2): the whole of a valid absence does not count. */
export const pausesOf = (facts: ProbationFacts): readonly Pause<PauseCode>[] =>
  facts.absences
    .filter((absence) => !absence.withdrawn)
    .map(({ from, to, kind }) => ({ from, to, because: `absence.${kind}` }))

/** Art. 20(3): three months, and three more once; art. 20(2): moved by the whole of each valid absence. */
export const endOfProbation = (facts: ProbationFacts, base: TermRow, extension: TermRow, daysOff: DaysOff): Due =>
  endOf({ from: facts.startsOn, terms: facts.extended ? [base, extension] : [base], pauses: pausesOf(facts) }, daysOff)

/** The plan is to be agreed within its term; the days it lay with the mentor for revision stop it where the rule says so. */
export const planDueWithoutRevisions = (facts: ProbationFacts, planAgreed: TermRow, daysOff: DaysOff): Due =>
  endOf({ from: facts.startsOn, terms: [planAgreed], pauses: facts.revisions }, daysOff)

/** The day on which a move that was recorded before it takes effect, or null while there is none to come. */
export const dayOfMove = ({ moveAhead }: ProbationFacts): Due | null =>
  moveAhead && { on: moveAhead.from, steps: [{ code: 'starts', on: moveAhead.from }] }

/** The day of the n-th monthly check. */
export const interimCheckDay = (facts: ProbationFacts, n: number, every: TermRow): IsoDate =>
  addMonths(facts.startsOn, n * every.value)

// ------------------------------------------------------------------ who

export const hrOf = (facts: ProbationFacts): Addressee => ({ role: 'hr', body: facts.body })
/** Art. 20(3): the official with the right of appointment. */
export const headOf = (facts: ProbationFacts): Addressee => ({ role: 'head', body: facts.body })
export const servant = (facts: ProbationFacts): Addressee => ({ person: facts.servant })
/** Where nobody holds the post of direct supervisor the head of the body stands in for him (D). */
export const supervisorOf = (facts: ProbationFacts): Addressee =>
  facts.supervisor && facts.supervisor !== facts.servant
    ? { person: facts.supervisor, servesIn: facts.body }
    : headOf(facts)
export const mentorOf = (facts: ProbationFacts): Addressee =>
  facts.mentor ? { person: facts.mentor, servesIn: facts.body } : hrOf(facts)

/** Nobody reviews himself; the mentor gives an opinion and does not review, unless a regime lets the supervisor be mentor. */
export const mayNotReview = (facts: ProbationFacts): readonly PersonId[] =>
  facts.mentor && facts.supervisor && facts.mentor !== facts.supervisor
    ? [facts.servant, facts.mentor]
    : [facts.servant]

/** Why this person may not be the mentor, or null if he may. Order 21 of 2016; the figures are rows of the regime. */
export function mentorRefusal(
  mentor: PersonId,
  facts: Pick<ProbationFacts, 'servant' | 'supervisor' | 'body' | 'moveAhead'>,
  { people, rule }: CheckContext<Probation>,
): ErrorOf<typeof contract> | null {
  const record = people[mentor]
  if (mentor === facts.servant) return 'mentorIsServant'
  const ahead = facts.moveAhead && !beginsAnew(facts.moveAhead, rule) ? facts.moveAhead.supervisor : null
  if ((mentor === facts.supervisor || mentor === ahead) && rule('probation.mentorMaySupervise') !== true)
    return 'mentorIsSupervisor'
  if (!record || record.body !== facts.body) return 'mentorOfOtherBody'
  if (record.serviceMonths < Number(rule('probation.mentorServiceMonths'))) return 'mentorServedTooShort'
  if (record.mentees >= Number(rule('probation.mentorMaxMentees'))) return 'mentorHasTooMany'

  return null
}

// ------------------------------------------------------------------ what forms offer

const later = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b)

/** As the probation stands: absences and an extension may still move its end. */
const notBeforeStart = ({ startsOn }: ProbationFacts): Days<Probation> => ({
  from: { on: startsOn, code: 'beforeStart' },
})
const notAfterEnd = ({ endOf }: CheckContext<Probation>, atLeast?: IsoDate): Days<Probation> => {
  const end = endOf('probation')
  if (end === null) return {}

  return { to: { on: atLeast ? later(end, atLeast) : end, code: 'afterEnd' } }
}

/** As many as the forms can number. */
const MOST_ABSENCES = 99

const numbered = (facts: ProbationFacts, number: number): Absence | null => {
  const absence = facts.absences[number - 1]

  return absence && !absence.withdrawn ? absence : null
}

const noneToChange = ({ absences }: ProbationFacts): Reason<ReasonCode> | null =>
  absences.some(({ withdrawn }) => !withdrawn) ? null : { code: 'noAbsences' }
const absenceRefusal = (number: number, facts: ProbationFacts): ErrorOf<typeof contract> | null =>
  numbered(facts, number) ? null : 'noSuchAbsence'
/** An absence that begins after the end moves nothing. */
const absenceDays: Offer<Probation, ActForms['recordAbsence']>['days'] = {
  from: (_, context) => notAfterEnd(context),
  to: notBeforeStart,
}

/** With other duties probation begins anew, where the regime says so. */
export const beginsAnew = ({ duties }: Pick<Move, 'duties'>, rule: CheckContext<Probation>['rule']): boolean =>
  duties === 'other' && rule('probation.restartOnOtherDuties') === true
/** The mentor stays, and what he may not become by appointment he may not become by a move. */
const mentorStays = (
  supervisor: PersonId,
  { mentor }: ProbationFacts,
  rule: CheckContext<Probation>['rule'],
): ErrorOf<typeof contract> | null =>
  supervisor === mentor && rule('probation.mentorMaySupervise') !== true ? 'mentorIsSupervisor' : null
/** What follows a move is counted in working days, and takes a year at most. */
const lastCountable = ({ to }: DaysOff): Bound<Probation> => ({ on: addMonths(to, -12), code: 'outsideCalendar' })

/** What cannot be chosen as the case stands: said with the form, and refused all the same. */
export const offers: Offers<Probation, StartForm> = {
  start: {
    refuses: {
      position: (position, _, { positions }) => (positions?.[position]?.posts.length === 0 ? 'notTheirPost' : null),
    },
    days: { actDate: (_, { today }) => ({ to: { on: today, code: 'notYet' } }) },
  },
  appointMentor: { refuses: { mentor: mentorRefusal } },
  draftAdaptationPlan: {
    days: {
      // a plan that comes late may still set a goal for the day on which it is drafted
      'goals.by': (facts, context) => ({ ...notBeforeStart(facts), ...notAfterEnd(context, context.today) }),
    },
  },
  decideExtension: {
    refuses: {
      decision: (decision, { dismissalOpen }) =>
        decision === 'proposeDismissal' && !dismissalOpen ? 'dismissalOnlyAfterExtension' : null,
    },
  },
  recordAbsence: {
    closed: ({ absences }) => (absences.length >= MOST_ABSENCES ? { code: 'tooManyAbsences' } : null),
    days: absenceDays,
  },
  correctAbsence: { closed: noneToChange, refuses: { absence: absenceRefusal }, days: absenceDays },
  withdrawAbsence: { closed: noneToChange, refuses: { absence: absenceRefusal } },
  replaceMentor: {
    refuses: {
      mentor: (mentor, facts, context) =>
        mentor === facts.mentor ? 'sameMentor' : mentorRefusal(mentor, facts, context),
    },
  },
  moveToOtherPost: {
    refuses: {
      position: (position, { body }, { positions }) => positionRefusal(positions?.[position], body),
      supervisor: (supervisor, facts, { people, rule }) => {
        if (supervisor === facts.servant) return 'yourself'
        if (people[supervisor]?.body !== facts.body) return 'supervisorOfOtherBody'

        // with other duties a mentor may be named anew, unless the regime lets probation go on all the same
        return beginsAnew({ duties: 'other' }, rule) ? null : mentorStays(supervisor, facts, rule)
      },
    },
    days: { from: (facts, { daysOff }) => ({ ...notBeforeStart(facts), to: lastCountable(daysOff) }) },
  },
}

// ------------------------------------------------------------------ what forms cannot know

/** Each goal of the agreed plan once, in its order. */
const goalErrors = (goals: readonly { readonly number: number }[], facts: ProbationFacts): Errors<Probation> | null =>
  goals.length === facts.goals.length && goals.every((goal, i) => goal.number === i + 1)
    ? null
    : { goals: 'eachGoalOnce' }

/**
 * A start names the first day of the post, and a hiring act of a year before that day at the earliest (D). Whoever held no post on that
 * day is told so by the case.
 */
function startErrors(
  { position, appointedOn, actDate }: StartForm,
  { positions }: CheckContext<Probation>,
): Errors<Probation> | null {
  const held = positions?.[position]?.posts.find(({ from, to }) => from <= appointedOn && (!to || to >= appointedOn))
  if (held && held.from !== appointedOn) return { appointedOn: 'notFirstDay' }

  return actDate < addMonths(appointedOn, -12) ? { actDate: 'longBefore' } : null
}

/** What the form of a task or a start cannot know by itself: dotted field → code, or null when the answer stands. */
export const answerErrors = checksOf<Probation, StartForm>(
  {
    start: (form, _, context) => startErrors(form, context),
    draftAdaptationPlan: ({ goals }, facts) => {
      const early = goals.findIndex((goal) => goal.by < facts.startsOn)

      return early < 0 ? null : { [`goals.${String(early)}.by`]: 'beforeStart' }
    },
    interimCheck: ({ goals }, facts) => goalErrors(goals, facts),
    reviewProbation: ({ goals }, facts) => goalErrors(goals, facts),
  },
  offers,
)

// ------------------------------------------------------------------ acts

const refuse = (code: ReasonCode, errors?: Errors<Probation>): ActResult<Probation, never> => ({
  refused: { code },
  ...(errors ? { errors } : {}),
})

function absenceErrors(
  absence: { readonly from: IsoDate; readonly to: IsoDate },
  facts: ProbationFacts,
): Errors<Probation> | null {
  if (absence.to < absence.from) return { to: 'beforeFrom' }
  if (absence.to < facts.startsOn) return { to: 'beforeStart' }
  if (absence.to > addDays(absence.from, 366)) return { to: 'tooLong' }

  return null
}

function moveErrors(
  facts: ProbationFacts,
  { position, duties, supervisor, from }: Move,
  { rule, daysOff, positions }: ActContext<Probation>,
): Errors<Probation> | null {
  if (from < facts.startsOn) return { from: 'beforeStart' }
  const last = lastCountable(daysOff)
  if (from > last.on) return { from: last.code }
  const notTheirs = postErrors(positions?.[position], { body: facts.body, from })
  if (notTheirs) return { ...notTheirs }
  if (beginsAnew({ duties }, rule)) return null
  const notTheSupervisor = mentorStays(supervisor, facts, rule)

  return notTheSupervisor && { supervisor: notTheSupervisor }
}

const withAbsence = (facts: ProbationFacts, number: number, changed: (known: Absence) => Absence): ProbationFacts => ({
  ...facts,
  absences: facts.absences.map((known, i) => (i === number - 1 ? changed(known) : known)),
})

export const rulebook: Rulebook<Probation> = {
  check: answerErrors,
  offers,
  parties: (facts) => ({
    ...(facts.mentor ? { mentor: facts.mentor } : {}),
    ...(facts.supervisor ? { supervisor: facts.supervisor } : {}),
  }),
  handedOver: (facts, body) => ({ ...facts, body }),
  // a mentor who becomes supervisor by succession would be both: the head of the body stands in
  left: (facts, { party, successor }, { rule }) => {
    if (party === 'mentor') return { ...facts, mentor: null }
    const both = successor === facts.mentor && rule('probation.mentorMaySupervise') !== true

    return { ...facts, supervisor: both ? null : successor }
  },
  acts: actsOf<Probation>(offers, {
    recordAbsence: (facts, { from, to, kind }) => {
      const errors = absenceErrors({ from, to }, facts)
      if (errors) return refuse('form.invalid', errors)

      return { facts: { ...facts, absences: [...facts.absences, { from, to, kind, withdrawn: false }] } }
    },
    correctAbsence: (facts, { absence, from, to, kind }) => {
      const errors = absenceErrors({ from, to }, facts)
      if (errors) return refuse('form.invalid', errors)

      return { facts: withAbsence(facts, absence, () => ({ from, to, kind, withdrawn: false })) }
    },
    withdrawAbsence: (facts, { absence }) => ({
      facts: withAbsence(facts, absence, (known) => ({ ...known, withdrawn: true })),
    }),
    replaceMentor: (facts, { mentor }) => ({ facts: { ...facts, mentor } }),
    // art. 20(3-1): the same duties and probation goes on; other duties and it begins anew
    moveToOtherPost: (facts, move, context) => {
      const errors = moveErrors(facts, move, context)
      if (errors) return refuse('form.invalid', errors)
      if (move.from > context.today) return { facts: { ...facts, moveAhead: move } }

      return beginsAnew(move, context.rule) ? { turn: true } : { facts: moved(facts, move) }
    },
    withdrawDismissal: () => ({ turn: true }),
    cancel: () => ({ turn: true }),
  }),
}

/** The facts of a probation that goes on in another post. */
export const moved = (facts: ProbationFacts, { position, supervisor }: Move): ProbationFacts => ({
  ...facts,
  position,
  supervisor,
  moveAhead: null,
})

/** The facts with which a probation begins anew in another post. */
export const restarted = (facts: ProbationFacts, move: Move): ProbationFacts => ({
  ...moved(facts, move),
  startsOn: move.from,
  extended: false,
  mentor: null,
  goals: [],
  revisions: [],
  restarts: facts.restarts + 1,
})

export const firstFacts = (form: StartForm, body: BodyKey): ProbationFacts => ({
  servant: form.person,
  position: form.position,
  body,
  bodyKind: '',
  startsOn: form.appointedOn,
  extended: false,
  supervisor: null,
  mentor: null,
  goals: [],
  absences: [],
  revisions: [],
  dismissalOpen: false,
  restarts: 0,
  moveAhead: null,
})

export type { GoalVerdict }
