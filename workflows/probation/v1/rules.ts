/** The regulation of probation as pure functions, named as answers. Now is an argument. */
import type { ServicePost, ServiceQuestions } from '../../service/posts'
import { addDays, addMonths, endOf } from '../../kernel/law/calendar'
import { positionRefusal, postErrors } from '../../kernel/law/posts'
import { actsOf } from '../../kernel/contract'
import type {
  DaysOff,
  ActResult,
  CheckContext,
  CheckedForm,
  Days,
  ErrorOf,
  Errors,
  Offer,
  Offers,
  Rulebook,
  Addressee,
  BodyKey,
  Due,
  IsoDate,
  Pause,
  PersonId,
  PositionId,
  Reason,
  RuleRow,
  TermRow,
  Fact,
} from '../../kernel/contract'
import type { contract, PauseCode, ReasonCode } from './contract'
import type { AbsenceKind, ActForms, Answers, GoalVerdict, StartForm } from './forms'

export interface Absence {
  readonly from: IsoDate
  readonly to: IsoDate
  readonly kind: AbsenceKind
  readonly withdrawn: boolean
}

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
}

export interface Probation {
  readonly contract: typeof contract
  readonly facts: ProbationFacts
  readonly answers: Answers
  readonly acts: ActForms
  readonly questions: ServiceQuestions
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
  facts: Pick<ProbationFacts, 'servant' | 'supervisor' | 'body'>,
  { people, rule }: CheckContext<Probation>,
): ErrorOf<typeof contract> | null {
  const record = people[mentor]
  if (mentor === facts.servant) return 'mentorIsServant'
  if (mentor === facts.supervisor && rule('probation.mentorMaySupervise') !== true) return 'mentorIsSupervisor'
  if (!record || record.body !== facts.body) return 'mentorOfOtherBody'
  if (record.serviceMonths < Number(rule('probation.mentorServiceMonths'))) return 'mentorServedTooShort'
  if (record.mentees >= Number(rule('probation.mentorMaxMentees'))) return 'mentorHasTooMany'

  return null
}

// ------------------------------------------------------------------ what forms cannot know

/** Each goal of the agreed plan once, in its order. */
const goalErrors = (goals: readonly { readonly number: number }[], facts: ProbationFacts): Errors<Probation> | null =>
  goals.length === facts.goals.length && goals.every((goal, i) => goal.number === i + 1)
    ? null
    : { goals: 'eachGoalOnce' }

/** What the form of a task cannot know by itself: dotted field → code, or null when the answer stands. */
export function answerErrors(
  kind: CheckedForm<Probation>,
  answer: Fact,
  facts: Fact,
  context: CheckContext<Probation>,
): Errors<Probation> | null {
  const known = facts as unknown as ProbationFacts
  switch (kind) {
    case 'appointMentor': {
      const { mentor } = answer as unknown as Answers['appointMentor']

      const why = mentorRefusal(mentor, known, context)

      return why ? { mentor: why } : null
    }
    case 'draftAdaptationPlan': {
      const { goals } = answer as unknown as Answers['draftAdaptationPlan']
      const early = goals.findIndex((goal) => goal.by < known.startsOn)

      return early < 0 ? null : { [`goals.${String(early)}.by`]: 'beforeStart' }
    }
    case 'interimCheck':
      return goalErrors((answer as unknown as Answers['interimCheck']).goals, known)
    case 'reviewProbation':
      return goalErrors((answer as unknown as Answers['reviewProbation']).goals, known)
    case 'decideExtension': {
      const { decision } = answer as unknown as Answers['decideExtension']

      return decision === 'proposeDismissal' && !known.dismissalOpen
        ? { decision: 'dismissalOnlyAfterExtension' }
        : null
    }
    default:
      return null
  }
}

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

/** As many as the forms can number. */
const MOST_ABSENCES = 99

const numbered = (facts: ProbationFacts, number: number): Absence | null => {
  const absence = facts.absences[number - 1]

  return absence && !absence.withdrawn ? absence : null
}

const withAbsence = (facts: ProbationFacts, number: number, absence: Absence): ProbationFacts => ({
  ...facts,
  absences: facts.absences.map((known, i) => (i === number - 1 ? absence : known)),
})

const notBeforeStart = ({ startsOn }: ProbationFacts): Days<Probation> => ({
  from: { on: startsOn, code: 'beforeStart' },
})
const notAfterEnd = ({ endOf: ends }: CheckContext<Probation>, atLeast?: IsoDate): Days<Probation> => {
  const end = ends('probation')
  if (end === null) return {}

  return { to: { on: atLeast && atLeast > end ? atLeast : end, code: 'afterEnd' } }
}
const noneToChange = ({ absences }: ProbationFacts): Reason<ReasonCode> | null =>
  absences.some(({ withdrawn }) => !withdrawn) ? null : { code: 'noAbsences' }
const absenceRefusal = (number: number, facts: ProbationFacts): ErrorOf<typeof contract> | null =>
  numbered(facts, number) ? null : 'noSuchAbsence'
const absenceDays: Offer<Probation, ActForms['recordAbsence']>['days'] = {
  from: (_, context) => notAfterEnd(context),
  to: notBeforeStart,
}

/** What cannot be chosen as the case stands. Acts and answers of this version refuse by themselves what they refused before. */
export const offers: Offers<Probation> = {
  appointMentor: { refuses: { mentor: mentorRefusal } },
  draftAdaptationPlan: {
    days: { 'goals.by': (facts, context) => ({ ...notBeforeStart(facts), ...notAfterEnd(context, context.today) }) },
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
    // acts of the release before were not compared with the register, and replay as they were
    refuses: {
      position: (position, { body }, { positions }) => (positions ? positionRefusal(positions[position], body) : null),
      supervisor: (supervisor, { servant: person, body }, { people, positions }) => {
        if (supervisor === person) return 'yourself'

        return positions && people[supervisor]?.body !== body ? 'supervisorOfOtherBody' : null
      },
    },
    // this version applies a move at once
    days: { from: (facts, { today }) => ({ ...notBeforeStart(facts), to: { on: today, code: 'notYet' } }) },
  },
}

export const rulebook: Rulebook<Probation> = {
  check: answerErrors,
  offers,
  parties: (facts) => ({
    ...(facts.mentor ? { mentor: facts.mentor } : {}),
    ...(facts.supervisor ? { supervisor: facts.supervisor } : {}),
  }),
  // a mentor who becomes supervisor by succession would be both: the head of the body stands in
  left: (facts, { party, successor }, { rule }) => {
    if (party === 'mentor') return { ...facts, mentor: null }
    const both = successor === facts.mentor && rule('probation.mentorMaySupervise') !== true

    return { ...facts, supervisor: both ? null : successor }
  },
  acts: actsOf<Probation>(offers, {
    recordAbsence: (facts, { from, to, kind }) => {
      if (facts.absences.length >= MOST_ABSENCES) return refuse('tooManyAbsences')
      const errors = absenceErrors({ from, to }, facts)
      if (errors) return refuse('form.invalid', errors)

      return { facts: { ...facts, absences: [...facts.absences, { from, to, kind, withdrawn: false }] } }
    },
    correctAbsence: (facts, { absence, from, to, kind }) => {
      if (!numbered(facts, absence)) return refuse('form.invalid', { absence: 'noSuchAbsence' })
      const errors = absenceErrors({ from, to }, facts)
      if (errors) return refuse('form.invalid', errors)

      return { facts: withAbsence(facts, absence, { from, to, kind, withdrawn: false }) }
    },
    withdrawAbsence: (facts, { absence }) => {
      const known = numbered(facts, absence)

      return known
        ? { facts: withAbsence(facts, absence, { ...known, withdrawn: true }) }
        : refuse('form.invalid', { absence: 'noSuchAbsence' })
    },
    replaceMentor: (facts, { mentor }, context) => {
      if (mentor === facts.mentor) return refuse('form.invalid', { mentor: 'sameMentor' })
      const why = mentorRefusal(mentor, facts, context)

      return why ? refuse('form.invalid', { mentor: why }) : { facts: { ...facts, mentor } }
    },
    // art. 20(3-1): the same duties and probation goes on; other duties and it begins anew
    moveToOtherPost: (facts, { position, duties, supervisor, from }, { rule, daysOff, people, positions, today }) => {
      if (from < facts.startsOn) return refuse('form.invalid', { from: 'beforeStart' })
      // what follows is counted in working days, and takes a year at most
      if (from > addMonths(daysOff.to, -12)) return refuse('form.invalid', { from: 'outsideCalendar' })
      if (supervisor === facts.servant) return refuse('form.invalid', { supervisor: 'yourself' })
      // acts of the release before were not compared with the register, and replay as they were
      if (positions) {
        const notTheirs = postErrors(positions[position], { body: facts.body, from })
        if (notTheirs) return refuse('form.invalid', { ...notTheirs })
        if (people[supervisor]?.body !== facts.body)
          return refuse('form.invalid', { supervisor: 'supervisorOfOtherBody' })
        // this version applies a move at once
        if (from > today) return refuse('form.invalid', { from: 'notYet' })
      }
      if (duties === 'other' && rule('probation.restartOnOtherDuties') === true) return { turn: true }
      // the mentor stays, and what he may not become by appointment he may not become by a move
      if (supervisor === facts.mentor && rule('probation.mentorMaySupervise') !== true)
        return refuse('form.invalid', { supervisor: 'mentorIsSupervisor' })

      return { facts: { ...facts, position, supervisor } }
    },
    cancel: () => ({ turn: true }),
  }),
}

/** The facts with which a probation begins anew in another post. */
export const restarted = (
  facts: ProbationFacts,
  { position, supervisor, from }: ActForms['moveToOtherPost'],
): ProbationFacts => ({
  ...facts,
  position,
  supervisor,
  startsOn: from,
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
})

export type { GoalVerdict }
