/** Who is signed in: an opaque cookie here, the session in Postgres. A later identity provider only adds another way to sign in. */
import connectPgSimple from 'connect-pg-simple'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import type { Logger } from 'pino'
import type { Db } from '../../prisma/store/db'
import type { PersonId } from '../../workflows/kernel/contract'

declare module 'express-session' {
  interface SessionData {
    person: PersonId
    /** milliseconds since the epoch at which its end was last put off */
    renewedAt: number
  }
}

const IDLE_MS = 12 * 60 * 60 * 1000
/** how much earlier than that an idle session may end, for not writing to the database at every request */
const RENEW_EVERY_MS = 15 * 60 * 1000
const STREAM = '/api/events'

export interface Sessions {
  readonly handlers: readonly RequestHandler[]
  readonly close: () => void
}

export function createSessions(db: Db, secrets: readonly string[], log: Logger): Sessions {
  const Store = connectPgSimple(session)
  const store = new Store({
    // its way of being given whatever runs statements: those of the store are prepared, and use the same connections
    pgPromise: { any: (text: string, values: readonly unknown[]) => db.sql.ask(text, values) },
    tableName: 'sessions',
    disableTouch: true,
    errorLog: (...told: unknown[]) => log.warn({ told }, 'sessions'),
  })
  const renew: RequestHandler = (request, _response, next) => {
    const { person, renewedAt = 0 } = request.session
    // a stream may outlive its session: what it saved at its end would bring a session back that somebody has ended
    const isStream = request.originalUrl.split('?')[0] === STREAM
    if (person && !isStream && Date.now() - renewedAt > RENEW_EVERY_MS) request.session.renewedAt = Date.now()
    next()
  }

  return {
    handlers: [
      session({
        name: 'mansap',
        store,
        secret: [...secrets],
        resave: false,
        saveUninitialized: false,
        // a cookie is sent anew with the session's renewal, not with every answer
        rolling: false,
        cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', path: '/', maxAge: IDLE_MS },
      }),
      renew,
    ],
    close: () => store.close(),
  }
}

/** The one place that says who asks. */
export const identify = (request: Request): PersonId | null => request.session.person ?? null

/** express-session calls back with whatever its store failed with. */
const settled = (work: (done: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined || error === null) resolve()
      else reject(error instanceof Error ? error : new Error('the session store failed'))
    })
  })

/** Signs a person in under a new session id, so that an id known before is worth nothing. */
export async function signIn(request: Request, person: PersonId): Promise<void> {
  await settled((done) => request.session.regenerate(done))
  request.session.person = person
  request.session.renewedAt = Date.now()
  await settled((done) => request.session.save(done))
}

export const signOut = (request: Request): Promise<void> => settled((done) => request.session.destroy(done))
