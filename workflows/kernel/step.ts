/**
 * One step of a case as `record` writes it: where the case stands now (whole, not as changes) and what happened in this step.
 * Shared by the workflow that makes it and the store that writes it.
 */
import type {
  Addressee,
  BodyKey,
  CaseId,
  CommandId,
  Due,
  Instant,
  IsoDate,
  PersonId,
  PositionId,
  Reason,
  RuleRow,
  TaskId,
  TermRow,
} from './contract'
import type { DaysOff } from './calendar'
import type { Actor, CaseClock, ContentRef, Fact, MessageOutcome, Refusal } from './messages'

/** What a case takes with it when it is opened: the law of that day, and the calendar as it stands. */
export interface Opening {
  readonly regime: string
  readonly terms: readonly TermRow[]
  readonly rules: readonly RuleRow[]
  /** body of the Agency competent for the case's body */
  readonly agency: BodyKey
  readonly daysOff: DaysOff
  /** keys for which the register has no usable row: the case cannot begin */
  readonly missing: readonly string[]
}

export interface OpenTask {
  readonly id: TaskId
  readonly kind: string
  readonly for: Addressee
  readonly excluded: readonly PersonId[]
  readonly openedAt: Instant
  readonly openedOn: IsoDate
  readonly openedStep: number
  readonly due: Due | null
  /** real instant at which the due date ends; null while the clock is held */
  readonly dueAt: Instant | null
  readonly closes: Due | null
  readonly reminded: boolean
  readonly escalatedTo: Addressee | null
  readonly suspended: boolean
  readonly returned: boolean
  readonly questionOf: TaskId | null
  /** the question, or the remarks it came back with */
  readonly content: ContentRef | null
}

export interface ClosedTask {
  readonly id: TaskId
  readonly state: 'completed' | 'obsolete'
  readonly answer?: {
    readonly by: PersonId
    readonly at: Instant
    readonly on: IsoDate
    /** null, like the content, while it is sealed */
    readonly facts: Fact
    readonly content: ContentRef | null
  }
}

/** A sealed answer that has been opened. */
export interface RevealedAnswer {
  readonly task: TaskId
  readonly facts: Fact
  readonly content: ContentRef
}

/** A place in a commission and who has it. */
export interface SeatRecord {
  readonly member: PersonId
  readonly as: 'member' | 'alternate' | 'replacement'
  readonly chair: boolean
  readonly state: 'called' | 'asked' | 'answered' | 'late' | 'recused' | 'replaced' | 'excluded'
  /** when he answered */
  readonly on: IsoDate | null
  /** how he voted, once the answers are open */
  readonly mark: string | null
  readonly void: 'replaced' | 'sealBroken' | 'again' | null
}

/** How a commission stands. */
export interface CommissionRecord {
  readonly id: string
  readonly kind: string
  readonly state: 'asking' | 'casting' | 'decided' | 'failed' | 'withdrawn'
  readonly quorum: number
  readonly choice: string | null
  readonly seats: readonly SeatRecord[]
}

export interface StepEvent {
  readonly kind: string
  readonly at: Instant
  readonly on: IsoDate
  readonly actor?: PersonId
  readonly capacity?: string
  readonly task?: TaskId
  readonly params?: Readonly<Record<string, Fact | undefined>>
}

/** A document is made of the answers recorded up to its own step; only facts that no answer holds are given. */
export interface StepDocument {
  readonly id: string
  readonly kind: string
  readonly facts: Fact
}

export interface StepNotice {
  readonly kind: 'taskOpened' | 'taskReminder' | 'taskOverdue' | 'caseClosed' | 'sealBroken'
  readonly to: Addressee
  readonly task?: TaskId
}

/** What came of a command in this step: accepted with an outcome, or overtaken by another that came at the same moment. */
export type Settled = MessageOutcome | { readonly result: 'overtaken'; readonly refusal: Refusal }

export interface Step {
  readonly case: CaseId
  readonly n: number
  readonly at: Instant
  readonly on: IsoDate
  readonly process: string
  readonly version: number
  readonly regime: string
  readonly body: BodyKey
  readonly agency: BodyKey
  readonly subject: PersonId
  readonly position: PositionId | null
  readonly startedBy: Actor
  readonly rehearsal: string | null
  readonly clock: CaseClock
  readonly stage: string
  readonly status: 'open' | 'closed'
  readonly outcome: string | null
  readonly basis: Reason | null
  readonly facts: Fact
  readonly parties: Readonly<Record<string, PersonId>>
  readonly tasks: readonly OpenTask[]
  readonly clocks: readonly { readonly name: string; readonly startsOn: IsoDate; readonly due: Due }[]
  readonly closed: readonly ClosedTask[]
  readonly revealed?: readonly RevealedAnswer[]
  readonly commissions?: readonly CommissionRecord[]
  readonly events: readonly StepEvent[]
  readonly documents: readonly StepDocument[]
  readonly notices: readonly StepNotice[]
  readonly commands: readonly { readonly id: CommandId; readonly settled: Settled }[]
  /** terms and rules the case took with it, written once, at step 1 */
  readonly opening: Opening | null
}
