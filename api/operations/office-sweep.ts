/**
 * Takes tasks from whoever may no longer hold them. A role or a post ends by a date in the register, without a message to anybody:
 * so somebody has to look. A task of a role goes back to the role; one of a named person stays his by name and is shown to those
 * who can do something about it. Where nobody is left who may do it, the case is told, and who is asked instead (`next-body.ts`).
 */
import { free, wronglyHeldTasks, markUnheld } from '../../prisma/store/tasks'
import { caseToday, instant } from '../../workflows/kernel/law/case-clock'
import type { Service } from '../service/service'
import { today } from '../service/today'
import { tellOfDepartures } from './departures'
import { askNextBodies } from './next-body'
import { startRounds, type Rounds } from './rounds'

/** A freed task is to be seen within a minute. */
const EVERY_MS = 20_000
const AT_ONCE = 100

type Parts = Pick<Service, 'db' | 'now' | 'log' | 'processes'>

/** Looks once at all tasks; answers how many were freed. */
export async function sweepOffices(service: Omit<Parts, 'log'>): Promise<number> {
  const { db, now } = service
  const on = today(now())
  let freed = 0
  for (;;) {
    const found = await wronglyHeldTasks(db, on, AT_ONCE)
    let changed = 0
    for (const { clock, ...task } of found) {
      const moved = await free(db, task, { at: instant(now()), on: caseToday(clock, now()) })
      if (moved.changed) changed += 1
    }
    freed += changed
    // what somebody else changed meanwhile is looked at in the next round
    if (found.length < AT_ONCE || changed === 0) break
  }
  await markUnheld(db, on)
  await askNextBodies(service)
  await tellOfDepartures(service)

  return freed
}

/** The same right after a role or a post was changed in the register, which is changed whatever comes of it. */
export async function sweepAtOnce(service: Parts): Promise<void> {
  try {
    await sweepOffices(service)
  } catch (error) {
    service.log.warn({ err: error }, 'offices could not be looked at when the register changed; the next round does')
  }
}

/** Starts to look again and again. Two API processes may both look: each task is freed once. */
export function startOfficeSweep(service: Parts): Rounds {
  const failure = 'offices could not be looked at in this round'

  return startRounds(service, { everyMs: EVERY_MS, failure }, async () => {
    const freed = await sweepOffices(service)
    if (freed > 0) service.log.info({ freed }, 'tasks were freed whose holders may no longer hold them')

    return 'done'
  })
}
