/** What the routes are made of: everything that reaches the world, constructed in `server.ts` or by a test. */
import type { Logger } from 'pino'
import type { Db } from '../prisma/store/db'
import type { Processes } from '../workflows/kernel/process'
import type { Live } from './live'
import type { Metrics } from './metrics'
import type { Engine } from './temporal'
import type { Words } from './words'

export interface Service {
  readonly db: Db
  readonly engine: Engine
  readonly live: Live
  readonly metrics: Metrics
  readonly log: Logger
  readonly words: Words
  readonly processes: Processes
  readonly demo: boolean
  readonly version: string
  /** milliseconds since the epoch */
  readonly now: () => number
  /** how long a person waits for the outcome of a command before he is told that it is being processed */
  readonly answerWithinMs: number
}
