/** Keeps the history of every closed case: Temporal forgets it after its retention, courts do not. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils'
import type { Logger } from 'pino'
import { archiveHistory, casesToArchive } from '../prisma/store/archive'
import type { Db } from '../prisma/store/db'
import type { CaseId } from '../workflows/kernel/contract'

const EVERY_MS = 2000
const AT_ONCE = 20

interface Parts {
  readonly db: Db
  readonly client: Client
  readonly log: Logger
}

/** Archives one closed case; false while its workflow is still finishing. */
export async function archive({ db, client }: Parts, caseId: CaseId): Promise<boolean> {
  const handle = client.workflow.getHandle(caseId)
  const { status, runId } = await handle.describe()
  if (status.name === 'RUNNING') return false
  const history = await handle.fetchHistory()
  const json = Buffer.from(historyToJSON(history))
  const packed = await promisify(gzip)(json)
  const digest = createHash('sha256').update(json).digest('hex')
  await archiveHistory(db, {
    caseId,
    runId,
    history: new Uint8Array(packed),
    digest,
    events: history.events?.length ?? 0,
  })

  return true
}

/** Archives closed cases as they come, until stopped. */
export function keepArchiving(parts: Parts): { stop(): Promise<void> } {
  let stopped = false
  // histories that Temporal does not have: no reason to keep the others waiting
  const lost = new Set<CaseId>()
  let wake = (): void => undefined
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, EVERY_MS)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = (async () => {
    while (!stopped) {
      try {
        for (const caseId of await casesToArchive(parts.db, AT_ONCE, [...lost])) {
          try {
            await archive(parts, caseId)
          } catch (error) {
            if (!(error instanceof WorkflowNotFoundError)) throw error
            lost.add(caseId)
            parts.log.error({ case: caseId }, 'Temporal has no history of a closed case')
          }
        }
      } catch (error) {
        parts.log.warn({ error: String(error) }, 'archiving waits')
      }
      if (!stopped) await pause()
    }
  })()

  return {
    stop: async () => {
      stopped = true
      wake()
      await running
    },
  }
}
