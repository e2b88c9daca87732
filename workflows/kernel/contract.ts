/**
 * What a process declares about itself, and the few types that everything shares. Plain data: no library, no clock, no
 * environment, so that workflows, the API and the console may all read it.
 */

declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** A calendar date of the body's own time zone, `2026-11-30`. */
export type IsoDate = Branded<string, 'IsoDate'>
/** A moment of real time in UTC, `2026-11-30T06:15:00.000Z`. */
export type Instant = Branded<string, 'Instant'>
export type CaseId = Branded<string, 'CaseId'>
export type TaskId = Branded<string, 'TaskId'>
export type PersonId = Branded<string, 'PersonId'>
export type PositionId = Branded<string, 'PositionId'>
export type BodyKey = Branded<string, 'BodyKey'>
export type ContentId = Branded<string, 'ContentId'>
export type CommandId = Branded<string, 'CommandId'>

export const LOCALES = ['kk', 'ru', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** How sure we are of a figure or a rule; B, U and D are configurable and shown as unverified. */
export type Confidence = 'S' | 'L' | 'O' | 'N' | 'B' | 'U' | 'D'
export const isUnverified = (confidence: Confidence): boolean =>
  confidence === 'B' || confidence === 'U' || confidence === 'D'

/** Roles that a person holds in a state body between two dates. */
export const ROLES = ['hr', 'head', 'agency', 'developer', 'administrator'] as const
export type Role = (typeof ROLES)[number]

/** Who a task is for: whoever holds a role in a body, or one named person. */
export type Addressee =
  { readonly role: Role; readonly body: BodyKey } | { readonly role?: never; readonly person: PersonId }

export const TERM_UNITS = ['working days', 'calendar days', 'months', 'years'] as const
export type TermUnit = (typeof TERM_UNITS)[number]

/** One statutory or configured length of time, as the case took it when it was opened. */
export interface TermRow {
  readonly id: string
  readonly key: string
  readonly value: number
  readonly unit: TermUnit
  readonly confidence: Confidence
  readonly source: string
}

/** One rule of a regime that is not a length of time. */
export interface RuleRow {
  readonly id: string
  readonly key: string
  readonly value: boolean | number | string
  readonly confidence: Confidence
  readonly source: string
}

/** WS-HumanTask states of a task, in the order in which a task usually passes through them. */
export const TASK_STATES = [
  'created',
  'ready',
  'reserved',
  'inProgress',
  'suspended',
  'completing',
  'completed',
  'obsolete',
] as const
export type TaskState = (typeof TASK_STATES)[number]

export const WEEK_PROFILES = ['five-day', 'six-day'] as const
export type WeekProfile = (typeof WEEK_PROFILES)[number]

/** Calendar days between two dates (both inclusive) during which a clock stands still. */
export interface Pause {
  readonly from: IsoDate
  readonly to: IsoDate
  /** what paused it: an absence, a question */
  readonly because: string
}

/** One step of the reasoning that leads from a start to an end; the words are `kernel.due.<code>`. */
export type DueStep =
  | { readonly code: 'starts'; readonly on: IsoDate }
  | { readonly code: 'adds'; readonly term: TermRow; readonly reaches: IsoDate }
  | { readonly code: 'back'; readonly term: TermRow; readonly reaches: IsoDate }
  | { readonly code: 'daysOff'; readonly days: readonly IsoDate[] }
  | { readonly code: 'paused'; readonly pauses: readonly Pause[]; readonly days: number; readonly reaches: IsoDate }
  | { readonly code: 'movedToWorkingDay'; readonly reaches: IsoDate }
  | { readonly code: 'capped'; readonly by: string; readonly reaches: IsoDate }

/** A date and how it was reached. */
export interface Due {
  readonly on: IsoDate
  readonly steps: readonly DueStep[]
}

/** A sentence to be put in words by whoever shows it: `<process>.<code>` with parameters. */
export interface Reason {
  readonly code: string
  readonly params?: Readonly<Record<string, string | number | boolean>>
  /** the rule it follows from */
  readonly source?: string
  readonly confidence?: Confidence
}

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
  /** key of the term within which it is to be done; later it is overdue, but stays open */
  readonly within?: string
  /** kinds whose answers the person needs to see beside the form */
  readonly shows?: readonly string[]
  /** this task may be answered by returning an earlier one for revision, with remarks */
  readonly returns?: boolean
  /** a question may be put to a named person from this task */
  readonly asks?: boolean
  /** who hears of it when it is overdue */
  readonly escalatesTo?: 'hr' | 'head' | 'agency'
  /** answered by the members of a commission */
  readonly commission?: CommissionKind
  /** until the commission opens its answers together, nobody reads them and history knows only that they were given */
  readonly sealed?: boolean
}

/** Tasks that the kernel itself may open in any case. Their forms are in `api/forms.ts`, their words in the kernel's. */
export const KERNEL_TASKS = ['answerQuestion', 'mendUndo', 'reconsider'] as const
export type KernelTask = (typeof KERNEL_TASKS)[number]
export const isKernelTask = (kind: string): kind is KernelTask => (KERNEL_TASKS as readonly string[]).includes(kind)

/** What a person may do to an open case outside a task. Its form is the entry of the same name in `forms.ts`. */
export interface ActKind<Stage extends string = string> {
  /** roles in the case's body, or a part in the case */
  readonly by: readonly (Role | 'subject')[]
  /** stages at which it may be done; absent: at any */
  readonly during?: readonly Stage[]
  /** ends the part of the story that is under way instead of changing facts */
  readonly turn?: boolean
}

export interface ProcessContract {
  readonly name: string
  /** grows when the order of moves changes; an open task keeps the form of its own version */
  readonly version: number
  readonly stages: readonly string[]
  readonly ends: readonly string[]
  /** who may start a case in his body */
  readonly startedBy: readonly Role[]
  readonly tasks: Readonly<Record<string, TaskKind>>
  readonly acts: Readonly<Record<string, ActKind>>
  readonly documents: readonly string[]
  /** keys of the terms a case takes with it */
  readonly terms: readonly string[]
  /** keys of the regime rows a case takes with it */
  readonly rules: readonly string[]
}
