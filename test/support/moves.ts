/** What cases did, held against the moves that their contracts declare: the map of a process must not lie. */
import type { Db } from '../../prisma/store/db'
import { KERNEL_ENDS, type ProcessContract } from '../../workflows/kernel/contract'
import { processes } from '../../workflows/registry'
import { contract as agenda } from '../api/agenda/workflow'
import { contract as inquiry } from '../api/inquiry/workflow'
import { contract as stall } from '../api/stall/workflow'
import { contract as certificate } from '../certificate/contract'
import { contract as example } from '../example/contract'
import { contract as revocation } from '../revocation/contract'
import { contract as errand } from '../workflows/kernel/errand'
import { contract as filing } from '../workflows/kernel/filing'
import { contract as inquest } from '../workflows/kernel/inquest'
import { contract as mishap } from '../workflows/kernel/mishap/mishap'
import { contract as outing } from '../workflows/kernel/outing'
import { contract as panel } from '../workflows/kernel/panel'
import { contract as petition } from '../workflows/kernel/petition'
import { contract as relay } from '../workflows/kernel/relay'
import { v1 as chore, v2 as choreV2 } from '../workflows/versions/processes'

/** Of the product, and of every process that only tests run. */
const CONTRACTS: readonly ProcessContract[] = [
  ...[...processes.all, chore, choreV2].map(({ contract }) => contract),
  ...[
    agenda,
    certificate,
    example,
    errand,
    filing,
    inquest,
    inquiry,
    mishap,
    outing,
    panel,
    petition,
    relay,
    revocation,
    stall,
  ],
]

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
  if (!contract) return [`${process}@${String(version)}: no contract is known to hold it against`]
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

/** What the cases of a database did that their contracts do not declare. */
export async function strayMovesIn(db: Db): Promise<string[]> {
  const cases = await db.case.findMany({ select: { id: true, process: true, version: true } })
  const events = await db.event.findMany({
    where: { kind: { in: ['stageEntered', 'caseClosed'] } },
    orderBy: { seq: 'asc' },
  })
  const stray = cases.flatMap(({ id, process, version }) =>
    strayMoves(
      process,
      version,
      events.filter(({ caseId }) => caseId === id),
    ),
  )

  return [...new Set(stray)]
}

/** Fails the test file whose cases made moves that no contract declares. */
export function refuseMoves(stray: readonly string[]): void {
  if (stray.length > 0) throw new Error(`moves that the contract does not declare:\n${stray.join('\n')}`)
}
