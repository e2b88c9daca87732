/**
 * Notes that the story of a case failed where the worker could not say it: a story that goes round without an end, or takes the memory
 * of its worker, ends its worker with it or is ended from outside, so that no sink (worker/faults.ts) hears of it. Temporal's history
 * says that the same was tried again and again.
 */
import { noteIncident, type StoryFault } from '../../prisma/store/incidents'
import { owingCases, resolveAnswered } from '../../prisma/store/owing-cases'
import type { CaseId, Fact } from '../../workflows/kernel/contract'
import type { Service } from '../service/service'
import type { Failures } from '../service/temporal'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 30_000
/** of cases that owe something; a round asks Temporal about so many */
const AT_ONCE = 100
/** One may be a worker that was killed, two another; three in a row without a step between them are the case itself. */
const TRIES = 3
/** what Node says of code without an end */
const WENT_ON = /^Script execution timed out/
const NO_ANSWER = 'no answer: the code of the process went on without an end, or took its worker with it'

/** Not what an error says of itself: it may quote an answer. */
const causeOf = ({ cause, message }: Failures): string =>
  message === null || WENT_ON.test(message) ? NO_ANSWER : (cause ?? 'Error')

type Parts = Pick<Service, 'db' | 'log'> & { readonly engine: Pick<Service['engine'], 'failures'> }

/** Looks at some cases after the one named, and resolves what is over; answers after which the next round goes on, null: from the beginning. */
export async function noteUnheard({ db, engine, log }: Parts, after: CaseId | null): Promise<CaseId | null> {
  await resolveAnswered(db)
  const owing = await owingCases(db, after, AT_ONCE)
  for (const { case: id, process, version } of owing) {
    const failures = await engine.failures(id)
    if (failures === undefined || failures.times < TRIES) continue
    const fault: StoryFault & Record<string, Fact> = {
      process,
      version,
      cause: causeOf(failures),
      line: null,
      // no sink resolves it with the next message: what is owed says when it is over
      heardFrom: 'history',
    }
    log.error({ case: id, ...fault, said: failures.message }, 'a case stands still: its workflow fails again and again')
    await noteIncident(db.sql, id, 'storyFailed', fault)
  }

  return owing.length < AT_ONCE ? null : (owing.at(-1)?.case ?? null)
}

/** Starts to look again and again. */
export function startUnheardFailures(parts: Parts): Rounds {
  const failure = 'failures that no worker told of could not be looked for in this round'
  let after: CaseId | null = null

  return startRounds(parts, { everyMs: EVERY_MS, failure }, async () => {
    after = await noteUnheard(parts, after)

    return after === null ? 'done' : 'more'
  })
}
