/** What workflows may ask of the world. Each is idempotent: Temporal may run it again when an answer was lost. */
import { ApplicationFailure } from '@temporalio/activity'
import type { Logger } from 'pino'
import type { Activities, ClockActivities, Consultations, QuestionSet } from '../workflows/kernel/protocol/activities'
import { casesOfList, endsOf, keepList, ListDamaged, NotSettledYet, openEach } from '../prisma/store/case-lists'
import { isWithdrawn } from '../prisma/store/annulments'
import { AppealNotBegun, effectsOf, takeEffect, undoEffect } from '../prisma/store/effects'
import { answerUnderway, messageUnderway, releaseHold, takeHold } from '../prisma/store/holds'
import type { Db } from '../prisma/store/db'
import { caseCalendar, openingOf, placeOfCase } from '../prisma/store/opening'
import { questionsOf, type ProcessStores } from '../prisma/store/process-store'
import { allEffects, askInSet } from '../prisma/store/register-in-set'
import { readSealed } from '../prisma/store/sealed'
import { startsByRow } from '../prisma/store/starts'
import { appealingProcesses } from '../prisma/store/unbegun-appeals'
import { factsOf } from '../workflows/kernel/forms'
import type { Processes } from '../workflows/kernel/process'
import type { Step } from '../workflows/kernel/protocol/step'
import type { Words } from '../workflows/words'
import { startByClock } from './clock'
import { record } from './record'

export interface ActivityParts {
  readonly db: Db
  readonly log: Logger
  /** whose forms tell the facts of a sealed answer from its content */
  readonly processes: Processes
  /** of which documents are made */
  readonly words: Words
  /** what they own in the store */
  readonly stores: ProcessStores
  /** where papers can be checked */
  readonly publicUrl?: string
}

export function createActivities({ db, log, ...parts }: ActivityParts): Activities & ClockActivities {
  const { processes, stores } = parts
  const effects = allEffects(stores)
  const appealing = appealingProcesses(processes)
  const told = startsByRow({ processes, stores }, Date.now, (_kind, question) => question())
  const kernel: Consultations = {
    casesOfList: (question) => casesOfList(db, question),
    endsOf: (question) => settledFirst(NotSettledYet, () => endsOf(db, question)),
  }
  const questions: Record<string, (question: never, set?: QuestionSet) => Promise<unknown>> = { ...kernel }
  for (const [name, ask] of Object.entries(questionsOf(stores)))
    questions[name] = (question, set) => askInSet({ db, stores }, set ?? null, (asked) => ask(asked, question))

  const written = (step: Step) => record(db, log, parts, step)

  return {
    ...questions,
    ...kernel,
    startByClock: ({ day }) => startByClock(db, { processes, stores }, kernel, day),
    opening: (question) => openingOf(db, question, processes.limits),
    daysOff: (question) => caseCalendar(db, question),
    placeOf: (question) => placeOfCase(db, question),
    record: written,
    recordHandover: written,
    openSealed: async ({ case: id, process, version, kind, commitments }) => {
      const form = processes.of(process, version)?.forms.tasks[kind]
      if (!form) throw new Error(`no form for ${process}.${kind}`)
      const rows = await readSealed(db, id, commitments)

      return rows.map((body) => (body === null ? null : factsOf(form, body)))
    },
    openEach: async (request) => {
      try {
        return await openEach(db, { processes, stores }, request)
      } catch (error) {
        // nothing gets better by itself: the case stands still, and says so
        throw error instanceof ListDamaged ? ApplicationFailure.nonRetryable(error.message, error.name) : error
      }
    },
    keep: async ({ name, question, set, ...row }) => {
      const ask = questions[name]
      if (!ask) throw new Error(`nobody says how the question ${name} is answered`)

      const answer = await ask(question as never, set)
      if (!Array.isArray(answer)) throw new Error(`the answer to ${name} is no list`)

      return keepList(db, row, answer)
    },
    answerUnderway: ({ task, by }) => db.sql.transaction((tx) => answerUnderway(tx, task, by)),
    messageUnderway: (question) => db.sql.transaction((tx) => messageUnderway(tx, question)),
    takeEffect: (asked) => settledFirst(AppealNotBegun, () => takeEffect(db, effects, asked, { told, appealing })),
    undoEffect: (asked) => undoEffect(db, effects, asked, told),
    effectsOf: async ({ case: of, decision }) =>
      decision !== undefined && (await isWithdrawn(db.sql, of, decision)) ? null : effectsOf(db, of),
    hold: (request) => takeHold(db.sql, request),
    release: (request) => releaseHold(db.sql, request),
  }
}

/** Asks again in a second for as long as what it depends on has no outcome. */
async function settledFirst<T>(unsettled: abstract new (...args: never[]) => Error, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof unsettled)) throw error
    throw ApplicationFailure.create({ message: error.message, type: error.name, nextRetryDelay: '1 second' })
  }
}
