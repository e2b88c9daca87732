/** Who sends a message or stands behind an entry of the file: a person in a capacity, another case, or neither. */
import type { CaseSender } from './links'
import type { Actor, CaseId, ContentRef, PersonId } from './values'

/** People who start a case and are not named by it: nobody knows who it is, or one content row does. */
export const UNNAMED = ['anonymous', 'confidential'] as const
export type Unnamed = (typeof UNNAMED)[number]
/**
 * How the Idempotency-Key of a start without a name begins, and no other: one that was sent under a name as well would let whoever has the
 * database join the two.
 */
export const UNNAMED_KEY = 'unnamed-'
export const isUnnamed = (by: string): by is Unnamed => UNNAMED.some((each) => each === by)

/** Senders that are neither a person nor a case. Of a confidential one a content row knows who it is, and the file does not. */
export const IMPERSONAL = ['system', 'clock', ...UNNAMED] as const
export type Impersonal = (typeof IMPERSONAL)[number]

interface ImpersonalSender {
  readonly person?: never
  readonly case?: never
}
/** Who sends a message. A person comes with his grants, because a validator cannot ask the register. */
export type Sender =
  | Actor
  | CaseSender
  | (ImpersonalSender & { readonly by: Exclude<Impersonal, 'confidential'> })
  | (ImpersonalSender & { readonly by: 'confidential'; readonly content: ContentRef })

/** Who stands behind an entry of the file where it is no person. */
export type By = { readonly case: CaseId } | Impersonal

/** Whom an entry of the file names for a sender. */
export const authorOf = (
  sender: Sender,
): { readonly actor: PersonId; readonly by?: never } | { readonly actor?: never; readonly by: By } => {
  if (sender.person !== undefined) return { actor: sender.person }

  return { by: sender.case === undefined ? sender.by : { case: sender.case } }
}

export const personOf = (sender: Sender): PersonId | null => authorOf(sender).actor ?? null
