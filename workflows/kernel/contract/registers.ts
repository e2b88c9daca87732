/** Registers that a process owns, and the shared registers to which it may add fields. The fields themselves are forms (`forms.ts`). */
import type { BodyKey, Grant, Role } from './values'

/** Shared registers to which a process may add fields: those of whom and what a form names. */
export const EXTENDED_REGISTERS = ['people', 'positions'] as const
export type ExtendedRegister = (typeof EXTENDED_REGISTERS)[number]

/** A register that a process owns. Its rows are the form of the same name in `registers` of its forms. */
export interface RegisterKind {
  /** field that names the body to which a row belongs */
  readonly body: string
  /** fields whose values together no other row has */
  readonly key: readonly string[]
  /** who looks rows up beside those who keep them: whoever is signed in, or roles in the body of the row */
  readonly readBy: 'everybody' | readonly Role[]
  /** who enters and changes rows: roles in the body of the row; an administrator keeps those of every body. None: cases alone do */
  readonly keptBy: readonly Role[]
  /** rows may be removed */
  readonly removable?: true
}

/** The role of a register's keepers that holds for every body. */
const EVERYWHERE: Role = 'administrator'

/** Bodies in which one of these roles is held; null: in all. */
function bodiesOf(grants: readonly Grant[], roles: readonly Role[]): readonly BodyKey[] | null {
  const held = grants.filter(({ role }) => roles.includes(role))

  return held.some(({ role }) => role === EVERYWHERE) ? null : [...new Set(held.map(({ body }) => body))]
}

/** Bodies whose rows whoever holds these roles may look up; null: of all. */
export const readableIn = (grants: readonly Grant[], { readBy, keptBy }: RegisterKind): readonly BodyKey[] | null =>
  readBy === 'everybody' ? null : bodiesOf(grants, [...readBy, ...keptBy])

/** Bodies whose rows he may enter and change; null: of all. */
export const keptIn = (grants: readonly Grant[], { keptBy }: RegisterKind): readonly BodyKey[] | null =>
  bodiesOf(grants, keptBy)

/** The role by which he enters and changes rows of a body; null: he may not. */
export const keeperOf = (grants: readonly Grant[], { keptBy }: RegisterKind, body: BodyKey): Role | null =>
  grants.find(({ role, body: of }) => keptBy.includes(role) && (role === EVERYWHERE || of === body))?.role ?? null
