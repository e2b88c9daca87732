/** What a client sent, told apart from every other thing he might have sent under the same key. */
import { randomUUID } from 'node:crypto'
import { canonical, sha256 } from '../../prisma/store/canonical'
import type { Actor, PersonId } from '../../workflows/kernel/contract'

export interface Sending {
  readonly principal: PersonId
  readonly key: string
  readonly digest: string
}

/** The key and digest of a request; a request without a key gets one that nobody else has. */
export const sendingOf = (actor: Actor, key: string | null, address: string, body: unknown): Sending => ({
  principal: actor.person,
  key: key ?? `generated:${randomUUID()}`,
  digest: sha256(canonical({ address, body })),
})
