/** Whom a case is kept from, in SQL: `whyKept` of `workflows/kernel/law/kept.ts`, of rows of cases and of tasks alike. */
import type { PersonId } from '../../workflows/kernel/contract'
import { Prisma } from './db'

/** A row of a case, or of a task, which has the lists of its case; or a task as it is given by itself. */
type Alias = 'c' | 't'
const column = (alias: Alias | null, name: 'keptFrom' | 'restrictedTo' | 'ownCaseOf'): Prisma.Sql =>
  Prisma.raw(alias === null ? `"${name}"` : `${alias}."${name}"`)

/** The case is not restricted, or names this person. */
export const isNamedIn = (alias: Alias | null, person: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`coalesce(${person} = any(${column(alias, 'restrictedTo')}), true)`

/**
 * Of a task: by an office of his this person may do it: its case is not about him, and names him if it is restricted. Written so that Postgres
 * guesses no worse than for a case that names people how many tasks it holds of, and reads them in the order of an index.
 */
export const mayByOffice = (alias: 't' | null, person: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`case when ${column(alias, 'ownCaseOf')} = ${person} then false else ${isNamedIn(alias, person)} end`

/** He is excluded from the case. */
export const isExcluded = (alias: Alias, person: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`${person} = any(${column(alias, 'keptFrom')})`

/** Offices of this person count in the case. */
export const isKeptFromNot = (alias: Alias, person: PersonId): Prisma.Sql => {
  const he = Prisma.sql`${person}::uuid`

  return Prisma.sql`(not ${isExcluded(alias, he)} and ${isNamedIn(alias, he)})`
}

/** `whyKept`, as text. */
export const whyKeptSql = (alias: Alias, person: PersonId): Prisma.Sql => {
  const he = Prisma.sql`${person}::uuid`

  return Prisma.sql`case when ${isExcluded(alias, he)} then 'excluded' when not ${isNamedIn(alias, he)} then 'notNamed' end`
}
