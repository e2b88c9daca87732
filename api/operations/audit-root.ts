/**
 * Takes the daily root over all audit trails (prisma/store/audit-roots.ts) and tells it to the log, which is kept by whoever operates
 * the product and not by the database. A day on which nobody could take it is caught up by the next round: its root covers all.
 */
import { takeRoot, type AuditRoot, type RootTaken } from '../../prisma/store/audit-roots'
import type { IsoDate } from '../../workflows/kernel/contract'
import type { Service } from '../service/service'
import { today } from '../service/today'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 60_000

type Parts = Pick<Service, 'db' | 'now' | 'log'>

/** Takes the root of today, unless it is taken; of several API processes one does. */
export async function takeAuditRoot({ db, now, log }: Parts): Promise<RootTaken> {
  const tell = (auditRoot: AuditRoot) => log.info({ auditRoot }, 'the root over all audit trails of this day')
  const taken = await takeRoot(db, today(now()), tell)
  if (typeof taken === 'object')
    for (const id of taken.torn)
      log.error({ case: id }, 'an audit trail does not follow from its last root: npm run reconcile says more')

  return taken
}

/** Starts to take the root of each day. */
export function startAuditRoots(service: Parts): Rounds {
  const failure = 'the root over all audit trails could not be taken in this round'
  let looked: IsoDate | null = null

  return startRounds(service, { everyMs: EVERY_MS, failure }, async () => {
    const day = today(service.now())
    if (looked !== day && (await takeAuditRoot(service)) !== 'busy') looked = day

    return 'done'
  })
}
