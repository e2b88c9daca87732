/** What a client sent, told apart from every other thing he might have sent under the same key. */
import { randomUUID } from 'node:crypto'
import { canonical, sha256 } from '../../prisma/store/canonical'
import { UNNAMED_KEY, type Actor, type PersonId, type Unnamed } from '../../workflows/kernel/contract'
import { Problem } from './problems'

export interface Sending {
  /** who sent it, unless the case is not to know */
  readonly principal: PersonId | Unnamed
  readonly key: string
  readonly digest: string
}

const digestOf = (address: string, body: unknown): string => sha256(canonical({ address, body }))

/**
 * The key and digest of a request; a request without a key gets one that nobody else has. Throws 400 for a key of a start without a name:
 * it is kept as it is, beside who sent it.
 */
export function sendingOf(actor: Actor, key: string | null, address: string, body: unknown): Sending {
  if (key?.startsWith(UNNAMED_KEY))
    throw Problem.for('malformed', {
      detail: `An Idempotency-Key that begins with ${UNNAMED_KEY} is for a start without your name`,
    })

  return { principal: actor.person, key: key ?? `generated:${randomUUID()}`, digest: digestOf(address, body) }
}

/** Shorter than the 128 bits that a client draws for a key, somebody could try them all. */
const RANDOM_IN_KEY = 32

/**
 * By what a start is known whose sender is not named: a hash of him and his key. The same person with the same key gets the same answer,
 * and the row leads to nobody: the key is stored nowhere, so that whoever has the database, or any secret of the server, cannot try
 * the people of the register one by one.
 */
export const keyOfUnnamed = (person: PersonId, key: string): string => sha256(canonical({ person, key }))

/** The same of a start whose sender is not named. Throws 400 for a key that could be guessed, or be that of something under his name. */
export function sendingUnnamed(by: Unnamed, actor: Actor, key: string | null, address: string, body: unknown): Sending {
  const known = key ?? `${UNNAMED_KEY}${randomUUID()}`
  if (!known.startsWith(UNNAMED_KEY) || known.length < UNNAMED_KEY.length + RANDOM_IN_KEY)
    throw Problem.for('malformed', {
      detail: `A start without your name needs an Idempotency-Key of ${UNNAMED_KEY} and ${String(RANDOM_IN_KEY)} random characters or more, used for nothing else`,
    })

  return { principal: by, key: keyOfUnnamed(actor.person, known), digest: digestOf(address, body) }
}
