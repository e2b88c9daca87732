/** The service record as processes ask it: who serves where, since when, after what. Shared by those whose rules stand on it. */
import type { BodyKey, EffectType, IsoDate, PersonId, PositionId } from '../kernel/contract'
import type { PostKind } from '../kernel/register'

/** On which grounds a post ends. */
export const END_GROUNDS = [
  'transfer',
  'ownWish',
  'evaluation',
  'probation',
  'attestation',
  'negativeGrounds',
  'staffReduction',
] as const
export type EndGround = (typeof END_GROUNDS)[number]

/** What the register says of a person in a position on a date: ids, codes and dates only. */
export interface ServicePost {
  readonly firstEntry: boolean
  readonly corps: 'political' | 'A' | 'B'
  readonly elected: boolean
  /** end of the last post before this one, if any */
  readonly leftOn: IsoDate | null
  readonly leftGround: string | null
  readonly bodyKind: string
  readonly body: BodyKey
  readonly region: string
  /** who heads the unit, or the body, when it is asked: not who did on the date */
  readonly supervisor: PersonId | null
  /** working days that lie between leaving and taking the new post: 0 if taken by the next working day; null at a first entry */
  readonly breakWorkingDays: number | null
  /** first day in this post */
  readonly appointedOn: IsoDate
}

/** Questions to the service record. */
export interface ServiceQuestions {
  /** null when the person does not hold the position on that date */
  servicePost(question: {
    readonly person: PersonId
    readonly position: PositionId
    readonly on: IsoDate
  }): Promise<ServicePost | null>
}

/** What was done to posts: its rows in the trail of the register, and the posts that people hold or held by it. */
export interface DoneToPosts {
  readonly changes: readonly number[]
  readonly posts: readonly string[]
}

/** A post by its id, or the one that a person holds in a position on the day. */
export type WhichPost = { readonly post: string } | { readonly person: PersonId; readonly position: PositionId }

/** The document under which it is done. */
interface Under {
  readonly document?: { readonly id: string; readonly number: string }
}

/**
 * What cases do to posts. Where the register does not allow it, it is refused with a reason of the kernel (`register.positionHeld` and
 * others). A post that a case makes has the id of the effect; of an exchange, the first of the two.
 */
export interface PostEffects {
  /** `to`: the last day, when it is known */
  readonly appoint: EffectType<
    Under & {
      readonly person: PersonId
      readonly position: PositionId
      readonly from: IsoDate
      readonly to?: IsoDate | null
      readonly kind?: PostKind
    },
    DoneToPosts
  >
  /** ends it, and the roles that hang on it; `on`: the last day of all */
  readonly endPost: EffectType<Under & WhichPost & { readonly on: IsoDate; readonly ground: EndGround }, DoneToPosts>
  /** gives a post that was ended back, with the roles that ended with it */
  readonly reinstate: EffectType<Under & { readonly post: string }, DoneToPosts>
  /** two people change places from a day on */
  readonly exchangePosts: EffectType<
    Under & { readonly posts: readonly [string, string]; readonly on: IsoDate },
    DoneToPosts
  >
}
