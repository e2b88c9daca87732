/**
 * Search: what a person types, as a condition on rows. Rows that can be searched hold their text in a column `search`, which the
 * database keeps (prisma/migrations/20261127083000_search_text): in small letters, composed, Ё as Е, without what cannot be seen. What
 * is typed goes through the same function there, so that both are always alike.
 */
import { isTrue } from './conditions'
import { Prisma } from './db'

/** Tables that hold a search text; a case holds that of its subject too. */
export const SEARCHED = ['regions', 'state_bodies', 'units', 'positions', 'people', 'terms', 'cases'] as const

const NOT_ASCII = /[^\x20-\x7e]/

/**
 * All words that are typed occur in the row of that alias, in any order; one or two letters begin a word. Each pattern is made once per
 * statement, not once per row. Each word is asked twice. One that is not Latin: as the index knows it, and with each Kazakh letter
 * as one with the Russian letter that is typed for it (see the migrations). Any other: because Postgres expects one row in 200 of a
 * single pattern that it does not know yet, and then reads a long list in its order instead of the index.
 */
export const matching = (alias: 't' | 'c', typed: string): Prisma.Sql =>
  containing(Prisma.raw(`${alias}.search`), typed)

/**
 * All words that are typed occur in the number of a case `c`, or with it in the name of whom it is about, where that is seen (`named`).
 * What is in the number is in the whole text, whose index finds both.
 */
export const matchingCase = (named: Prisma.Sql, typed: string): Prisma.Sql =>
  isTrue(named)
    ? matching('c', typed)
    : Prisma.sql`${matching('c', typed)} and (${named} or ${containing(Prisma.raw('c."searchNumber"'), typed)})`

function containing(text: Prisma.Sql, typed: string): Prisma.Sql {
  const conditions = typed
    .split(/\s+/u)
    .filter(Boolean)
    .flatMap((word) => {
      const contains = Prisma.sql`${text} like (select search_pattern(${word}, false))`

      return NOT_ASCII.test(word)
        ? [
            Prisma.sql`${text} like (select search_index_pattern(${word}))`,
            Prisma.sql`search_plain(${text}) like (select search_plain_pattern(${word}))`,
          ]
        : [contains, contains]
    })

  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' and ')
}
