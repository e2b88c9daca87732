/**
 * Rows of the register by the names of their columns, as its trail keeps them and as a process is told of a change. Dates are
 * calendar dates; `version` grows with each change.
 */
import type { BodyKey, Confidence, Fact, IsoDate, Locale, PersonId, PositionId, RuleRow } from './contract'

type Named = { readonly [L in Locale as `name${Capitalize<L>}`]: string }
type Given = { readonly [L in Locale as `given${Capitalize<L>}`]: string }
type Surnamed = { readonly [L in Locale as `surname${Capitalize<L>}`]: string }
interface Sourced {
  readonly confidence: Confidence
  readonly source: string
}
interface Versioned {
  readonly version: number
}
/** Values of a row by the names of its fields, as a form of its process describes them. */
export type FieldValues = Readonly<Record<string, Fact>>
/** Fields that processes add to a shared register, by process. */
export type AddedFields = Readonly<Record<string, FieldValues>>

/** How a post is held; temporarily: while the holder of the position is away (temporary appointment, Concept section 5.2.2). */
export const POST_KINDS = ['permanent', 'temporary'] as const
export type PostKind = (typeof POST_KINDS)[number]

/** The registers and what a row of each holds. */
export interface RegisterRows {
  readonly regions: Named & {
    readonly key: string
    readonly timezone: string
    readonly kind: string
    readonly createdOn: IsoDate | null
    readonly source: string
  }
  readonly bodies: Named &
    Versioned & {
      readonly key: BodyKey
      readonly kind: string
      readonly parentKey: BodyKey | null
      readonly regionKey: string
      readonly weekProfile: string
      readonly source: string
    }
  readonly units: Named & Versioned & { readonly id: string; readonly bodyKey: BodyKey }
  readonly categories: Sourced & {
    readonly code: string
    readonly group: string
    readonly rank: number | null
    readonly corps: string
    readonly managerial: string
    readonly bodyKind: string
  }
  readonly positions: Named &
    Versioned & {
      readonly id: PositionId
      readonly bodyKey: BodyKey
      readonly unitId: string | null
      readonly categoryCode: string
      readonly headsUnit: boolean
      readonly headsBody: boolean
      readonly elected: boolean
      readonly fields: AddedFields
    }
  readonly people: Surnamed &
    Given &
    Versioned & {
      readonly id: PersonId
      readonly sex: string
      readonly birthDate: IsoDate
      /** where letters to him go */
      readonly email: string | null
      readonly sample: boolean
      readonly fields: AddedFields
    }
  readonly posts: Versioned & {
    readonly id: string
    readonly personId: PersonId
    readonly positionId: PositionId
    readonly from: IsoDate
    /** the last day in it */
    readonly to: IsoDate | null
    readonly endGround: string | null
    readonly kind: PostKind
  }
  readonly roles: Versioned & {
    readonly id: string
    readonly personId: PersonId
    readonly role: string
    readonly bodyKey: BodyKey
    readonly from: IsoDate
    /** the last day of the role */
    readonly to: IsoDate | null
    readonly basis: string
    /** the post by virtue of which it is held; null: without one */
    readonly postId: string | null
  }
  readonly regimes: Named & {
    readonly id: string
    readonly validFrom: IsoDate | null
    readonly validTo: IsoDate | null
    readonly basis: string
    readonly confidence: Confidence
  }
  readonly rules: Sourced &
    Versioned & {
      readonly id: string
      readonly key: string
      readonly regimeId: string
      readonly value: RuleRow['value']
      /** of a flag: by which act it is in force, and from which day */
      readonly act: string | null
      readonly inForceFrom: IsoDate | null
    }
  readonly terms: Named &
    Sourced &
    Versioned & {
      readonly id: string
      readonly key: string
      readonly process: string
      readonly value: number | null
      readonly unit: string
      readonly regimeId: string
      readonly valueMin: number | null
      readonly valueMax: number | null
      readonly validFrom: IsoDate | null
      readonly validTo: IsoDate | null
    }
  readonly holidays: Named &
    Sourced &
    Versioned & {
      readonly id: string
      readonly date: IsoDate
      readonly nameKey: string
      readonly kind: string
      readonly moves: boolean
    }
  readonly swaps: Sourced &
    Versioned & {
      readonly id: string
      readonly date: IsoDate
      readonly kind: string
      readonly appliesTo: string
      readonly reason: string
    }
  readonly 'body-days': Versioned & {
    readonly id: string
    readonly bodyKey: BodyKey
    readonly date: IsoDate
    readonly working: boolean
    readonly reason: string
  }
  /** rows of the registers that processes own */
  readonly own: Versioned & {
    readonly id: string
    /** `<process>-<register>` */
    readonly register: string
    readonly bodyKey: BodyKey
    readonly key: string
    readonly fields: FieldValues
  }
}
export type RegisterName = keyof RegisterRows
/** The registers whose rows may be changed and removed once they are entered. */
export type KeptRegister = {
  [R in RegisterName]: RegisterRows[R] extends Versioned ? R : never
}[RegisterName]

/** A row of the register as it was and as it is: entered when it was nothing before, removed when it is nothing now. */
export type RowChange<R extends RegisterName = RegisterName> = {
  readonly [K in R]: {
    readonly register: K
    readonly id: string
    /** its number in the trail of the register */
    readonly seq: number
    readonly before: RegisterRows[K] | null
    readonly now: RegisterRows[K] | null
  }
}[R]
