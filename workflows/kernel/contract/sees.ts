/**
 * Who sees what of a case, and from when to when: the contract's table `sees`. A person sees the sum of what the rows of the table
 * give him that fit him, and nothing that none of them gives.
 */
import type { LinkPart } from './links'

/**
 * Pieces of a case. `exists`: that there is such a case, with its number; every other piece brings it. `course`: stage, clocks, tasks
 * and acts, without what was answered. `identity`: the name of whom it is about; without it he is called by the number of the case.
 * `answers`: what tasks were answered and acts said, and the facts taken from it; `answer:start`: what it was started with; `pauses`: why its clocks stood still; `documents`:
 * what was issued. `technical`: the workflow history behind it, without what people said. `readers`: who was shown something of it,
 * in what capacity and when. `comments`: what colleagues say of it to one another, and say themselves. `added`: papers, files and notes that
 * were added to it after its end.
 */
export const PIECES = [
  'exists',
  'course',
  'identity',
  'answers',
  'pauses',
  'documents',
  'technical',
  'readers',
  'comments',
  'added',
] as const
export type Piece<Answered extends string = string, Doc extends string = string> =
  (typeof PIECES)[number] | `answer:${Answered}` | `document:${Doc}`

/** Pieces that are seen once a case has reached a stage (or `end`: is closed), or until it has. */
export interface Sometimes<Stage extends string = string, P extends string = Piece> {
  readonly from?: Stage | 'end'
  readonly until?: Stage | 'end'
  readonly sees: readonly P[]
}
export type Sights<Stage extends string = string, P extends string = Piece> = readonly (P | Sometimes<Stage, P>)[]

/**
 * Rows of the table beside roles and parties. `subject`: the person it is about, who sees by this row alone and never by an office of
 * his; `holder`: whoever holds a task of it, or may take one up, as long as that is so.
 */
export const SEEN_AS = ['subject', 'holder'] as const
export type SeenAs = (typeof SEEN_AS)[number]
/**
 * The row, of processes in which commissions sit, for whoever sits in one of the case: from the day he is called, after its end too, and
 * until he leaves his seat.
 */
export const MEMBER = 'member'
/** Whoever has a part in another case that is this to the case, or a task of it in hand: `linked:appeal`. */
export type LinkedRow = `linked:${LinkPart}`

/** The table, by row: a role in the body of the case (`agency`: in the body of the Agency competent for it, or in its central body), a part, `subject`, `holder`, a link. */
export type Sees = Readonly<Record<string, Sights>>

/** The table of one version of a process. */
export interface SeesTable {
  readonly process: string
  readonly version: number
  readonly sees: Sees
}

const ALL = ['course', 'identity', 'answers', 'pauses', 'documents', 'comments', 'added'] as const satisfies Sights
const OPERATED = ['course', 'technical'] as const satisfies Sights

/**
 * The rows of the offices as most processes have them: HR, head and Agency see all, and who looked only those who answer for HR; whoever
 * keeps the records of the body sees what stands in a case once it has ended, without answers and comments, and adds to it; developers and administrators, who operate the product, its course and the workflow history.
 */
export const SEEN_BY_OFFICES = {
  hr: ALL,
  head: [...ALL, 'readers'],
  agency: [...ALL, 'readers'],
  records: [{ from: 'end', sees: ['course', 'identity', 'documents', 'added'] }],
  developer: OPERATED,
  administrator: OPERATED,
} as const satisfies Sees

/** Cases of a version that this release no longer serves, or of a process that it does not know, are seen by offices alone. */
export const UNSERVED: Sees = { ...SEEN_BY_OFFICES, subject: ['exists'], holder: ['exists'], [MEMBER]: ['exists'] }
