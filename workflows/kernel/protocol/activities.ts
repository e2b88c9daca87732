/** What the kernel and the stories ask of the world; implemented in `activities/`, called by workflows through a proxy. */
import type {
  BodyKey,
  CaseId,
  AppealsKind,
  CaseOfList,
  ContentId,
  Instant,
  IsoDate,
  EffectId,
  EffectType,
  KernelReason,
  ProcessTypes,
  Reason,
  ReasonOf,
  TaskId,
  DaysOff,
  ContentRef,
  EndsOfList,
  Fact,
  ListId,
  ListOfStarts,
} from '../contract'
import type { CaseClock } from '../law/case-clock'
import type { Opening, OpeningQuestion } from './opening'
import type { Step } from './step'

/** What came of an effect: done, with what is known of it then, or refused for a reason that the person is told. */
export type EffectOutcome<Value = unknown> =
  { readonly taken: true; readonly value: Value } | { readonly taken: false; readonly reason: Reason<KernelReason> }

export interface KernelActivities {
  /** The law and the calendar of the day a case is opened. */
  opening(question: OpeningQuestion): Promise<Opening>
  /** The calendar as it stands now, back to `earliest` as far as the register knows. */
  daysOff(question: { readonly body: BodyKey; readonly on: IsoDate; readonly earliest?: IsoDate }): Promise<DaysOff>
  /** What a case needs to know of a body that it is handed over to; null: there is no such body. */
  placeOf(question: {
    readonly body: BodyKey
    readonly on: IsoDate
    readonly earliest: IsoDate
  }): Promise<CasePlace | null>
  /** Writes a step in one transaction; the same step again changes nothing. */
  record(step: Step): Promise<void>
  /** The same of a step that hands the case over, which a worker of a release that knew no handover would write without its new body. */
  recordHandover(step: Step): Promise<void>
  /** Opens sealed answers of a kind; null for one whose row is not what was committed to. */
  openSealed(question: {
    readonly case: CaseId
    readonly process: string
    readonly version: number
    readonly kind: string
    readonly commitments: readonly ContentRef[]
  }): Promise<readonly Fact[]>
  /** Opens a case for each item of a list; the same again goes on where it was left. Answers how many there are. */
  openEach(request: OpenEach): Promise<{ readonly total: number }>
  /** Asks the register, and keeps the answer as this content row of the case; the same again keeps nothing new. */
  keep(request: KeepAnswer): Promise<{ readonly hash: string; readonly total: number }>
  /** Is an answer to this task on its way that was received by then? */
  answerUnderway(question: { readonly task: TaskId; readonly by: Instant }): Promise<boolean>
  /** Is an answer to one of these tasks, or an act on the case, on its way that was received by then? */
  messageUnderway(question: {
    readonly case: CaseId
    readonly tasks: readonly TaskId[]
    readonly by: Instant
  }): Promise<boolean>
}

/** Activities that write a step, as history names them. */
export const RECORDING: readonly string[] = ['record', 'recordHandover'] satisfies (keyof KernelActivities)[]

/** Where a case belongs from a day on. */
export interface CasePlace {
  readonly body: BodyKey
  /** body of the Agency competent for it */
  readonly agency: BodyKey
  /** IANA zone of the body */
  readonly zone: string
  readonly daysOff: DaysOff
}

/** What it takes to keep the answer to a question. */
export interface KeepAnswer {
  readonly case: CaseId
  readonly content: ContentId
  readonly name: string
  readonly question: unknown
  readonly set?: QuestionSet
}

/** What it takes to open a case for each item of a list. */
export interface OpenEach extends ListOfStarts {
  readonly body: BodyKey
  readonly list: ListId
  readonly case: CaseId
  readonly clock: CaseClock
  readonly rehearsal: string | null
  /** the body whose set of rehearsals the opener is in */
  readonly setBody: BodyKey
  readonly as: string
  readonly process: string
}

/** What the daily schedule asks for. */
export interface ClockActivities {
  /** Stores what the processes start by the clock on a day; the same day again starts nothing twice. */
  startByClock(question: { readonly day: IsoDate }): Promise<void>
}

/** Questions that every process may ask the store: they change nothing. A process adds its own (`ProcessTypes.questions`). */
export interface Consultations {
  /**
   * How the cases of a list stand. With `asOf`, as of that moment: it waits until what was sent to them before has its outcome.
   */
  endsOf(question: { readonly list: ListId; readonly asOf?: Instant }): Promise<EndsOfList>
  /** The cases of a list in its order, each with its end. */
  casesOfList(question: { readonly list: ListId }): Promise<readonly CaseOfList[]>
}
/** The set of rehearsals in which something is asked; absent: what is real is asked. */
export interface QuestionSet {
  readonly rehearsal: string
  readonly setBody: BodyKey
}
export type QuestionsOf<P extends ProcessTypes> = Consultations & NonNullable<P['questions']>
/** Questions of which the answer is a list. */
export type ListQuestion<P extends ProcessTypes> = {
  [K in keyof QuestionsOf<P> & string]: QuestionsOf<P>[K] extends (question: never) => Promise<readonly unknown[]>
    ? K
    : never
}[keyof QuestionsOf<P> & string]
export type QuestionOf<P extends ProcessTypes, K> = K extends keyof QuestionsOf<P>
  ? QuestionsOf<P>[K] extends (question: infer Question) => unknown
    ? Question
    : never
  : never

/** A key that only one open case may hold. */
export type Hold = {
  readonly case: CaseId
  readonly key: string
}

/**
 * The result of another case is annulled. `ground`: why, a reason of the process that annuls it. `decision`: the document of the decision that
 * led to the result; if its case has withdrawn that decision, its result is another one, and stays.
 */
export type Annul<Ground extends string = string> = {
  readonly case: CaseId
  readonly ground: Ground
  readonly decision?: string
}

/** A decision of another case waits for this one, which appeals it. `document`: the document that is the decision. */
export type Suspend = {
  readonly case: CaseId
  readonly document: string
}

type Appeals = { readonly appeals: AppealsKind }
/** Effects that every process may have. A process adds its own (`ProcessTypes.effects`). */
export interface KernelEffects<P extends ProcessTypes = ProcessTypes> {
  /**
   * only one open case may hold this key; given back when the case closes. Not of a restricted process: whoever is refused a second case
   * would learn of the first
   */
  readonly hold: P['contract'] extends { readonly restricted: true } ? never : EffectType<Hold>
  /** of a process whose contract says that its cases annul, or appeal, those that they are about */
  readonly annul: P['contract'] extends { readonly aboutCaseAs: 'annuls' } | Appeals
    ? EffectType<Annul<ReasonOf<P['contract']>>>
    : never
  /** of a process of appeals: the decision is not carried out until the appeal is decided, withdrawn, or closed */
  readonly suspend: P['contract'] extends Appeals ? EffectType<Suspend> : never
}
export type EffectsOf<P extends ProcessTypes> = KernelEffects<P> & NonNullable<P['effects']>
export type EffectName<P extends ProcessTypes> = keyof EffectsOf<P> & string
export type Requested<E> = E extends EffectType<infer Request, unknown> ? Request : never
export type Known<E> = E extends EffectType<unknown, infer Value> ? Value : never
export type RequestOf<P extends ProcessTypes, E extends EffectName<P>> = Requested<EffectsOf<P>[E]>
export type ValueOf<P extends ProcessTypes, E extends EffectName<P>> = Known<EffectsOf<P>[E]>

/** Which effect it is, and whose. */
export interface EffectRef {
  readonly effect: EffectId
  readonly name: string
}

/** An effect as a case asks for it. */
export interface TakeEffect extends EffectRef {
  readonly case: CaseId
  readonly request: Fact
  /** the day of the case */
  readonly on: IsoDate
  readonly rehearsal: string | null
  /** the body whose set of rehearsals the case is in */
  readonly setBody: BodyKey
  /** the document of the decision that it carries out: it is refused while an appeal suspends that */
  readonly decision?: string
}

/** An effect of another case that is done anew for another day: taken back and done again in one, with another `on`. */
export type DoOn = TakeBack & {
  readonly on: IsoDate
  /** the document of the decision that has effect from that day then */
  readonly decision: string
}

/** An effect of another case that is taken back: by an effect of the kernel (`takeBack`), whose undo does it again. */
export type TakeBack = {
  readonly effect: EffectId
}

/** Takes back what an effect of the case did. */
export interface UndoEffect extends EffectRef {
  readonly case: CaseId
  readonly on: IsoDate
}

/** What cases do to registers. */
export interface EffectActivities {
  /** Does it once, however often it is asked; does nothing once it has been undone. */
  takeEffect(request: TakeEffect): Promise<EffectOutcome>
  /** Takes it back; of one that has not come yet, sees to it that it does nothing when it comes. */
  undoEffect(request: UndoEffect): Promise<EffectOutcome>
  /** What a case did that is not taken back, in the order in which it was done; null: it has withdrawn the decision of this document. */
  effectsOf(question: { readonly case: CaseId; readonly decision?: string }): Promise<readonly EffectRef[] | null>
}

/** How cases opened before effects had ids hold a key: their histories name these. */
export interface EarlierEffects {
  hold(request: Hold): Promise<EffectOutcome>
  release(request: Hold): Promise<EffectOutcome>
}

export type Activities = KernelActivities & Consultations & EffectActivities & EarlierEffects
