/** Registers of people: who they are, the posts they hold and held, the roles they have in bodies. */
import { isoDate } from '../../../workflows/kernel/law/calendar'
import type { BodyKey, IsoDate, PersonId, Role } from '../../../workflows/kernel/contract'
import { COLUMNS, suffices, type Shown } from '../../../workflows/kernel/register-sight'
import type { AddedFields, PostKind, RegisterRows } from '../../../workflows/kernel/register'
import type { EndGround } from '../../../workflows/service/posts'
import { type Db, fromStored, fromStoredOrNull, Prisma } from '../db'
import { editable, inForceSql, register } from '../listing'
import { dateKey, inEachLanguage, nameKey, personKeys, textKey, uuidKey } from '../order'
import { changePost, wrongForPost, type WrongFields } from '../posts'
import { bodyRef, nameOf, personRef } from '../refs'
import type { Whose } from '../register-sight'
import { type Author, writeRegister } from '../register-trail'
import { matching } from '../search'
import { addedFields } from './added'
import type { Name } from './names'

const withPresentPost = {
  posts: {
    where: { to: null },
    orderBy: [{ from: 'desc' }, { id: 'asc' }],
    take: 1,
    include: { position: { include: { body: true, unit: true } } },
  },
} as const satisfies Prisma.PersonInclude
type StoredPerson = Prisma.PersonGetPayload<{ include: typeof withPresentPost }>
const presentPost = ({ posts: [post] }: StoredPerson) =>
  post
    ? {
        id: post.id,
        from: fromStored(post.from),
        position: { id: post.positionId, name: nameOf(post.position) },
        unit: post.position.unit && { id: post.position.unit.id, name: nameOf(post.position.unit) },
        body: bodyRef(post.position.body),
      }
    : null
const personRow = (stored: StoredPerson, shown: Shown) => {
  const { post, sex, birthDate, email, fields } = COLUMNS.people

  return {
    ...personRef(stored),
    surname: { kk: stored.surnameKk, ru: stored.surnameRu, en: stored.surnameEn },
    given: { kk: stored.givenKk, ru: stored.givenRu, en: stored.givenEn },
    ...(suffices(shown, sex) && { sex: stored.sex }),
    ...(suffices(shown, birthDate) && { birthDate: fromStored(stored.birthDate) }),
    ...(suffices(shown, email) && { email: stored.email }),
    /** the post that has no end yet */
    ...(suffices(shown, post) && { post: presentPost(stored) }),
    sample: stored.sample,
    ...(suffices(shown, fields) && { fields: addedFields(stored) }),
    version: stored.version,
  }
}
export type PersonView = ReturnType<typeof personRow>
export interface PersonChange {
  readonly surname?: Name
  readonly given?: Name
  readonly birthDate?: IsoDate
  readonly email?: string | null
  readonly fields?: AddedFields
}

const peopleAre = {
  register: 'people',
  inBodies: (bodies) => inPresentPost(Prisma.sql`o."bodyKey" = any(${bodies})`),
  of: (id) => Prisma.sql`t.id = ${id}::uuid`,
  inOffice: Prisma.sql`(t.id in (select post."personId" from posts post where post."to" is null)
    or t.id in (select held."personId" from body_roles held where held."to" is null))`,
} as const satisfies Whose
const inPresentPost = (condition: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`t.id in (select post."personId" from posts post join positions o on o.id = post."positionId"
    where post."to" is null and ${condition})`

export const people = editable(
  register({
    ids: 'uuid',
    whose: peopleAre,
    from: Prisma.sql`people t`,
    id: 'id',
    filters: {
      q: { kind: 'text', where: (text) => matching('t', text) },
      /** those who serve in the body now */
      body: {
        kind: 'key',
        needs: COLUMNS.people.post,
        where: (key) => inPresentPost(Prisma.sql`o."bodyKey" = ${key}`),
      },
      unit: {
        kind: 'uuid',
        needs: COLUMNS.people.post,
        where: (id) => inPresentPost(Prisma.sql`o."unitId" = ${id}::uuid`),
      },
      /** those whose present post began on that day or later */
      appointedSince: {
        kind: 'date',
        needs: COLUMNS.people.post,
        where: (date) => inPresentPost(Prisma.sql`post."from" >= ${date}::date`),
      },
    },
    orders: {
      ...inEachLanguage('name', (locale) => [...personKeys('t', locale, (row: StoredPerson) => row), uuidKey('id')]),
      birthDate: [dateKey('birthDate'), uuidKey('id')],
    },
    ordersNeed: { birthDate: COLUMNS.people.birthDate },
    usual: 'name.kk',
    load: (db, ids): Promise<StoredPerson[]> =>
      db.person.findMany({ where: { id: { in: ids } }, include: withPresentPost }),
    row: personRow,
  }),
  (tx, author, at, { surname, given, birthDate, email, fields }: PersonChange) =>
    writeRegister(tx, author, 'people', {
      ...at,
      change: {
        ...(surname && { surnameKk: surname.kk, surnameRu: surname.ru, surnameEn: surname.en }),
        ...(given && { givenKk: given.kk, givenRu: given.ru, givenEn: given.en }),
        birthDate,
        email,
        fields,
      },
    }),
)

const withWhoAndWhere = { person: true, position: { include: { body: true } } } as const
type StoredPost = Prisma.PostGetPayload<{ include: typeof withWhoAndWhere }>
const postRow = (stored: StoredPost, shown: Shown) => ({
  id: stored.id,
  person: personRef(stored.person),
  position: { id: stored.positionId, name: nameOf(stored.position) },
  body: bodyRef(stored.position.body),
  from: fromStored(stored.from),
  /** the last day in the post */
  to: fromStoredOrNull(stored.to),
  ...(suffices(shown, COLUMNS.posts.endGround) && { endGround: stored.endGround }),
  kind: stored.kind,
  version: stored.version,
})
export type PostView = ReturnType<typeof postRow>
export interface PostChange {
  readonly from?: IsoDate
  readonly to?: IsoDate | null
  readonly endGround?: EndGround | null
  readonly kind?: PostKind
}

export const posts = editable(
  register({
    ids: 'uuid',
    whose: {
      register: 'posts',
      inBodies: (bodies) =>
        Prisma.sql`t."positionId" in (select o.id from positions o where o."bodyKey" = any(${bodies}))`,
      of: (id) => Prisma.sql`t."personId" = ${id}::uuid`,
    },
    from: Prisma.sql`posts t`,
    id: 'id',
    filters: {
      person: { kind: 'uuid', where: (id) => Prisma.sql`t."personId" = ${id}::uuid` },
      position: { kind: 'uuid', where: (id) => Prisma.sql`t."positionId" = ${id}::uuid` },
      body: {
        kind: 'key',
        where: (key) => Prisma.sql`t."positionId" in (select o.id from positions o where o."bodyKey" = ${key})`,
      },
      on: { kind: 'date', where: (date) => inForceSql('t', isoDate(date)) },
      endGround: {
        kind: 'key',
        needs: COLUMNS.posts.endGround,
        where: (ground) => Prisma.sql`t."endGround" = ${ground}`,
      },
    },
    orders: { from: [dateKey('from'), uuidKey('id')], to: [dateKey('to'), dateKey('from'), uuidKey('id')] },
    usual: '-from',
    load: (db, ids): Promise<StoredPost[]> =>
      db.post.findMany({ where: { id: { in: ids } }, include: withWhoAndWhere }),
    row: postRow,
  }),
  (tx, author, at, change: PostChange) => changePost(tx, author, at, change),
)

const withHolder = { person: true, body: true } as const
type StoredRole = Prisma.BodyRoleGetPayload<{ include: typeof withHolder }>
const roleRow = (stored: StoredRole, shown: Shown) => ({
  id: stored.id,
  person: personRef(stored.person),
  role: stored.role,
  body: bodyRef(stored.body),
  from: fromStored(stored.from),
  /** the last day of the role */
  to: fromStoredOrNull(stored.to),
  ...(suffices(shown, COLUMNS.roles.basis) && { basis: stored.basis }),
  /** the post by virtue of which it is held, with which it ends */
  ...(suffices(shown, COLUMNS.roles.post) && { post: stored.postId }),
  version: stored.version,
})
export type RoleView = ReturnType<typeof roleRow>
export interface RoleChange {
  readonly from?: IsoDate
  readonly to?: IsoDate | null
  readonly basis?: string
  readonly post?: string | null
}

export const roles = editable(
  register({
    ids: 'uuid',
    whose: {
      register: 'roles',
      inBodies: (bodies) => Prisma.sql`t."bodyKey" = any(${bodies})`,
      of: (id) => Prisma.sql`t."personId" = ${id}::uuid`,
    },
    from: Prisma.sql`body_roles t join people person on person.id = t."personId" join state_bodies body on body.key = t."bodyKey"`,
    id: 'id',
    filters: {
      person: { kind: 'uuid', where: (id) => Prisma.sql`t."personId" = ${id}::uuid` },
      body: { kind: 'key', where: (key) => Prisma.sql`t."bodyKey" = ${key}` },
      role: { kind: 'key', where: (role) => Prisma.sql`t.role = ${role}` },
      on: { kind: 'date', where: (date) => inForceSql('t', isoDate(date)) },
    },
    orders: {
      ...inEachLanguage('person', (locale) => [
        ...personKeys('person', locale, ({ person }: StoredRole) => person),
        uuidKey('id'),
      ]),
      ...inEachLanguage('body', (locale) => [
        nameKey('body', locale, ({ body }: StoredRole) => body),
        textKey('role'),
        ...personKeys('person', locale, ({ person }: StoredRole) => person),
        uuidKey('id'),
      ]),
      role: [textKey('role'), textKey('bodyKey'), uuidKey('id')],
      from: [dateKey('from'), uuidKey('id')],
    },
    usual: 'body.kk',
    load: (db, ids): Promise<StoredRole[]> => db.bodyRole.findMany({ where: { id: { in: ids } }, include: withHolder }),
    row: roleRow,
  }),
  async (tx, author, at, { post, ...change }: RoleChange) => {
    const [before] = await tx.rows<RegisterRows['roles']>`select * from body_roles where id = ${at.id}::uuid`
    const postId = post === undefined ? before?.postId : post
    const wrong = before && (await wrongForPost(tx, { ...before, ...given(change), postId: postId ?? null }))

    return wrong ?? writeRegister(tx, author, 'roles', { ...at, change: { ...change, postId: post } })
  },
)

/** Without what is not said. */
const given = ({ from, to }: RoleChange): Pick<RoleChange, 'from' | 'to'> => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
})

/** Gives a person a role in a body; or says what is wrong with it for the post on which it is to hang. */
export const addRole = async (
  db: Db,
  author: Author,
  {
    person,
    body,
    post = null,
    ...row
  }: {
    readonly person: PersonId
    readonly role: Role
    readonly body: BodyKey
    readonly from: IsoDate
    readonly to: IsoDate | null
    readonly basis: string
    readonly post?: string | null
  },
): Promise<RoleView | WrongFields> => {
  const id = crypto.randomUUID()
  const role = { ...row, id, personId: person, bodyKey: body, postId: post }
  const wrong = await db.sql.transaction(async (tx) => {
    const found = await wrongForPost(tx, role)
    if (!found) await writeRegister(tx, author, 'roles', { enter: [role] })

    return found
  })
  if (wrong) return wrong

  return roleRow(await db.bodyRole.findUniqueOrThrow({ where: { id }, include: withHolder }), 'all')
}
