/** What rules need to know of the positions a form names; a workflow's validator cannot ask the register. */
import { positionRecords } from '../../prisma/store/service'
import type { PersonId, Positions } from '../../workflows/kernel/contract'
import type { Form } from '../../workflows/kernel/forms'
import { positionsNamed } from '../../workflows/kernel/kernel-forms'
import { invalid } from '../http/problems'
import type { Service } from '../service/service'

/** Their records, with the posts of the subject of the case in each; throws 422 for a position that the register does not have. */
export async function positionsOf({ db }: Service, form: Form, value: unknown, subject: PersonId): Promise<Positions> {
  const named = positionsNamed(form, value)
  if (named.length === 0) return {}
  const records = await positionRecords(
    db,
    named.map(({ position }) => position),
    subject,
  )
  const unknown = named.filter(({ position }) => !Object.hasOwn(records, position))
  if (unknown.length > 0) throw invalid(Object.fromEntries(unknown.map(({ field }) => [field, 'unknownId'])))

  return records
}
