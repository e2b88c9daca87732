/** Who may look up and keep rows of a register that a process owns. */
import type { OwnRegister } from '../../prisma/store/own-registers'
import { keeperOf, keptIn, readableIn, type Actor, type BodyKey, type Role } from '../../workflows/kernel/contract'
import { forbidden } from '../http/problems'

/** Bodies whose rows the actor reads; null: of all. Throws 403 when there is none. */
export function seenBodies({ grants }: Actor, { kind }: OwnRegister): readonly BodyKey[] | null {
  const bodies = readableIn(grants, kind)
  if (bodies?.length === 0) throw forbidden({ code: 'policy.noRole' })

  return bodies
}

/** The role by which the actor enters and changes rows of a body; throws 403 when he may not. */
export function requireKeeper({ grants }: Actor, { kind }: OwnRegister, body: BodyKey): Role {
  const role = keeperOf(grants, kind, body)
  if (role === null) throw forbidden({ code: 'policy.noRole' })

  return role
}

/** Throws 403 unless the actor enters rows of some body. */
export function requireKeeperAnywhere({ grants }: Actor, { kind }: OwnRegister): void {
  if (keptIn(grants, kind)?.length === 0) throw forbidden({ code: 'policy.noRole' })
}
