/** What the kernel and the stories ask of the world; implemented in `activities/`, called by workflows through a proxy. */
import type {
  BodyKey,
  CaseId,
  CaseOfList,
  ContentId,
  Instant,
  IsoDate,
  KernelReason,
  PersonId,
  PositionId,
  Reason,
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

/** An effect that may be refused, for a reason that the person is told. */
export type EffectOutcome = { readonly taken: true } | { readonly taken: false; readonly reason: Reason<KernelReason> }

/** What the register says of a person in a position on a date: ids, codes and dates only. */
export interface ServicePost {
  readonly firstEntry: boolean
  readonly corps: 'political' | 'A' | 'B'
  readonly elected: boolean
  /** end of the last post before this one, if any */
  readonly leftOn: IsoDate | null
  readonly leftGround: string | null
  readonly bodyKind: string
  readonly body: BodyKey
  readonly region: string
  /** who heads the unit, or the body, when it is asked: not who did on the date */
  readonly supervisor: PersonId | null
  /** working days that lie between leaving and taking the new post: 0 if taken by the next working day; null at a first entry */
  readonly breakWorkingDays: number | null
  /** first day in this post */
  readonly appointedOn: IsoDate
}

export interface KernelActivities {
  /** The law and the calendar of the day a case is opened. */
  opening(question: OpeningQuestion): Promise<Opening>
  /** The calendar as it stands now, back to `earliest` as far as the register knows. */
  daysOff(question: { readonly body: BodyKey; readonly on: IsoDate; readonly earliest?: IsoDate }): Promise<DaysOff>
  /** Writes a step in one transaction; the same step again changes nothing. */
  record(step: Step): Promise<void>
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

/** Questions of which the answer is a list. */
export type ListQuestion = {
  [K in keyof Consultations]: Awaited<ReturnType<Consultations[K]>> extends readonly unknown[] ? K : never
}[keyof Consultations]
export type QuestionOf<K extends ListQuestion> = Parameters<Consultations[K]>[0]

/** What it takes to keep the answer to a question. */
export interface KeepAnswer<K extends ListQuestion = ListQuestion> {
  readonly case: CaseId
  readonly content: ContentId
  readonly name: K
  readonly question: QuestionOf<K>
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

/** Questions to the register: they change nothing. */
export interface Consultations {
  /**
   * How the cases of a list stand. With `asOf`, as of that moment: it waits until what was sent to them before has its outcome.
   */
  endsOf(question: { readonly list: ListId; readonly asOf?: Instant }): Promise<EndsOfList>
  /** The cases of a list in its order, each with its end. */
  casesOfList(question: { readonly list: ListId }): Promise<readonly CaseOfList[]>
  /** null when the person does not hold the position on that date */
  servicePost(question: {
    readonly person: PersonId
    readonly position: PositionId
    readonly on: IsoDate
  }): Promise<ServicePost | null>
}

/** Effects that may be refused, and what undoes them. */
export interface Effects {
  /** only one open case may hold this key; given back when the case closes */
  hold(request: { readonly case: CaseId; readonly key: string }): Promise<EffectOutcome>
  release(request: { readonly case: CaseId; readonly key: string }): Promise<EffectOutcome>
}

export type Activities = KernelActivities & Consultations & Effects
