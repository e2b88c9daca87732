/** The stages of a case as a line: which it went through and when, where it stands, which it left out, and which may come. */
import type { StageEntry } from '../../prisma/store/case-course'
import type { CaseRow } from '../../prisma/store/cases'
import type { IsoDate, ProcessContract } from '../../workflows/kernel/contract'
import type { StageView } from '../shapes/views'

type Map = Pick<ProcessContract, 'stages' | 'moves'>

/** Every stage that may follow a stage, at once or later. */
function reachedFrom(stage: string, { moves }: Map): ReadonlySet<string> {
  const found = new Set<string>()
  const ahead = [...(moves[stage] ?? [])]
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (found.has(next)) continue
    found.add(next)
    ahead.push(...(moves[next] ?? []))
  }

  return found
}

/** First and last day of each stay; no last day where it stands now. */
function staysOf(
  entries: readonly StageEntry[],
  closedOn: IsoDate | null,
): (StageView['stays'][number] & StageEntry)[] {
  return entries.map((entry, n) => ({ ...entry, from: entry.on, to: entries[n + 1]?.on ?? closedOn }))
}

/**
 * In the order of the contract. A stage that was gone through and comes again, because a part of the case begins anew, counts as ahead:
 * it lies behind the present one in that order, and the map leads there.
 */
export function stagesOf(
  map: Map | null,
  { stage, status, closedOn }: Pick<CaseRow, 'stage' | 'status' | 'closedOn'>,
  entries: readonly StageEntry[],
): StageView[] {
  const { stages, moves } = map ?? { stages: [...new Set(entries.map((entry) => entry.stage))], moves: {} }
  const stays = staysOf(entries, closedOn)
  const isOpen = status === 'open'
  const at = stages.indexOf(stage)
  const ahead = isOpen ? reachedFrom(stage, { stages, moves }) : new Set<string>()

  return stages.map((each, index) => {
    const own = stays.flatMap(({ stage: of, from, to }) => (of === each ? [{ from, to }] : []))
    const comes = ahead.has(each) && (own.length === 0 || index > at)

    return {
      stage: each,
      state: isOpen && each === stage ? 'now' : comes ? 'ahead' : own.length > 0 ? 'done' : 'skipped',
      stays: own,
    }
  })
}
