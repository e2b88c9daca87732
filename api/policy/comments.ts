/** The policy asked about comments: who sees them may write one, and be named in one. */
import { actorOf } from '../../prisma/store/accounts'
import { caseById, type CaseRow } from '../../prisma/store/cases'
import { peopleAround } from '../../prisma/store/comments'
import type { IsoDate, PersonId, PersonRef } from '../../workflows/kernel/contract'
import { deciding, viewerOf, type Viewer } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import { seesCase } from './cases'

/** In which capacity the viewer may say something of the case; null: he may not. What is said of a closed one is added to its record as a note. */
export function mayComment(viewer: Viewer, row: Pick<CaseRow, 'seen'> & { readonly status: string }): string | null {
  const sight = seesCase(deciding(viewer), row)
  if (!sight.sees('comments')) return null
  if (row.status === 'closed') return null

  return sight.rows[0] ?? null
}

/** The people who see the comments of a case on this day: those whom one of them may name. */
export async function whoSeesComments(
  { db, processes }: Pick<Service, 'db' | 'processes'>,
  row: CaseRow,
  on: IsoDate,
): Promise<PersonRef[]> {
  const around = await peopleAround(db, row.id, on)
  const sees = await Promise.all(
    around.map(async ({ id }) => {
      const actor = await actorOf(db, id as PersonId, on)
      const viewer = actor && viewerOf(actor, processes.tables)
      const file = viewer && (await caseById(db, viewer, row.id))

      return viewer && file ? seesCase(viewer, file).sees('comments') : false
    }),
  )

  return around.filter((_, n) => sees[n])
}
