/**
 * Whom a case is kept from: two lists, asked by what people do (`policy.ts`) and by what they see (`sight.ts`). The same in SQL is
 * `prisma/store/kept.ts`, and a property test holds the two together.
 */
import type { ActKind, FieldError, KernelAct, PersonId, ProcessContract } from '../contract'

export interface Keeps {
  /** those who do nothing in it, and see nothing of it but as the person whom it is about */
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

/**
 * Acts of the kernel by which HR or the head of its body, or whom its contract names, restrict a case, say who is named in it, and lift that again. Once it is
 * restricted only those of them do it whom it names.
 */
const ACCESS_ACTS = ['restrict', 'grant', 'revokeAccess', 'lift'] as const satisfies readonly KernelAct[]
export type AccessAct = (typeof ACCESS_ACTS)[number]
export const isAccessAct = (act: string): act is AccessAct => ACCESS_ACTS.some((each) => each === act)
export const accessKind = ({ handledBy = ['hr', 'head'] }: Pick<ProcessContract, 'handledBy'>): ActKind => ({
  by: handledBy,
})
export const accessKinds = (contract: Pick<ProcessContract, 'handledBy'>): Readonly<Record<AccessAct, ActKind>> => {
  const kind = accessKind(contract)

  return { restrict: kind, grant: kind, revokeAccess: kind, lift: kind }
}

/** Is there something on the case that the act would change? */
export const changesAccess = (act: AccessAct, { restrictedTo }: Pick<Keeps, 'restrictedTo'>): boolean =>
  (restrictedTo === null) === (act === 'restrict')

/** Why access is not given to, or taken from, this person. */
export function whyNoAccessChange(
  act: AccessAct,
  person: string,
  { keptFrom, restrictedTo }: Keeps,
  by?: PersonId,
): FieldError | null {
  const isNamed = restrictedTo?.some((each) => each === person) === true
  if (act === 'grant') return keptFrom.some((each) => each === person) ? 'excluded' : isNamed ? 'hasAccess' : null
  if (act === 'revokeAccess') return !isNamed ? 'noAccess' : person === by ? 'yourself' : null

  return null
}
