/** Work that an API process does again and again in the background. */
import type { Service } from '../service/service'

export interface Rounds {
  /** Ends after the round under way. */
  readonly stop: () => Promise<void>
}

/** Lets whoever sleeps go on before his time; one who is at work looks once more when he is done. */
export interface Waker {
  readonly wake: () => void
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export function wakerOf(): Waker {
  let woken = false
  let go = (): void => undefined

  return {
    wake: () => {
      woken = true
      go()
    },
    sleep: async (ms, signal) => {
      if (!woken && !signal.aborted)
        await new Promise<void>((resolve) => {
          go = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', go)
            resolve()
          }
          const timer = setTimeout(go, ms)
          signal.addEventListener('abort', go)
        })
      woken = false
    },
  }
}

/**
 * Does a round every so many milliseconds, or at once again when it answers `more` or somebody wakes it. Survives whatever fails in a round, which is told
 * to the log as `failure`.
 */
export function startRounds(
  { log }: Pick<Service, 'log'>,
  {
    everyMs,
    failure,
    wakes = wakerOf(),
  }: { readonly everyMs: number; readonly failure: string; readonly wakes?: Waker },
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
      await wakes.sleep(everyMs, stopping.signal)
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
