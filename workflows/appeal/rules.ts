/** The rules of the appeal as pure functions. */
import {
  checksOf,
  type Addressee,
  type BodyKey,
  type CaseId,
  type CheckContext,
  type Due,
  type Errors,
  type IsoDate,
  type Offers,
  type PersonId,
  type Reason,
  type Rulebook,
} from '../kernel/contract'
import {
  APPEALABLE,
  isAppealed,
  type Appealed,
  type contract,
  type ReasonCode,
  type Row,
  type RuleName,
} from './contract'
import type { ActForms, Answers, Outcome, StartForm } from './forms'

/** What the store knows of a decision that is appealed, and of its case. */
export interface AppealedDecision {
  readonly process: string
  /** the body of its case, and the one above it */
  readonly body: BodyKey
  readonly superior: BodyKey | null
  readonly subject: PersonId | null
  /** neither annulled, nor of a case that did not begin or was cancelled */
  readonly stands: boolean
  /** the document that is the decision */
  readonly document: string
  readonly effectiveFrom: IsoDate
  readonly deliveredOn: IsoDate | null
  readonly appealBy: Due | null
  /** whom its case is kept from, and, of an appeal, whoever decided what that was against: none of them hears this one; absent in histories
   * of the first release of appeals
   */
  readonly excluded?: readonly PersonId[]
  /** whom its case names, if that is restricted; absent as before */
  readonly restrictedTo?: readonly PersonId[] | null
  /** whoever answered a task of the case */
  readonly answered: readonly { readonly person: PersonId; readonly kind: string }[]
  /** an appeal of it was decided before */
  readonly appealedBefore: boolean
  /** what its case is an appeal of, if it is one */
  readonly appealOf: { readonly process: string; readonly document: string } | null
}

export interface AppealFacts {
  readonly servant: PersonId
  readonly of: CaseId
  readonly document: StartForm['document']
  readonly asks: StartForm['asks']
  /** the day on which it was received */
  readonly receivedOn: IsoDate
  /** the process of the case in which the decision was taken */
  readonly process: string
  /** the document that is the decision */
  readonly decision: string
  /** the day from which the decision had effect; null: the appeal stopped it before */
  readonly hadEffectFrom: IsoDate | null
  /** who hears it */
  readonly hearing: BodyKey
  readonly byAgency: boolean
  readonly mayAnnul: boolean
  readonly quorum: number
  /** they do not hear it */
  readonly decidedFirst: readonly PersonId[]
  readonly secretary: PersonId | null
  readonly chair: PersonId | null
  readonly outcome: Outcome | null
  /** of a decision that is changed */
  readonly effectiveFrom: IsoDate | null
}

export interface Appeal {
  readonly contract: typeof contract
  readonly facts: AppealFacts
  readonly answers: Answers
  readonly acts: ActForms
  readonly questions: {
    /** null: there is no such decision */
    appealedDecision(question: { readonly case: CaseId; readonly kind: string }): Promise<AppealedDecision | null>
  }
}

export const firstFacts = (form: StartForm, servant: PersonId, body: BodyKey): AppealFacts => ({
  servant,
  of: form.case,
  document: form.document,
  asks: form.asks,
  receivedOn: '' as IsoDate,
  process: '',
  decision: '',
  hadEffectFrom: null,
  hearing: body,
  byAgency: true,
  mayAnnul: false,
  quorum: 1,
  decidedFirst: [],
  secretary: null,
  chair: null,
  outcome: null,
  effectiveFrom: null,
})

// ------------------------------------------------------------------ what may be appealed

/** The key of a row of what is appealed. */
export const rowOf = (appealed: Appealed, row: Row): RuleName => `appeal.${appealed}.${row}`

/** The decision of a process, if it may be appealed. */
export function appealedOf(process: string, document: string): Appealed | null {
  const name = `${process}.${document}`

  return isAppealed(name) ? name : null
}

/** The rule by which a decision of a kind may be appealed: of a ruling, by what that was about. Null: no rule has to say so. */
export function appealableBy(
  appealed: Appealed | null,
  appealOf: { readonly process: string; readonly document: string } | null,
): RuleName | null {
  if (appealed !== 'appeal.ruling') return null
  const before = appealOf && appealedOf(appealOf.process, appealOf.document)

  return rowOf(before ?? appealed, 'furtherAppeal')
}

/** In which tasks whoever answered decided first. */
export function decidedIn(appealed: Appealed): readonly string[] {
  switch (appealed) {
    case 'probation.dismissalAct':
      return APPEALABLE.probation.dismissalAct
    case 'appeal.ruling':
      return APPEALABLE.appeal.ruling
  }
}

// ------------------------------------------------------------------ whether it is accepted

/** Why an appeal that was received on a day is not accepted; null: it is. */
export function whyNot(
  decision: AppealedDecision | null,
  { document, servant, receivedOn }: Pick<AppealFacts, 'document' | 'servant'> & { readonly receivedOn: IsoDate },
  rule: CheckContext<Appeal>['rule'],
): Reason<ReasonCode> | null {
  // of another's case nothing is said, not even that there is one
  if (!decision || decision.subject !== servant) return { code: 'notDecided' }
  const appealed = appealedOf(decision.process, document)
  if (!appealed) return { code: 'notAppealable' }
  if (!decision.stands) return { code: 'nothingStands' }
  if (decision.appealedBefore) return { code: 'appealedBefore' }
  const by = appealableBy(appealed, decision.appealOf)
  if (by !== null && rule(by) !== true) return { code: 'noFurther' }
  // that he appeals shows that he knows: where it was not delivered no term has begun that could be over (D)
  if (!decision.deliveredOn) return null
  if (!decision.appealBy) return { code: 'noTerm' }

  return receivedOn > decision.appealBy.on
    ? late(decision.appealBy, { delivered: decision.deliveredOn, receivedOn })
    : null
}

/** The last day and how it was reached. */
function late(
  { on: last, steps }: Due,
  { delivered, receivedOn: received }: { readonly delivered: IsoDate; readonly receivedOn: IsoDate },
): Reason<ReasonCode> {
  const counted = steps.find((step) => step.code === 'adds')
  if (!counted) return { code: 'late', params: { received, last, delivered, value: 0, unit: '' } }
  const { value, unit, source, confidence } = counted.term
  const params = { received, last, delivered, value, unit }
  const law = { source, confidence }

  return counted.reaches === last
    ? { code: 'late', params, ...law }
    : { code: 'lateMoved', params: { ...params, reaches: counted.reaches }, ...law }
}

/** Whoever decided first. */
export const decidedFirst = (
  appealed: Appealed,
  { answered, excluded = [] }: AppealedDecision,
): readonly PersonId[] => [
  ...new Set([
    ...excluded,
    ...answered.filter(({ kind }) => decidedIn(appealed).includes(kind)).map(({ person }) => person),
  ]),
]

/** To whom the appeal is restricted: whom the appealed case names and who may act in the appeal; null: that one is not restricted. */
export const namedIn = (
  { restrictedTo = null, subject }: AppealedDecision,
  first: readonly PersonId[],
): readonly PersonId[] | null =>
  restrictedTo && restrictedTo.filter((person) => person !== subject && !first.includes(person))

// ------------------------------------------------------------------ who

/** Who prepares the hearing in the body that hears. */
export const preparing = ({ hearing, byAgency }: AppealFacts): Addressee => ({
  role: byAgency ? 'agency' : 'hr',
  body: hearing,
})
/** Who hears it alone, where no commission does. */
export const hearingAlone = ({ hearing, byAgency }: AppealFacts): Addressee => ({
  role: byAgency ? 'agency' : 'head',
  body: hearing,
})

// ------------------------------------------------------------------ what forms cannot know

type Start = CheckContext<Appeal>

/** A decision as whoever appeals it sees it. Whether it is in time is said by the moment at which it is stored: by the case. */
function startErrors({ case: of, document }: StartForm, { cases, actor }: Start): Errors<Appeal> | null {
  const named = cases?.[of]
  // of one who sees nothing of it the case says why
  if (!named) return null
  if (named.subject !== actor) return { case: 'notYours' }
  if (!appealedOf(named.process, document)) return { document: 'notAppealable' }
  const decision = named.decisions.findLast(({ kind }) => kind === document)
  if (!decision) return { document: 'notDecided' }

  return named.stands ? null : { document: 'nothingStands' }
}

function commissionErrors(
  { chair, members, alternates }: Answers['prepare'],
  { hearing, decidedFirst: first, servant, quorum }: AppealFacts,
  { people }: CheckContext<Appeal>,
): Errors<Appeal> | null {
  const all = [...members, ...alternates]
  const wrong = (person: PersonId): 'decidedFirst' | 'ofOtherBody' | 'invalid' | null => {
    if (person === servant) return 'invalid'
    if (first.includes(person)) return 'decidedFirst'

    return people[person]?.body === hearing ? null : 'ofOtherBody'
  }
  if (!members.includes(chair)) return { chair: 'chairNotMember' }
  if (new Set(all).size < all.length) return { members: 'memberTwice' }
  if (members.length < quorum) return { members: 'fewerThanQuorum' }
  const errors = {
    ...Object.fromEntries(members.flatMap((each, i) => errorAt(`members.${String(i)}`, wrong(each)))),
    ...Object.fromEntries(alternates.flatMap((each, i) => errorAt(`alternates.${String(i)}`, wrong(each)))),
  }

  return Object.keys(errors).length > 0 ? errors : null
}
const errorAt = <E>(field: string, error: E | null): [string, E][] => (error === null ? [] : [[field, error]])

/** A changed decision has effect from a day that is said, and no other has. */
const dayErrors = (outcome: Outcome | null, day: IsoDate | undefined): Errors<Appeal> | null => {
  if (outcome === 'change') return day === undefined ? { effectiveFrom: 'dayNeeded' } : null

  return day === undefined ? null : { effectiveFrom: 'noDayNeeded' }
}

const mayChoose = (outcome: Outcome, { mayAnnul }: AppealFacts): 'mayNotAnnul' | null =>
  !mayAnnul && (outcome === 'cancel' || outcome === 'change') ? 'mayNotAnnul' : null

/**
 * A decision is changed for days to come; one that has had effect already may be changed backwards too, not beyond the day from which it
 * had (D): a dismissal that came too early is put off, and nobody is dismissed for days in which he served.
 */
const changedFrom = ({ hadEffectFrom }: AppealFacts, { today }: { readonly today: IsoDate }) => ({
  from: {
    on: hadEffectFrom !== null && hadEffectFrom < today ? hadEffectFrom : today,
    code: 'beforeEffect' as const,
  },
})

/** From when a decision has had effect that is appealed: an appeal that suspends it and came before its day lets it have none (D). */
export const effectSince = (
  { effectiveFrom }: Pick<AppealedDecision, 'effectiveFrom'>,
  { receivedOn, suspends }: { readonly receivedOn: IsoDate; readonly suspends: boolean },
): IsoDate | null => (suspends && receivedOn < effectiveFrom ? null : effectiveFrom)

export const offers: Offers<Appeal, StartForm> = {
  voteOnAppeal: { refuses: { vote: mayChoose } },
  castVote: { refuses: { vote: mayChoose } },
  writeRuling: { days: { effectiveFrom: changedFrom } },
  decideAppeal: { refuses: { outcome: mayChoose }, days: { effectiveFrom: changedFrom } },
}

export const answerErrors = checksOf<Appeal, StartForm>(
  {
    start: (form, _, context) => startErrors(form, context),
    prepare: commissionErrors,
    writeRuling: ({ effectiveFrom }, { outcome }) => dayErrors(outcome, effectiveFrom),
    decideAppeal: ({ outcome, effectiveFrom }) => dayErrors(outcome, effectiveFrom),
  },
  offers,
)

export const rulebook: Rulebook<Appeal> = {
  check: answerErrors,
  offers,
  parties: ({ secretary, chair }) => ({ ...(secretary ? { secretary } : {}), ...(chair ? { chair } : {}) }),
  acts: { withdrawAppeal: () => ({ turn: true }) },
}
