/** In which of several capacities a person acts: he says so, and nobody chooses for him. */
import type { Capacity } from '../../workflows/kernel/contract'
import { capacityOf, type Verdict } from '../../workflows/kernel/law/policy'
import { forbidden, Problem } from '../http/problems'

/** The capacity in which he acts; throws 403 for one that is not his, and 422 when there are several and he has not said. */
export function chosenCapacity(verdict: Extract<Verdict, { may: true }>, said: Capacity | undefined): Capacity {
  const { capacities } = verdict
  const capacity = capacityOf(capacities, said)
  if (capacity !== null) return capacity
  if (said !== undefined) throw forbidden({ code: 'policy.notThisCapacity' })
  throw Problem.for('capacityRequired', { capacities: [...capacities] })
}
