/** What rules need to know of the people and positions a form names; a workflow's validator cannot ask the register. */
import { factsOfPeople, factsOfPositions } from '../../prisma/store/register-facts'
import type { BodyKey, IsoDate, People, PersonId, Positions } from '../../workflows/kernel/contract'
import { actsByOffice, namedIn, type Form, type Named } from '../../workflows/kernel/forms'
import { invalid } from '../http/problems'
import type { Service } from '../service/service'
import { today } from '../service/today'

export interface RegisterFacts {
  readonly people: People
  readonly positions: Positions
  /** the body in which each person serves on the day on which he is to act; null: in none */
  readonly offices: Readonly<Record<string, BodyKey | null>>
}

/**
 * Their records on a day of the case, positions with the posts of its subject. Throws 422 for a person or position that the register
 * does not have, and for a person who is named in order to act and is not in office.
 */
export async function registerFacts(
  { db, now }: Service,
  form: Form,
  value: unknown,
  { on, subject }: { readonly on: IsoDate; readonly subject: PersonId },
): Promise<RegisterFacts> {
  const named = namedIn(form, value)
  const [people, positions] = await Promise.all([
    factsOfPeople(db, named.people.map(idOf), { on, acting: later(on, today(now())) }),
    factsOfPositions(db, named.positions.map(idOf), subject),
  ])
  const unknown = [
    ...named.people.filter(({ id }) => !people.has(id)),
    ...named.positions.filter(({ id }) => !positions.has(id)),
  ]
  if (unknown.length > 0) throw invalid(Object.fromEntries(unknown.map(({ field }) => [field, 'unknownId'])))
  const gone = named.people.filter((each) => actsByOffice(each) && people.get(each.id)?.office === null)
  if (gone.length > 0) throw invalid(Object.fromEntries(gone.map(({ field }) => [field, 'notInOffice'])))
  const offices = [...people].map(([id, { office }]) => [id, office] as const)
  const records = [...people].map(([id, { office: _, ...record }]) => [id, record] as const)

  return {
    people: Object.fromEntries(records),
    positions: Object.fromEntries(positions),
    offices: Object.fromEntries(offices),
  }
}

const idOf = <Id extends string>({ id }: Named<Id>): Id => id

/** People act on real days: the clock of a rehearsal may stand before them, and what holds later holds then. */
const later = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b)
