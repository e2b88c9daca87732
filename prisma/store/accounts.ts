/** Who signs in, and which roles and posts he has in which bodies on a day. */
import type { BodyRef, DemoUser, Grant, PersonRef, Actor } from '../../workflows/kernel/contract'
import type { BodyKey, IsoDate, PersonId, Role } from '../../workflows/kernel/contract'
import type { Db } from './db'
import { inForce, inForceSql } from './listing'
import { bodyRef, personJson, personRef } from './refs'

export interface HeldRole {
  readonly role: Role
  readonly body: BodyRef
  readonly from: IsoDate
  readonly to: IsoDate | null
}

const iso = (date: Date): IsoDate => date.toISOString().slice(0, 10) as IsoDate

export async function rolesHeld(db: Db, person: PersonId, on: IsoDate): Promise<HeldRole[]> {
  const rows = await db.bodyRole.findMany({
    where: { personId: person, ...inForce(on) },
    include: { body: true },
    orderBy: [{ bodyKey: 'asc' }, { role: 'asc' }],
  })

  return rows.map(({ role, body, from, to }) => ({ role, body: bodyRef(body), from: iso(from), to: to && iso(to) }))
}

/**
 * These people as actors of the day, which is what the policy is asked about; whoever is no person is left out. One statement: every
 * request begins with it.
 */
export async function actorsOf(db: Db, people: readonly PersonId[], on: IsoDate): Promise<Map<PersonId, Actor>> {
  const rows = await db.sql.rows<{ person: PersonId; role: string | null; body: BodyKey | null }>`
    select distinct p.id as person, has.role, has.body
    from people p left join lateral (
      select held.role, held."bodyKey" as body from body_roles held
      where held."personId" = p.id and ${inForceSql('held', on)}
      union all
      select null, o."bodyKey" from posts post join positions o on o.id = post."positionId"
      where post."personId" = p.id and ${inForceSql('post', on)}
    ) has on true
    where p.id = any(${[...people]}::uuid[]) order by person, body, role`
  const found = new Map<PersonId, { person: PersonId; grants: Grant[]; posts: BodyKey[] }>()
  for (const { person, role, body } of rows) {
    const actor = found.get(person) ?? { person, grants: [], posts: [] }
    if (body !== null && role !== null) actor.grants.push({ role, body })
    else if (body !== null) actor.posts.push(body)
    found.set(person, actor)
  }

  return found
}

/** One of them; null when there is no such person. */
export const actorOf = async (db: Db, person: PersonId, on: IsoDate): Promise<Actor | null> =>
  (await actorsOf(db, [person], on)).get(person) ?? null

export async function personById(db: Db, person: PersonId): Promise<PersonRef | null> {
  const row = await db.person.findUnique({ where: { id: person } })

  return row && personRef(row)
}

export async function peopleByIds(db: Db, ids: readonly string[]): Promise<Map<string, PersonRef>> {
  if (ids.length === 0) return new Map()
  const rows = await db.sql.rows<{ person: PersonRef }>`
    select ${personJson('person')} as person from people person where id = any(${[...new Set(ids)]}::uuid[])`

  return new Map(rows.map(({ person }) => [person.id, person]))
}

export async function bodiesByKeys(db: Db, keys: readonly string[]): Promise<BodyRef[]> {
  const rows = await db.stateBody.findMany({ where: { key: { in: [...keys] } }, orderBy: { key: 'asc' } })

  return rows.map(bodyRef)
}

export const allBodies = async (db: Db): Promise<BodyRef[]> =>
  (await db.stateBody.findMany({ orderBy: { key: 'asc' } })).map(bodyRef)

/** The people offered at the sign-in page of a demonstration, with the body of their first role or post. */
export async function demoUsers(db: Db, on: IsoDate): Promise<DemoUser[]> {
  const rows = await db.account.findMany({
    where: { demoAs: { not: null } },
    orderBy: [{ order: 'asc' }, { id: 'asc' }],
    include: {
      person: {
        include: {
          roles: { where: inForce(on), include: { body: true }, take: 1 },
          posts: { where: inForce(on), include: { position: { include: { body: true } } }, take: 1 },
        },
      },
    },
  })

  return rows.map(({ id, demoAs, person }) => {
    const body = person.roles[0]?.body ?? person.posts[0]?.position.body

    return { id, name: personRef(person).name, as: demoAs ?? '', body: body ? bodyRef(body) : null }
  })
}

/** The person of a demo account, or null when there is none of this id. */
export async function personOfDemoUser(db: Db, account: string): Promise<PersonId | null> {
  const row = await db.account.findFirst({ where: { id: account, demoAs: { not: null } }, select: { personId: true } })

  return row && (row.personId as PersonId)
}
