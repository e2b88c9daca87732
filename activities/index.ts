/** What workflows may ask of the world. Each is idempotent: Temporal may run it again when an answer was lost. */
import type { Logger } from 'pino'
import { addDays } from '../workflows/kernel/calendar'
import type { Activities, Attempted } from '../workflows/kernel/activities'
import { answerUnderway, releaseHold, takeHold } from '../prisma/store/holds'
import { daysOffFor } from '../prisma/store/calendar'
import type { Db } from '../prisma/store/db'
import { RegisterGap, regimeOn, ruleRows, termRows } from '../prisma/store/law'
import { readSealed } from '../prisma/store/sealed'
import { agencyOf, servicePost } from '../prisma/store/service'
import type { BodyKey, IsoDate } from '../workflows/kernel/contract'
import { factsOf } from '../workflows/kernel/forms'
import type { Processes } from '../workflows/kernel/process'
import { record } from './record'

/** How far a case looks back and ahead: the longest of them lasts a few years, and a calendar of six is 2 kB. */
const DAYS_BACK = 370
const DAYS_AHEAD = 5 * 366

const taken: Attempted = { taken: true }

export interface ActivityParts {
  readonly db: Db
  readonly log: Logger
  /** whose forms tell the facts of a sealed answer from its content */
  readonly processes: Processes
}

export function createActivities({ db, log, processes }: ActivityParts): Activities {
  const daysOff = (body: BodyKey, on: IsoDate) =>
    daysOffFor(db, { body, from: addDays(on, -DAYS_BACK), to: addDays(on, DAYS_AHEAD) })

  return {
    opening: async ({ body, on, terms, rules, regime }) => {
      const inForce = regime ?? (await regimeOn(db, on)) ?? 'none'
      const found = { regime: inForce, agency: await agencyOf(db, body), daysOff: await daysOff(body, on) }
      try {
        const law = { terms: await termRows(db, terms, inForce, on), rules: await ruleRows(db, rules, inForce) }

        return { ...found, ...law, missing: [] }
      } catch (error) {
        // an answer for a person, not a fault to be tried again for ever
        if (error instanceof RegisterGap) return { ...found, terms: [], rules: [], missing: error.keys }
        throw error
      }
    },
    daysOff: ({ body, on }) => daysOff(body, on),
    record: (step) => record(db, log, step),
    openSealed: async ({ case: id, process, version, kind, commitments }) => {
      const form = processes.of(process, version)?.forms.tasks[kind]
      if (!form) throw new Error(`no form for ${process}.${kind}`)
      const rows = await readSealed(db, id, commitments)

      return rows.map((body) => (body === null ? null : factsOf(form, body)))
    },
    answerUnderway: ({ task, by }) => answerUnderway(db, task, by),
    servicePost: (question) => servicePost(db, question),
    hold: async ({ case: id, key }) =>
      (await takeHold(db, id, key)) ? taken : { taken: false, reason: { code: 'alreadyOpen' } },
    release: async ({ case: id, key }) => {
      await releaseHold(db, id, key)

      return taken
    },
  }
}
