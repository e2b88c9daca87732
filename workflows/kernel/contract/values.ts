/**
 * The values that everything shares: dates, ids, roles, terms, rules, due dates, reasons. Plain data: no library, no clock, no
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
export type EffectId = Branded<string, 'EffectId'>
export type FileId = Branded<string, 'FileId'>

export const LOCALES = ['kk', 'ru', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** How sure we are of a figure or a rule; B, U and D are configurable and shown as unverified. */
export type Confidence = 'S' | 'L' | 'O' | 'N' | 'B' | 'U' | 'D'
export const isUnverified = (confidence: Confidence): boolean =>
  confidence === 'B' || confidence === 'U' || confidence === 'D'

/** Roles that a person holds in a state body between two dates, whatever processes there are. */
export const ROLES = ['hr', 'head', 'agency', 'records', 'developer', 'administrator'] as const
export type KernelRole = (typeof ROLES)[number]
/** A role in a state body: one of the kernel's, or one that a process declares (`roles` of its contract). */
export type Role = KernelRole | (string & Record<never, never>)

/** In which capacity a person acts: by a role, or for himself. */
export type Capacity = Role | 'self'

/**
 * Who a task is for: whoever holds a role in a body, or one named person. `servesIn`: he is named because he serves in that body,
 * and may act only while he has a post there; without it he stays the addressee wherever he goes.
 */
export type Addressee<Held extends Role = KernelRole> =
  | { readonly role: Held; readonly body: BodyKey }
  | { readonly role?: never; readonly person: PersonId; readonly servesIn?: BodyKey }

/** Who is asked instead of an addressee of whom nobody may do the task; null: nobody anywhere may. */
export interface StandIn {
  readonly for: Addressee<Role>
  readonly by: Addressee<Role> | null
}

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

/**
 * A length of time that a form gave, and which field of it: the answer to a kind of task, or the form of an act. No row of the law
 * stands behind it; its range is the form's to keep.
 */
export interface GivenTerm {
  readonly value: number
  readonly unit: TermUnit
  readonly given: { readonly field: string } & (
    { readonly task: string; readonly act?: never } | { readonly act: string; readonly task?: never }
  )
}
/** What a date may be counted by. */
export type Length = TermRow | GivenTerm

/** One rule of a regime that is not a length of time. */
export interface RuleRow {
  readonly id: string
  readonly key: string
  readonly value: boolean | number | string
  readonly confidence: Confidence
  readonly source: string
  /** of a flag that is on: by which act, and from which day */
  readonly inForce?: { readonly act: string; readonly from: IsoDate }
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
export interface Pause<Because extends string = string> {
  readonly from: IsoDate
  readonly to: IsoDate
  /** what paused it: an absence, a question, a suspension */
  readonly because: Because
  /** it still lasts: `to` is the day until which it was counted */
  readonly open?: true
}

/** One step of the reasoning that leads from a start to an end; the words are `kernel.due.<code>`. */
export type DueStep =
  | { readonly code: 'starts'; readonly on: IsoDate }
  | { readonly code: 'adds'; readonly term: TermRow; readonly reaches: IsoDate }
  | { readonly code: 'back'; readonly term: TermRow; readonly reaches: IsoDate }
  | { readonly code: 'given' | 'givenBack'; readonly term: GivenTerm; readonly reaches: IsoDate }
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
export interface Reason<Code extends string = string> {
  readonly code: Code
  readonly params?: Readonly<Record<string, string | number | boolean>>
  /** the rule it follows from */
  readonly source?: string
  readonly confidence?: Confidence
}

/**
 * Which days of a period are off for a body, written as exceptions to its week so that it is short enough to travel
 * into a workflow.
 */
export interface DaysOff {
  readonly profile: WeekProfile
  /** first and last date of which it speaks */
  readonly from: IsoDate
  readonly to: IsoDate
  /** days off that are not a weekend */
  readonly off: readonly IsoDate[]
  /** weekend days that are worked */
  readonly working: readonly IsoDate[]
  /** days that count for no term of the case, because it is suspended, or the term; they are worked or off as ever. Absent: none */
  readonly stopped?: readonly Pause[]
}

/** JSON that may enter history: ids, codes, dates, numbers. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [key: string]: Fact | undefined }

/** Roles held by the actor on the day, as the API resolved them; the workflow cannot see the register while it validates. */
export interface Grant {
  readonly role: Role
  readonly body: BodyKey
}

export interface Actor {
  readonly person: PersonId
  readonly grants: readonly Grant[]
  /** bodies in which he has a post on the day; absent in messages of releases that did not ask */
  readonly posts?: readonly BodyKey[]
  /** in whose place, under an order of substitution */
  readonly onBehalfOf?: PersonId
}

/**
 * What the register says of a person named in a form, as the API resolved it: rules need it, and a validator cannot ask. A process
 * adds what its own rules need (`ProcessTypes.people`).
 */
export interface PersonRecord {
  /** body of the post held on the day, or null */
  readonly body: BodyKey | null
  /** whole months of service */
  readonly serviceMonths: number
}
/** What the rules of a form know of another case that it names: no more than whoever fills it in sees. */
export interface NamedCase {
  readonly process: string
  /** whom it is about; null: nobody, or he does not see whom */
  readonly subject: PersonId | null
  readonly open: boolean
  /** it was neither annulled nor ended by the kernel */
  readonly stands: boolean
  /** those whose documents he sees, in the order in which they were taken */
  readonly decisions: readonly NamedDecision[]
}
interface NamedDecision {
  readonly document: string
  readonly kind: string
  readonly effectiveFrom: IsoDate
  readonly deliveredOn: IsoDate | null
  readonly appealBy: Due | null
}
export type NamedCases = Readonly<Partial<Record<CaseId, NamedCase>>>

/** As a message carries them: with what their process adds. */
export type People = Readonly<Record<string, PersonRecord & Readonly<Record<string, Fact>>>>

/** What the register says of a position named in a form, as the API resolved it. */
export interface PositionRecord {
  readonly body: BodyKey
  /** posts of the subject of the case in this position, past, present and to come: first and last day of each */
  readonly posts: readonly { readonly from: IsoDate; readonly to: IsoDate | null }[]
}
/** As a message carries them: with the fields that their process adds to the register of positions. */
export type Positions = Readonly<Record<string, PositionRecord & { readonly fields?: Readonly<Record<string, Fact>> }>>

/** A row of personal content, known to history by its id and salted hash only. */
export interface ContentRef {
  readonly id: ContentId
  readonly hash: string
}
