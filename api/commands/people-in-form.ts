/** What rules need to know of the people a form names; a workflow's validator cannot ask the register. */
import { peopleByIds } from '../../prisma/store/accounts'
import { menteesOf } from '../../prisma/store/cases'
import { bodyOf, inOffice, serviceMonths } from '../../prisma/store/service'
import type { IsoDate, People } from '../../workflows/kernel/contract'
import type { Form } from '../../workflows/kernel/forms'
import { peopleNamed, type PersonNamed } from '../../workflows/kernel/kernel-forms'
import { invalid } from '../http/problems'
import type { Service } from '../service/service'
import { today } from '../service/today'

/**
 * Their records on a day of the case; throws 422 for a person whom the register does not have, and for one who is named in order to
 * act and is not in office.
 */
export async function peopleOf({ db, now }: Service, form: Form, value: unknown, on: IsoDate): Promise<People> {
  const named = peopleNamed(form, value)
  const ids = [...new Set(named.map(({ person }) => person))]
  const acting = named.filter(actsByOffice)
  const [known, mentees, present] = await Promise.all([
    peopleByIds(db, ids),
    ids.length === 0 ? new Map<string, number>() : menteesOf(db, ids),
    acting.length === 0
      ? new Set<string>()
      : inOffice(
          db,
          acting.map(({ person }) => person),
          later(on, today(now())),
        ),
  ])
  const strangers = named.filter(({ person }) => !known.has(person))
  if (strangers.length > 0) throw invalid(Object.fromEntries(strangers.map(({ field }) => [field, 'unknownId'])))
  const gone = acting.filter(({ person }) => !present.has(person))
  if (gone.length > 0) throw invalid(Object.fromEntries(gone.map(({ field }) => [field, 'notInOffice'])))
  const records = await Promise.all(
    ids.map(async (person) => {
      const [body, months] = await Promise.all([bodyOf(db, person, on), serviceMonths(db, person, on)])

      return [person, { body, serviceMonths: months, mentees: mentees.get(person) ?? 0 }] as const
    }),
  )

  return Object.fromEntries(records)
}

/** Named in order to do something by virtue of a post, not because the case is about him or he has a part in it already. */
const actsByOffice = ({ scope }: PersonNamed): boolean => scope === 'body' || scope === 'anyone'

/** People act on real days: the clock of a rehearsal may stand before them, and what holds later holds then. */
const later = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b)
