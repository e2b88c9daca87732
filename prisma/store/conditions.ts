/** Conditions of statements put together, without those that always or never hold. */
import { Prisma } from './db'

export const TRUE = Prisma.sql`true`
export const FALSE = Prisma.sql`false`
/** A condition that holds of every case, whatever is in its row. */
export const isTrue = (condition: Prisma.Sql): boolean => condition === TRUE

/** One of these conditions holds. */
export const anyOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql => {
  if (conditions.includes(TRUE)) return TRUE
  const possible = conditions.filter((condition) => condition !== FALSE)
  const [first, ...others] = possible
  if (first === undefined) return FALSE

  return others.length === 0 ? first : Prisma.sql`(${Prisma.join(possible, ' or ')})`
}
/** All of these conditions hold. */
export const allOf = (conditions: readonly Prisma.Sql[]): Prisma.Sql => {
  if (conditions.includes(FALSE)) return FALSE
  const needed = conditions.filter((condition) => condition !== TRUE)

  return needed.length === 0 ? TRUE : Prisma.sql`(${Prisma.join(needed, ' and ')})`
}

/** States in which a task is open, in the words of the partial indexes. */
export const OPEN_TASK = Prisma.sql`('ready', 'reserved', 'inProgress', 'suspended', 'completing')`
/** Of a row `t`: it stands still for a question that is not answered, which whoever may do the task may take back, and not because its case is suspended. */
export const WAITS_FOR_QUESTION = Prisma.sql`(t.state = 'suspended'
  and exists (select 1 from tasks q where q."questionOf" = t.id and q.state in ${OPEN_TASK}))`
