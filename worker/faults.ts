/** Writes down what stopped a case: an incident that people and operators see until the case records a step again. */
import path from 'node:path'
import type { InjectedSinks } from '@temporalio/worker'
import type { Logger } from 'pino'
import type { Db } from '../prisma/store/db'
import { noteIncident, type StoryFault } from '../prisma/store/incidents'
import type { CaseId, Fact } from '../workflows/kernel/contract'
import type { FaultSinks } from '../workflows/kernel/engine/faults'

const ROOT = path.resolve(__dirname, '..')
/** Enough to find the fault; an error may quote a whole case. */
const LONGEST_MESSAGE = 500

/** `file:line` of a frame, from the root of the project. */
function lineOf(frame: string | null): string | null {
  const [, file, line] = /\(?((?:\/|[A-Za-z]:)[^():]*):(\d+):\d+\)?$/.exec(frame ?? '') ?? []

  return file === undefined || line === undefined
    ? null
    : `${path.relative(ROOT, file).replaceAll(path.sep, '/')}:${line}`
}

/**
 * What the error says may quote what people said, and stands in the log alone: operators read the incident.
 * Also during replay: what fails then stops the case as well. Temporal tries a failing case again ever more slowly, up to once in
 * ten minutes, and each time is one write into the same row.
 */
export const faultSinks = (db: Db, log: Logger): InjectedSinks<FaultSinks> => ({
  faults: {
    storyFailed: {
      callDuringReplay: true,
      fn: async ({ workflowId }, { process, version, cause, message, at }) => {
        const fault: StoryFault & Record<string, Fact> = {
          process,
          version,
          line: lineOf(at),
          cause,
        }
        const said = message.slice(0, LONGEST_MESSAGE)
        log.error({ case: workflowId, ...fault, said }, 'a case stands still: the code of its process failed')
        await noteIncident(db.sql, workflowId as CaseId, 'storyFailed', fault)
      },
    },
  },
})
