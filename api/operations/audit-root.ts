/**
 * Takes the daily root over all audit trails (prisma/store/audit-roots.ts) and tells it to the log, which is kept by whoever operates
 * the product and not by the database. A day on which nobody could take it is caught up by the next round: its root covers all.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { takeRoot, type AuditRoot, type RootTaken } from '../../prisma/store/audit-roots'
import type { IsoDate } from '../../workflows/kernel/contract'
import type { Service } from '../service/service'
import { today } from '../service/today'

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

export interface AuditRoots {
  /** Ends after the round under way. */
  readonly stop: () => Promise<void>
}

/** Starts the loop; it survives whatever fails in a round. */
export function startAuditRoots(service: Parts): AuditRoots {
  const stopping = new AbortController()
  let looked: IsoDate | null = null
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const day = today(service.now())
      try {
        if (looked !== day && (await takeAuditRoot(service)) !== 'busy') looked = day
      } catch (error) {
        service.log.warn({ err: error }, 'the root over all audit trails could not be taken in this round')
      }
      await sleep(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = loop()

  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
