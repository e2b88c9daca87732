/** What cases did, held against the moves that their contracts declare: the map of a process must not lie. */
import { KERNEL_ENDS, type ProcessContract } from '../../workflows/kernel/contract'
import { processes } from '../../workflows/registry'
import { contract as example } from '../example/contract'

const CONTRACTS: readonly ProcessContract[] = [...processes.all.map(({ contract }) => contract), example]

interface Said {
  readonly kind: string
  readonly params?: unknown
}

const told = (params: unknown, name: string): string => {
  const value =
    typeof params === 'object' && params !== null ? Object.entries(params).find(([key]) => key === name) : null

  return String(value?.[1])
}

/** The moves that the events of one case tell and no contract declares: `example@1: hearing → granted`. */
export function strayMoves(process: string, version: number, events: readonly Said[]): string[] {
  const contract = CONTRACTS.find((each) => each.name === process && each.version === version)
  if (!contract) return []
  const stray: string[] = []
  let at = 'start'
  for (const { kind, params } of events) {
    if (kind !== 'stageEntered' && kind !== 'caseClosed') continue
    const to = told(params, kind === 'stageEntered' ? 'stage' : 'end')
    const isKernels = kind === 'caseClosed' && KERNEL_ENDS.some((end) => end === to) && !contract.ends.includes(to)
    if (!isKernels && !contract.moves[at]?.includes(to)) stray.push(`${process}@${String(version)}: ${at} → ${to}`)
    at = to
  }

  return stray
}
