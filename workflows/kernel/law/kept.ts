/**
 * Whom a case is kept from: two lists, asked by what people do (`policy.ts`) and by what they see (`sight.ts`). The same in SQL is
 * `prisma/store/kept.ts`, and a property test holds the two together.
 */
import type { PersonId } from '../contract'

export interface Keeps {
  /** those who do nothing in it, and see nothing of it but by a part that they have */
  readonly keptFrom: readonly PersonId[]
  /** those for whom an office counts in it; null: for everybody */
  readonly restrictedTo: readonly PersonId[] | null
}

/** Why a case is kept from somebody: he is excluded from it, or it is restricted and does not name him. */
export type WhyKept = 'excluded' | 'notNamed'

export const FROM_NOBODY: Keeps = { keptFrom: [], restrictedTo: null }

/** Why an office of this person counts for nothing in a case; null: it counts. Exclusion beats being named. */
export const whyKept = (person: PersonId, { keptFrom, restrictedTo }: Keeps): WhyKept | null =>
  keptFrom.includes(person) ? 'excluded' : restrictedTo !== null && !restrictedTo.includes(person) ? 'notNamed' : null
