/**
 * How long a case may grow. Temporal takes 2,000 Updates of a run and 51,200 events of a history, and a story cannot go on as a new
 * run: what grows so far was meant to be split into cases.
 */
import type { MessageLimits } from '../contract'
import type { MessageKind } from '../protocol/messages'

/** Events of a history, far below the limit, at which somebody should plan to split such cases. */
export const LONG_HISTORY = 2_000

/** Messages taken by a case, and what then; 1,995 were counted before Temporal refused. */
export const MESSAGE_LIMITS: MessageLimits = { noted: 1_500, peopleOnly: 1_800, last: 1_995 }

/** Messages that no person sends. */
const IMPERSONAL: readonly MessageKind[] = [
  'recompute',
  'eligible',
  'partyLeft',
  'successorCame',
  'reply',
  'caseEnded',
  'listEnded',
]

/** Whether a person sent it; a start and an act may be another case's. */
const isFromPerson = (kind: MessageKind, message: object): boolean =>
  !IMPERSONAL.includes(kind) &&
  'actor' in message &&
  typeof message.actor === 'object' &&
  message.actor !== null &&
  'person' in message.actor

/** Whether a case that has taken so many messages takes no more like this one. */
export const isFull = (
  kind: MessageKind,
  message: object,
  taken: number,
  { peopleOnly, last }: MessageLimits,
): boolean => taken >= (isFromPerson(kind, message) ? last : peopleOnly)
