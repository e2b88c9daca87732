/** A row of a case as the API answers it in lists. */
import type { CaseRow } from '../../prisma/store/cases'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { Processes } from '../../workflows/kernel/process'
import { aboutView, seesCase } from '../policy/cases'
import type { CaseView } from '../shapes/views'

/** Where a case stands, to whoever sees its course. */
export const standingOf = (
  viewer: Viewer,
  row: Pick<CaseRow, 'stage' | 'status' | 'outcome' | 'annulled' | 'seen'>,
): Pick<CaseView, 'stage' | 'status' | 'outcome' | 'annulled'> => {
  const { stage, status, outcome, annulled, seen } = row
  const sight = seesCase(viewer, { seen })

  return sight.sees('exists') && sight.sees('course')
    ? { stage, status, outcome, annulled }
    : { stage: null, status: null, outcome: null, annulled: false }
}

export const caseView = (viewer: Viewer, row: CaseRow, processes: Processes): CaseView => ({
  id: row.id,
  number: row.number,
  process: processes.keyOf(row.process, row.version),
  version: row.version,
  regime: row.regimeId,
  ...standingOf(viewer, row),
  basis: seesCase(viewer, row).sees('course') ? row.basis : null,
  body: row.body,
  ...aboutView(viewer, row),
  startedOn: row.startedOn,
  closedOn: seesCase(viewer, row).sees('course') ? row.closedOn : null,
  rehearsal: row.rehearsal,
})
