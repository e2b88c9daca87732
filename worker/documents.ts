/** Documents that were issued without being frozen: by the release before, or brought back from history. */
import type { Logger } from 'pino'
import type { Db } from '../prisma/store/db'
import { freezeLater, unfrozenDocuments } from '../prisma/store/documents'
import type { DocumentTemplates } from '../prisma/store/freeze-document'

const AT_ONCE = 100

interface Parts {
  readonly db: Db
  readonly log: Logger
  readonly templates: DocumentTemplates
}

/** Freezes them all, one after another beside the other work, until stopped; what fails is frozen when it is read. */
export function freezeOlderDocuments({ db, log, templates }: Parts): {
  readonly done: Promise<void>
  stop(): Promise<void>
} {
  let stopped = false
  let frozen = 0
  const freeze = async (id: string): Promise<void> => {
    try {
      await freezeLater(db, templates, id)
      frozen += 1
    } catch (error) {
      log.error({ err: error, document: id }, 'a document is not frozen')
    }
  }
  const all = async (): Promise<void> => {
    let after: string | null = null
    while (!stopped) {
      const ids: string[] = await unfrozenDocuments(db, after, AT_ONCE)
      for (const id of ids) if (!stopped) await freeze(id)
      after = ids.at(-1) ?? null
      if (after === null) break
    }
    if (frozen > 0) log.info({ documents: frozen }, 'documents of the release before are frozen')
  }
  const done = all().catch((error: unknown) =>
    log.warn({ error: String(error) }, 'freezing older documents waits for the next start'),
  )

  return {
    done,
    stop: async () => {
      stopped = true
      await done
    },
  }
}
