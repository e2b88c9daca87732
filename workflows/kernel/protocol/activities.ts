/** What the kernel and the stories ask of the world; implemented in `activities/`, called by workflows through a proxy. */
import type {
  BodyKey,
  CaseId,
  Instant,
  IsoDate,
  KernelReason,
  PersonId,
  PositionId,
  Reason,
  TaskId,
  DaysOff,
  ContentRef,
  Fact,
} from '../contract'
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
  /** Is an answer to this task on its way that was received by then? */
  answerUnderway(question: { readonly task: TaskId; readonly by: Instant }): Promise<boolean>
}

/** What the daily schedule asks for. */
export interface ClockActivities {
  /** Stores what the processes start by the clock on a day; the same day again starts nothing twice. */
  startByClock(question: { readonly day: IsoDate }): Promise<void>
}

/** Questions to the register: they change nothing. */
export interface Consultations {
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
