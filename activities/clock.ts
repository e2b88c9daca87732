/** What the processes start by the clock on a day. */
import type { Consultations } from '../workflows/kernel/protocol/activities'
import type { IsoDate } from '../workflows/kernel/contract'
import { canonical, sha256 } from '../prisma/store/canonical'
import type { Db } from '../prisma/store/db'
import type { Served } from '../prisma/store/linked-cases'
import { ownedFactsOf } from '../prisma/store/process-store'
import { storeStarts, type NewStart } from '../prisma/store/starts'

/**
 * Stores the starts of a day. A start is known by its form, not by its place in the list: asked again, a process may find others, and
 * none is started twice or left out.
 */
export async function startByClock(
  db: Db,
  { processes, stores }: Served,
  register: Consultations,
  day: IsoDate,
): Promise<void> {
  for (const process of Object.values(processes.current)) {
    const { name, startedBy } = process.contract
    if (!startedBy.includes('clock')) continue
    const forms = (await process.starts?.daily?.(day, register)) ?? []
    const starts = forms.map((form): NewStart => ({
      process,
      sender: { by: 'clock' },
      key: `clock/${name}/${day}/${sha256(canonical(form)).slice(0, 16)}`,
      form,
      owned: ownedFactsOf({ processes, stores }, name),
    }))
    await storeStarts(db.sql, starts, Date.now())
  }
}
