/** Whether a post that a form names is the one that the register gives the person. Pure. */
import type { FieldError, BodyKey, IsoDate, PositionRecord } from '../contract'

/** What a form says of a post: the position and the first day in it. */
interface PostSaid {
  readonly body: BodyKey
  readonly from: IsoDate
}

/** Why a position is none that the register gives the person in that body; null when it is one. */
export function positionRefusal(record: PositionRecord | undefined, body: BodyKey): FieldError | null {
  if (!record || record.posts.length === 0) return 'notTheirPost'

  return record.body === body ? null : 'positionOfOtherBody'
}

/** Why the post is not theirs, by the field of the form that is wrong; null when it is. */
export function postErrors(
  record: PositionRecord | undefined,
  { body, from }: PostSaid,
): Readonly<Record<string, FieldError>> | null {
  const position = positionRefusal(record, body)
  if (position) return { position }

  return record?.posts.some((post) => post.from === from) ? null : { from: 'notFirstDay' }
}
