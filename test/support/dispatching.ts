/** The dispatcher of the product beside a worker of the tests: it carries what cases send each other. */
import pino from 'pino'
import { startDispatcher } from '../../api/operations/dispatcher'
import { audienceOf } from '../../api/service/audience'
import { listen } from '../../api/service/live'
import { createMetrics } from '../../api/service/metrics'
import { engineOf, type Engine } from '../../api/service/temporal'
import type { Casework } from './casework'

export interface Dispatching {
  stop(): Promise<void>
}

/** `through` may hold back or lose what is sent. */
export function dispatch(
  work: Casework,
  databaseUrl: string,
  through: (send: Engine['send']) => Engine['send'] = (send) => send,
): Dispatching {
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
  const live = listen(databaseUrl, log, audienceOf({ db: work.db, processes: work.processes, now: Date.now }))
  const engine = engineOf(work.client, work.taskQueue)
  const dispatcher = startDispatcher({
    db: work.db,
    processes: work.processes,
    log,
    live,
    metrics: createMetrics(work.db),
    engine: { ...engine, send: through(engine.send), close: () => Promise.resolve() },
    now: Date.now,
    answerWithinMs: 3000,
  })

  return {
    stop: async () => {
      await dispatcher.stop()
      await live.close()
    },
  }
}
