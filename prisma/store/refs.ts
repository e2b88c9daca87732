/** How a person and a body are named in answers, as SQL and as a function of a row. */
import type { BodyRef, Name, PersonRef } from '../../workflows/kernel/contract'
import { Prisma } from './db'

type PersonAlias = 'subject' | 'assignee' | 'answerer' | 'addressee' | 'actor' | 'person'
type BodyAlias = 'body' | 'office' | 'concerned' | 'former'

/** A PersonRef of the joined `people` row, or null when the join found none. Surname first, as the service writes names. */
export const personJson = (alias: PersonAlias): Prisma.Sql =>
  Prisma.raw(`case when ${alias}.id is null then null else json_build_object('id', ${alias}.id, 'name', json_build_object(
    'kk', ${alias}."surnameKk" || ' ' || ${alias}."givenKk", 'ru', ${alias}."surnameRu" || ' ' || ${alias}."givenRu",
    'en', ${alias}."surnameEn" || ' ' || ${alias}."givenEn")) end`)

/** A BodyRef of the joined `state_bodies` row, or null. */
export const bodyJson = (alias: BodyAlias): Prisma.Sql =>
  Prisma.raw(`case when ${alias}.key is null then null else json_build_object('key', ${alias}.key, 'name', json_build_object(
    'kk', ${alias}."nameKk", 'ru', ${alias}."nameRu", 'en', ${alias}."nameEn")) end`)

/** A position of the joined `positions` row `post`, or null. */
export const postJson = Prisma.sql`case when post.id is not null then json_build_object('id', post.id, 'name',
  json_build_object('kk', post."nameKk", 'ru', post."nameRu", 'en', post."nameEn")) end`

/**
 * Joins the row of a name to each line of a page, found by its key. Left to itself, Postgres expects so few rows in all that it reads the
 * whole table for a page, at every page: with a join of each table that a page names, half of its time went into that.
 */
export function joinByKey(
  table: 'people' | 'positions' | 'state_bodies' | 'cases',
  alias: string,
  key: string,
): string {
  return `left join lateral (select * from ${table} named where named.${key} offset 0) ${alias} on true`
}

interface NameColumns {
  nameKk: string
  nameRu: string
  nameEn: string
}
export const nameOf = (row: NameColumns): Name => ({ kk: row.nameKk, ru: row.nameRu, en: row.nameEn })
export const bodyRef = (row: NameColumns & { key: string }): BodyRef => ({ key: row.key, name: nameOf(row) })

interface PersonColumns {
  id: string
  surnameKk: string
  surnameRu: string
  surnameEn: string
  givenKk: string
  givenRu: string
  givenEn: string
}
export const personRef = (row: PersonColumns): PersonRef => ({
  id: row.id,
  name: {
    kk: `${row.surnameKk} ${row.givenKk}`,
    ru: `${row.surnameRu} ${row.givenRu}`,
    en: `${row.surnameEn} ${row.givenEn}`,
  },
})

/** A window of a list: one row more than a page, to know whether there is a next one. */
export interface Window {
  readonly page: number
  readonly perPage: number
}
export const windowSql = (window: Window): Prisma.Sql =>
  Prisma.sql`limit ${rowCountSql(window, window.perPage + 1)} offset ${rowCountSql(window, (window.page - 1) * window.perPage)}`

const USUAL_SIZES = [10, 25, 50, 100]
const USUAL_PAGES = 3

/** How many rows of a window: as text for the pages that people look at, each a statement of its own; else a parameter. */
export const rowCountSql = ({ page, perPage }: Window, rows: number): Prisma.Sql =>
  page <= USUAL_PAGES && USUAL_SIZES.includes(perPage) ? numeral(rows) : Prisma.sql`${rows}`

/**
 * A whole number in the text of a statement. How many rows are wanted must be known when it is planned: for a number that is
 * not, Postgres expects a tenth of the table, and keeps a plan that reads it.
 */
export const numeral = (n: number): Prisma.Sql => {
  if (!Number.isSafeInteger(n)) throw new RangeError(`${String(n)} is not a whole number`)

  return Prisma.raw(String(n))
}

export interface Slice<T> {
  readonly data: T[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean }
}
export const slice = <T>(rows: readonly T[], { page, perPage }: Window): Slice<T> => ({
  data: rows.slice(0, perPage),
  pageInfo: { hasNextPage: rows.length > perPage, hasPreviousPage: page > 1 },
})

/** Rows of real cases only, of any rehearsal (`*`), or of a named set of rehearsals. */
export const rehearsalSql = (alias: 't' | 'c', set: string | undefined): Prisma.Sql => {
  const column = Prisma.raw(`${alias}.rehearsal`)
  if (set === undefined) return Prisma.sql`${column} is null`

  return set === '*' ? Prisma.sql`${column} is not null` : Prisma.sql`${column} = ${set}`
}
