/** What the register knows of the people and positions that a form names, for rules that cannot ask the register themselves. */
import type {
  BodyKey,
  ExtendedRegister,
  Fact,
  FieldError,
  IsoDate,
  PersonId,
  PersonRecord,
  PositionId,
  PositionRecord,
  Positions,
} from '../../workflows/kernel/contract'
import { actsByOffice, factsOf, type InField, type NamedInForm } from '../../workflows/kernel/forms'
import { localDate } from '../../workflows/kernel/law/calendar'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { FieldValues } from '../../workflows/kernel/register'
import { DAILY_ZONE, type Named } from '../../workflows/kernel/protocol/messages'
import { Prisma } from './db'
import type { Asked } from './effects'
import { inForceSql } from './listing'
import type { OwnedFacts } from './process-store'
import { mayBeNamed, type Chooser, type KEEPER } from './register-sight'
import { monthsIn, type Held } from './service'

export interface PersonFacts extends PersonRecord {
  /** the body in which he serves on the day on which he is to act; null: he has no post then */
  readonly office: BodyKey | null
}

/** `on`: the day of the case by which the rules go. `acting`: the day on which whoever is named is to act. */
export interface Days {
  readonly on: IsoDate
  readonly acting: IsoDate
}

const bodyOn = (day: IsoDate) => Prisma.sql`(
  select o."bodyKey" from posts post join positions o on o.id = post."positionId"
  where post."personId" = p.id and ${inForceSql('post', day)} order by post."from" desc limit 1)`

/** Those of these people whom the register has and who may be named; each with what the process knows of him whose rules ask (`owned`). */
export async function factsOfPeople(
  db: Asked,
  people: readonly PersonId[],
  { on, acting }: Days,
  owned: OwnedFacts | null,
  by: Chooser | typeof KEEPER,
): Promise<ReadonlyMap<PersonId, PersonFacts>> {
  if (people.length === 0) return new Map()
  const [known, rows] = await Promise.all([
    owned?.people?.(db.sql, people, on),
    registered(db, people, { on, acting }, owned, by),
  ])

  return new Map(
    rows.map(({ id, posts, added, ...facts }) => [
      id,
      { ...facts, serviceMonths: monthsIn(posts, on), ...addedFacts(owned, 'people', added), ...known?.get(id) },
    ]),
  )
}

/** The fields that a process added to a row, without free text, which no history may hold. */
function addedFacts(owned: OwnedFacts | null, register: ExtendedRegister, added: unknown): { fields?: FieldValues } {
  const form = owned?.fields[register]
  const facts = form && added ? factsOf(form, added) : null

  return isValues(facts) ? { fields: facts } : {}
}
const isValues = (facts: Fact): facts is FieldValues =>
  typeof facts === 'object' && facts !== null && !Array.isArray(facts)

/** What the process added to the row of that alias. */
const addedSql = (alias: 'p' | 'o', owned: OwnedFacts | null): Prisma.Sql =>
  Prisma.sql`${Prisma.raw(alias)}.fields -> ${owned?.process ?? ''} as added`

const registered = (
  db: Asked,
  people: readonly PersonId[],
  { on, acting }: Days,
  owned: OwnedFacts | null,
  by: Chooser | typeof KEEPER,
) =>
  db.sql.rows<Omit<PersonFacts, 'serviceMonths'> & { id: PersonId; posts: Held[]; added: unknown }>`
    select p.id, ${bodyOn(on)} as body, ${bodyOn(acting)} as office, ${addedSql('p', owned)},
      (select coalesce(json_agg(json_build_object('from', "from", 'to', "to") order by "from"), '[]') from posts
        where "personId" = p.id and "from" <= ${on}::date) as posts
    from people p where p.id = any(array(select t.id from people t where t.id = any(${[...people]}::uuid[]) and ${mayBeNamed(by)}))`

/** Those of these positions that the register has, each with the posts of one person in it, none of nobody. */
export async function factsOfPositions(
  db: Asked,
  positions: readonly PositionId[],
  person: PersonId | null,
  owned: OwnedFacts | null,
): Promise<ReadonlyMap<PositionId, Positions[string]>> {
  if (positions.length === 0) return new Map()
  const rows = await db.sql.rows<PositionRecord & { id: PositionId; added: unknown }>`
    select o.id, o."bodyKey" as body, ${addedSql('o', owned)},
      (select coalesce(json_agg(json_build_object('from', p."from", 'to', p."to") order by p."from"), '[]') from posts p
        where p."positionId" = o.id and p."personId" = ${person}::uuid) as posts
    from positions o where o.id = any(${[...positions]}::uuid[])`

  return new Map(rows.map(({ id, added, ...record }) => [id, { ...record, ...addedFacts(owned, 'positions', added) }]))
}

interface LookedUp {
  readonly people: ReadonlyMap<PersonId, PersonFacts>
  /** with the posts of the subject, none where the case is about nobody; empty while nobody knows whom it is about */
  readonly positions: ReadonlyMap<PositionId, Positions[string]>
  /** those who are named in order to act, and not because the case is about them, and are not in office */
  readonly gone: NamedInForm['people']
}

/** A day of the case, a day on which people act, and whom the case is about: null of one about nobody, undefined while that is not known. */
export interface Asking {
  readonly on: IsoDate
  readonly today: IsoDate
  readonly subject: PersonId | null | undefined
  /** what the process of the form knows beside what every process does; null: of no process */
  readonly owned: OwnedFacts | null
  /** who names them; whoever is not to be named by him is not there */
  readonly by: Chooser | typeof KEEPER
}

/** What the register has of people and positions. */
export async function lookUp(
  db: Asked,
  named: Pick<NamedInForm, 'people' | 'positions'>,
  { on, today, subject, owned, by }: Asking,
): Promise<LookedUp> {
  const [people, positions] = await Promise.all([
    factsOfPeople(db, named.people.map(idOf), { on, acting: later(on, today) }, owned, by),
    subject === undefined
      ? new Map<PositionId, PositionRecord>()
      : factsOfPositions(db, named.positions.map(idOf), subject, owned),
  ])
  const gone = named.people.filter(
    (each) => each.id !== subject && actsByOffice(each) && people.get(each.id)?.office === null,
  )

  return { people, positions, gone }
}

/** What rules are told of those whom a form names, and what is wrong with it by the register alone. */
export interface NamedFacts extends Named {
  /** the body in which each person serves on the day on which he is to act; null: in none */
  readonly offices: Readonly<Record<string, BodyKey | null>>
  /** dotted field → code of each that the register does not have, and of people who are to act and are not in office; null: nothing */
  readonly errors: Readonly<Record<string, FieldError>> | null
}

/** The people, positions and bodies that a form names, by the register. */
export async function factsOfNamed(
  db: Asked,
  named: Pick<NamedInForm, 'people' | 'positions' | 'bodies'>,
  asking: Asking,
): Promise<NamedFacts> {
  const [{ people, positions, gone }, bodies] = await Promise.all([
    lookUp(db, named, asking),
    named.bodies.length > 0
      ? db.sql.rows<{ key: string }>`select key from state_bodies where key = any(${named.bodies.map(idOf)}::text[])`
      : [],
  ])
  const unknown = [
    ...named.bodies.filter(({ id }) => !bodies.some(({ key }) => key === id)),
    ...named.people.filter(({ id }) => !people.has(id)),
    ...named.positions.filter(({ id }) => !positions.has(id)),
  ]
  const errors = Object.fromEntries([
    ...unknown.map(({ field }) => [field, 'unknownId'] as const),
    ...gone.map(({ field }) => [field, 'notInOffice'] as const),
  ])

  return {
    people: Object.fromEntries([...people].map(([id, { office: _, ...record }]) => [id, record])),
    positions: Object.fromEntries(positions),
    offices: Object.fromEntries([...people].map(([id, { office }]) => [id, office])),
    errors: Object.keys(errors).length > 0 ? errors : null,
  }
}

const idOf = <Id extends string>({ id }: InField<Id>): Id => id
/** The day on which people act, whatever the clock of a case says. */
export const actingDay = (now: number): IsoDate => localDate(instant(now), DAILY_ZONE)

/** People act on real days: the clock of a rehearsal may stand before them, and what holds later holds then. */
const later = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b)
