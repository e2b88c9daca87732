/** Registers of people: who they are, the posts they hold and held, the roles they have in bodies. */
import { isoDate } from '../../../workflows/kernel/law/calendar'
import type { BodyKey, IsoDate, PersonId, Role } from '../../../workflows/kernel/contract'
import { type Db, fromStored, fromStoredOrNull, type Prisma, toStored } from '../db'
import { editable, inForce, nextVersion, register } from '../listing'
import { bodyRef, nameOf, personRef } from '../refs'
import { type Name, spellings, words } from './names'

const withPresentPost = {
  posts: {
    where: { to: null },
    orderBy: [{ from: 'desc' }, { id: 'asc' }],
    take: 1,
    include: { position: { include: { body: true, unit: true } } },
  },
} as const satisfies Prisma.PersonInclude
type StoredPerson = Prisma.PersonGetPayload<{ include: typeof withPresentPost }>
const personRow = (stored: StoredPerson) => {
  const [post] = stored.posts
  return {
    ...personRef(stored),
    surname: { kk: stored.surnameKk, ru: stored.surnameRu, en: stored.surnameEn },
    given: { kk: stored.givenKk, ru: stored.givenRu, en: stored.givenEn },
    sex: stored.sex,
    birthDate: fromStored(stored.birthDate),
    /** the post that has no end yet */
    post: post
      ? {
          id: post.id,
          from: fromStored(post.from),
          position: { id: post.positionId, name: nameOf(post.position) },
          unit: post.position.unit && { id: post.position.unit.id, name: nameOf(post.position.unit) },
          body: bodyRef(post.position.body),
        }
      : null,
    sample: stored.sample,
    version: stored.version,
  }
}
export type PersonView = ReturnType<typeof personRow>
export interface PersonChange {
  readonly surname?: Name
  readonly given?: Name
  readonly birthDate?: IsoDate
}

export const people = editable(
  register<Prisma.PersonWhereInput, Prisma.PersonOrderByWithRelationInput, StoredPerson, PersonView>({
    ids: 'uuid',
    filters: {
      q: {
        kind: 'text',
        where: (text) => ({
          AND: words(text).map((word) => ({
            OR: spellings(word).flatMap((spelt) => [
              { surnameKk: spelt },
              { surnameRu: spelt },
              { surnameEn: spelt },
              { givenKk: spelt },
              { givenRu: spelt },
              { givenEn: spelt },
            ]),
          })),
        }),
      },
      /** those who serve in the body now */
      body: { kind: 'key', where: (key) => ({ posts: { some: { to: null, position: { bodyKey: key } } } }) },
      unit: { kind: 'uuid', where: (unitId) => ({ posts: { some: { to: null, position: { unitId } } } }) },
      /** those whose present post began on that day or later */
      appointedSince: {
        kind: 'date',
        where: (date) => ({ posts: { some: { to: null, from: { gte: toStored(isoDate(date)) } } } }),
      },
    },
    sorts: {
      'name.kk': (surnameKk) => ({ surnameKk }),
      'name.ru': (surnameRu) => ({ surnameRu }),
      'name.en': (surnameEn) => ({ surnameEn }),
      birthDate: (birthDate) => ({ birthDate }),
    },
    order: [{ surnameRu: 'asc' }, { givenRu: 'asc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.person.findMany({ ...args, include: withPresentPost }),
    row: personRow,
  }),
  (db, where, { surname, given, birthDate }: PersonChange) =>
    db.person.updateMany({
      where,
      data: {
        ...(surname && { surnameKk: surname.kk, surnameRu: surname.ru, surnameEn: surname.en }),
        ...(given && { givenKk: given.kk, givenRu: given.ru, givenEn: given.en }),
        ...(birthDate && { birthDate: toStored(birthDate) }),
        ...nextVersion,
      },
    }),
)

export const END_GROUNDS = [
  'transfer',
  'ownWish',
  'evaluation',
  'probation',
  'attestation',
  'negativeGrounds',
  'staffReduction',
] as const
export type EndGround = (typeof END_GROUNDS)[number]

const withWhoAndWhere = { person: true, position: { include: { body: true } } } as const
type StoredPost = Prisma.PostGetPayload<{ include: typeof withWhoAndWhere }>
const postRow = (stored: StoredPost) => ({
  id: stored.id,
  person: personRef(stored.person),
  position: { id: stored.positionId, name: nameOf(stored.position) },
  body: bodyRef(stored.position.body),
  from: fromStored(stored.from),
  /** the last day in the post */
  to: fromStoredOrNull(stored.to),
  endGround: stored.endGround,
  version: stored.version,
})
export type PostView = ReturnType<typeof postRow>
export interface PostChange {
  readonly from?: IsoDate
  readonly to?: IsoDate | null
  readonly endGround?: EndGround | null
}

export const posts = editable(
  register<Prisma.PostWhereInput, Prisma.PostOrderByWithRelationInput, StoredPost, PostView>({
    ids: 'uuid',
    filters: {
      person: { kind: 'uuid', where: (id) => ({ personId: id }) },
      position: { kind: 'uuid', where: (positionId) => ({ positionId }) },
      body: { kind: 'key', where: (key) => ({ position: { bodyKey: key } }) },
      on: { kind: 'date', where: (date) => inForce(isoDate(date)) },
      endGround: { kind: 'key', where: (endGround) => ({ endGround }) },
    },
    sorts: { from: (from) => ({ from }), to: (to) => ({ to }) },
    order: [{ from: 'desc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.post.findMany({ ...args, include: withWhoAndWhere }),
    row: postRow,
  }),
  (db, where, { from, to, endGround }: PostChange) =>
    db.post.updateMany({
      where,
      data: {
        ...(from && { from: toStored(from) }),
        ...(to !== undefined && { to: to && toStored(to) }),
        ...(endGround !== undefined && { endGround }),
        ...nextVersion,
      },
    }),
)

const withHolder = { person: true, body: true } as const
type StoredRole = Prisma.BodyRoleGetPayload<{ include: typeof withHolder }>
const roleRow = (stored: StoredRole) => ({
  id: stored.id,
  person: personRef(stored.person),
  role: stored.role,
  body: bodyRef(stored.body),
  from: fromStored(stored.from),
  /** the last day of the role */
  to: fromStoredOrNull(stored.to),
  basis: stored.basis,
  version: stored.version,
})
export type RoleView = ReturnType<typeof roleRow>
export interface RoleChange {
  readonly from?: IsoDate
  readonly to?: IsoDate | null
  readonly basis?: string
}

export const roles = editable(
  register<Prisma.BodyRoleWhereInput, Prisma.BodyRoleOrderByWithRelationInput, StoredRole, RoleView>({
    ids: 'uuid',
    filters: {
      person: { kind: 'uuid', where: (id) => ({ personId: id }) },
      body: { kind: 'key', where: (key) => ({ bodyKey: key }) },
      role: { kind: 'key', where: (role) => ({ role }) },
      on: { kind: 'date', where: (date) => inForce(isoDate(date)) },
    },
    sorts: { body: (direction) => ({ bodyKey: direction }), role: (role) => ({ role }), from: (from) => ({ from }) },
    order: [{ bodyKey: 'asc' }, { role: 'asc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.bodyRole.findMany({ ...args, include: withHolder }),
    row: roleRow,
  }),
  (db, where, { from, to, basis }: RoleChange) =>
    db.bodyRole.updateMany({
      where,
      data: {
        ...(from && { from: toStored(from) }),
        ...(to !== undefined && { to: to && toStored(to) }),
        ...(basis !== undefined && { basis }),
        ...nextVersion,
      },
    }),
)

/** Gives a person a role in a body. */
export const addRole = async (
  db: Db,
  row: {
    readonly person: PersonId
    readonly role: Role
    readonly body: BodyKey
    readonly from: IsoDate
    readonly to: IsoDate | null
    readonly basis: string
  },
): Promise<RoleView> =>
  roleRow(
    await db.bodyRole.create({
      data: {
        id: crypto.randomUUID(),
        personId: row.person,
        role: row.role,
        bodyKey: row.body,
        from: toStored(row.from),
        to: row.to && toStored(row.to),
        basis: row.basis,
      },
      include: withHolder,
    }),
  )
