/**
 * What all registers have in common: lists by page with named filters and sorts, and changes that are refused when
 * somebody else was faster.
 */
import type { IsoDate } from '../../workflows/kernel/contract'
import { mostOf, type Shown } from '../../workflows/kernel/register-sight'
import { Prisma, toStored } from './db'
import type { Db, Sql } from './db'
import { ordering, type Key, type PageCursor } from './order'
import type { PostRefusal, WrongFields } from './posts'
import { type Slice, slice, windowSql } from './refs'
import { KEEPER, registerSight, type Reader, type RegisterSight, type Whose } from './register-sight'
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
  /**
   * A page of what the reader is shown, and the cursor at which it ends: of a column by which it is filtered or sorted, only the rows of
   * which he is shown that column. Throws RangeError for a filter or sort that the register does not have.
   */
  list(db: Db, query: ListQuery, reader: Reader | typeof KEEPER): Promise<Slice<Row> & { readonly end: string | null }>
  /** A row as far as the reader is shown it; null: it is not there for him. */
  get(db: Db, id: string, reader: Reader | typeof KEEPER): Promise<Row | null>
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
  /** how much must be shown of a row that is found by it; unsaid: its name */
  readonly needs?: Shown
  readonly where: (value: string) => Prisma.Sql
}

export interface RegisterSpec<Stored, Row, Name extends string> {
  readonly ids: 'uuid' | 'key'
  /** whose its rows are; unsaid: nobody's, and everybody is shown all of them */
  readonly whose?: Whose
  /** the table with alias `t`, and what its orders need */
  readonly from: Prisma.Sql
  /** the column of its ids, in the table and in a stored row */
  readonly id: keyof Stored & string
  /** conditions on rows `t` */
  readonly filters: Readonly<Record<string, FilterSpec>>
  readonly orders: Readonly<Record<Name, readonly Key<Stored>[]>>
  /** orders that need more of a row to be shown than its name */
  readonly ordersNeed?: Partial<Readonly<Record<NoInfer<Name>, Shown>>>
  /** the order unless another is asked for */
  readonly usual: NoInfer<Name> | `-${NoInfer<Name>}`
  readonly load: (db: Db, ids: string[]) => Promise<Stored[]>
  readonly row: (stored: Stored, shown: Shown) => Row
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
  const filterOf = (name: string): FilterSpec => {
    const known = spec.filters[name]
    if (!known) throw new RangeError(`no such filter: ${name}`)
    return known
  }
  const needsOf = (name: string): Shown | undefined =>
    Object.entries<Shown | undefined>(spec.ordersNeed ?? {}).find(([order]) => order === name.replace(/^-/, ''))?.[1]
  /** How much must be shown of the rows of a list: it has only what is found, filtered and ordered by what is shown. */
  const needed = ({ filter = {}, ids, sort }: ListQuery): Shown =>
    mostOf([
      ids ? 'name' : 'public',
      needsOf(sortOf(sort)) ?? 'name',
      ...Object.keys(filter).map((name) => filterOf(name).needs ?? 'name'),
    ])
  const conditions = (query: ListQuery, { sees }: RegisterSight): Prisma.Sql[] => [
    sees(needed(query)),
    ...Object.entries(query.filter ?? {}).map(([name, value]) => filterOf(name).where(value)),
    ...(query.ids ? [byIds(query.ids)] : []),
  ]
  const sightOf = (reader: Reader | typeof KEEPER) => registerSight(reader, spec.whose ?? null)
  interface Found {
    readonly id: string
    readonly shown: Shown
  }
  const loaded = async (db: Db, found: readonly Found[]): Promise<{ stored: Stored; shown: Shown }[]> => {
    if (found.length === 0) return []
    const rows = await spec.load(
      db,
      found.map(({ id }) => id),
    )
    const stored = new Map(rows.map((row) => [String(row[spec.id]), row]))

    return found.flatMap(({ id, shown }) => {
      const row = stored.get(id)

      return row === undefined ? [] : [{ stored: row, shown }]
    })
  }
  return {
    ids: spec.ids,
    filters: Object.fromEntries(Object.entries(spec.filters).map(([name, { kind }]) => [name, kind])),
    sorts: order.sorts,
    parseCursor: (text, sort) => order.parseCursor(text, sortOf(sort)),
    list: async (db, query, reader) => {
      const sort = sortOf(query.sort)
      const sight = sightOf(reader)
      const where = conditions(query, sight)
      if (query.after) where.push(order.afterCursor(query.after, sort))
      const window = { perPage: query.perPage, page: query.after ? 1 : query.page }
      const found = await db.sql.rows<Found>`
        select ${column} as id, ${sight.shown} as shown from ${spec.from} where ${Prisma.join(where, ' and ')}
        order by ${order.orderBy(sort)} ${windowSql(window)}`
      const page = slice(found, window)
      const rows = await loaded(db, page.data)
      const last = rows.at(-1)

      return {
        data: rows.map(({ stored, shown }) => spec.row(stored, shown)),
        pageInfo: { ...page.pageInfo, hasPreviousPage: page.pageInfo.hasPreviousPage || query.after !== undefined },
        end: last === undefined ? null : order.cursorAfter(last.stored, sort),
      }
    },
    get: async (db, id, reader) => {
      const { sees, shown } = sightOf(reader)
      const found = await db.sql.rows<Found>`
        select ${column} as id, ${shown} as shown from ${spec.from} where ${byIds([id])} and ${sees('name')}`
      const [row] = await loaded(db, found)

      return row === undefined ? null : spec.row(row.stored, row.shown)
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
    const row = await read.get(db, at.id, KEEPER)
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
