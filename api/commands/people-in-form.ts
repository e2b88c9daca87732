/** What rules need to know of the people a form names; a workflow's validator cannot ask the register. */
import { peopleByIds } from '../../prisma/store/accounts'
import { menteesOf } from '../../prisma/store/cases'
import { bodyOf, serviceMonths } from '../../prisma/store/service'
import type { IsoDate, People } from '../../workflows/kernel/contract'
import type { Form } from '../../workflows/kernel/forms'
import { peopleNamed } from '../../workflows/kernel/kernel-forms'
import { invalid } from '../http/problems'
import type { Service } from '../service/service'

/** Their records on a day of the case; throws 422 for a person whom the register does not have. */
export async function peopleOf({ db }: Service, form: Form, value: unknown, on: IsoDate): Promise<People> {
  const named = peopleNamed(form, value)
  const ids = [...new Set(named.map(({ person }) => person))]
  const [known, mentees] = await Promise.all([
    peopleByIds(db, ids),
    ids.length === 0 ? new Map<string, number>() : menteesOf(db, ids),
  ])
  const strangers = named.filter(({ person }) => !known.has(person))
  if (strangers.length > 0) throw invalid(Object.fromEntries(strangers.map(({ field }) => [field, 'unknownId'])))
  const records = await Promise.all(
    ids.map(async (person) => {
      const [body, months] = await Promise.all([bodyOf(db, person, on), serviceMonths(db, person, on)])

      return [person, { body, serviceMonths: months, mentees: mentees.get(person) ?? 0 }] as const
    }),
  )

  return Object.fromEntries(records)
}
