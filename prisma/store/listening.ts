/** Listens to what the database tells: a connection of its own, made anew after each loss. */
import { Client } from 'pg'

const AGAIN_MS = 1000

export interface Listening {
  readonly databaseUrl: string
  /** by which the connection is known in the database */
  readonly name: string
  /** names of channels, in the code and never of people */
  readonly channels: readonly string[]
  readonly told: (channel: string, message: string) => void
  /** it listens now, for the first time or again: something may have been told meanwhile */
  readonly listens: () => void
  readonly lost?: (error: unknown) => void
}

/** Listens until stopped. */
export function listenTo({ databaseUrl, name, channels, told, listens, lost }: Listening): {
  readonly stop: () => Promise<void>
} {
  let client: Client | null = null
  let retry: NodeJS.Timeout | null = null
  let stopped = false

  const again = () => {
    client = null
    if (stopped || retry) return
    retry = setTimeout(() => {
      retry = null
      void connect()
    }, AGAIN_MS)
    retry.unref()
  }
  const connect = async () => {
    const next = new Client({ connectionString: databaseUrl, application_name: name, keepAlive: true })
    client = next
    next.on('notification', ({ channel, payload }) => told(channel, payload ?? ''))
    // `error` comes before `end`, alone, or again; only the first of them starts the wait
    next.on('error', (error) => {
      if (client !== next) return
      lost?.(error)
      again()
      next.end().catch(() => undefined)
    })
    next.once('end', () => {
      if (client === next) again()
    })
    try {
      await next.connect()
      await next.query(channels.map((channel) => `listen ${channel}`).join('; '))
      listens()
    } catch {
      if (client === next) again()
    }
  }
  void connect()

  return {
    stop: async () => {
      stopped = true
      if (retry) clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}
