/** What a story is made of, in types: the answers it may hear, the acts it knows, the ways in which it ends. */
import type {
  ActOf,
  AddresseeOf,
  ClockOf,
  ErrorOf,
  FlagOf,
  GroundOf,
  KernelEnd,
  PartyOf,
  ProcessContract,
  ReasonOf,
  ReturningOf,
  RuleOf,
  StageOf,
  TaskOf,
  TermOf,
  TimedOf,
  TurnOf,
} from './contract'
import type { ExtendedRegister } from './registers'
import type {
  Addressee,
  BodyKey,
  ContentRef,
  DaysOff,
  Due,
  Fact,
  IsoDate,
  NamedCases,
  PersonId,
  PersonRecord,
  PositionRecord,
  Reason,
  Role,
  RuleRow,
} from './values'

/**
 * What the types of one process are: its contract, its facts, and its answers and acts by name; and what it owns in the store, whose
 * other half is in `prisma/store/<process>`.
 */
export interface ProcessTypes {
  readonly contract: ProcessContract
  readonly facts: object
  readonly answers: object
  readonly acts: object
  /** what it asks the store beyond what every process may: functions by name */
  readonly questions?: object
  /** what it does to registers beyond what every process may: an `EffectType` by name */
  readonly effects?: object
  /** what its rules know of a person whom a form names, beyond `PersonRecord` */
  readonly people?: object
  /** the fields that it adds to shared registers (`registerFields` of its forms), without free text */
  readonly registerFields?: { readonly [R in ExtendedRegister]?: object }
}

/** What the process added to a row of a shared register; absent: nobody has entered anything. */
type AddedTo<P extends ProcessTypes, R extends ExtendedRegister> = P extends {
  readonly registerFields: { readonly [K in R]: infer Fields }
}
  ? { readonly fields?: Fields }
  : unknown

/** People named in a form, as the rules of a process know them. */
export type PeopleOf<P extends ProcessTypes> = Readonly<
  Record<string, PersonRecord & NonNullable<P['people']> & AddedTo<P, 'people'>>
>
/** Positions named in a form, as the rules of a process know them. */
export type PositionsOf<P extends ProcessTypes> = Readonly<Record<string, PositionRecord & AddedTo<P, 'positions'>>>

/** Something that a case does to a register and that may be refused: what it takes, and what is known once it is done. */
export interface EffectType<Request, Value = null> {
  readonly request: Request
  readonly value: Value
}

/** Dotted field → what is wrong with it. */
export type Errors<P extends ProcessTypes = ProcessTypes> = Readonly<Record<string, ErrorOf<P['contract']>>>

/** What an act comes to: facts as they are after it, a turn of the story if its contract says so, or a refusal. */
export type ActResult<P extends ProcessTypes, A = TurnOf<P['contract']>> =
  | { readonly facts: P['facts'] }
  | (A extends TurnOf<P['contract']> ? { readonly turn: true } : never)
  | { readonly refused: Reason<ReasonOf<P['contract']>>; readonly errors?: Errors<P> }

/** What an act may look at besides the facts. */
export interface ActContext<P extends ProcessTypes = ProcessTypes> {
  /** date of the case's clock */
  readonly today: IsoDate
  /** null: no person, or none that is named */
  readonly actor: PersonId | null
  /** null while the case is only being started */
  readonly stage: StageOf<P['contract']> | null
  readonly rule: (key: RuleOf<P['contract']>) => RuleRow['value']
  /** whether a flag of the contract was on when the case started */
  readonly flag: (key: FlagOf<P['contract']>) => boolean
  readonly people: PeopleOf<P>
  /** absent: the release before sent the message, and asked the register for nobody's posts */
  readonly positions?: PositionsOf<P> | undefined
  /** other cases that the form names; absent where the case itself asks, which knows of them by its questions */
  readonly cases?: NamedCases
  readonly daysOff: DaysOff
  /** the day on which a clock of the case ends as it stands; null: it does not run */
  readonly endOf: (clock: ClockOf<P['contract']>) => IsoDate | null
}

/** What the check of an answer may look at besides the answer and the facts: the same as an act. */
export type CheckContext<P extends ProcessTypes = ProcessTypes> = ActContext<P>

/** A form that `check` is asked about: that of the start, or of a kind of task. An act refuses by its own function. */
export type CheckedForm<P extends ProcessTypes> = 'start' | TaskOf<P['contract']>

export type ActForm<P extends ProcessTypes, A> = A extends keyof P['acts'] ? P['acts'][A] : never

export type Acts<P extends ProcessTypes> = {
  readonly [A in ActOf<P['contract']>]: (
    facts: P['facts'],
    form: ActForm<P, A>,
    context: ActContext<P>,
  ) => ActResult<P, A>
}

type Code<P extends ProcessTypes> = ErrorOf<P['contract']>

/** A day before or after which nothing is accepted, and the code of the sentence that says so. */
export interface Bound<P extends ProcessTypes = ProcessTypes> {
  readonly on: IsoDate
  readonly code: Code<P>
}
export interface Days<P extends ProcessTypes = ProcessTypes> {
  readonly from?: Bound<P>
  readonly to?: Bound<P>
}

/** Of a list it is asked about each of its values. */
type Value<F> = NonNullable<F> extends readonly (infer Item)[] ? Item : NonNullable<F>

/** The fields of a form that are dates, dotted; places in lists are left out: `goals.by`. */
type DateFields<F> = {
  [K in keyof F & string]-?: NonNullable<F[K]> extends IsoDate
    ? K
    : NonNullable<F[K]> extends readonly (infer Item extends object)[]
      ? `${K}.${DateFields<Item>}`
      : never
}[keyof F & string]

export interface Offer<P extends ProcessTypes, F, Facts = P['facts']> {
  /** why the form as a whole cannot be used as the case stands; null: it can */
  readonly closed?: (facts: Facts, context: ActContext<P>) => Reason<ReasonOf<P['contract']>> | null
  /** why a value of a field cannot be chosen; null: it can */
  readonly refuses?: {
    readonly [K in keyof F]?: (value: Value<F[K]>, facts: Facts, context: ActContext<P>) => Code<P> | null
  }
  /** days between which a date has to lie. Asked only before a message enters history: a bound that moves refuses nothing already taken. */
  readonly days?: {
    readonly [K in DateFields<F>]?: (facts: Facts, context: ActContext<P>) => Days<P>
  }
}

/**
 * What the forms of a process offer as the case stands, by kind of task and by act; its grounds of suspension, by the kernel's act
 * `suspend`; and its start form, of a case that has no facts yet. `Start` is the start form, where it is held against it.
 */
export type Offers<P extends ProcessTypes, Start = never> = {
  readonly [K in TaskOf<P['contract']>]?: Offer<P, AnswerOf<P, K>>
} & { readonly [A in ActOf<P['contract']>]?: Offer<P, ActForm<P, A>> } & {
  readonly suspend?: Pick<Offer<P, { readonly ground: GroundOf<P['contract']> }>, 'refuses'>
} & ([Start] extends [never] ? unknown : { readonly start?: Offer<P, Start, object> })

/** The rules of a process that the kernel applies: what acts do, what forms cannot know, who has a part. */
export interface Rulebook<P extends ProcessTypes> {
  readonly acts: Acts<P>
  readonly check: (kind: CheckedForm<P>, answer: Fact, facts: Fact, context: CheckContext<P>) => Errors<P> | null
  /** what its forms offer as the case stands; `check` and `acts` are made with it (`checksOf`, `actsOf`) */
  readonly offers?: Offers<P>
  readonly parties: (facts: P['facts']) => { readonly [N in PartyOf<P['contract']>]?: PersonId }
  /** facts that name the body of the case, once it belongs to another; absent: none do */
  readonly handedOver?: (facts: P['facts'], body: BodyKey) => P['facts']
  /** the facts once whoever had this part has left his post (`whenPostEnds`); `successor`: who comes in, null while nobody does */
  readonly left?: (
    facts: P['facts'],
    gone: { readonly party: PartyOf<P['contract']>; readonly successor: PersonId | null },
    context: Pick<ActContext<P>, 'rule'>,
  ) => P['facts']
}

type Check<P extends ProcessTypes, Answer, Facts = P['facts']> = (
  answer: Answer,
  facts: Facts,
  context: CheckContext<P>,
) => Errors<P> | null

/** The check of each kind of task that has one, and of the start form: a case that is only being started has no facts. */
export type Checks<P extends ProcessTypes, Start = never> = {
  readonly [K in TaskOf<P['contract']>]?: Check<P, AnswerOf<P, K>>
} & { readonly start?: Check<P, Start, object> }

export interface Answered<A> {
  readonly result: 'answered'
  readonly answer: A
  readonly by: PersonId
  /** date of the case's clock on which the API received it */
  readonly on: IsoDate
  /** after its due date; it stands all the same */
  readonly late: boolean
  /** the whole of it, with what history does not know */
  readonly content: ContentRef
}
/** An earlier task is to be done again. Its remarks belong to the task that is asked with `again`. */
export interface Returned {
  readonly result: 'returned'
  readonly by: PersonId
  readonly remarks: ContentRef
}
/** The hard term passed without an answer; the task is closed. */
export interface Late {
  readonly result: 'late'
  readonly on: IsoDate
}

/**
 * A way to work out a date, used again whenever facts or the calendar change: a date given once would stay where it was. Null:
 * there is no such date as yet.
 */
export type Moment = () => Due | null

/** How a task is asked for, whatever its process. */
export interface TaskOptions {
  /** who it is for; given as a function it follows the facts, so that replacing a person moves his open tasks */
  readonly of: Addressee<Role> | (() => Addressee<Role>)
  /** key of a soft term, counted from today, or how to work out the date; later the task is overdue but stays open */
  readonly within?: string | Moment
  /** the end of that day closes the task */
  readonly closing?: Moment
  /** name of the clock (`file.clock`) by which its holder acts: should its end move afterwards, HR is asked to look again */
  readonly actsOn?: string
  /** people who may not hold it, whatever their role; given as a function it follows the facts */
  readonly exclude?: readonly PersonId[] | (() => readonly PersonId[])
  /** the return by which it comes back for revision: the task shows its remarks */
  readonly again?: Returned | null
}

/** How a story asks for a task of a kind. Its term is said once: by the contract, or here. */
export type AskOptions<P extends ProcessTypes, K> = Omit<TaskOptions, 'of' | 'within' | 'closing' | 'actsOn'> & {
  readonly of: AddresseeOf<P['contract']> | (() => AddresseeOf<P['contract']>)
  readonly actsOn?: ClockOf<P['contract']>
} & WithinOf<P, K>

/** The term of a kind, where the contract does not give it. */
export type WithinOf<P extends ProcessTypes, K> =
  K extends TimedOf<P['contract']> ? { readonly within?: never } : { readonly within?: TermOf<P['contract']> | Moment }

/** The answer to a task of a kind. */
export type AnswerOf<P extends ProcessTypes, K> = K extends keyof P['answers'] ? P['answers'][K] : never

/** Only some kinds may be answered by a return. */
export type MayReturn<P extends ProcessTypes, K> = K extends ReturningOf<P['contract']> ? Returned : never

/** How a case ended: as its story came to its end, or as the kernel ends any case. */
export type Closing<End extends string = string> =
  | { readonly by: 'story'; readonly end: End; readonly basis: Reason }
  | {
      readonly by: 'kernel'
      readonly end: KernelEnd
      readonly basis: Reason
      /** what the rules find wrong with the start form: dotted field → code */
      readonly errors?: Readonly<Record<string, string>>
    }
