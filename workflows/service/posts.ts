/** The service record as processes ask it: who serves where, since when, after what. Shared by those whose rules stand on it. */
import type { BodyKey, IsoDate, PersonId, PositionId } from '../kernel/contract'

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
