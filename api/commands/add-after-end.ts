/** Adds a paper, a file or a note to a case that has ended; the case stays closed. */
import { addAfterEnd } from '../../prisma/store/additions'
import type { CaseRow } from '../../prisma/store/cases'
import { commandByKey, type StoredCommand } from '../../prisma/store/commands'
import {
  KEEPS_RECORDS,
  type Actor,
  type Addition,
  type FieldError,
  type IsoDate,
} from '../../workflows/kernel/contract'
import { namedIn } from '../../workflows/kernel/forms'
import { ADDITION_FORMS } from '../../workflows/kernel/kernel-forms'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { forbidden, invalid, Problem } from '../http/problems'
import type { Sending } from '../http/sending'
import { mayAdd } from '../policy/additions'
import { filesIn, parsedForm, refuseFiles } from '../service/form-check'
import type { Service } from '../service/service'

export interface AdditionAsked {
  readonly kind: Addition
  readonly form: Record<string, unknown>
}

/** Where what is typed into the form of an addition is kept. */
export const additionAddress = (caseId: string, kind: Addition): string => `add:${caseId}:${kind}`

/** Throws why the actor may not add anything to the case now: who, then when. */
export function refuseAdding(actor: Actor, row: CaseRow): void {
  const verdict = mayAdd(actor, row)
  if (!verdict.may) throw forbidden(verdict.reason)
  if (row.status !== 'closed') throw Problem.for('caseNotClosed')
}

/** Stores it with its entry in the case file, or throws why not; whoever sends the same again gets the answer to the first. */
export async function addToClosed(
  service: Service,
  actor: Actor,
  row: CaseRow,
  today: IsoDate,
  sending: Sending,
  { kind, form: given }: AdditionAsked,
): Promise<StoredCommand> {
  const { db } = service
  refuseAdding(actor, row)
  const form = ADDITION_FORMS[kind]
  const value = parsedForm(service, `addition/${kind}`, form, given)
  refuseDates(value, caseToday(row.clock, service.now()))
  await refuseFiles(service, actor, namedIn(form, value).files)
  const added = await addAfterEnd(db, {
    ...{ case: row.id, kind, author: actor.person, capacity: KEEPS_RECORDS, form: value },
    files: filesIn(actor, form, value),
    draftAt: additionAddress(row.id, kind),
    today,
    ...sending,
  })
  switch (added) {
    case 'notClosed':
      throw Problem.for('caseNotClosed')
    case 'filesUsed':
      throw invalid({ file: 'fileGone' })
    case 'keyUsed':
      throw Problem.for('taken')
    case 'added':
      break
  }
  const command = await commandByKey(db, sending.principal, sending.key)
  if (!command) throw new Error(`what was added to case ${row.id} is not stored`)

  return command
}

/** Nothing was received or issued on a day that has not come, nor received before it was issued. */
function refuseDates(value: Readonly<Record<string, unknown>>, today: IsoDate): void {
  const { receivedOn, issuedOn } = value
  const errors: Record<string, FieldError> = {}
  if (typeof receivedOn === 'string' && receivedOn > today) errors['receivedOn'] = 'notYet'
  if (typeof issuedOn === 'string' && issuedOn > today) errors['issuedOn'] = 'notYet'
  else if (typeof issuedOn === 'string' && typeof receivedOn === 'string' && receivedOn < issuedOn)
    errors['receivedOn'] = 'beforeIssued'
  if (Object.keys(errors).length > 0) throw invalid(errors)
}
