import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { type Instant, type IsoDate } from '../../workflows/kernel/contract'
import { instantAt, isoDate } from '../../workflows/kernel/calendar'
import { Prisma, PrismaClient } from '../generated/client'

export { Prisma }

/** The database, for functions that open a transaction of their own. */
export type Db = PrismaClient
/** The database or a transaction on it, for functions that only read or write. */
export type Tx = Prisma.TransactionClient

/** A statement whose text has so many parts is one of many of its kind, by the length of its lists: not worth keeping. */
const LONGEST_KEPT = 60
/** each connection keeps a plan of each, some kilobytes */
const MOST_KEPT = 500
const UNNAMED = ''

/**
 * Names by which a connection keeps the plans of statements: planning the joins of the inbox takes ten times as long as
 * running them.
 */
function statementNames(): (query: { readonly sql: string; readonly args: readonly unknown[] }) => string {
  const names = new Map<string, string>()

  return ({ sql, args }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (args.length > LONGEST_KEPT || names.size === MOST_KEPT) return UNNAMED
    const name = createHash('sha256').update(sql).digest('base64url').slice(0, 40)
    names.set(sql, name)

    return name
  }
}

/** Opens a pool of at most `poolSize` connections; close it with `$disconnect()`. */
export const createDb = (url: string, poolSize = 10): Db =>
  new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: poolSize }, { statementNameGenerator: statementNames() }),
  })

/** A calendar date as Prisma takes it: midnight in UTC. */
export const toStored = (date: IsoDate): Date => new Date(`${date}T00:00:00Z`)

/** A DATE column as a calendar date. */
export const fromStored = (stored: Date): IsoDate => isoDate(stored.toISOString().slice(0, 10))

/** A DATE column that may be empty. */
export const fromStoredOrNull = (stored: Date | null): IsoDate | null => (stored ? fromStored(stored) : null)

/** A TIMESTAMPTZ column as a moment. */
export const instantFromStored = (stored: Date): Instant => instantAt(stored.getTime())
