/** Takes away what was uploaded and never used, and what uploads that were cut off have left. */
import { collectFiles } from '../../prisma/store/files'
import type { Service } from '../service/service'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 10 * 60 * 1000

/** Starts to look again and again. Two API processes may both look: what one takes away the other does not find. */
export function startFileRounds(service: Pick<Service, 'db' | 'files' | 'uploads' | 'now' | 'log'>): Rounds {
  const { db, files: store, uploads, now, log } = service
  const failure = 'unused files could not be looked for in this round'

  return startRounds({ log }, { everyMs: EVERY_MS, failure }, async () => {
    const { files, keys } = await collectFiles(db, store, { now: now(), unusedMs: uploads.unusedMs })
    if (files + keys > 0) log.info({ files, keys }, 'uploads that nobody used were taken away')

    return 'done'
  })
}
