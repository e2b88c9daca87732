/** Writing a step: what cannot be written is an incident that operators see, while the case keeps trying, slowly. */
import { ApplicationFailure, Context } from '@temporalio/activity'
import type { Logger } from 'pino'
import { recordStep, StepConflict, type Recording } from '../prisma/store/casefile'
import type { Db } from '../prisma/store/db'
import { noteIncident, resolveIncident } from '../prisma/store/incidents'
import type { Step } from '../workflows/kernel/protocol/step'

/**
 * Somebody has to look before it can get better, so there is no hurry; but the case does not give up: once the rows are mended
 * it goes on by itself, and its people lose nothing they were promised.
 */
const SLOWLY = '30 seconds'

/** Records a step; a conflict with another is an incident. */
export async function record(db: Db, log: Logger, templates: Recording, step: Step): Promise<void> {
  try {
    await recordStep(db, step, templates)
  } catch (error) {
    if (!(error instanceof StepConflict)) throw error
    log.error(
      { case: step.case, step: step.n },
      'another step is recorded under this number: history and rows disagree',
    )
    await noteIncident(db.sql, step.case, 'stepConflict', { step: step.n })
    throw ApplicationFailure.create({ message: error.message, type: error.name, nextRetryDelay: SLOWLY })
  }
  // only a step that was tried before can have met a conflict
  if (Context.current().info.attempt > 1) await resolveIncident(db.sql, step.case, 'stepConflict')
}
