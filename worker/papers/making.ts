/** Makes the papers of documents as they are ordered: woken by each commit that orders one, and looking again every two seconds. */
import type { Logger } from 'pino'
import { startRounds, wakerOf, type Rounds } from '../../api/operations/rounds'
import type { Db } from '../../prisma/store/db'
import { listenTo } from '../../prisma/store/listening'
import { PAPERS_CHANNEL } from '../../prisma/store/notify'
import {
  holdPapers,
  notePaperNotMade,
  storePaper,
  takePapers,
  tryPapersAtOnce,
  type PaperToMake,
} from '../../prisma/store/papers'
import { settingInThread, type Setting } from './setting'
import type { Rendering } from './typesetting'

const EVERY_MS = 2000
const AT_ONCE = 10
/** shorter than a paper is held */
const HOLDS_EVERY_MS = 5000

export interface Making {
  readonly db: Db
  readonly databaseUrl: string
  readonly log: Logger
  readonly setting?: Setting
}

/** Makes papers until stopped. */
export function keepMakingPapers({ db, databaseUrl, log, setting = settingInThread() }: Making): Rounds {
  const wakes = wakerOf()
  const listening = listenTo({
    databaseUrl,
    name: 'mansap papers',
    channels: [PAPERS_CHANNEL],
    told: wakes.wake,
    listens: wakes.wake,
  })
  let isFirst = true
  const rounds = startRounds(
    { log },
    { everyMs: EVERY_MS, failure: 'papers could not be made in this round', wakes },
    async () => {
      if (isFirst) await tryPapersAtOnce(db)
      isFirst = false
      const taken = await takePapers(db, AT_ONCE)
      await whileHeld(
        () =>
          holdPapers(
            db,
            taken.map(({ document }) => document),
          ),
        () => Promise.all(taken.map((paper) => make({ db, log, setting }, paper))),
      )

      return taken.length === AT_ONCE ? 'more' : 'done'
    },
  )

  return {
    stop: async () => {
      await listening.stop()
      await rounds.stop()
      await setting.stop()
    },
  }
}

/** Does what may take longer than it is held, and holds it until that is over. A hold that fails is tried again: others only do the same. */
async function whileHeld(hold: () => Promise<unknown>, work: () => Promise<unknown>): Promise<void> {
  const holding = setInterval(() => void hold().catch(() => undefined), HOLDS_EVERY_MS)
  try {
    await work()
  } finally {
    clearInterval(holding)
  }
}

/** Makes one paper in all its languages, or notes why it cannot be made. */
export async function make(
  { db, log, setting }: Required<Pick<Making, 'db' | 'log' | 'setting'>>,
  paper: PaperToMake,
): Promise<void> {
  let renderings: readonly Rendering[]
  try {
    renderings = await renderingsOf(setting, paper)
  } catch (error) {
    log.error({ err: error, document: paper.document, case: paper.case }, 'a paper is not made')
    await notePaperNotMade(db, paper, error instanceof Error ? error.message : String(error))

    return
  }
  await storePaper(db, paper, renderings)
}

async function renderingsOf(setting: Setting, { frozen }: PaperToMake): Promise<readonly Rendering[]> {
  if (frozen === null) throw new Error('what it is made of is lost or was changed')
  if (frozen.format !== 3) throw new Error('it was frozen by a release that made no papers')

  return Promise.all(frozen.languages.map((language) => setting.render(frozen, language)))
}
