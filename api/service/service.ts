/** What the routes are made of: everything that reaches the world, constructed in `server.ts` or by a test. */
import type { Logger } from 'pino'
import type { Db } from '../../prisma/store/db'
import type { FileStore } from '../../prisma/store/file-store'
import type { UploadQuota } from '../../prisma/store/files'
import type { ProcessStores } from '../../prisma/store/process-store'
import type { Processes } from '../../workflows/kernel/process'
import type { AccessLog } from '../http/access-log'
import type { Live } from './live'
import type { Mail } from './mail'
import type { Metrics } from './metrics'
import type { PayloadKeys } from './payload-keys'
import type { Scanner } from './scanner'
import type { Engine } from './temporal'
import type { Words } from '../../workflows/words'

/** What holds for uploads of everybody. */
export interface Uploads {
  /** how much of one person may wait to be used at once */
  readonly quota: UploadQuota
  /** how long a file is kept that nobody uses */
  readonly unusedMs: number
}

export interface Service {
  readonly db: Db
  /** who was shown what of which cases */
  readonly accessLog: AccessLog
  readonly engine: Engine
  /** open what a history holds */
  readonly keys: PayloadKeys
  readonly live: Live
  /** null: nobody sends letters here */
  readonly mail: Mail | null
  readonly metrics: Metrics
  readonly log: Logger
  readonly words: Words
  readonly processes: Processes
  /** what they own in the store */
  readonly stores: ProcessStores
  /** where bytes of files are kept */
  readonly files: FileStore
  /** looks for malware in them; null: none is configured */
  readonly scanner: Scanner | null
  readonly uploads: Uploads
  readonly demo: boolean
  /** where people reach the product; absent: as in a demonstration */
  readonly publicUrl?: string
  readonly version: string
  /** aborted once this process has been told to stop: it goes on serving for a while, and asks for no more */
  readonly draining: AbortSignal
  /** milliseconds since the epoch */
  readonly now: () => number
  /** how long a person waits for the outcome of a command before he is told that it is being processed */
  readonly answerWithinMs: number
}
