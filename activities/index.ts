/** What workflows may ask of the world. Each is idempotent: Temporal may run it again when an answer was lost. */
import { ApplicationFailure } from '@temporalio/activity'
import type { Logger } from 'pino'
import type { Activities, ClockActivities, Consultations, EffectOutcome } from '../workflows/kernel/protocol/activities'
import { casesOfList, endsOf, keepList, ListDamaged, NotSettledYet, openEach } from '../prisma/store/case-lists'
import { answerUnderway, messageUnderway, releaseHold, takeHold } from '../prisma/store/holds'
import type { Db } from '../prisma/store/db'
import { caseCalendar, openingOf } from '../prisma/store/opening'
import { readSealed } from '../prisma/store/sealed'
import { servicePost } from '../prisma/store/service'
import { factsOf } from '../workflows/kernel/forms'
import type { Processes } from '../workflows/kernel/process'
import type { Words } from '../workflows/words'
import { startByClock } from './clock'
import { record } from './record'

const taken: EffectOutcome = { taken: true }

export interface ActivityParts {
  readonly db: Db
  readonly log: Logger
  /** whose forms tell the facts of a sealed answer from its content */
  readonly processes: Processes
  /** of which documents are made */
  readonly words: Words
}

export function createActivities({ db, log, processes, words }: ActivityParts): Activities & ClockActivities {
  const consultations: Consultations = {
    servicePost: (question) => servicePost(db, question, Date.now()),
    casesOfList: (question) => casesOfList(db, question),
    endsOf: async (question) => {
      try {
        return await endsOf(db, question)
      } catch (error) {
        if (!(error instanceof NotSettledYet)) throw error
        throw ApplicationFailure.create({ message: error.message, type: error.name, nextRetryDelay: '1 second' })
      }
    },
  }

  return {
    ...consultations,
    startByClock: ({ day }) => startByClock(db, processes, consultations, day),
    opening: (question) => openingOf(db, question, processes.limits),
    daysOff: (question) => caseCalendar(db, question),
    record: (step) => record(db, log, { processes, words }, step),
    openSealed: async ({ case: id, process, version, kind, commitments }) => {
      const form = processes.of(process, version)?.forms.tasks[kind]
      if (!form) throw new Error(`no form for ${process}.${kind}`)
      const rows = await readSealed(db, id, commitments)

      return rows.map((body) => (body === null ? null : factsOf(form, body)))
    },
    openEach: async (request) => {
      try {
        return await openEach(db, processes, request)
      } catch (error) {
        // nothing gets better by itself: the case stands still, and says so
        throw error instanceof ListDamaged ? ApplicationFailure.nonRetryable(error.message, error.name) : error
      }
    },
    keep: async ({ name, question, ...row }) => keepList(db, row, await consultations[name](question)),
    answerUnderway: ({ task, by }) => db.sql.transaction((tx) => answerUnderway(tx, task, by)),
    messageUnderway: (question) => db.sql.transaction((tx) => messageUnderway(tx, question)),
    servicePost: (question) => servicePost(db, question, Date.now()),
    hold: async ({ case: id, key }) =>
      (await takeHold(db, id, key)) ? taken : { taken: false, reason: { code: 'alreadyOpen' } },
    release: async ({ case: id, key }) => {
      await releaseHold(db, id, key)

      return taken
    },
  }
}
