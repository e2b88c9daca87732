/** How cases are linked, and what a linked case is to another. */
import type { Actor, BodyKey, CaseId, ContentRef, Fact, IsoDate, Reason } from './values'

/**
 * Kinds of link. A link goes from the case that made it to another; each of the two is something to the other: `from` says what the
 * maker is to the other, `to` what the other is to the maker.
 */
export const LINK_PARTS = {
  opened: { from: 'opener', to: 'opened' },
  appeals: { from: 'appeal', to: 'appealed' },
  continues: { from: 'successor', to: 'predecessor' },
  replaces: { from: 'replacement', to: 'replaced' },
  annuls: { from: 'annulling', to: 'annulled' },
  about: { from: 'concerning', to: 'concerned' },
} as const
export type LinkKind = keyof typeof LINK_PARTS
/** What a case is to another by a link. */
export type LinkPart = (typeof LINK_PARTS)[LinkKind]['from' | 'to']

/** A case that tells another something. `parts`: what it is to the other, by the links between them when it was told. */
export interface CaseSender {
  readonly case: CaseId
  readonly parts: readonly LinkPart[]
  readonly person?: never
}

export const isCase = (sender: Actor | CaseSender): sender is CaseSender => 'case' in sender

/** A kind of case that a process opens. */
export interface OpenedKind {
  /** name of its process; the version is the current one when it is opened */
  readonly process: string
  /**
   * what becomes of those still open when this case is cancelled or discarded: they are cancelled, or told by this act of their
   * process; absent: nothing
   */
  readonly whenCancelled?: 'cancel' | { readonly tell: string }
}

/** What came of what was sent to another case. */
export type Reply =
  | { readonly result: 'done' | 'started' }
  | {
      readonly result: 'refused'
      readonly reason: Reason
      readonly errors?: Readonly<Record<string, string>>
    }

/** How another case ended: its end, why, on which day of its clock, and the facts that its contract hands out. */
export interface LinkedEnd {
  readonly end: string
  readonly basis: Reason
  readonly on: IsoDate
  readonly facts: Fact
  /** its result was annulled before this case heard of its end */
  readonly annulled?: true
}

/** What a case hands out of its facts when it ends, as its contract says. */
export const handedOut = (
  { handsOut = [] }: { readonly handsOut?: readonly string[] },
  facts: object,
): Readonly<Record<string, Fact>> =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => handsOut.includes(name)))

declare const list: unique symbol
/** Id of the cases that a case opened by a list. */
export type ListId = string & { readonly [list]: true }

/** Items for each of which a case is opened: a field of a content row, such as that of an answer or of the start form. */
export interface ListOfStarts {
  readonly content: ContentRef
  readonly field: string
  /** where they begin if their forms name neither a position, nor a body, nor a case; absent: in the body of this one */
  readonly body?: BodyKey
  /** what the start forms have in common; an item adds the rest */
  readonly form?: Readonly<Record<string, Fact>>
}

/** A case of a list. `end`: absent while it is open. `annulled`: its result is. */
export interface CaseOfList {
  readonly case: CaseId
  readonly end?: string
  readonly annulled?: true
}

/** A list that the store keeps as a content row of the case; history has the reference, and how many items there are. */
export interface KeptList extends Pick<ListOfStarts, 'content' | 'field'> {
  readonly total: number
}

/** How the cases of a list stand. */
export interface EndsOfList {
  readonly total: number
  readonly open: number
  /** those that did not begin */
  readonly refused: number
  /** of those that have ended and whose result stands, how many by each end */
  readonly ends: Readonly<Record<string, number>>
  /** how many have ended and are annulled; absent in histories of the release before */
  readonly annulled?: number
}
