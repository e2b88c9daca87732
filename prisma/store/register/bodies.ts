/** Registers of bodies: regions, bodies, units, positions and their categories. */
import { isoDate } from '../../../workflows/kernel/law/calendar'
import { COLUMNS, suffices, type Shown } from '../../../workflows/kernel/register-sight'
import { isUnverified, type WeekProfile } from '../../../workflows/kernel/contract'
import type { AddedFields } from '../../../workflows/kernel/register'
import type { PositionCategory, Region, StateBody } from '../../generated/client'
import { confidenceOf, profileOf } from '../calendar'
import { fromStored, fromStoredOrNull, Prisma } from '../db'
import { editable, inForceSql, register } from '../listing'
import { inEachLanguage, nameKey, numberKey, textKey, uuidKey } from '../order'
import { bodyRef, nameOf, personRef } from '../refs'
import { writeRegister } from '../register-trail'
import { matching } from '../search'
import { addedFields } from './added'
import { type Name, nameColumns } from './names'

const regionRow = (stored: Region) => ({
  id: stored.key,
  name: nameOf(stored),
  timezone: stored.timezone,
  kind: stored.kind,
  createdOn: fromStoredOrNull(stored.createdOn),
  source: stored.source,
})
export type RegionView = ReturnType<typeof regionRow>

export const regions = register({
  ids: 'key',
  from: Prisma.sql`regions t`,
  id: 'key',
  filters: {
    q: { kind: 'text', where: (text) => matching('t', text) },
    kind: { kind: 'key', where: (kind) => Prisma.sql`t.kind = ${kind}` },
  },
  orders: {
    id: [textKey('key')],
    ...inEachLanguage('name', (locale) => [nameKey('t', locale, (row: Region) => row), textKey('key')]),
  },
  usual: 'id',
  load: (db, keys): Promise<Region[]> => db.region.findMany({ where: { key: { in: keys } } }),
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
  register({
    ids: 'key',
    from: Prisma.sql`state_bodies t`,
    id: 'key',
    filters: {
      q: { kind: 'text', where: (text) => matching('t', text) },
      kind: { kind: 'key', where: (kind) => Prisma.sql`t.kind = ${kind}` },
      parent: { kind: 'key', where: (key) => Prisma.sql`t."parentKey" = ${key}` },
      region: { kind: 'key', where: (key) => Prisma.sql`t."regionKey" = ${key}` },
    },
    orders: {
      id: [textKey('key')],
      kind: [textKey('kind'), textKey('key')],
      ...inEachLanguage('name', (locale) => [nameKey('t', locale, (row: StateBody) => row), textKey('key')]),
    },
    usual: 'id',
    load: (db, keys): Promise<StateBody[]> => db.stateBody.findMany({ where: { key: { in: keys } } }),
    row: bodyRow,
  }),
  (tx, author, at, { name, ...change }: BodyChange) =>
    writeRegister(tx, author, 'bodies', { ...at, change: { ...(name && nameColumns(name)), ...change } }),
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
  register({
    ids: 'uuid',
    from: Prisma.sql`units t join state_bodies body on body.key = t."bodyKey"`,
    id: 'id',
    filters: {
      q: { kind: 'text', where: (text) => matching('t', text) },
      body: { kind: 'key', where: (key) => Prisma.sql`t."bodyKey" = ${key}` },
    },
    orders: {
      ...inEachLanguage('name', (locale) => [nameKey('t', locale, (row: StoredUnit) => row), uuidKey('id')]),
      ...inEachLanguage('body', (locale) => [
        nameKey('body', locale, (row: StoredUnit) => row.body),
        nameKey('t', locale, (row: StoredUnit) => row),
        uuidKey('id'),
      ]),
    },
    usual: 'body.kk',
    load: (db, ids): Promise<StoredUnit[]> => db.unit.findMany({ where: { id: { in: ids } }, include: withBody }),
    row: unitRow,
  }),
  (tx, author, at, { name }: UnitChange) =>
    writeRegister(tx, author, 'units', { ...at, change: { ...(name && nameColumns(name)) } }),
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
const positionRow = (stored: StoredPosition, shown: Shown) => ({
  id: stored.id,
  body: bodyRef(stored.body),
  unit: stored.unit && { id: stored.unit.id, name: nameOf(stored.unit) },
  category: stored.categoryCode,
  corps: stored.category.corps,
  name: nameOf(stored),
  headsUnit: stored.headsUnit,
  headsBody: stored.headsBody,
  elected: stored.elected,
  ...(suffices(shown, COLUMNS.positions.fields) && { fields: addedFields(stored) }),
  /** whoever has it now, and since when; null: it is vacant */
  ...(suffices(shown, COLUMNS.positions.holder) && { holder: heldBy(stored.posts) }),
  version: stored.version,
})
export type PositionView = ReturnType<typeof positionRow>
export interface PositionChange {
  readonly name?: Name
  readonly category?: string
  readonly unit?: string | null
  readonly headsUnit?: boolean
  readonly fields?: AddedFields
}

export const positions = editable(
  register({
    ids: 'uuid',
    whose: {
      register: 'positions',
      inBodies: (bodies) => Prisma.sql`t."bodyKey" = any(${bodies})`,
      of: (id) =>
        Prisma.sql`t.id in (select post."positionId" from posts post where post."personId" = ${id}::uuid and post."to" is null)`,
    },
    from: Prisma.sql`positions t join state_bodies body on body.key = t."bodyKey"`,
    id: 'id',
    filters: {
      q: { kind: 'text', where: (text) => matching('t', text) },
      body: { kind: 'key', where: (key) => Prisma.sql`t."bodyKey" = ${key}` },
      unit: { kind: 'uuid', where: (id) => Prisma.sql`t."unitId" = ${id}::uuid` },
      category: { kind: 'key', where: (code) => Prisma.sql`t."categoryCode" = ${code}` },
      vacantOn: {
        kind: 'date',
        where: (date) =>
          Prisma.sql`not exists (select from posts post where post."positionId" = t.id and ${inForceSql('post', isoDate(date))})`,
      },
      /** positions that the person holds, or held */
      person: {
        kind: 'uuid',
        needs: COLUMNS.positions.holder,
        where: (id) =>
          Prisma.sql`t.id in (select post."positionId" from posts post where post."personId" = ${id}::uuid)`,
      },
    },
    orders: {
      category: [textKey('categoryCode'), uuidKey('id')],
      ...inEachLanguage('name', (locale) => [nameKey('t', locale, (row: StoredPosition) => row), uuidKey('id')]),
      ...inEachLanguage('body', (locale) => [
        nameKey('body', locale, (row: StoredPosition) => row.body),
        nameKey('t', locale, (row: StoredPosition) => row),
        uuidKey('id'),
      ]),
    },
    usual: 'body.kk',
    load: (db, ids): Promise<StoredPosition[]> =>
      db.position.findMany({ where: { id: { in: ids } }, include: withPlace }),
    row: positionRow,
  }),
  (tx, author, at, { name, category, unit, headsUnit, fields }: PositionChange) =>
    writeRegister(tx, author, 'positions', {
      ...at,
      change: { ...(name && nameColumns(name)), categoryCode: category, unitId: unit, headsUnit, fields },
    }),
)

const categoryRow = ({ code, confidence, ...stored }: PositionCategory) => ({
  id: code,
  ...stored,
  confidence: confidenceOf(confidence),
  unverified: isUnverified(confidenceOf(confidence)),
})
export type CategoryView = ReturnType<typeof categoryRow>

export const categories = register({
  ids: 'key',
  from: Prisma.sql`position_categories t`,
  id: 'code',
  filters: {
    group: { kind: 'key', where: (group) => Prisma.sql`t."group" = ${group}` },
    corps: { kind: 'key', where: (corps) => Prisma.sql`t.corps = ${corps}` },
  },
  orders: {
    id: [textKey('code')],
    rank: [numberKey('rank'), textKey('code')],
    group: [textKey('group'), numberKey('rank'), textKey('code')],
  },
  usual: 'group',
  load: (db, codes): Promise<PositionCategory[]> => db.positionCategory.findMany({ where: { code: { in: codes } } }),
  row: categoryRow,
})
