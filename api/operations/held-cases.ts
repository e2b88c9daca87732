/** Looks for cases whose decisions wait for an appeal that was received and does not begin, and writes an incident of each. */
import { noteSurvey } from '../../prisma/store/incidents'
import { appealingProcesses, casesHeldByAppeals } from '../../prisma/store/unbegun-appeals'
import type { Service } from '../service/service'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 600_000
/** An appeal begins within seconds, or something keeps it from it. */
const LASTS_S = 600

/** Makes the incidents of cases whose decisions wait for an appeal that does not begin those that are found. */
export async function noteHeldCases({
  db,
  processes,
}: Pick<Service, 'db' | 'processes'>): Promise<{ noted: number; resolved: number }> {
  const found = await casesHeldByAppeals(db, appealingProcesses(processes), { olderThan: LASTS_S })

  return noteSurvey(db, {
    kind: 'appealNotBegun',
    found: found.map((each) => ({ case: each.case, params: { since: each.since.toISOString() } })),
    upTo: null,
  })
}

/** Starts to look again and again for decisions that wait for an appeal that does not begin. */
export function startHeldCases(service: Pick<Service, 'db' | 'processes' | 'log'>): Rounds {
  const failure = 'decisions that wait for appeals could not be looked for in this round'

  return startRounds(service, { everyMs: EVERY_MS, failure }, async () => {
    const { noted } = await noteHeldCases(service)
    if (noted > 0)
      service.log.error({ noted }, 'decisions wait for appeals that do not begin: GET /api/incidents names them')

    return 'done'
  })
}
