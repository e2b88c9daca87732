import { PrismaPg } from '@prisma/adapter-pg'
import { type Instant, type IsoDate } from '../../workflows/kernel/contract'
import { instantAt, isoDate } from '../../workflows/kernel/calendar'
import { Prisma, PrismaClient } from '../generated/client'

export { Prisma }

/** The database, for functions that open a transaction of their own. */
export type Db = PrismaClient
/** The database or a transaction on it, for functions that only read or write. */
export type Tx = Prisma.TransactionClient

/** Opens a pool of at most `poolSize` connections; close it with `$disconnect()`. */
export const createDb = (url: string, poolSize = 10): Db =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: poolSize }) })

/** A calendar date as Prisma takes it: midnight in UTC. */
export const toStored = (date: IsoDate): Date => new Date(`${date}T00:00:00Z`)

/** A DATE column as a calendar date. */
export const fromStored = (stored: Date): IsoDate => isoDate(stored.toISOString().slice(0, 10))

/** A DATE column that may be empty. */
export const fromStoredOrNull = (stored: Date | null): IsoDate | null => (stored ? fromStored(stored) : null)

/** A TIMESTAMPTZ column as a moment. */
export const instantFromStored = (stored: Date): Instant => instantAt(stored.getTime())
