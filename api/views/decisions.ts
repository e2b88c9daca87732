/** Decisions of a case as its page shows them, to those who see the documents that say them. */
import type { CaseRow } from '../../prisma/store/cases'
import { signedDocuments } from '../../prisma/store/documents'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { Sight } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import type { DecisionView } from '../shapes/views'
import { stepsSeen } from './task-view'

/** Every decision whose document the reader sees, newest first. */
export async function decisionsOf({ db, now }: Service, row: CaseRow, sight: Sight): Promise<DecisionView[]> {
  const seen = row.decisions.filter(({ kind }) => sight.sees(`document:${kind}`))
  const documents = await signedDocuments(
    db,
    row.id,
    seen.map(({ document }) => document),
  )
  const today = caseToday(row.clock, now())

  return seen.toReversed().flatMap(({ document: id, kind, appealBy, ...decision }) => {
    const document = documents.get(id)
    if (!document) return []
    const { number, signatory } = document

    return {
      ...decision,
      document: { id, kind, number },
      takenBy: signatory && { name: signatory.by, position: signatory.position, capacity: signatory.capacity },
      appeal: appealBy && {
        on: appealBy.on,
        steps: stepsSeen(sight, appealBy.steps),
        over: appealBy.on < today,
      },
    }
  })
}
