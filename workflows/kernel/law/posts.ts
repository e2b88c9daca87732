/** Whether a post that a form names is the one that the register gives the person. Pure. */
import type { FieldError, BodyKey, IsoDate, PositionRecord } from '../contract'

/** What a form says of a post: the position and the first day in it. */
interface PostSaid {
  readonly body: BodyKey
  readonly from: IsoDate
}

/** Why the post is not theirs, by the field of the form that is wrong; null when it is. */
export function postErrors(
  record: PositionRecord | undefined,
  { body, from }: PostSaid,
): Readonly<Record<string, FieldError>> | null {
  if (!record || record.posts.length === 0) return { position: 'notTheirPost' }
  if (record.body !== body) return { position: 'positionOfOtherBody' }

  return record.posts.some((post) => post.from === from) ? null : { from: 'notFirstDay' }
}
