/**
 * The orders of lists, and their page cursors. A page begins after the cursor at which the page before ended, so that it costs the
 * same however far down it is, and nobody misses a line because another was taken from a page before. Names are compared by the
 * collation of their language, in the order of a list as in the place of a cursor in it.
 */
import { LOCALES, type IsoDate, type Locale, type TaskId } from '../../workflows/kernel/contract'
import { Prisma } from './db'

const NEVER = 'infinity'
/** above every number that may be entered */
const MOST = 999_999_999

/** As `toISOString` writes it: of a day that no month has, Date would make another. Of years as Postgres has them. */
const isInstant = (text: string): boolean => {
  const date = new Date(text)

  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text
}
/** Types of what is sorted by: may this text be a value of it? */
const IS = {
  timestamptz: (text: string): boolean => text === NEVER || isInstant(text),
  date: (text: string): boolean => text === NEVER || isInstant(`${text}T00:00:00.000Z`),
  uuid: (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text),
  int: (text: string): boolean => /^-?\d{1,9}$/.test(text),
  bigint: (text: string): boolean => /^-?\d{1,16}$/.test(text),
  text: (): boolean => true,
}

/** One of the values by which rows are sorted. */
export interface Key<Row> {
  /** never null, or a line could not be compared with another: what has none comes last */
  readonly sql: string
  readonly type: keyof typeof IS
  readonly of: (row: Row) => string
  /** of a row that is joined: the index that has this order is of its own table */
  readonly joined?: boolean
}

/** The sort keys of the last row of a page, as they were when the page was shown: the row may have moved since. */
export type PageCursor = readonly string[]

export interface Ordering<Row, Sort extends string> {
  readonly sorts: readonly Sort[]
  /** For `order by`; descending is the exact reverse, so that one index serves both. */
  readonly orderBy: (sort: Sort) => Prisma.Sql
  /** The condition on rows that come after a cursor. */
  readonly afterCursor: (cursor: PageCursor, sort: Sort) => Prisma.Sql
  /** The cursor after a row, as text that a client keeps and sends back. */
  readonly cursorAfter: (row: Row, sort: Sort) => string
  /** Reads a cursor that a client sends back; null if it is none of that order. */
  readonly parseCursor: (text: string, sort: Sort) => PageCursor | null
}

const SEPARATOR = '|'
const escaped = (value: string): string => value.replace(/[%|]/g, encodeURIComponent)
function unescaped(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

/** The orders in which rows may be listed, by name and, with `-` before it, descending; the last key of each is unique. */
export function ordering<Row, Name extends string>(
  orders: Readonly<Record<Name, readonly Key<Row>[]>>,
): Ordering<Row, Name | `-${Name}`> {
  const names = Object.keys(orders) as Name[]
  const isDescending = (sort: string): boolean => sort.startsWith('-')
  const keysOf = (sort: Name | `-${Name}`): readonly Key<Row>[] => orders[sort.replace(/^-/, '') as Name]

  return {
    sorts: names.flatMap((name) => [name, `-${name}`] as const),
    orderBy: (sort) =>
      Prisma.raw(
        keysOf(sort)
          .map(({ sql }) => (isDescending(sort) ? `${sql} desc` : sql))
          .join(', '),
      ),
    afterCursor: (cursor, sort) => {
      const keys = keysOf(sort)
      const line = Prisma.raw(keys.map(({ sql }) => sql).join(', '))
      const its = Prisma.join(keys.map(({ type }, n) => Prisma.sql`${cursor[n]}::${Prisma.raw(type)}`))
      const behind = Prisma.sql`(${line}) ${Prisma.raw(isDescending(sort) ? '<' : '>')} (${its})`
      const own = keys.findIndex((key) => !key.joined)
      const joined = keys.slice(0, own < 0 ? keys.length : own)
      if (joined.length === 0) return behind
      // said of the joined row alone too, or its index would be read from the beginning of the list
      const place = Prisma.raw(joined.map(({ sql }) => sql).join(', '))
      const from = Prisma.join(joined.map(({ type }, n) => Prisma.sql`${cursor[n]}::${Prisma.raw(type)}`))

      return Prisma.sql`(${place}) ${Prisma.raw(isDescending(sort) ? '<=' : '>=')} (${from}) and ${behind}`
    },
    cursorAfter: (row, sort) =>
      keysOf(sort)
        .map(({ of }) => escaped(of(row)))
        .join(SEPARATOR),
    parseCursor: (text, sort) => {
      const keys = keysOf(sort)
      const parts = text.split(SEPARATOR).map(unescaped)
      const values = parts.flatMap((part, n) => (part !== null && keys[n] && IS[keys[n].type](part) ? [part] : []))

      // the last key is of a row, and none is empty
      return parts.length === keys.length && values.length === keys.length && values.at(-1) !== '' ? values : null
    },
  }
}

/** A column of text, such as a code or a key, of rows `t`. */
export const textKey = <Column extends string>(column: Column): Key<Readonly<Record<Column, string>>> => ({
  sql: `t."${column}"`,
  type: 'text',
  of: (row) => row[column],
})
/** A column of ids, of rows `t`. */
export const uuidKey = <Column extends string>(column: Column): Key<Readonly<Record<Column, string>>> => ({
  ...textKey(column),
  type: 'uuid',
})
/** A column of dates, of rows `t`; a date that is open comes last. */
export const dateKey = <Column extends string>(column: Column): Key<Readonly<Record<Column, Date | null>>> => ({
  sql: `coalesce(t."${column}", 'infinity')`,
  type: 'date',
  of: (row) => row[column]?.toISOString().slice(0, 10) ?? NEVER,
})
/** A column of numbers, of rows `t`; what has none comes last. */
export const numberKey = <Column extends string>(column: Column): Key<Readonly<Record<Column, number | null>>> => ({
  sql: `coalesce(t."${column}", ${MOST})`,
  type: 'int',
  of: (row) => String(row[column] ?? MOST),
})

// ------------------------------------------------------------------ names

type InLanguages<Name extends string> = `${Name}.${Locale}`

/** An order for each language in which a list may be shown: `name.kk`, `name.ru`, `name.en`. */
export const inEachLanguage = <Name extends string, Row>(
  name: Name,
  keys: (locale: Locale) => readonly Key<Row>[],
): Record<InLanguages<Name>, readonly Key<Row>[]> =>
  Object.fromEntries(LOCALES.map((locale) => [`${name}.${locale}`, keys(locale)])) as Record<
    InLanguages<Name>,
    readonly Key<Row>[]
  >

/** Columns of names end in the language: `nameKk`. */
const ENDING = { kk: 'Kk', ru: 'Ru', en: 'En' } as const satisfies Record<Locale, string>

/** A column of names as it is compared, with the words of the indexes that have this order. */
const collated = (alias: string, column: string, locale: Locale): string =>
  `${alias}."${column}" collate "name_${locale}"`

interface Named {
  readonly nameKk: string
  readonly nameRu: string
  readonly nameEn: string
}
export interface PersonNamed {
  readonly surnameKk: string
  readonly surnameRu: string
  readonly surnameEn: string
  readonly givenKk: string
  readonly givenRu: string
  readonly givenEn: string
}

/** The name of what a row, or something joined to it, is. */
export const nameKey = <Row>(alias: string, locale: Locale, of: (row: Row) => Named): Key<Row> => {
  const column = `name${ENDING[locale]}` as const

  return { sql: collated(alias, column, locale), type: 'text', of: (row) => of(row)[column], joined: alias !== 't' }
}

/** The name of a person as it is displayed: surname, then given name. */
export const personKeys = <Row>(alias: string, locale: Locale, of: (row: Row) => PersonNamed): readonly Key<Row>[] =>
  (['surname', 'given'] as const).map((part) => {
    const column = `${part}${ENDING[locale]}` as const

    return { sql: collated(alias, column, locale), type: 'text', of: (row) => of(row)[column], joined: alias !== 't' }
  })

// ------------------------------------------------------------------ the inbox

/** What a task is ordered by. */
export interface Ordered {
  readonly id: TaskId
  readonly dueAt: Date | null
  readonly dueOn: IsoDate | null
  readonly openedAt: Date
  readonly answeredAt: Date | null
  /** until when whoever asks has put it off */
  readonly snoozedUntil: IsoDate | null
}

const TASK_ID: Key<Ordered> = { sql: 't.id', type: 'uuid', of: ({ id }) => id }

/** The orders of the inbox. */
const tasks = ordering<Ordered, 'dueOn' | 'openedOn' | 'answeredAt' | 'snoozedUntil'>({
  dueOn: [
    {
      sql: `coalesce(t."dueAt", 'infinity')`,
      type: 'timestamptz',
      of: ({ dueAt }) => dueAt?.toISOString() ?? NEVER,
    },
    // a held clock gives no instant, only a date
    { sql: `coalesce(t."dueOn", 'infinity')`, type: 'date', of: ({ dueOn }) => dueOn ?? NEVER },
    TASK_ID,
  ],
  openedOn: [{ sql: 't."openedAt"', type: 'timestamptz', of: ({ openedAt }) => openedAt.toISOString() }, TASK_ID],
  answeredAt: [
    {
      sql: `coalesce(t."answeredAt", 'infinity')`,
      type: 'timestamptz',
      of: ({ answeredAt }) => answeredAt?.toISOString() ?? NEVER,
    },
    TASK_ID,
  ],
  snoozedUntil: [
    {
      sql: `coalesce(t."snoozedUntil", 'infinity')`,
      type: 'date',
      of: ({ snoozedUntil }) => snoozedUntil ?? NEVER,
    },
    TASK_ID,
  ],
})

export const { sorts: TASK_SORTS, orderBy, afterCursor, cursorAfter, parseCursor } = tasks
export type TaskSort = (typeof TASK_SORTS)[number]
