/** A row of a case as the API answers it in lists. */
import type { CaseRow } from '../../prisma/store/cases'
import type { Actor } from '../../workflows/kernel/contract'
import type { Processes } from '../../workflows/kernel/process'
import { aboutView } from '../policy/cases'
import type { CaseView } from '../shapes/views'

export const caseView = (actor: Actor, row: CaseRow, processes: Processes): CaseView => ({
  id: row.id,
  number: row.number,
  process: processes.keyOf(row.process, row.version),
  version: row.version,
  regime: row.regimeId,
  stage: row.stage,
  status: row.status,
  outcome: row.outcome,
  annulled: row.annulled,
  basis: row.basis,
  body: row.body,
  ...aboutView(actor, row),
  startedOn: row.startedOn,
  closedOn: row.closedOn,
  rehearsal: row.rehearsal,
})
