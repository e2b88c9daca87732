/** Decisions of a case as its page shows them, to those who see the documents that say them. */
import type { CaseRow } from '../../prisma/store/cases'
import { contentOfDocument, documentNumbers } from '../../prisma/store/documents'
import { isUnverified, KERNEL_ENDS, type Due } from '../../workflows/kernel/contract'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { FrozenDocument } from '../../workflows/kernel/protocol/document'
import type { Sight } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import type { DecisionView } from '../shapes/views'
import { stepsSeen } from './task-view'

/** Every decision whose document the reader sees, newest first. */
export async function decisionsOf({ db, now }: Service, row: CaseRow, sight: Sight): Promise<DecisionView[]> {
  const seen = (row.decisions ?? []).filter(({ kind }) => sight.sees(`document:${kind}`))
  const numbers = await documentNumbers(
    db,
    row.id,
    seen.map(({ document }) => document),
  )
  const today = caseToday(row.clock, now())

  return Promise.all(
    seen.toReversed().map(async ({ document: id, kind, appealBy, ...decision }) => ({
      ...decision,
      document: { id, kind, number: numbers.get(id) ?? '' },
      takenBy: signatoryOf(await contentOfDocument(db, id)),
      void: voidBy(row),
      appeal: appealBy && {
        on: appealBy.on,
        steps: stepsSeen(sight, appealBy.steps),
        over: appealBy.on < today,
        unverified: isByUnverified(appealBy),
      },
    })),
  )
}

/** What the case decided has no effect any more: another case annulled it, or the kernel ended this one before it was carried out. */
function voidBy({ annulled, outcome }: CaseRow): DecisionView['void'] {
  if (annulled) return 'annulled'

  return KERNEL_ENDS.some((end) => end === outcome) ? 'cancelled' : null
}

/** `unknown`: what the document is made of is lost, was changed, or is not frozen yet. */
function signatoryOf(document: FrozenDocument | null): DecisionView['takenBy'] {
  if (document === null || document.format === 1) return 'unknown'
  const { signatory } = document

  return signatory && { name: signatory.by, position: signatory.position, capacity: signatory.capacity }
}

const isByUnverified = ({ steps }: Due): boolean =>
  steps.some((step) => step.code === 'adds' && isUnverified(step.term.confidence))
