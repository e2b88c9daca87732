/** What a story is made of, in types: the answers it may hear, the acts it knows, the ways in which it ends. */
import type { TaskKind } from './contract'
import type { Addressee, DaysOff, Due, Fact, Grant, IsoDate, People, PersonId, Reason, RuleRow } from './values'

/** What the types of one process are: facts, answers and acts by name. */
export interface ProcessTypes {
  readonly facts: object
  readonly stage: string
  readonly end: string
  readonly answers: object
  readonly acts: object
  readonly document: string
  /** kinds of task that may be answered by returning an earlier one for revision */
  readonly returning: string
}

/** What an act comes to: facts as they are after it, a turn of the story, or a refusal. */
export type ActResult<Facts> =
  | { readonly facts: Facts }
  | { readonly turn: true }
  | { readonly refused: Reason; readonly errors?: Record<string, string> }

/** What an act may look at besides the facts. */
export interface ActContext {
  /** date of the case's clock */
  readonly today: IsoDate
  readonly actor: PersonId
  /** empty while the case is only being started */
  readonly stage: string
  readonly rule: (key: string) => RuleRow['value']
  readonly people: People
  readonly daysOff: DaysOff
}

/** What the check of an answer may look at besides the answer and the facts: the same as an act. */
export type CheckContext = ActContext

export type Acts<P extends ProcessTypes> = {
  readonly [A in keyof P['acts']]: (facts: P['facts'], form: P['acts'][A], context: ActContext) => ActResult<P['facts']>
}

/** The rules of a process that the kernel applies: what acts do, what forms cannot know, who has a part. */
export interface Rulebook<P extends ProcessTypes> {
  readonly acts: Acts<P>
  readonly check: (
    kind: string,
    answer: Fact,
    facts: Fact,
    context: CheckContext,
  ) => Readonly<Record<string, string>> | null
  readonly parties: (facts: P['facts']) => Readonly<Record<string, PersonId>>
}

export interface Answered<A> {
  readonly result: 'answered'
  readonly answer: A
  readonly by: PersonId
  /** date of the case's clock on which the API received it */
  readonly on: IsoDate
  /** after its due date; it stands all the same */
  readonly late: boolean
}
export interface Returned {
  readonly result: 'returned'
  readonly by: PersonId
}
/** The hard term passed without an answer; the task is closed. */
export interface Late {
  readonly result: 'late'
  readonly on: IsoDate
}

/** A date, or a way to work it out again whenever facts or the calendar change. */
export type Moment = Due | (() => Due)

export interface AskOptions {
  /** who it is for; given as a function it follows the facts, so that replacing the mentor moves his open tasks */
  readonly of: Addressee | (() => Addressee)
  /** key of a soft term, counted from today, or the date itself; later the task is overdue but stays open */
  readonly within?: string | Moment
  /** name of the clock (`file.clock`) by which its holder acts: should its end move afterwards, HR is asked to look again */
  readonly actsOn?: string
  /** people who may not hold it, whatever their role; given as a function it follows the facts */
  readonly exclude?: readonly PersonId[] | (() => readonly PersonId[])
  /** the task comes back for revision with the remarks of whoever returned it */
  readonly again?: boolean
}

/** Only some kinds may be answered by a return. */
export type MayReturn<P extends ProcessTypes, K> = K extends P['returning'] ? Returned : never

/** How a case ended. */
export interface Closing<End extends string = string> {
  readonly end: End | 'refused' | 'cancelled'
  readonly basis: Reason
}

/** What `openCase` needs of a contract. */
export interface StoryContract {
  readonly name: string
  readonly version: number
  readonly stages: readonly string[]
  readonly tasks: Readonly<Record<string, TaskKind>>
  readonly acts: Readonly<
    Record<
      string,
      {
        readonly by: readonly (Grant['role'] | 'subject')[]
        readonly during?: readonly string[]
        readonly turn?: boolean
      }
    >
  >
  /** the length of history at which developers are told; absent: the kernel's own figure */
  readonly longAfterEvents?: number
  readonly terms: readonly string[]
  readonly rules: readonly string[]
  readonly startedBy: readonly Grant['role'][]
}
