/** Tells open cases whose participants have left the posts by which they have their parts; the contract says who comes in. */
import {
  departures,
  storeDepartures,
  storeSuccessions,
  successions,
  type PartsByPost,
} from '../../prisma/store/departures'
import type { Db } from '../../prisma/store/db'
import type { Instant, IsoDate } from '../../workflows/kernel/contract'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { Service } from '../service/service'
import { today } from '../service/today'

const AT_ONCE = 500

type Parts = Pick<Service, 'db' | 'now' | 'processes'>

/** Looks once; answers how many are told: whose participant has left, and to whose part that is nobody's somebody has come. */
export async function tellOfDepartures(service: Parts): Promise<number> {
  const { all } = service.processes
  const byPost = all.flatMap(({ contract: { name, version, whenPostEnds = {} } }) => {
    const parties = Object.entries(whenPostEnds)

    return parties.length > 0 ? [{ process: name, version, parties }] : []
  })
  const parts = byPost.map((each) => ({ ...each, parties: each.parties.map(([party]) => party) }))
  const succeeded = byPost.map((each) => ({
    ...each,
    parties: each.parties.flatMap(([party, comesIn]) => (comesIn === 'successor' ? [party] : [])),
  }))

  return (
    (await tellEach(service, parts, departures, storeDepartures)) +
    (await tellEach(service, succeeded, successions, storeSuccessions))
  )
}

async function tellEach<Found>(
  { db, now }: Parts,
  parts: readonly PartsByPost[],
  find: (db: Db, parts: readonly PartsByPost[], on: IsoDate, most: number) => Promise<readonly Found[]>,
  store: (db: Db, found: readonly Found[], at: Instant) => Promise<number>,
): Promise<number> {
  let told = 0
  for (;;) {
    const found = await find(db, parts, today(now()), AT_ONCE)
    const added = found.length > 0 ? await store(db, found, instant(now())) : 0
    told += added
    if (found.length < AT_ONCE || added === 0) return told
  }
}
