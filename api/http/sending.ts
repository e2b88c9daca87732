/** What a client sent, told apart from every other thing he might have sent under the same key. */
import { randomUUID } from 'node:crypto'
import { canonical, sha256 } from '../../prisma/store/canonical'
import type { Actor, PersonId, Unnamed } from '../../workflows/kernel/contract'
import { Problem } from './problems'

export interface Sending {
  /** who sent it, unless the case is not to know */
  readonly principal: PersonId | Unnamed
  readonly key: string
  readonly digest: string
}

/** The key and digest of a request; a request without a key gets one that nobody else has. */
export const sendingOf = (actor: Actor, key: string | null, address: string, body: unknown): Sending => ({
  principal: actor.person,
  key: key ?? `generated:${randomUUID()}`,
  digest: sha256(canonical({ address, body })),
})

/** Shorter than the 128 bits that a client draws for a key, somebody could try them all. */
const KEY_OF_UNNAMED = 32

/**
 * By what a start is known whose sender is not named: a hash of him and his key. The same person with the same key gets the same answer,
 * and the row leads to nobody: the key is stored nowhere, so that whoever has the database, or any secret of the server, cannot try
 * the people of the register one by one.
 */
export const keyOfUnnamed = (person: PersonId, key: string): string => sha256(canonical({ person, key }))

/** The same of a start whose sender is not named. Throws 400 for a key that could be guessed. */
export function sendingUnnamed(by: Unnamed, actor: Actor, key: string | null, address: string, body: unknown): Sending {
  const { digest, ...named } = sendingOf(actor, key, address, body)
  if (named.key.length < KEY_OF_UNNAMED)
    throw Problem.for('malformed', {
      detail: `A start without your name needs an Idempotency-Key of ${String(KEY_OF_UNNAMED)} random characters or more, used for nothing else`,
    })

  return { principal: by, key: keyOfUnnamed(actor.person, named.key), digest }
}
