/** Work that an API process does again and again in the background. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Service } from '../service/service'

export interface Rounds {
  /** Ends after the round under way. */
  readonly stop: () => Promise<void>
}

/**
 * Does a round every so many milliseconds, or at once again when it answers `more`. Survives whatever fails in a round, which is told
 * to the log as `failure`.
 */
export function startRounds(
  { log }: Pick<Service, 'log'>,
  { everyMs, failure }: { readonly everyMs: number; readonly failure: string },
  round: () => Promise<'more' | 'done'>,
): Rounds {
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        if ((await round()) === 'more') continue
      } catch (error) {
        log.warn({ err: error }, failure)
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
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
