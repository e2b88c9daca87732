/** What a process declares about itself. Plain data, like everything in this folder. */
import type { FieldError, KernelEffect, KernelReason } from './codes'
import type { LinkKind, LinkPart, OpenedKind } from './links'
import type { RegisterKind } from './registers'
import type { LinkedRow, MEMBER, Piece, SeenAs, Sees, Sights } from './sees'
import { UNNAMED, type Unnamed } from './senders'
import type { Addressee, Fact, IsoDate, KernelRole, PersonId, Role } from './values'

/** How a commission decides whose members answer a kind of task. */
export interface CommissionKind {
  /** field of the answer that is counted */
  readonly countedBy: string
  /**
   * what is done when too few have answered at the end of the term: it is extended once by the term of this key; alternates take
   * the seats of those who did not answer; or the commission has failed
   */
  readonly withoutQuorum: { readonly extendBy: string } | 'alternates' | 'fail'
  /** what is done when votes are equal: the chair's own vote tells, or if he gave none he is asked; all vote once more; or it has failed */
  readonly tie: 'chairCasts' | 'again' | 'fail'
  /** kind of the task in which the chair casts his vote; its form has the same field */
  readonly casting?: string
  /** a member may withdraw from the matter, with a reason */
  readonly recusal?: boolean
}

/** A kind of task. Its form is the entry of the same name in the process's `forms.ts`. */
export interface TaskKind {
  /**
   * key of the term within which it is to be done, counted from the day of asking; later it is overdue, but stays open. A kind whose
   * story gives a date of its own has none here.
   */
  readonly within?: string
  /**
   * field of the answer that decides: each of its values is a choice with a button of its own, in the words
   * `tasks.<kind>.choices.<value>.{button,record,consequence}`; a kind without one has one button: `tasks.<kind>.{button,record,consequence}`
   */
  readonly decision?: string
  /** kinds whose answers the person needs to see beside the form; `start`: what the case was started with */
  readonly shows?: readonly string[]
  /** facts of the case that matter for it, of which `forms.facts` says what each is: words `facts.<name>` */
  readonly facts?: readonly string[]
  /** kinds of documents of the case that matter for it, for whoever sees them */
  readonly documents?: readonly string[]
  /** clocks of the case that matter for it */
  readonly clocks?: readonly string[]
  /** this task may be answered by returning an earlier one for revision, with remarks */
  readonly returns?: boolean
  /** a question may be put to a named person from this task */
  readonly asks?: boolean
  /** who hears of it when it is overdue */
  readonly escalatesTo?: 'hr' | 'head' | 'agency'
  /**
   * who is asked when nobody may do it, because the last person has left the role or is excluded: the head of the body, then of the
   * bodies above; the Agency; or the same role in the bodies above. Absent: whom it escalates to, the head of the body, the same role
   * above. A task of a named person is asked of somebody else only where this says so.
   */
  readonly withoutEligible?: 'head' | 'agency' | 'parent'
  /** answered by the members of a commission */
  readonly commission?: CommissionKind
  /** until the commission opens its answers together, nobody reads them and history knows only that they were given */
  readonly sealed?: boolean
}

/** Tasks that the kernel itself may open in any case. Their forms are in `kernel-forms.ts`, their words in the kernel's. */
export const KERNEL_TASKS = [
  'answerQuestion',
  'mendUndo',
  'reconsider',
  'nameSuccessor',
  'mendEffect',
  'reviewSuspension',
] as const
export type KernelTask = (typeof KERNEL_TASKS)[number]
/** Acts that every case of the kind has from the kernel; no process declares one by such a name. */
export const KERNEL_ACTS = [
  'advance',
  'discard',
  'replaceMember',
  'handOver',
  'restrict',
  'grant',
  'revokeAccess',
  'lift',
  'suspend',
  'resume',
  'decidedOnAppeal',
] as const
export type KernelAct = (typeof KERNEL_ACTS)[number]
/** What an appeal tells the case that carries out what it is against. */
export const DECIDED_ON_APPEAL = 'decidedOnAppeal' satisfies KernelAct
/** An act that is the kernel's own, whatever the process. */
export const isKernelAct = (act: string): act is KernelAct => (KERNEL_ACTS as readonly string[]).includes(act)
export const isKernelTask = (kind: string): kind is KernelTask => (KERNEL_TASKS as readonly string[]).includes(kind)

/** What a person may do to an open case outside a task. Its form is the entry of the same name in `forms.ts`. */
export interface ActKind<Stage extends string = string> {
  /** roles in the case's body, or a part in the case */
  readonly by: readonly (Role | 'subject')[]
  /** which linked cases may do it, by what they are to this one */
  readonly byCases?: readonly LinkPart[]
  /** stages at which it may be done; absent: at any */
  readonly during?: readonly Stage[]
  /** ends the part of the story that is under way instead of changing facts */
  readonly turn?: boolean
  /** the document by which whoever performs it amends a decision: it is ordered with what its form says of the facts of that document */
  readonly amends?: string
  /** the decision that whoever performs it withdraws, by the reason in the field `ground` of its form; a turn, so that the story hears of it */
  readonly withdraws?: string
}

/** Who may hand a case over to another body, by roles in its body or, as `agency`, in the body of the Agency competent for it; false: nobody. */
export type HandsOver = { readonly by: readonly Role[] } | false

/** What stands still: the whole case, one of its clocks, or tasks of one kind. */
export type SuspendedPart<Clock extends string = string, Task extends string = string> =
  'case' | { readonly clock: Clock } | { readonly task: Task }

/** A ground on which a case, or a term of it, is suspended: words `because.<ground>`. */
export interface SuspensionKind {
  readonly of: SuspendedPart
  /** roles in the body of the case that suspend and resume by an act; the first of them is asked when it should have ended */
  readonly by: readonly [Role, ...Role[]]
  /** key of the rule of the contract by which there is such a ground: its source stands beside it */
  readonly rule: string
  /** kinds of task and acts of the process that go on while the whole case is suspended */
  readonly goesOn?: readonly string[]
  /** it ends by itself with the day until which it is expected; absent: whoever may resume it is asked */
  readonly endsItself?: true
  /** it may be recorded later than it began, with a first day that has passed */
  readonly recordedLater?: true
}

/**
 * Who starts cases: whoever holds a role in the body of the case, a servant his own where he serves (`subject`), whoever is signed in
 * without being named (`anonymous`, `confidential`), the clock on a day, or a row of the register that changed.
 */
export type Starter = Role | OtherStarter
type OtherStarter = 'subject' | Unnamed | 'clock' | 'register'

/** Those who start as people by their names. */
export const peopleAmong = (startedBy: readonly Starter[]): (Role | 'subject')[] =>
  startedBy.filter((by) => by !== 'clock' && by !== 'register' && by !== 'anonymous' && by !== 'confidential')

/** The ways in which people start without being named. */
export const unnamedAmong = (startedBy: readonly Starter[]): Unnamed[] => UNNAMED.filter((by) => startedBy.includes(by))

/** What a fact that a story gives with a document is: a code has words `options.<fact>.<code>`. */
export type DocumentFact = 'date' | 'person' | 'people' | 'number' | 'document' | 'any' | readonly string[]

/** The facts of a commission's minutes, for the contract of a document made of them. */
export const MINUTES = {
  present: 'people',
  absent: 'people',
  recused: 'people',
  replaced: 'people',
  votes: 'any',
  tie: ['none', 'chair', 'again', 'undecided'],
  decision: 'any',
} as const satisfies Readonly<Record<string, DocumentFact>>

/** The paper that a document becomes. Its templates are the files `papers/<document>.<language>.txt` of the process. */
export interface PaperKind {
  /** the mark of its numbers, `2026-MO-000001`: each mark has a row of numbers of its own in each body; absent: the name of the document */
  readonly series?: string
  /** made in English too, not only in Kazakh and Russian */
  readonly inEnglish?: true
}

/** A document that decides something about somebody: from which day it has effect is said by the story. */
export interface DecisionKind {
  /** term of the contract within which it may be appealed, counted from the day on which it was delivered; absent: none is known */
  readonly appeal?: string
  /** the decision that this document amends: it is none of its own, and its appeal is that of the amended one */
  readonly amends?: string
  /** rule of the contract that says whether the term of appeal runs anew from the delivery of this document; absent: it does not */
  readonly appealAnew?: string
}

/** Which decisions the cases of a process appeal, and how a case says which. */
export interface AppealsKind {
  /** kinds of decision, by process */
  readonly decisions: Readonly<Record<string, readonly string[]>>
  /** fields of its start form that name the case of the decision, and its kind */
  readonly fields: { readonly case: string; readonly kind: string }
  /** the fact that holds the document of the decision, from when the appeal was accepted */
  readonly fact: string
  /** those of its ends after which the decision may be appealed again */
  readonly again: readonly string[]
}

/** Whether the cases of a process appeal what others decided. */
export const isAppealing = <C extends Pick<ProcessContract, 'appeals'>>(
  contract: C,
): contract is C & { readonly appeals: AppealsKind } => contract.appeals !== undefined

/** The kind of link from a case to the one that it is about. */
export const linkToAbout = (contract: Pick<ProcessContract, 'aboutCaseAs' | 'appeals'>): LinkKind =>
  isAppealing(contract) ? 'appeals' : (contract.aboutCaseAs ?? 'about')

/** What a rule of the register may say: yes or no, or a whole number within these bounds. */
export type RuleKind = 'yesNo' | { readonly from: number; readonly to: number }

/** Ends that every case has; only the kernel gives them. */
export const KERNEL_ENDS = ['refused', 'cancelled'] as const
export type KernelEnd = (typeof KERNEL_ENDS)[number]

export interface ProcessContract {
  readonly name: string
  /** grows when the order of moves changes; an open task keeps the form of its own version */
  readonly version: number
  readonly stages: readonly string[]
  /** from each stage, and from the `start`, the stages and ends that may follow; cancelling and refusing need no mention */
  readonly moves: Readonly<Record<string, readonly string[]>>
  readonly ends: readonly string[]
  /** roles in a body that this process adds to the kernel's: words `roles.<role>` */
  readonly roles?: readonly string[]
  /** who may start a case: people, or nobody in person */
  readonly startedBy: readonly Starter[]
  readonly tasks: Readonly<Record<string, TaskKind>>
  readonly acts: Readonly<Record<string, ActKind>>
  /** who sees what of a case, and from when to when: a row for every role, every party, `subject` and `holder` */
  readonly sees: Sees
  /** each kind of document, with the facts that the story gives with its order: placeholders of its template */
  readonly documents: Readonly<Record<string, Readonly<Record<string, DocumentFact>>>>
  /**
   * kinds of task whose answer decides each document, and acts that do: the body of whoever gave the last of them issues it, and he
   * signs it; of none, the body of the case issues it, unsigned
   */
  readonly decidedBy?: Readonly<Record<string, readonly string[]>>
  /** those of the documents that are decisions */
  readonly decisions?: Readonly<Record<string, DecisionKind>>
  /** how the papers of documents are numbered and made, where that is not as for all */
  readonly papers?: Readonly<Record<string, PaperKind>>
  /** keys of the terms a case takes with it */
  readonly terms: readonly string[]
  /** those of the terms after each of which something comes again: they cannot be nothing */
  readonly intervals?: readonly string[]
  /** keys of the regime rows a case takes with it, each with what it may say; what it means: words `rules.<key>` */
  readonly rules: Readonly<Record<string, RuleKind>>
  /**
   * keys of what an act brings into force from a day on: off until act and day are entered in the register of rules, and fixed for a
   * case at its start; what it means: words `rules.<key>`
   */
  readonly flags?: readonly string[]
  /** why a case did not begin, ended, or an act was refused: words `reasons.<code>` */
  readonly reasons?: readonly string[]
  /** what its rules may find wrong with a field: words `errors.<code>` */
  readonly errors?: readonly string[]
  /** clocks that its story keeps: words `clocks.<name>` */
  readonly clocks?: readonly string[]
  /** days for which its story waits, by what comes with them: words `awaits.<name>`, a sentence with `%{date}` */
  readonly awaits?: readonly string[]
  /** what its story writes into the file beside what the kernel does: words `events.<name>` */
  readonly remarks?: readonly string[]
  /** who has a part in a case, beside its subject: words `parties.<name>` */
  readonly parties?: readonly string[]
  /**
   * who comes in when the post of whoever has a part ends in the body of the case: whoever holds the same position then (`successor`;
   * where nobody does, HR is asked to name somebody), or whom HR names (`hr`). What follows in the facts: `left` of its rulebook
   */
  readonly whenPostEnds?: Readonly<Record<string, 'successor' | 'hr'>>
  /** why its clocks stand still, beside what the kernel knows: words `because.<code>` */
  readonly pauses?: readonly string[]
  /** facts that are lists, of which a page shows each item: words `items.<name>`; the lists of its forms need no mention */
  readonly lists?: readonly string[]
  /** what it takes from its own registers and may fail to give back: words `effects.<name>` */
  readonly effects?: readonly string[]
  /** registers of its own: words `registers.<name>.{title,explain}` */
  readonly registers?: Readonly<Record<string, RegisterKind>>
  /** what a case is to the other case that it is about: the kind of link between them; absent: `about`, or `appeals` of one that appeals */
  readonly aboutCaseAs?: Exclude<LinkKind, 'appeals'>
  /** of a process whose cases appeal decisions of the cases that they are about: which; the page of a decision leads to its start form */
  readonly appeals?: AppealsKind
  /** processes whose closed cases a new case of this one may continue: a link, by which it has nothing of the other */
  readonly continues?: readonly string[]
  /** cases that its story opens, by a name of their own: words `opens.<name>` */
  readonly opens?: Readonly<Record<string, OpenedKind>>
  /**
   * its cases are open to named people only: whoever starts one, and who has a part in it then; HR and head among them may name others.
   * Its cases and their documents have numbers that tell nothing of others
   */
  readonly restricted?: true
  /** who hands a case over to another body; absent: the head of its body, and the Agency competent for it */
  readonly handsOver?: HandsOver
  /**
   * who replaces members of its commissions, and restricts its cases and says whom they name; absent: HR replaces, HR and the head of the
   * body restrict
   */
  readonly handledBy?: readonly Role[]
  /** grounds on which its cases, or terms of them, are suspended */
  readonly suspends?: Readonly<Record<string, SuspensionKind>>
  /** facts that the case that opened this one is told when it ends */
  readonly handsOut?: readonly string[]
  /** the length of history at which developers are told; absent: the kernel's own figure */
  readonly longAfterEvents?: number
  /** how many messages a case takes; absent: the kernel's own figures */
  readonly messageLimits?: MessageLimits
}

/** Numbers of messages that a case has taken. */
export interface MessageLimits {
  /** developers are told */
  readonly noted: number
  /** from then on only people are heard */
  readonly peopleOnly: number
  /** from then on nobody is */
  readonly last: number
}

// ------------------------------------------------------------------ the names of one contract, as types

type List =
  | 'roles'
  | 'terms'
  | 'flags'
  | 'stages'
  | 'ends'
  | 'reasons'
  | 'errors'
  | 'clocks'
  | 'awaits'
  | 'remarks'
  | 'parties'
  | 'pauses'
  | 'lists'
  | 'effects'
type Listed<C extends ProcessContract, L extends List> = C extends { readonly [K in L]?: readonly (infer Name)[] }
  ? unknown extends Name
    ? never
    : Name & string
  : never

export type RoleOf<C extends ProcessContract> = KernelRole | Listed<C, 'roles'>
/** Who a task of the process may be for: by a role of the kernel or one of its own. */
export type AddresseeOf<C extends ProcessContract> = Addressee<RoleOf<C>>
export type StageOf<C extends ProcessContract> = Listed<C, 'stages'>
export type EndOf<C extends ProcessContract> = Listed<C, 'ends'>
export type TermOf<C extends ProcessContract> = Listed<C, 'terms'>
export type RuleOf<C extends ProcessContract> = keyof C['rules'] & string
export type FlagOf<C extends ProcessContract> = Listed<C, 'flags'>
export type ClockOf<C extends ProcessContract> = Listed<C, 'clocks'>
export type AwaitOf<C extends ProcessContract> = Listed<C, 'awaits'>
export type RemarkOf<C extends ProcessContract> = Listed<C, 'remarks'>
export type PartyOf<C extends ProcessContract> = Listed<C, 'parties'>
export type PauseOf<C extends ProcessContract> = Listed<C, 'pauses'> | 'revision'
export type EffectOf<C extends ProcessContract> = Listed<C, 'effects'> | KernelEffect
export type ReasonOf<C extends ProcessContract> = Listed<C, 'reasons'> | KernelReason
export type ErrorOf<C extends ProcessContract> = Listed<C, 'errors'> | FieldError
export type OpensOf<C extends ProcessContract> = C extends { readonly opens: infer Opens }
  ? keyof Opens & string
  : never
export type RegisterOf<C extends ProcessContract> = C extends { readonly registers: infer Registers }
  ? keyof Registers & string
  : never
export type GroundOf<C extends ProcessContract> = C extends { readonly suspends: infer Grounds }
  ? keyof Grounds & string
  : never
export type TaskOf<C extends ProcessContract> = keyof C['tasks'] & string
export type ActOf<C extends ProcessContract> = keyof C['acts'] & string
export type DocumentOf<C extends ProcessContract> = keyof C['documents'] & string

/** Documents that are decisions of their own. */
export type DecisionOf<C extends ProcessContract> = C extends { readonly decisions: infer Decisions }
  ? Exclude<keyof Decisions & string, Having<Decisions, { readonly amends: string }>>
  : never
/** Documents that amend a decision. */
export type AmendmentOf<C extends ProcessContract> = C extends { readonly decisions: infer Decisions }
  ? Having<Decisions, { readonly amends: string }>
  : never

/** Those kinds of task, or acts, whose declaration has such a property. */
type Having<Kinds, Property> = { [K in keyof Kinds]: Kinds[K] extends Property ? K : never }[keyof Kinds] & string
/** Kinds of task that may be answered by returning an earlier one for revision. */
export type ReturningOf<C extends ProcessContract> = Having<C['tasks'], { readonly returns: true }>
/** Kinds of task whose term the contract gives. */
export type TimedOf<C extends ProcessContract> = Having<C['tasks'], { readonly within: string }>
/** Kinds of task that a commission answers. */
export type CommissionOf<C extends ProcessContract> = Having<C['tasks'], { readonly commission: object }>
/** Acts that end the part of the story that is under way. */
export type TurnOf<C extends ProcessContract> = Having<C['acts'], { readonly turn: true }>

interface DocumentFactTypes {
  readonly date: IsoDate
  readonly person: PersonId
  readonly people: readonly PersonId[]
  readonly number: number
  /** the id of a document, also of another case: it is named by its kind, number, date and body */
  readonly document: string
  readonly any: Fact
}
type FactOf<Kind> = Kind extends keyof DocumentFactTypes
  ? DocumentFactTypes[Kind]
  : Kind extends readonly (infer Code)[]
    ? Code
    : never
/** The facts that a story gives with the order of a document. */
export type DocumentFactsOf<C extends ProcessContract, D extends DocumentOf<C>> = {
  readonly [F in keyof C['documents'][D]]: FactOf<C['documents'][D][F]>
}

// ------------------------------------------------------------------ what a contract is held against

/** `T`, with every property that `Known` has not made impossible: a misspelt one does not compile. */
type Only<T, Known> = { readonly [K in Exclude<keyof T, keyof Known>]: never }

type CheckedTask<C extends ProcessContract, T> = Only<T, TaskKind> & {
  readonly within?: TermOf<C>
  readonly shows?: readonly (TaskOf<C> | 'start')[]
  readonly documents?: readonly DocumentOf<C>[]
  readonly clocks?: readonly ClockOf<C>[]
  readonly commission?: {
    readonly withoutQuorum: { readonly extendBy: TermOf<C> } | 'alternates' | 'fail'
    readonly casting?: TaskOf<C>
  }
}
/** Rows that the table of who sees what has to have. */
type RowOf<C extends ProcessContract> = RoleOf<C> | PartyOf<C> | SeenAs
type CheckedSights<C extends ProcessContract> = Sights<StageOf<C>, Piece<TaskOf<C> | ActOf<C> | 'start', DocumentOf<C>>>
type CheckedOpens<T> = { readonly [N in keyof T]: Only<T[N], OpenedKind> }
type CheckedRegisters<C extends ProcessContract, T> = {
  readonly [N in keyof T]: Only<T[N], RegisterKind> & {
    readonly readBy: 'everybody' | readonly RoleOf<C>[]
    readonly keptBy: readonly RoleOf<C>[]
  }
}
type CheckedSuspension<C extends ProcessContract, S> = Only<S, SuspensionKind> & {
  readonly of: SuspendedPart<ClockOf<C>, TaskOf<C>>
  readonly by: readonly RoleOf<C>[]
  readonly rule: RuleOf<C>
  readonly goesOn?: readonly (TaskOf<C> | ActOf<C>)[]
}
type CheckedAct<C extends ProcessContract, A> = Only<A, ActKind> & {
  readonly by?: readonly (RoleOf<C> | 'subject')[]
  readonly during?: readonly StageOf<C>[]
  readonly amends?: AmendmentOf<C>
} & (A extends { readonly withdraws: string }
    ? { readonly withdraws: DecisionOf<C>; readonly turn: true }
    : { readonly withdraws?: never })
type CheckedDecision<C extends ProcessContract, D> = Only<D, DecisionKind> &
  (D extends { readonly amends: string }
    ? { readonly amends: DecisionOf<C>; readonly appealAnew?: RuleOf<C>; readonly appeal?: never }
    : { readonly appeal?: TermOf<C>; readonly appealAnew?: never })

/** A row that gives something at every stage: whoever finds the page of a task finds its case. */
type Lasting<S> = S extends Sights ? ([Extract<S[number], string>] extends [never] ? never : S) : unknown

/**
 * Every name in a contract is one that it declares; ends, stages, tasks and acts are not the kernel's, nor ends and stages each other's. Where a value is not of
 * its type, the compiler takes `ProcessContract` for `C`: nothing is asked then, so that it complains of that value alone.
 */
export type Checked<C extends ProcessContract> = ProcessContract extends C ? unknown : CheckedNames<C>
type CheckedNames<C extends ProcessContract> = Only<C, ProcessContract> & {
  readonly roles?: readonly Exclude<
    Listed<C, 'roles'>,
    KernelRole | 'self' | OtherStarter | SeenAs | typeof MEMBER | PartyOf<C>
  >[]
  readonly parties?: readonly Exclude<PartyOf<C>, KernelRole | SeenAs | typeof MEMBER>[]
  readonly sees: { readonly [R in RowOf<C>]: CheckedSights<C> } & { readonly holder: Lasting<C['sees']['holder']> } & {
    readonly [R in Exclude<keyof C['sees'], RowOf<C>>]: R extends LinkedRow | typeof MEMBER ? CheckedSights<C> : never
  }
  readonly startedBy: readonly (RoleOf<C> | OtherStarter)[]
  readonly stages: readonly Exclude<StageOf<C>, KernelEnd | EndOf<C> | 'start'>[]
  readonly ends: readonly Exclude<EndOf<C>, KernelEnd>[]
  readonly moves: { readonly [S in StageOf<C> | 'start']: readonly (StageOf<C> | EndOf<C>)[] } & {
    readonly [S in Exclude<keyof C['moves'], StageOf<C> | 'start'>]: never
  }
  readonly tasks: {
    readonly [K in keyof C['tasks']]: K extends KernelTask | 'start' ? never : CheckedTask<C, C['tasks'][K]>
  }
  readonly acts: {
    readonly [A in keyof C['acts']]: A extends KernelAct | 'start' | 'add' ? never : CheckedAct<C, C['acts'][A]>
  }
  readonly intervals?: readonly TermOf<C>[]
  readonly flags?: readonly Exclude<FlagOf<C>, RuleOf<C>>[]
  readonly whenPostEnds?: { readonly [N in Exclude<keyof C['whenPostEnds'], PartyOf<C>>]: never }
  readonly opens?: CheckedOpens<C['opens']>
  readonly registers?: CheckedRegisters<C, C['registers']>
  readonly handsOver?: false | { readonly by: readonly RoleOf<C>[] }
  readonly handledBy?: readonly RoleOf<C>[]
  readonly suspends?: { readonly [G in keyof C['suspends']]: CheckedSuspension<C, C['suspends'][G]> }
  readonly papers?: {
    readonly [D in keyof C['papers']]: D extends DocumentOf<C> ? Only<C['papers'][D], PaperKind> : never
  }
  readonly decisions?: {
    readonly [D in keyof C['decisions']]: D extends DocumentOf<C> ? CheckedDecision<C, C['decisions'][D]> : never
  }
  readonly appeals?: { readonly again: readonly EndOf<C>[] }
  readonly decidedBy?: { readonly [D in DocumentOf<C>]: readonly (TaskOf<C> | ActOf<C>)[] } & {
    readonly [D in Exclude<keyof C['decidedBy'], DocumentOf<C>>]: never
  }
}

/** The contract of a process. A name in it that it does not declare, or an end that is the kernel's, does not compile. */
export const defineContract = <const C extends ProcessContract>(contract: C & Checked<C>): C => contract
