/** What must hold of effects once all is settled: each was done once or not at all, and what is held is held for an open case. */
import type { Violation } from './checks'

export interface EffectRows {
  /** of the effect `hold`, in the order in which they were asked for */
  readonly effects: readonly {
    readonly id: string
    readonly caseId: string
    readonly key: string
    readonly state: string
    /** it has no answer */
    readonly unanswered: boolean
  }[]
  readonly holds: readonly { readonly key: string; readonly caseId: string }[]
  /** of the cases that there are */
  readonly open: ReadonlySet<string>
}

export function faultsOfEffects({ effects, holds, open }: EffectRows): Violation[] {
  const found: Violation[] = []
  const standing = new Map<string, number>()
  for (const { id, caseId, key, state, unanswered } of effects) {
    if (unanswered) found.push({ kind: 'no outcome', caseId, what: `effect ${id}` })
    if (state !== 'taken' || !open.has(caseId)) continue
    const times = (standing.get(`${caseId} ${key}`) ?? 0) + 1
    standing.set(`${caseId} ${key}`, times)
  }
  const held = new Set(holds.map(({ caseId, key }) => `${caseId} ${key}`))
  for (const pair of standing.keys()) {
    const [caseId = '', key = ''] = pair.split(' ')
    if (!held.has(pair)) found.push({ kind: 'lost', caseId, what: `it took ${key}, and does not hold it` })
  }
  for (const { caseId, key } of holds) {
    if (!open.has(caseId)) found.push({ kind: 'orphaned', caseId, what: `${key} is held for no open case` })
    else if (!standing.has(`${caseId} ${key}`))
      found.push({ kind: 'effect of what was refused', caseId, what: `it holds ${key}, and no effect of it stands` })
  }

  return found
}
