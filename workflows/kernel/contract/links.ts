/** What two cases may be to each other, and a case as the sender of a message. */
import type { CaseId } from './values'

/** Each kind of link with the part that either case has in it: the one from which the link goes, and the one to which it goes. */
export const LINK_PARTS = {
  opened: { from: 'opener', to: 'opened' },
  appeals: { from: 'appeal', to: 'appealed' },
  continues: { from: 'successor', to: 'predecessor' },
  replaces: { from: 'replacement', to: 'replaced' },
  annuls: { from: 'annulling', to: 'annulled' },
  about: { from: 'concerning', to: 'concerned' },
} as const
export type LinkKind = keyof typeof LINK_PARTS
export type LinkPart = (typeof LINK_PARTS)[LinkKind]['from' | 'to']

/** A case that sends to another; `parts`: what it is to that one. */
export interface CaseSender {
  readonly case: CaseId
  readonly parts: readonly LinkPart[]
  readonly person?: never
}
