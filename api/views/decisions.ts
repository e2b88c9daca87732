/** Decisions of a case as its page shows them, to those who see the documents that say them. */
import { peopleByIds } from '../../prisma/store/accounts'
import type { CaseRow } from '../../prisma/store/cases'
import type { Db } from '../../prisma/store/db'
import { changedDaysOf, type ChangedDay } from '../../prisma/store/case-links'
import { contentOfDocument, documentNumbers } from '../../prisma/store/documents'
import { isUnverified, KERNEL_ENDS, type Due } from '../../workflows/kernel/contract'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { FrozenDocument } from '../../workflows/kernel/protocol/document'
import type { AmendmentRecord, DecisionRecord } from '../../workflows/kernel/protocol/step'
import type { Sight, Viewer } from '../../workflows/kernel/law/sight'
import { naming } from '../policy/cases'
import type { Service } from '../service/service'
import type { AmendmentView, DecisionView, DocumentDetail } from '../shapes/views'
import { appealsIn } from './appeals'
import { stepsSeen } from './task-view'

/** Every decision whose document the reader sees, newest first. */
export async function decisionsOf(
  service: Service,
  row: CaseRow,
  viewer: Viewer,
  sight: Sight,
): Promise<DecisionView[]> {
  const { db, now, processes } = service
  const seen = (row.decisions ?? []).filter(({ kind }) => sight.sees(`document:${kind}`))
  const amendments = seen.flatMap((decision) => decision.amendments ?? [])
  const today = caseToday(row.clock, now())
  const [numbers, people, appealed, changed] = await Promise.all([
    documentNumbers(
      db,
      row.id,
      [...seen, ...amendments].map(({ document }) => document),
    ),
    peopleByIds(
      db,
      seen.flatMap(({ withdrawn }) => withdrawn?.by ?? []),
    ),
    appealsIn(service, viewer, row, today),
    seen.length > 0 ? daysChangedIn(db, row) : [],
  ])
  const named = naming(viewer, row)
  const documentOf = (id: string, kind: string) => ({ id, kind, number: numbers.get(id) ?? '' })
  const amendmentOf = async ({ document: id, kind, ...amendment }: AmendmentRecord): Promise<AmendmentView> => {
    const isSeen = sight.sees(`document:${kind}`)

    return {
      ...amendment,
      document: isSeen ? documentOf(id, kind) : null,
      takenBy: isSeen ? signatoryOf(await contentOfDocument(db, id)) : null,
    }
  }
  const contract = processes.of(row.process, row.version)?.contract
  const isAnewUnverified = ({ amendments: all = [] }: DecisionRecord): boolean => {
    const anew = all.findLast(({ appealAnew, deliveredOn }) => appealAnew && deliveredOn !== null)
    const key = anew && contract?.decisions?.[anew.kind]?.appealAnew

    return row.law.rules?.some((rule) => rule.key === key && isUnverified(rule.confidence)) ?? false
  }

  return Promise.all(
    seen.toReversed().map(async (decision) => {
      const { document: id, kind, madeOn, deliveredOn, appealBy, withdrawn } = decision
      const by = withdrawn?.by && people.get(withdrawn.by)
      const noEffect = withdrawn ? 'withdrawn' : voidBy(row)

      return {
        ...{ madeOn, deliveredOn, ...dayOfEffect(decision, changed) },
        document: documentOf(id, kind),
        takenBy: signatoryOf(await contentOfDocument(db, id)),
        amendments: await Promise.all((decision.amendments ?? []).map(amendmentOf)),
        withdrawn: withdrawn
          ? {
              ...{ on: withdrawn.on, ground: withdrawn.ground },
              by: by ? { person: named(by), capacity: withdrawn.capacity ?? null } : null,
            }
          : null,
        void: noEffect,
        appeal: appealBy && {
          on: appealBy.on,
          steps: stepsSeen(sight, appealBy.steps),
          over: appealBy.on < today,
          unverified: isByUnverified(appealBy) || isAnewUnverified(decision),
        },
        ...appealed(decision, noEffect === null),
      }
    }),
  )
}

const daysChangedIn = (db: Db, row: CaseRow): Promise<ChangedDay[]> =>
  row.status === 'closed' ? changedDaysOf(db, row.id) : Promise.resolve([])

/** From when a decision has effect, and from when it had before that was changed. */
function dayOfEffect(
  { document, effectiveFrom: before, firstEffectiveFrom }: DecisionRecord,
  changed: readonly ChangedDay[],
): Pick<DecisionView, 'effectiveFrom' | 'firstEffectiveFrom'> {
  const effectiveFrom = changed.findLast((each) => each.decision === document)?.to ?? before
  const first = firstEffectiveFrom ?? before

  return { effectiveFrom, firstEffectiveFrom: first === effectiveFrom ? null : first }
}

/** The same of a document that says another day; null: it says no decision, or that day holds. */
export async function dayChangedOf(db: Db, row: CaseRow, document: string): Promise<DocumentDetail['dayChanged']> {
  const decision = row.decisions?.find((each) => each.document === document)
  if (!decision) return null
  const day = dayOfEffect(decision, await daysChangedIn(db, row))

  return day.firstEffectiveFrom === null ? null : day
}

/** What the case decided has no effect any more: another case annulled it, or the kernel ended this one before it was carried out. */
function voidBy({ annulled, outcome }: CaseRow): 'annulled' | 'cancelled' | null {
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
