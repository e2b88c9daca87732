/** The dispatcher of the product beside a worker of the tests: it carries what cases send each other. */
import pino from 'pino'
import { sendAgain, type Sender } from '../../api/commands/submit'
import { startDispatcher } from '../../api/operations/dispatcher'
import { audienceOf } from '../../api/service/audience'
import { listen } from '../../api/service/live'
import { createMetrics } from '../../api/service/metrics'
import { engineOf, type Engine } from '../../api/service/temporal'
import { takePendingCommands, type StoredCommand } from '../../prisma/store/commands'
import type { CaseId } from '../../workflows/kernel/contract'
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

/** What is stored for a case, sent to it once in order, as the API does; with what came of each. */
export async function sendStored(
  { db, processes, client, taskQueue }: Casework,
  file: CaseId,
): Promise<StoredCommand[]> {
  const sender: Sender = {
    ...{ db, processes, engine: engineOf(client, taskQueue), answerWithinMs: 20_000 },
    log: { warn: () => undefined, error: () => undefined },
    metrics: { command: () => undefined },
  }
  const sent: StoredCommand[] = []
  for (const command of await takePendingCommands(db, 10, 0, [file])) sent.push(await sendAgain(sender, command))

  return sent
}
