/** The registers as lists that people read and administrators edit: bodies, positions, people, roles; regimes, terms, rules. */
import { isoDate } from '../../workflows/kernel/calendar'
import {
  type BodyKey,
  type Confidence,
  type IsoDate,
  isUnverified,
  type Locale,
  type PersonId,
  type Role,
  type RuleRow,
  type WeekProfile,
} from '../../workflows/kernel/contract'
import type { PositionCategory, Regime, RegimeRow, Region, StateBody, Term } from '../generated/client'
import { confidenceOf, profileOf } from './calendar'
import { type Db, fromStored, fromStoredOrNull, type Prisma, toStored } from './db'
import { editable, inForce, nextVersion, register } from './listing'
import { bodyRef, nameOf, personRef } from './refs'

type Name = Readonly<Record<Locale, string>>
const nameData = (name: Name | undefined) => name && { nameKk: name.kk, nameRu: name.ru, nameEn: name.en }

/**
 * How a typed word may be looked for in a name. The database may not know how to fold the case of Cyrillic letters, so
 * the word is tried as typed, in small letters, and as the beginning of a name.
 */
const spellings = (word: string): Prisma.StringFilter[] => {
  const small = word.toLocaleLowerCase('kk')
  const capital = `${small.charAt(0).toLocaleUpperCase('kk')}${small.slice(1)}`
  return [{ contains: word, mode: 'insensitive' }, { contains: small }, { contains: capital }]
}
const words = (text: string): string[] => text.split(/\s+/u).filter(Boolean)

/** Every word of the text occurs in the name in one of the three languages. */
const named = (text: string) => ({
  AND: words(text).map((word) => ({
    OR: spellings(word).flatMap((spelt) => [{ nameKk: spelt }, { nameRu: spelt }, { nameEn: spelt }]),
  })),
})

// ---------------------------------------------------------------- lists

const regionRow = (stored: Region) => ({
  id: stored.key,
  name: nameOf(stored),
  timezone: stored.timezone,
  kind: stored.kind,
  createdOn: fromStoredOrNull(stored.createdOn),
  source: stored.source,
})
export type RegionView = ReturnType<typeof regionRow>

export const regions = register<Prisma.RegionWhereInput, Prisma.RegionOrderByWithRelationInput, Region, RegionView>({
  ids: 'key',
  filters: { q: { kind: 'text', where: named }, kind: { kind: 'key', where: (kind) => ({ kind }) } },
  sorts: {
    id: (key) => ({ key }),
    'name.kk': (nameKk) => ({ nameKk }),
    'name.ru': (nameRu) => ({ nameRu }),
    'name.en': (nameEn) => ({ nameEn }),
  },
  order: [{ key: 'asc' }],
  byIds: (ids) => ({ key: { in: ids } }),
  find: (db, args) => db.region.findMany(args),
  row: regionRow,
})

const bodyRow = (stored: StateBody) => ({
  id: stored.key,
  name: nameOf(stored),
  kind: stored.kind,
  parent: stored.parentKey,
  region: stored.regionKey,
  weekProfile: profileOf(stored.weekProfile),
  source: stored.source,
  version: stored.version,
})
export type BodyView = ReturnType<typeof bodyRow>
export interface BodyChange {
  readonly name?: Name
  readonly weekProfile?: WeekProfile
}

export const bodies = editable(
  register<Prisma.StateBodyWhereInput, Prisma.StateBodyOrderByWithRelationInput, StateBody, BodyView>({
    ids: 'key',
    filters: {
      q: { kind: 'text', where: named },
      kind: { kind: 'key', where: (kind) => ({ kind }) },
      parent: { kind: 'key', where: (parentKey) => ({ parentKey }) },
      region: { kind: 'key', where: (regionKey) => ({ regionKey }) },
    },
    sorts: {
      id: (key) => ({ key }),
      kind: (kind) => ({ kind }),
      region: (regionKey) => ({ regionKey }),
      'name.kk': (nameKk) => ({ nameKk }),
      'name.ru': (nameRu) => ({ nameRu }),
      'name.en': (nameEn) => ({ nameEn }),
    },
    order: [{ key: 'asc' }],
    byIds: (ids) => ({ key: { in: ids } }),
    find: (db, args) => db.stateBody.findMany(args),
    row: bodyRow,
  }),
  (db, { id, version }, { name, weekProfile }: BodyChange) =>
    db.stateBody.updateMany({
      where: { key: id, version },
      data: { ...nameData(name), ...(weekProfile && { weekProfile }), ...nextVersion },
    }),
)

const withBody = { body: true } as const
type StoredUnit = Prisma.UnitGetPayload<{ include: typeof withBody }>
const unitRow = (stored: StoredUnit) => ({
  id: stored.id,
  body: bodyRef(stored.body),
  name: nameOf(stored),
  version: stored.version,
})
export type UnitView = ReturnType<typeof unitRow>
export interface UnitChange {
  readonly name?: Name
}

export const units = editable(
  register<Prisma.UnitWhereInput, Prisma.UnitOrderByWithRelationInput, StoredUnit, UnitView>({
    ids: 'uuid',
    filters: {
      q: { kind: 'text', where: named },
      body: { kind: 'key', where: (key) => ({ bodyKey: key }) },
    },
    sorts: {
      body: (direction) => ({ bodyKey: direction }),
      'name.kk': (nameKk) => ({ nameKk }),
      'name.ru': (nameRu) => ({ nameRu }),
      'name.en': (nameEn) => ({ nameEn }),
    },
    order: [{ bodyKey: 'asc' }, { nameRu: 'asc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.unit.findMany({ ...args, include: withBody }),
    row: unitRow,
  }),
  (db, where, { name }: UnitChange) => db.unit.updateMany({ where, data: { ...nameData(name), ...nextVersion } }),
)

const withPlace = { body: true, unit: true, category: true } as const
type StoredPosition = Prisma.PositionGetPayload<{ include: typeof withPlace }>
const positionRow = (stored: StoredPosition) => ({
  id: stored.id,
  body: bodyRef(stored.body),
  unit: stored.unit && { id: stored.unit.id, name: nameOf(stored.unit) },
  category: stored.categoryCode,
  corps: stored.category.corps,
  name: nameOf(stored),
  headsUnit: stored.headsUnit,
  headsBody: stored.headsBody,
  elected: stored.elected,
  version: stored.version,
})
export type PositionView = ReturnType<typeof positionRow>
export interface PositionChange {
  readonly name?: Name
  readonly category?: string
  readonly unit?: string | null
  readonly headsUnit?: boolean
}

export const positions = editable(
  register<Prisma.PositionWhereInput, Prisma.PositionOrderByWithRelationInput, StoredPosition, PositionView>({
    ids: 'uuid',
    filters: {
      q: { kind: 'text', where: named },
      body: { kind: 'key', where: (key) => ({ bodyKey: key }) },
      unit: { kind: 'uuid', where: (unitId) => ({ unitId }) },
      category: { kind: 'key', where: (categoryCode) => ({ categoryCode }) },
      vacantOn: { kind: 'date', where: (date) => ({ posts: { none: inForce(isoDate(date)) } }) },
      /** positions that the person holds, or held */
      person: { kind: 'uuid', where: (id) => ({ posts: { some: { personId: id } } }) },
    },
    sorts: {
      body: (direction) => ({ bodyKey: direction }),
      category: (categoryCode) => ({ categoryCode }),
      'name.kk': (nameKk) => ({ nameKk }),
      'name.ru': (nameRu) => ({ nameRu }),
      'name.en': (nameEn) => ({ nameEn }),
    },
    order: [{ bodyKey: 'asc' }, { categoryCode: 'asc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.position.findMany({ ...args, include: withPlace }),
    row: positionRow,
  }),
  (db, where, { name, category, unit, headsUnit }: PositionChange) =>
    db.position.updateMany({
      where,
      data: {
        ...nameData(name),
        ...(category !== undefined && { categoryCode: category }),
        ...(unit !== undefined && { unitId: unit }),
        ...(headsUnit !== undefined && { headsUnit }),
        ...nextVersion,
      },
    }),
)

const withPresentPost = {
  posts: {
    where: { to: null },
    orderBy: [{ from: 'desc' }, { id: 'asc' }],
    take: 1,
    include: { position: { include: { body: true } } },
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

const categoryRow = ({ code, confidence, ...stored }: PositionCategory) => ({
  id: code,
  ...stored,
  confidence: confidenceOf(confidence),
  unverified: isUnverified(confidenceOf(confidence)),
})
export type CategoryView = ReturnType<typeof categoryRow>

export const categories = register<
  Prisma.PositionCategoryWhereInput,
  Prisma.PositionCategoryOrderByWithRelationInput,
  PositionCategory,
  CategoryView
>({
  ids: 'key',
  filters: {
    group: { kind: 'key', where: (group) => ({ group }) },
    corps: { kind: 'key', where: (corps) => ({ corps }) },
  },
  sorts: { id: (code) => ({ code }), rank: (rank) => ({ rank }) },
  order: [{ group: 'asc' }, { rank: 'asc' }, { code: 'asc' }],
  byIds: (ids) => ({ code: { in: ids } }),
  find: (db, args) => db.positionCategory.findMany(args),
  row: categoryRow,
})

const regimeRow = (stored: Regime) => ({
  id: stored.id,
  name: nameOf(stored),
  validFrom: fromStoredOrNull(stored.validFrom),
  validTo: fromStoredOrNull(stored.validTo),
  basis: stored.basis,
  confidence: confidenceOf(stored.confidence),
  unverified: isUnverified(confidenceOf(stored.confidence)),
})
export type RegimeView = ReturnType<typeof regimeRow>

export const regimes = register<Prisma.RegimeWhereInput, Prisma.RegimeOrderByWithRelationInput, Regime, RegimeView>({
  ids: 'key',
  filters: {},
  sorts: { id: (id) => ({ id }) },
  order: [{ id: 'asc' }],
  byIds: (ids) => ({ id: { in: ids } }),
  find: (db, args) => db.regime.findMany(args),
  row: regimeRow,
})

const termView = (stored: Term) => ({
  id: stored.id,
  key: stored.key,
  process: stored.process,
  name: nameOf(stored),
  /** null: no default is known, an administrator must enter one before a process can use it */
  value: stored.value,
  unit: stored.unit,
  regime: stored.regimeId,
  confidence: confidenceOf(stored.confidence),
  unverified: isUnverified(confidenceOf(stored.confidence)),
  source: stored.source,
  valueMin: stored.valueMin,
  valueMax: stored.valueMax,
  validFrom: fromStoredOrNull(stored.validFrom),
  validTo: fromStoredOrNull(stored.validTo),
  version: stored.version,
})
export type TermView = ReturnType<typeof termView>
export interface TermChange {
  readonly value?: number | null
  readonly unit?: string
  readonly confidence?: Confidence
  readonly source?: string
  readonly validFrom?: IsoDate | null
  readonly validTo?: IsoDate | null
}

export const terms = editable(
  register<Prisma.TermWhereInput, Prisma.TermOrderByWithRelationInput, Term, TermView>({
    ids: 'key',
    filters: {
      q: { kind: 'text', where: (text) => ({ OR: [named(text), { key: { contains: text, mode: 'insensitive' } }] }) },
      process: { kind: 'key', where: (process) => ({ process }) },
      regime: { kind: 'key', where: (regimeId) => ({ regimeId: { in: [regimeId, '*'] } }) },
      key: { kind: 'key', where: (key) => ({ key }) },
      unverified: {
        kind: 'flag',
        where: (flag) => ({ confidence: flag === 'true' ? { in: ['B', 'U', 'D'] } : { notIn: ['B', 'U', 'D'] } }),
      },
    },
    sorts: {
      key: (key) => ({ key }),
      process: (process) => ({ process }),
      regime: (regimeId) => ({ regimeId }),
      value: (value) => ({ value }),
      confidence: (confidence) => ({ confidence }),
    },
    order: [{ key: 'asc' }, { regimeId: 'asc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.term.findMany(args),
    row: termView,
  }),
  (db, where, { validFrom, validTo, ...change }: TermChange) =>
    db.term.updateMany({
      where,
      data: {
        ...change,
        ...(validFrom !== undefined && { validFrom: validFrom && toStored(validFrom) }),
        ...(validTo !== undefined && { validTo: validTo && toStored(validTo) }),
        ...nextVersion,
      },
    }),
)

export const ruleValue = (value: unknown): RuleRow['value'] => {
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value
  throw new TypeError(`a rule is true, false, a number or a word, not ${JSON.stringify(value)}`)
}
const ruleView = (stored: RegimeRow) => ({
  id: stored.id,
  key: stored.key,
  regime: stored.regimeId,
  value: ruleValue(stored.value),
  confidence: confidenceOf(stored.confidence),
  unverified: isUnverified(confidenceOf(stored.confidence)),
  source: stored.source,
  version: stored.version,
})
export type RuleView = ReturnType<typeof ruleView>
export interface RuleChange {
  readonly value?: RuleRow['value']
  readonly confidence?: Confidence
  readonly source?: string
}

export const rules = editable(
  register<Prisma.RegimeRowWhereInput, Prisma.RegimeRowOrderByWithRelationInput, RegimeRow, RuleView>({
    ids: 'key',
    filters: {
      key: { kind: 'key', where: (key) => ({ key }) },
      regime: { kind: 'key', where: (regimeId) => ({ regimeId }) },
    },
    sorts: { key: (key) => ({ key }), regime: (regimeId) => ({ regimeId }) },
    order: [{ key: 'asc' }, { regimeId: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.regimeRow.findMany(args),
    row: ruleView,
  }),
  (db, where, change: RuleChange) => db.regimeRow.updateMany({ where, data: { ...change, ...nextVersion } }),
)
