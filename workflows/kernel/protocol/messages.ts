/**
 * What the API and a workflow say to each other: plain types, shared by both. Every message that a person sends is a Temporal
 * Update, not a signal, because the person needs to hear yes or no; its update id is the command's id, so sending it twice is
 * doing it once.
 */
import type { CaseClock } from '../law/case-clock'
import type { Opening } from './opening'
import type {
  Actor,
  Addressee,
  Role,
  BodyKey,
  Capacity,
  CaseId,
  CaseSender,
  CommandId,
  ContentRef,
  DaysOff,
  Fact,
  Instant,
  IsoDate,
  LinkedEnd,
  ListId,
  People,
  PersonId,
  PositionId,
  Positions,
  Reason,
  Reply,
  Sender,
  TaskId,
} from '../contract'

export const TASK_QUEUE = 'mansap'

/** Whose days the daily schedule goes by: Kazakhstan has had one time zone since 1 March 2024. */
export const DAILY_ZONE = 'Asia/Almaty'

/** Name of the workflow that runs a version of a process: the first version has the process's own, `leave`, then `leaveV2`. */
export const workflowType = (process: string, version: number): string =>
  version === 1 ? process : `${process}V${String(version)}`

/** Name of the query that every workflow answers with the snapshot of its case. */
export const SNAPSHOT_QUERY = 'snapshot'

interface Envelope {
  readonly command: CommandId
  readonly actor: Actor
  /** in which of his capacities he acts; absent in messages of releases that took the first */
  readonly capacity?: Capacity
  /** PostgreSQL's clock when it was stored: what is in time is decided by this */
  readonly receivedAt: Instant
  /** what the person wrote: its row and hash; the release before sent none with `withdrawQuestion` */
  readonly content: ContentRef
}

/** The calendar back to a day that a form names, where a case usually does not have it; the release before sent none. */
type EarlierDays = DaysOff

export interface Complete extends Envelope {
  readonly task: TaskId
  /** the answer without its personal content; null when it is sealed */
  readonly answer: Fact
  /** every person named in the answer, unless it is sealed */
  readonly people: People
  /** every position named in it; the release before sent none */
  readonly positions?: Positions
  readonly daysOff?: EarlierDays
}
export interface ReturnForRevision extends Envelope {
  readonly task: TaskId
}
/** A member of a commission withdraws from the matter; the content is his reason. */
export interface Recuse extends Envelope {
  readonly task: TaskId
}
export interface AskQuestion extends Envelope {
  readonly task: TaskId
  readonly person: PersonId
  /** the body by virtue of whose post he is asked; absent when he is asked for himself, and in releases that did not say */
  readonly servesIn?: BodyKey
}
export interface WithdrawQuestion extends Envelope {
  /** the task of the question */
  readonly task: TaskId
}
export interface PerformAct extends Omit<Envelope, 'actor'> {
  /** a person, or a linked case that tells this one */
  readonly actor: Actor | CaseSender
  readonly act: string
  /** step of the case that the person saw; a case has seen none */
  readonly step?: number
  readonly form: Fact
  /** every person named in the form */
  readonly people: People
  /** every position named in it; the release before sent none */
  readonly positions?: Positions
  readonly daysOff?: EarlierDays
}
export interface Start extends Omit<Envelope, 'actor'> {
  readonly actor: Sender
}
/** The calendar or a register row changed: what has not been acted on is computed anew. */
export interface Recompute {
  readonly command: CommandId
}

/** What came of something this case sent to another. */
export interface ReplyTo {
  readonly command: CommandId
  /** the case that was told */
  readonly from: CaseId
  /** the command it was told by */
  readonly of: CommandId
  readonly reply: Reply
}
/** A linked case waits for the end of this one, which tells it when it closes. */
export interface AwaitEnd {
  readonly command: CommandId
  readonly actor: CaseSender
}
/** A case has ended that this one opened, or for whose end it waits. */
export interface CaseEnded extends LinkedEnd {
  readonly command: CommandId
  readonly case: CaseId
}

/** All cases that this one opened by a list are over. */
export interface ListEnded {
  readonly command: CommandId
  readonly list: ListId
}
/** The register's answer about tasks that nobody may do, or that somebody may again: who is asked now, null where there is nobody. */
export interface Eligible {
  readonly command: CommandId
  readonly tasks: readonly {
    readonly task: TaskId
    readonly by: Addressee<Role> | null
    /** heads whom a restricted case names from now on, because none of those whom it names may do the task */
    readonly heads?: readonly PersonId[]
  }[]
  /** the body of the case when the register was asked; the release before did not say it */
  readonly body?: BodyKey
}

/** The post of somebody who has a part in the case has ended in its body. */
export interface PartyLeft {
  readonly command: CommandId
  readonly party: string
  readonly person: PersonId
  /** who holds the same position now */
  readonly successor: PersonId | null
}

/** Somebody holds the position now whose holder had a part in the case that has been nobody's since he left. */
export interface SuccessorCame {
  readonly command: CommandId
  readonly party: string
  readonly successor: PersonId
}

/** Update name → its argument. The name is `Command.kind` in the store. */
export interface Messages {
  start: Start
  complete: Complete
  return: ReturnForRevision
  recuse: Recuse
  ask: AskQuestion
  withdrawQuestion: WithdrawQuestion
  act: PerformAct
  recompute: Recompute
  reply: ReplyTo
  awaitEnd: AwaitEnd
  caseEnded: CaseEnded
  listEnded: ListEnded
  eligible: Eligible
  partyLeft: PartyLeft
  successorCame: SuccessorCame
}
export type MessageKind = keyof Messages
/** A message without what every message carries. */
export type ToldOf<Kind extends MessageKind> = { [Each in Kind]: Omit<Messages[Each], keyof Envelope> }[Kind]

/** What an Update answers once its step is recorded. */
export type MessageOutcome =
  | { readonly result: 'done' }
  | { readonly result: 'started' }
  | { readonly result: 'refused'; readonly reason: Reason; readonly errors?: Readonly<Record<string, string>> }

/**
 * Type of the ApplicationFailure with which a validator refuses; `details[0]` is a Refusal. Nothing has entered history.
 */
export const REFUSED = 'Refused'
export interface Refusal {
  /** HTTP status that fits: 403 not yours, 409 taken or too late, 412 stale, 422 form */
  readonly status: 403 | 409 | 412 | 422
  readonly reason: Reason
  readonly errors?: Readonly<Record<string, string>>
}

/** What the register says of the people and positions that a form names. */
export interface Named {
  readonly people: People
  readonly positions: Positions
}

/** The argument of every process's workflow; the workflow id is the case id. */
export interface CaseInput<Form = Fact> {
  readonly case: CaseId
  readonly process: string
  readonly version: number
  readonly body: BodyKey
  /** whom it is about; null: about nobody */
  readonly subject: PersonId | null
  readonly position: PositionId | null
  /** the body, or the other case, that it is about; absent in cases of releases that knew neither */
  readonly aboutBody?: BodyKey | null
  readonly aboutCase?: CaseId | null
  readonly clock: CaseClock
  readonly rehearsal: string | null
  /** the body whose set of rehearsals it is in; absent: its own */
  readonly setBody?: BodyKey
  readonly startedBy: Sender
  /** in which of his capacities a person started it; absent in cases of releases that did not ask */
  readonly startedAs?: Capacity
  /** the start form without its personal content */
  readonly form: Form
  readonly content: ContentRef
  /**
   * What the register says of those whom the start form names: by it the case asks the rules of its process about a form that no
   * person filled in. Absent: they were asked before it was stored, or it began by a release that asked nobody.
   */
  readonly named?: Named
  /** the case that opened it, and the name by which it did */
  readonly openedBy?: { readonly case: CaseId; readonly as: string; readonly list?: ListId }
  /** regime chosen by hand for a rehearsal; otherwise the regime in force on the day the case starts */
  readonly regime?: string
  /** PostgreSQL's clock when its start was stored; absent in cases of releases that did not say */
  readonly receivedAt?: Instant
  /** law and calendar of the first day of the clock; absent, or on another day, the case asks for them itself */
  readonly opening?: Opening
}

/** Kernel acts that every case has beside those of its contract. */
export interface AdvanceForm {
  /** absent: to the next moment at which something falls due */
  readonly to?: IsoDate
  /** to the present, and with real time from then on: how the sample cases of the demonstration come to today */
  readonly release?: true
}
/** The case goes to another body. */
export interface HandOverForm {
  readonly body: BodyKey
}
/** HR replaces a member of a commission that has not opened its answers yet. */
export interface ReplaceMemberForm {
  readonly member: PersonId
  /** absent: by the next alternate */
  readonly by?: PersonId
}
/** What an appeal came to, as it tells the case that carries out what it is against. */
export interface DecidedOnAppealForm {
  /** the document that is the appealed decision */
  readonly document: string
  readonly outcome: AppealOutcome
  /** of one that is changed: the day from which the decision has effect */
  readonly effectiveFrom?: IsoDate
}
/** `stands`: the decision was upheld, or the appeal withdrawn. */
export type AppealOutcome = 'stands' | 'cancelled' | 'changed'
/** Who is named in a restricted case: at first, or one more or fewer. */
export interface AccessForm {
  readonly people?: readonly PersonId[]
  readonly person?: PersonId
}
/** A suspension begins or ends. */
export interface SuspensionForm {
  readonly ground: string
  /** its first day; absent: the day on which it was received */
  readonly suspendedFrom?: IsoDate
  /** of the act that ends it: the first day that counts again; absent: the day on which it was received */
  readonly resumedFrom?: IsoDate
  /** how long it is expected to stand: so many days, its first among them, or until a date; absent: nobody knows */
  readonly expectedDays?: number
  readonly expectedUnit?: 'workingDays' | 'calendarDays'
  readonly expectedUntil?: IsoDate
}
/** The answer of whoever is asked when a suspension should have ended. */
export interface ReviewForm {
  readonly suspension: 'resume' | 'extend'
  /** the first day that counts again; absent: the day on which it was received */
  readonly resumedFrom?: IsoDate
  readonly expectedUntil?: IsoDate
}
