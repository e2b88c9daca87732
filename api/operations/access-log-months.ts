/** Makes the tables of the access log of the months that are to come; where there is none, an entry is kept in the table for the rest. */
import { keepMonths } from '../../prisma/store/access-log'
import type { Service } from '../service/service'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 6 * 3600 * 1000
const AHEAD = 3

/** Starts to make them. */
export function startAccessLogMonths({ db, log }: Pick<Service, 'db' | 'log'>): Rounds {
  const failure = 'the tables of the access log of the next months could not be made in this round'

  return startRounds({ log }, { everyMs: EVERY_MS, failure }, async () => {
    await keepMonths(db, AHEAD)

    return 'done'
  })
}
