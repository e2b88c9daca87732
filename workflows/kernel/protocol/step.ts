/**
 * One step of a case as `record` writes it: where the case stands now (whole, not as changes) and what happened in this step.
 * Shared by the workflow that makes it and the store that writes it.
 */
import type {
  Addressee,
  Role,
  BodyKey,
  By,
  Capacity,
  CaseId,
  CommandId,
  Due,
  Instant,
  IsoDate,
  LinkedEnd,
  LinkKind,
  ListId,
  Notice,
  PersonId,
  PositionId,
  Reason,
  Sender,
  StandIn,
  TaskId,
  ContentRef,
  Fact,
} from '../contract'
import type { CaseClock } from '../law/case-clock'
import type { Suspension } from '../law/suspension'
import type { MessageOutcome, Refusal } from './messages'
import type { Opening } from './opening'

export interface OpenTask {
  readonly id: TaskId
  readonly kind: string
  readonly for: Addressee<Role>
  readonly excluded: readonly PersonId[]
  readonly openedAt: Instant
  readonly openedOn: IsoDate
  readonly openedStep: number
  readonly due: Due | null
  /** real instant at which the due date ends; null while the clock is held */
  readonly dueAt: Instant | null
  readonly closes: Due | null
  readonly reminded: boolean
  readonly escalatedTo: Addressee<Role> | null
  readonly suspended: boolean
  readonly returned: boolean
  readonly questionOf: TaskId | null
  /** the question, or the remarks it came back with */
  readonly content: ContentRef | null
  /** why the kernel asks for it */
  readonly about: Reason | null
  /** absent while somebody of its own addressee may do it */
  readonly standIn?: StandIn
}

/** A task that is over. One whose sealed answer is opened is closed a second time, now with what it says. */
export interface ClosedTask {
  readonly id: TaskId
  readonly state: 'completed' | 'obsolete'
  readonly answer?: GivenAnswer
}

export interface GivenAnswer {
  readonly by: PersonId
  readonly at: Instant
  readonly on: IsoDate
  /** null, like the content, while it is sealed */
  readonly facts: Fact
  readonly content: ContentRef | null
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

/** A document that amended a decision. */
export interface AmendmentRecord {
  readonly document: string
  readonly kind: string
  readonly on: IsoDate
  readonly deliveredOn: IsoDate | null
  /** the term of appeal runs anew from its delivery, by the rule that the contract names */
  readonly appealAnew: boolean
}

/** That a decision was withdrawn. */
export interface WithdrawalRecord {
  readonly on: IsoDate
  /** a reason of the contract */
  readonly ground: string
  /** absent: the story withdrew it, or another case did */
  readonly by?: PersonId
  readonly capacity?: Capacity
}

/** A decision as it stands. Who took it, and in what capacity, is the signature of its document. */
export interface DecisionRecord {
  /** id of the document that says it */
  readonly document: string
  /** kind of that document */
  readonly kind: string
  readonly madeOn: IsoDate
  /** the first day on which it has effect; moves with the calendar while the case is open */
  readonly effectiveFrom: IsoDate
  /** the day of before, where an amendment or an appeal has changed it; absent: nothing has */
  readonly firstEffectiveFrom?: IsoDate
  /** the day on which whom it concerns was told, or could be */
  readonly deliveredOn: IsoDate | null
  /** the last day on which it may be appealed; null before it is delivered, where no term is known, and once it is withdrawn */
  readonly appealBy: Due | null
  /** what amended it, in order; absent: nothing did */
  readonly amendments?: readonly AmendmentRecord[]
  /** absent: it was not withdrawn */
  readonly withdrawn?: WithdrawalRecord
}

export interface StepEvent {
  readonly kind: string
  readonly at: Instant
  readonly on: IsoDate
  readonly actor?: PersonId
  /** who acted, where it is no person; neither: the case went on by itself */
  readonly by?: By
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
  readonly kind: Notice
  readonly to: Addressee<Role>
  readonly task?: TaskId
}

/** Something that this step sends to another case: stored as a command with the step, in this order, and sent by the dispatcher. */
export type StepSend = { readonly command: CommandId; readonly case: CaseId } & (
  | {
      readonly kind: 'start'
      /** name under which the contract opens it */
      readonly as: string
      readonly process: string
      /** where it begins, if its form names neither a position, nor a body, nor a case */
      readonly body: BodyKey
      readonly form: Fact
    }
  | { readonly kind: 'act'; readonly act: string; readonly form: Fact }
  /** asks for its end, which it tells when it closes */
  | { readonly kind: 'awaitEnd' }
  | { readonly kind: 'caseEnded'; readonly ended: LinkedEnd }
  /** this case is over, and one fewer of its list is not; `case` is whoever opened the list */
  | { readonly kind: 'overInList'; readonly list: ListId }
  /** to each case of a list that is not over; `case` is this one */
  | { readonly kind: 'actEach'; readonly list: ListId; readonly act: string; readonly form: Fact }
)

/** What came of a command in this step: accepted with an outcome, or overtaken by another that came at the same moment. */
export type CommandOutcome = MessageOutcome | { readonly result: 'overtaken'; readonly refusal: Refusal }

/** What a story waits for from other cases. */
export type CaseWait =
  { readonly case: CaseId; readonly for: 'reply' | 'end' } | { readonly list: ListId; readonly for: 'list' }

/** A day for which a story waits. */
export interface AwaitedDay {
  /** a day of the contract or of the kernel: words `awaits.<comes>`; null: the story does not say what comes with it */
  readonly comes: string | null
  readonly due: Due
}

/** A body to which a case belonged before it was handed over. */
export interface FormerBody {
  readonly body: BodyKey
  readonly agency: BodyKey
  readonly zone: string
  /** the moment, by the clock of the case, at which it was handed over */
  readonly at: Instant
  /** the step in which it was */
  readonly step: number
  /** the first day that is no longer its, by calendar */
  readonly until: IsoDate
}

/** A case after a step, whole: the rows of its lists are made of it, and the workflow's query `snapshot` answers with it. */
export interface CaseSnapshot {
  readonly case: CaseId
  readonly n: number
  readonly at: Instant
  readonly on: IsoDate
  readonly process: string
  readonly version: number
  readonly regime: string
  readonly body: BodyKey
  readonly agency: BodyKey
  /** bodies to which it belonged before, in order; absent: none */
  readonly formerBodies?: readonly FormerBody[]
  readonly subject: PersonId | null
  readonly position: PositionId | null
  readonly aboutBody?: BodyKey | null
  readonly aboutCase?: CaseId | null
  readonly startedBy: Sender
  readonly rehearsal: string | null
  /** the body whose set of rehearsals it is in; absent: its own */
  readonly setBody?: BodyKey
  readonly clock: CaseClock
  readonly stage: string
  readonly status: 'open' | 'closed'
  readonly outcome: string | null
  readonly basis: Reason | null
  readonly facts: Fact
  readonly parties: Readonly<Partial<Record<string, PersonId>>>
  readonly tasks: readonly OpenTask[]
  readonly clocks: readonly { readonly name: string; readonly startsOn: IsoDate; readonly due: Due }[]
  readonly commissions?: readonly CommissionRecord[]
  /** absent: a worker of the release before, which kept none, says nothing of them */
  readonly decisions?: readonly DecisionRecord[]
  /** those that stand and those that have ended, in the order in which they began; absent: there never was one, or a worker of the release before says nothing of them */
  readonly suspensions?: readonly Suspension[]
  /** people excluded from it; absent: nobody */
  readonly keptFrom?: readonly PersonId[]
  /** the people whom it names, if it is restricted to them; absent: it is not */
  readonly restrictedTo?: readonly PersonId[]
  /** when it wakes by itself, by the clock of the case; null when only somebody can move it; the release before did not say it */
  readonly wakes?: Instant | null
  /** the first day for which its story waits; absent: the release before did not say it */
  readonly awaits?: AwaitedDay | null
  /** cases whose reply or end the story waits for, and lists of cases */
  readonly waits?: readonly CaseWait[]
}

export interface Step extends CaseSnapshot {
  readonly closed: readonly ClosedTask[]
  readonly events: readonly StepEvent[]
  readonly documents: readonly StepDocument[]
  readonly notices: readonly StepNotice[]
  /** histories hold the name `settled`: it stays */
  readonly commands: readonly { readonly id: CommandId; readonly settled: CommandOutcome }[]
  readonly sends?: readonly StepSend[]
  /** links from this case to others, made in this step beside those to cases that it opens */
  readonly links?: readonly { readonly kind: LinkKind; readonly to: CaseId }[]
  /** terms and rules the case took with it, written once, at step 1 */
  readonly opening: Opening | null
}

/** The snapshot in a step: without what happened in that step only. */
export function snapshotOf(step: Step): CaseSnapshot {
  const {
    closed: _closed,
    events: _events,
    documents: _documents,
    notices: _notices,
    commands: _commands,
    sends: _sends,
    links: _links,
    opening: _opening,
    ...snapshot
  } = step

  return snapshot
}

/** The answer to the query `snapshot`. */
export interface SnapshotAnswer {
  /** as of the last step that is known to be recorded; null before the first */
  readonly recorded: CaseSnapshot | null
  /** the step that is being recorded just now */
  readonly recording: number | null
  /** when it wakes by itself, by the clock of the case; null when only a person can move it */
  readonly wakes: Instant | null
}
