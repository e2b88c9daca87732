/** Which decision of a case stands, and which of its acts would change one. */
import type { ActKind, ProcessContract } from '../contract'

interface Taken {
  readonly kind: string
  readonly withdrawn?: unknown
}

/** The last decision of a kind that was not withdrawn. */
export const standingDecision = <D extends Taken>(decisions: readonly D[], kind: string | undefined): D | undefined =>
  decisions.findLast((decision) => decision.kind === kind && !decision.withdrawn)

/** Whether an act would amend or withdraw a decision, and none of that kind stands. */
export function lacksDecision(
  { amends, withdraws }: ActKind,
  contract: ProcessContract,
  decisions: readonly Taken[],
): boolean {
  const kind = withdraws ?? (amends === undefined ? undefined : contract.decisions?.[amends]?.amends)

  return kind !== undefined && !standingDecision(decisions, kind)
}
