/**
 * What all registers have in common: lists by page with named filters and sorts, and changes that are refused when
 * somebody else was faster.
 */
import type { IsoDate } from '../../workflows/kernel/contract'
import { Prisma, toStored } from './db'
import type { Db, Sql } from './db'
import { ordering, type Key, type PageCursor } from './order'
import type { PostRefusal, WrongFields } from './posts'
import { type Slice, slice, windowSql } from './refs'
import type { Author } from './register-trail'

/** How the text of a filter is to be written; whoever takes it from outside checks that. */
export type FilterKind = 'uuid' | 'key' | 'date' | 'year' | 'text' | 'flag'

export interface ListQuery {
  /** from 1 */
  readonly page: number
  readonly perPage: number
  /** one of the register's `sorts` */
  readonly sort?: string
  /** where the page before ended, in the same order: instead of `page` */
  readonly after?: PageCursor
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
  /** A page, and the cursor at which it ends. Throws RangeError for a filter or sort that the register does not have. */
  list(db: Db, query: ListQuery): Promise<Slice<Row> & { readonly end: string | null }>
  get(db: Db, id: string): Promise<Row | null>
  /** Reads the cursor of a page in that order, or in the usual one; null if it is none of it. */
  parseCursor(text: string, sort: string | undefined): PageCursor | null
}

/** Why a day is not stored. `exists`: there is another for the same thing. `contradicts`: another says the opposite. */
export type DayClash = 'exists' | 'contradicts'
/** Why a row is not stored. */
export type Clash = DayClash | PostRefusal | WrongFields

/** Is that why a row is not stored, and not what was stored? */
export const isClash = (answer: unknown): answer is Clash =>
  answer === 'exists' ||
  answer === 'contradicts' ||
  (typeof answer === 'object' && answer !== null && ('refused' in answer || 'wrong' in answer))

/** `stale`: somebody changed it since that version was read. `absent`: there is no such row. */
export type Changed<Row> = Row | 'stale' | 'absent' | Clash

/** A row as somebody read it. */
export interface RowVersion {
  readonly id: string
  readonly version: number
}

export interface EditableRegister<Row, Change> extends Register<Row> {
  /** Changes what is given and nothing else, if the row still has that version. */
  update(db: Db, author: Author, at: RowVersion, change: Change): Promise<Changed<Row>>
}

export interface FilterSpec {
  readonly kind: FilterKind
  readonly where: (value: string) => Prisma.Sql
}

export interface RegisterSpec<Stored, Row, Name extends string> {
  readonly ids: 'uuid' | 'key'
  /** the table with alias `t`, and what its orders need */
  readonly from: Prisma.Sql
  /** the column of its ids, in the table and in a stored row */
  readonly id: keyof Stored & string
  /** conditions on rows `t` */
  readonly filters: Readonly<Record<string, FilterSpec>>
  readonly orders: Readonly<Record<Name, readonly Key<Stored>[]>>
  /** the order unless another is asked for */
  readonly usual: NoInfer<Name> | `-${NoInfer<Name>}`
  readonly load: (db: Db, ids: string[]) => Promise<Stored[]>
  readonly row: (stored: Stored) => Row
}

/**
 * A register that is only read. SQL finds the ids of a page, so that order, search and place are said in one way for all lists; the
 * rows are loaded by them. One id more than the page is found instead of counting the table.
 */
export const register = <Stored, Row, Name extends string>(spec: RegisterSpec<Stored, Row, Name>): Register<Row> => {
  const order = ordering(spec.orders)
  const column = Prisma.raw(`t."${spec.id}"`)
  const byIds = (ids: readonly string[]): Prisma.Sql =>
    Prisma.sql`${column} = any(${[...ids]}::${Prisma.raw(spec.ids === 'uuid' ? 'uuid' : 'text')}[])`
  const sortOf = (sort: string | undefined): (typeof order.sorts)[number] => {
    const known = sort === undefined ? spec.usual : order.sorts.find((each) => each === sort)
    if (known === undefined) throw new RangeError(`no such sort: ${String(sort)}`)
    return known
  }
  const conditions = ({ filter = {}, ids }: ListQuery): Prisma.Sql[] => {
    const all = Object.entries(filter).map(([name, value]) => {
      const known = spec.filters[name]
      if (!known) throw new RangeError(`no such filter: ${name}`)
      return known.where(value)
    })
    return ids ? [...all, byIds(ids)] : all
  }
  const loaded = async (db: Db, ids: string[]): Promise<Stored[]> => {
    if (ids.length === 0) return []
    const stored = new Map((await spec.load(db, ids)).map((row) => [String(row[spec.id]), row]))

    return ids.flatMap((id) => stored.get(id) ?? [])
  }
  return {
    ids: spec.ids,
    filters: Object.fromEntries(Object.entries(spec.filters).map(([name, { kind }]) => [name, kind])),
    sorts: order.sorts,
    parseCursor: (text, sort) => order.parseCursor(text, sortOf(sort)),
    list: async (db, query) => {
      const sort = sortOf(query.sort)
      const where = conditions(query)
      if (query.after) where.push(order.afterCursor(query.after, sort))
      const window = { perPage: query.perPage, page: query.after ? 1 : query.page }
      const found = await db.sql.rows<{ id: string }>`
        select ${column} as id from ${spec.from} where ${where.length > 0 ? Prisma.join(where, ' and ') : Prisma.sql`true`}
        order by ${order.orderBy(sort)} ${windowSql(window)}`
      const page = slice(found, window)
      const rows = await loaded(
        db,
        page.data.map(({ id }) => id),
      )
      const last = rows.at(-1)

      return {
        data: rows.map(spec.row),
        pageInfo: { ...page.pageInfo, hasPreviousPage: page.pageInfo.hasPreviousPage || query.after !== undefined },
        end: last === undefined ? null : order.cursorAfter(last, sort),
      }
    },
    get: async (db, id) => {
      const [stored] = await loaded(db, [id])

      return stored === undefined ? null : spec.row(stored)
    },
  }
}

/**
 * Adds `update` to a register. `write` changes the row of that version through `writeRegister`, and answers the rows that it changed,
 * or with which other row the change would clash.
 */
export const editable = <Row, Change>(
  read: Register<Row>,
  write: (tx: Sql, author: Author, at: RowVersion, change: Change) => Promise<readonly unknown[] | Clash>,
): EditableRegister<Row, Change> => ({
  ...read,
  update: async (db, author, at, change) => {
    const written = await db.sql.transaction((tx) => write(tx, author, at, change))
    if (isClash(written)) return written
    const row = await read.get(db, at.id)
    if (!row) return 'absent'
    return written.length === 0 ? 'stale' : row
  },
})

/** Rows in force on a day; `to` is the last day. */
export const inForce = (on: IsoDate) => ({
  from: { lte: toStored(on) },
  OR: [{ to: null }, { to: { gte: toStored(on) } }],
})

/** The same as a condition on rows of `posts` or `body_roles` under that alias. */
export const inForceSql = (alias: 'post' | 'held' | 't', on: IsoDate): Prisma.Sql => {
  const column = (name: 'from' | 'to') => Prisma.raw(`${alias}."${name}"`)

  return Prisma.sql`${column('from')} <= ${on}::date and (${column('to')} is null or ${column('to')} >= ${on}::date)`
}

export const isOneOf = <Value extends string>(all: readonly Value[], text: string): text is Value =>
  (all as readonly string[]).includes(text)
