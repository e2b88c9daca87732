/**
 * What all registers have in common: lists by page with named filters and sorts, and changes that are refused when
 * somebody else was faster.
 */
import type { IsoDate } from '../../workflows/kernel/contract'
import { Prisma, toStored } from './db'
import type { Db, Tx } from './db'
import { type Slice, slice } from './refs'

/** How the text of a filter is to be written; whoever takes it from outside checks that. */
export type FilterKind = 'uuid' | 'key' | 'date' | 'year' | 'text' | 'flag'

export interface ListQuery {
  /** from 1 */
  readonly page: number
  readonly perPage: number
  /** one of the register's `sorts` */
  readonly sort?: { readonly field: string; readonly descending: boolean }
  /** by the names of the register's `filters` */
  readonly filter?: Readonly<Record<string, string>>
  /** only these */
  readonly ids?: readonly string[]
}

export interface Register<Row> {
  readonly filters: Readonly<Record<string, FilterKind>>
  readonly sorts: readonly string[]
  /** whether ids are UUIDs; others are words */
  readonly ids: 'uuid' | 'key'
  /** Throws RangeError for a filter or sort that the register does not have. */
  list(db: Tx, query: ListQuery): Promise<Slice<Row>>
  get(db: Tx, id: string): Promise<Row | null>
}

/** Why a row is not stored. `exists`: there is another for the same thing. `contradicts`: another says the opposite. */
export type Clash = 'exists' | 'contradicts'

/** `stale`: somebody changed it since that version was read. `absent`: there is no such row. */
export type Changed<Row> = Row | 'stale' | 'absent' | Clash

export interface EditableRegister<Row, Change> extends Register<Row> {
  /** Changes what is given and nothing else, if the row still has that version. */
  update(db: Db, id: string, version: number, change: Change): Promise<Changed<Row>>
}

export interface FilterSpec<Where> {
  readonly kind: FilterKind
  readonly where: (value: string) => Where
}

export interface RegisterSpec<Where, Order, Stored, Row> {
  readonly ids: 'uuid' | 'key'
  readonly filters: Readonly<Record<string, FilterSpec<Where>>>
  readonly sorts: Readonly<Record<string, (direction: Prisma.SortOrder) => Order>>
  /** total order: what is listed first unless asked otherwise, and how ties are settled */
  readonly order: readonly Order[]
  readonly byIds: (ids: string[]) => Where
  readonly find: (
    db: Tx,
    args: { readonly where: { AND: Where[] }; readonly orderBy: Order[]; readonly skip: number; readonly take: number },
  ) => Promise<Stored[]>
  readonly row: (stored: Stored) => Row
}

/** A register that is only read. One row more than the page is fetched instead of counting the table. */
export const register = <Where, Order, Stored, Row>(spec: RegisterSpec<Where, Order, Stored, Row>): Register<Row> => {
  const whereOf = ({ filter = {}, ids }: ListQuery): Where[] => {
    const all = Object.entries(filter).map(([name, value]) => {
      const known = spec.filters[name]
      if (!known) throw new RangeError(`no such filter: ${name}`)
      return known.where(value)
    })
    return ids ? [...all, spec.byIds([...ids])] : all
  }
  const orderOf = ({ sort }: ListQuery): Order[] => {
    if (!sort) return [...spec.order]
    const known = spec.sorts[sort.field]
    if (!known) throw new RangeError(`no such sort: ${sort.field}`)
    return [known(sort.descending ? 'desc' : 'asc'), ...spec.order]
  }
  return {
    ids: spec.ids,
    filters: Object.fromEntries(Object.entries(spec.filters).map(([name, { kind }]) => [name, kind])),
    sorts: Object.keys(spec.sorts),
    list: async (db, query) => {
      const stored = await spec.find(db, {
        where: { AND: whereOf(query) },
        orderBy: orderOf(query),
        skip: (query.page - 1) * query.perPage,
        take: query.perPage + 1,
      })
      return slice(stored.map(spec.row), query)
    },
    get: async (db, id) => {
      const [stored] = await spec.find(db, {
        where: { AND: [spec.byIds([id])] },
        orderBy: [...spec.order],
        skip: 0,
        take: 1,
      })
      return stored === undefined ? null : spec.row(stored)
    },
  }
}

/**
 * Adds `update` to a register. `write` changes the row of that id and version, and says how many it changed, or with
 * which other row the change would clash.
 */
export const editable = <Row, Change>(
  read: Register<Row>,
  write: (db: Db, at: { id: string; version: number }, change: Change) => Promise<{ count: number } | Clash>,
): EditableRegister<Row, Change> => ({
  ...read,
  update: async (db, id, version, change) => {
    const written = await write(db, { id, version }, change)
    if (typeof written === 'string') return written
    const row = await read.get(db, id)
    if (!row) return 'absent'
    return written.count === 0 ? 'stale' : row
  },
})

/** In the data of an update: this version is used up. */
export const nextVersion = { version: { increment: 1 } } as const

/** Rows in force on a day; `to` is the last day. */
export const inForce = (on: IsoDate) => ({
  from: { lte: toStored(on) },
  OR: [{ to: null }, { to: { gte: toStored(on) } }],
})

/** The same as a condition on rows of `posts` or `body_roles` under that alias. */
export const inForceSql = (alias: 'post' | 'held', on: IsoDate): Prisma.Sql => {
  const column = (name: 'from' | 'to') => Prisma.raw(`${alias}."${name}"`)

  return Prisma.sql`${column('from')} <= ${on}::date and (${column('to')} is null or ${column('to')} >= ${on}::date)`
}

export const isOneOf = <Value extends string>(all: readonly Value[], text: string): text is Value =>
  (all as readonly string[]).includes(text)
