/** Tells open cases whose participants have left the posts by which they have their parts; the contract says who comes in. */
import { departures, storeDepartures } from '../../prisma/store/departures'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { Service } from '../service/service'
import { today } from '../service/today'

const AT_ONCE = 500

/** Looks once; answers how many are told. */
export async function tellOfDepartures({
  db,
  now,
  processes,
}: Pick<Service, 'db' | 'now' | 'processes'>): Promise<number> {
  const parts = processes.all.flatMap(({ contract: { name, version, whenPostEnds } }) =>
    whenPostEnds ? [{ process: name, version, parties: Object.keys(whenPostEnds) }] : [],
  )
  let told = 0
  for (;;) {
    const found = await departures(db, parts, today(now()), AT_ONCE)
    const added = found.length > 0 ? await storeDepartures(db, found, instant(now())) : 0
    told += added
    if (found.length < AT_ONCE || added === 0) return told
  }
}
