/** What strands are parked on: a task, a day, or another case. */
import type {
  Addressee,
  Role,
  CaseId,
  CommandId,
  ContentRef,
  Due,
  Instant,
  IsoDate,
  Late,
  ListId,
  Moment,
  PersonId,
  Reason,
  Returned,
  StandIn,
  TaskId,
} from '../contract'
import { millis } from '../law/case-clock'
import { sameAddressee } from '../law/policy'
import type { CaseWait, GivenAnswer } from '../protocol/step'
import { earlier, Wait } from './strands'
import type { Scope } from './strands'

/** What came of a task. */
export type Outcome =
  | {
      readonly result: 'answered'
      readonly answer: never
      /** the whole of it, for a commission, which opens it later */
      readonly given: GivenAnswer & { readonly content: ContentRef }
      readonly by: PersonId
      readonly on: IsoDate
      readonly late: boolean
      readonly content: ContentRef
    }
  | Returned
  | Late

/** A question put to a person in the course of a task. */
export interface Question {
  readonly id: TaskId
  readonly to: Addressee<Role> & { readonly person: PersonId }
  readonly content: ContentRef
  readonly openedAt: Instant
  readonly openedOn: IsoDate
  readonly openedStep: number
  answeredOn: IsoDate | null
}

/** A strand parked on a task. */
export class AskWait extends Wait {
  readonly questions: Question[] = []
  /** the due dates of which it was reminded and escalated: one that moved later counts anew */
  remindedOf: IsoDate | null = null
  escalatedOf: IsoDate | null = null
  escalatedTo: Addressee<Role> | null = null
  /** an answer received in time is on its way: the hard term waits for it */
  answerUnderway = false
  /** the task of a member of a commission: how he may leave it without an answer */
  leave: ((how: 'recused' | 'replaced') => void) | null = null
  /** why the kernel asks for it; a task of the story explains itself */
  about: Reason | null = null
  /** the clock that is acted on when it comes to its end */
  actsOn: string | null = null
  /** what the register last said, if nobody of its own addressee may do it */
  standIn: StandIn | null = null
  /** who was asked before each handover of the case, until the moment at which that was received */
  readonly askedBefore: { readonly until: Instant; readonly addressee: Addressee<Role> }[] = []
  /** what the record last said, to notice a change */
  lastFor: Addressee<Role>

  constructor(
    readonly id: TaskId,
    readonly kind: string,
    /** its addressee by the story */
    readonly own: () => Addressee<Role>,
    private readonly excluding: () => readonly PersonId[],
    readonly due: Moment,
    /** its own hard term */
    readonly lapses: Moment | null,
    readonly openedAt: Instant,
    readonly openedOn: IsoDate,
    readonly openedStep: number,
    readonly returned: boolean,
    readonly remarks: ContentRef | null,
    readonly part: Scope,
    readonly resolve: (outcome: Outcome) => void,
    readonly reject: (reason: Error) => void,
  ) {
    super()
    this.lastFor = own()
  }

  /** Who is asked instead of its own addressee; null when the story has named another since. */
  get standsIn(): StandIn | null {
    return this.standIn && sameAddressee(this.standIn.for, this.own()) ? this.standIn : null
  }

  /** Who is asked. */
  addressee(): Addressee<Role> {
    return this.standsIn?.by ?? this.own()
  }

  /** Who was asked at a moment of real time, as far as handovers changed that. */
  addresseeAt(received: Instant): Addressee<Role> {
    const before = this.askedBefore.find(({ until }) => millis(received) < millis(until))

    return before?.addressee ?? this.addressee()
  }

  /** The day with which it closes: by its own hard term, or because the part of the story is over. */
  closes(): Due | null {
    return earlier(this.lapses?.() ?? null, this.part.lastDay)
  }

  get excluded(): readonly PersonId[] {
    return this.excluding()
  }

  get question(): Question | null {
    return this.questions.find((question) => question.answeredOn === null) ?? null
  }
}

/** A strand parked on the beginning of a day. */
export class UntilWait extends Wait {
  /** an answer received before the day, to what this would withdraw, is on its way: the day waits for it */
  heldBack = false

  constructor(
    readonly moment: Moment,
    /** what comes with the day; null: the story does not say */
    readonly comes: string | null,
    readonly part: Scope,
    readonly resolve: () => void,
    readonly reject: (reason: Error) => void,
  ) {
    super()
  }
}

/** A strand parked on what comes from other cases: a reply to what was sent, an end, or the end of all cases of a list. */
export class LinkedWait extends Wait {
  constructor(
    /** what comes is about this */
    readonly of: CommandId | CaseId | ListId,
    /** as the step says it */
    readonly said: CaseWait,
    /** it has come */
    readonly resolve: () => void,
    readonly reject: (reason: Error) => void,
  ) {
    super()
  }
}
