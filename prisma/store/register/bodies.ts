/** Registers of bodies: regions, bodies, units, positions and their categories. */
import { isoDate } from '../../../workflows/kernel/law/calendar'
import { isUnverified, type WeekProfile } from '../../../workflows/kernel/contract'
import type { PositionCategory, Region, StateBody } from '../../generated/client'
import { confidenceOf, profileOf } from '../calendar'
import { fromStored, fromStoredOrNull, type Prisma } from '../db'
import { editable, inForce, nextVersion, register } from '../listing'
import { bodyRef, nameOf, personRef } from '../refs'
import { type Name, named, nameData } from './names'

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

const withPlace = {
  body: true,
  unit: true,
  category: true,
  posts: { where: { to: null }, orderBy: [{ from: 'desc' }, { id: 'asc' }], take: 1, include: { person: true } },
} as const satisfies Prisma.PositionInclude
type StoredPosition = Prisma.PositionGetPayload<{ include: typeof withPlace }>
const heldBy = ([post]: StoredPosition['posts']) =>
  post ? { person: personRef(post.person), from: fromStored(post.from) } : null
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
  /** whoever has it now, and since when; null: it is vacant */
  holder: heldBy(stored.posts),
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
