/** Sends again, under the same id, every stored command that has no outcome: after a crash, or when Temporal was away. */
import { setTimeout as sleep } from 'node:timers/promises'
import { takePendingCommands } from '../prisma/store/commands'
import { sendAgain } from './commands'
import type { Service } from './service'

const EVERY_MS = 2000
/** longer than a request waits, so that a command under way is not sent twice for nothing */
const OLDER_THAN_S = 10
const AT_ONCE = 20

export interface Dispatcher {
  /** Ends after the round under way. */
  readonly stop: () => Promise<void>
}

/** Starts the loop; it survives whatever fails in a round. */
export function startDispatcher(service: Service): Dispatcher {
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        const pending = await takePendingCommands(service.db, AT_ONCE, OLDER_THAN_S)
        await Promise.all(pending.map((command) => sendAgain(service, command)))
        // a full round means that more are waiting
        if (pending.length === AT_ONCE) continue
      } catch (error) {
        service.log.warn({ err: error }, 'commands could not be sent again in this round')
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
