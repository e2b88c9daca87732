/**
 * Tells open consoles that rows changed, without saying what is in them, and the dispatcher that a case has sent a command: one
 * listening connection, many streams.
 */
import type { Response } from 'express'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { CHANNEL, COMMANDS_CHANNEL } from '../../prisma/store/notify'

const HEARTBEAT_MS = 15_000
const RECONNECT_MS = 1000

/** A browser needs one for all its tabs, or one for each where it cannot share it. Who gets none asks every half minute. */
export interface StreamLimits {
  readonly perSession: number
  readonly overall: number
}
const LIMITS: StreamLimits = { perSession: 8, overall: 5000 }

export interface Live {
  /** Adds a stream of a session, that lasts until its client leaves or the server drains; false when there are too many. */
  readonly stream: (response: Response, session: string) => boolean
  /** Calls back when a case has sent a command, and when one may have been missed. */
  readonly onCommand: (wake: () => void) => void
  /** Ends every stream and stops listening. */
  readonly close: () => Promise<void>
}

/** Listens on Postgres, again after each loss of the connection; clients are then told to read everything anew. */
export function listen(databaseUrl: string, log: Logger, limits: StreamLimits = LIMITS): Live {
  const streams = new Set<Response>()
  const ofSession = new Map<string, number>()
  const wakes = new Set<() => void>()
  const wakeAll = () => {
    for (const wake of wakes) wake()
  }
  let client: Client | null = null
  let retry: NodeJS.Timeout | null = null
  let closed = false
  const tell = (text: string) => {
    for (const response of streams) response.write(text)
  }
  const beat = setInterval(() => tell(': beat\n\n'), HEARTBEAT_MS)
  beat.unref()

  const again = () => {
    client = null
    if (closed || retry) return
    retry = setTimeout(() => {
      retry = null
      void connect()
    }, RECONNECT_MS)
    retry.unref()
  }
  const connect = async () => {
    const next = new Client({ connectionString: databaseUrl, application_name: 'mansap events', keepAlive: true })
    client = next
    next.on('notification', ({ channel, payload }) => {
      if (channel === COMMANDS_CHANNEL) wakeAll()
      else tell(`data: ${payload ?? '{}'}\n\n`)
    })
    // `error` comes before `end`, or alone; only the first of them starts the wait
    next.once('error', (error) => {
      log.warn({ err: error }, 'the connection that listens for changes is lost')
      if (client === next) again()
      next.end().catch(() => undefined)
    })
    next.once('end', () => {
      if (client === next) again()
    })
    try {
      await next.connect()
      await next.query(`listen ${CHANNEL}; listen ${COMMANDS_CHANNEL}`)
      wakeAll()
      tell('event: refresh\ndata: {}\n\n')
    } catch {
      if (client === next) again()
    }
  }
  void connect()

  return {
    stream: (response, session) => {
      const open = ofSession.get(session) ?? 0
      if (open >= limits.perSession || streams.size >= limits.overall) return false
      ofSession.set(session, open + 1)
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
      })
      response.write('retry: 3000\n\n')
      streams.add(response)
      response.once('close', () => {
        streams.delete(response)
        const left = (ofSession.get(session) ?? 1) - 1
        if (left > 0) ofSession.set(session, left)
        else ofSession.delete(session)
      })

      return true
    },
    onCommand: (wake) => void wakes.add(wake),
    close: async () => {
      closed = true
      clearInterval(beat)
      if (retry) clearTimeout(retry)
      for (const response of streams) response.end()
      streams.clear()
      await client?.end().catch(() => undefined)
    },
  }
}
