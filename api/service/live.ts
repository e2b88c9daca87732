/**
 * Tells open consoles which rows changed, each person only what he finds, without saying what is in them; and the dispatcher that a case
 * has sent a command: one listening connection, many streams.
 */
import type { Response } from 'express'
import type { Logger } from 'pino'
import { listenTo } from '../../prisma/store/listening'
import { CHANNEL, COMMANDS_CHANNEL, heard, type Change } from '../../prisma/store/notify'
import type { Viewer } from '../../workflows/kernel/law/sight'

const HEARTBEAT_MS = 15_000
/** A role that ended is heard with so long. */
const LOOK_AGAIN_MS = 60_000

/** A browser needs one for all its tabs, or one for each where it cannot share it. Who gets none asks every half minute. */
export interface StreamLimits {
  readonly perSession: number
  readonly overall: number
  /** how often sessions and roles of those who listen are read anew */
  readonly lookAgainMs: number
}
const LIMITS: StreamLimits = { perSession: 8, overall: 5000, lookAgainMs: LOOK_AGAIN_MS }

export interface Live {
  /**
   * Adds a stream of a session, that lasts until its client leaves, its session ends or the server drains; false when there are too many.
   */
  readonly stream: (response: Response, session: string, viewer: Viewer) => boolean
  /** Calls back when a case has sent a command, and when one may have been missed. */
  readonly onCommand: (wake: () => void) => void
  /** Ends every stream and stops listening. */
  readonly close: () => Promise<void>
}

/** Who listens, and what each of them hears. */
export interface Audience {
  /** Whoever is signed in by these sessions, with the roles of today; of a session that has ended there is nobody. */
  readonly viewers: (sessions: readonly string[]) => Promise<ReadonlyMap<string, Viewer>>
  /** Looks these changes up once; what it answers says for any viewer which of them he hears. */
  readonly hears: (changed: {
    readonly cases: readonly string[]
    readonly tasks: readonly string[]
    readonly notices: readonly string[]
  }) => Promise<(viewer: Viewer) => readonly Change[]>
}

interface Stream {
  readonly response: Response
  readonly session: string
  viewer: Viewer
}

const REFRESH = 'event: refresh\ndata: {}\n\n'

/** Listens on Postgres, again after each loss of the connection; clients are then told to read everything anew. */
export function listen(
  databaseUrl: string,
  log: Logger,
  audience: Audience,
  options: Partial<StreamLimits> = {},
): Live {
  const limits = { ...LIMITS, ...options }
  const streams = new Set<Stream>()
  const wakes = new Set<() => void>()
  const wakeAll = () => {
    for (const wake of wakes) wake()
  }
  const tell = (text: string) => {
    for (const { response } of streams) response.write(text)
  }
  const end = (stream: Stream) => {
    streams.delete(stream)
    stream.response.end()
  }
  const beat = setInterval(() => tell(': beat\n\n'), HEARTBEAT_MS)
  beat.unref()

  // changes that come while others are looked up are looked up together
  const changed = { cases: new Set<string>(), tasks: new Set<string>(), notices: new Set<string>() }
  let telling: Promise<void> | null = null
  const tellChanges = async () => {
    while (changed.cases.size + changed.tasks.size + changed.notices.size > 0) {
      const asked = { cases: [...changed.cases], tasks: [...changed.tasks], notices: [...changed.notices] }
      changed.cases.clear()
      changed.tasks.clear()
      changed.notices.clear()
      if (streams.size === 0) continue
      try {
        const hears = await audience.hears(asked)
        for (const { response, viewer } of streams)
          for (const { topic, ids } of hears(viewer))
            if (ids.length > 0) response.write(`data: ${JSON.stringify({ topic, ids })}\n\n`)
      } catch (error) {
        log.warn({ err: error }, 'what changed cannot be looked up; everybody is told to read anew')
        tell(REFRESH)
      }
    }
  }

  /** Ends the streams whose session has ended, and gives the others the roles of now. */
  const lookAgain = async (among: (stream: Stream) => boolean) => {
    const asked = [...streams].filter(among)
    if (asked.length === 0) return
    try {
      const viewers = await audience.viewers(asked.map(({ session }) => session))
      for (const stream of asked) {
        const viewer = viewers.get(stream.session)
        if (viewer) stream.viewer = viewer
        else end(stream)
      }
    } catch (error) {
      log.warn({ err: error }, 'the sessions of those who listen cannot be looked at; the next minute does')
    }
  }
  const looks = setInterval(() => void lookAgain(() => true), limits.lookAgainMs)
  looks.unref()

  const hear = (message: string) => {
    const change = heard(message)
    if (!change) return
    const { topic, ids } = change
    if (topic === 'sessions') return void lookAgain(({ viewer }) => ids.includes(viewer.actor.person))
    for (const id of ids) changed[topic].add(id)
    // not set back within it: where nobody listens it ends before it is kept, and nothing would be told any more
    telling ??= tellChanges().finally(() => (telling = null))
  }

  const listening = listenTo({
    databaseUrl,
    name: 'mansap events',
    channels: [CHANNEL, COMMANDS_CHANNEL],
    told: (channel, message) => {
      if (channel === COMMANDS_CHANNEL) wakeAll()
      else hear(message || '{}')
    },
    listens: () => {
      wakeAll()
      // somebody may have signed out meanwhile
      void lookAgain(() => true)
      tell(REFRESH)
    },
    lost: (error) => log.warn({ err: error }, 'the connection that listens for changes is lost'),
  })

  return {
    stream: (response, session, viewer) => {
      const ofSession = [...streams].filter((each) => each.session === session).length
      if (ofSession >= limits.perSession || streams.size >= limits.overall) return false
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
      })
      response.write('retry: 3000\n\n')
      const stream: Stream = { response, session, viewer }
      streams.add(stream)
      response.once('close', () => streams.delete(stream))

      return true
    },
    onCommand: (wake) => void wakes.add(wake),
    close: async () => {
      const heardLast = listening.stop()
      clearInterval(beat)
      clearInterval(looks)
      for (const stream of streams) end(stream)
      await telling
      await heardLast
    },
  }
}
