import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { DatabaseError, Pool, types, type CustomTypesConfig, type PoolClient } from 'pg'
import { type Instant, type IsoDate } from '../../workflows/kernel/contract'
import { instantAt, isoDate } from '../../workflows/kernel/law/calendar'
import { Prisma, PrismaClient } from '../generated/client'

export { Prisma }

/** Runs statements, in a transaction or each for itself. */
export interface Sql {
  /** The rows it gives. */
  rows<Row>(parts: TemplateStringsArray, ...values: readonly unknown[]): Promise<Row[]>
  /** How many rows it changed. */
  run(parts: TemplateStringsArray, ...values: readonly unknown[]): Promise<number>
}

/** The database as SQL. */
export interface Statements extends Sql {
  /** For libraries that bring their own words. */
  ask<Row>(text: string, values: readonly unknown[]): Promise<Row[]>
  /** All of it or nothing. It reads what was committed before each statement, or, `asOfOneMoment`, before the first. */
  transaction<T>(work: (tx: Sql) => Promise<T>, reading?: 'asOfOneMoment'): Promise<T>
}

/**
 * The database. What stands in the way of a decision is written as SQL (`sql`): a statement costs a third of what the client of
 * Prisma takes for it (doc/adr/0006). Registers and everything else that is not in a hurry go through Prisma's models.
 */
export type Db = PrismaClient & { readonly sql: Statements }
/** Prisma's models in a transaction or not. */
export type Tx = Prisma.TransactionClient

/**
 * A statement of Prisma's models with so many values is one of many of its kind, by the length of its lists: not worth keeping. Our own
 * take a list as one array, so that their texts are few however many values they have.
 */
const LONGEST_KEPT = 60
/** each connection keeps a plan of each, up to some hundred kilobytes */
const MOST_KEPT = 250
const UNNAMED = ''

/**
 * Names by which a connection keeps the plans of statements: planning the joins of the inbox takes ten times as long as
 * running them.
 */
function statementNames(): (text: string) => string {
  const names = new Map<string, string>()

  return (text) => {
    const known = names.get(text)
    if (known !== undefined) return known
    if (names.size === MOST_KEPT) return UNNAMED
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 40)
    names.set(text, name)

    return name
  }
}

const nothing = () => undefined

type NameOf = ReturnType<typeof statementNames>

const statementsOn = (
  connection: Pick<PoolClient, 'query'>,
  nameOf: NameOf,
  failed: (error: unknown) => void = nothing,
): Omit<Statements, 'transaction'> => {
  const ask = async (text: string, values: readonly unknown[]) => {
    try {
      return await connection.query({ name: nameOf(text), text, values: [...values] })
    } catch (error) {
      failed(error)
      throw error
    }
  }
  const said = (parts: TemplateStringsArray, given: readonly unknown[]) => {
    const { text, values } = Prisma.sql(parts, ...given)

    return ask(text, values)
  }

  return {
    rows: async <Row>(parts: TemplateStringsArray, ...values: readonly unknown[]) =>
      (await said(parts, values)).rows as Row[],
    run: async (parts, ...values) => (await said(parts, values)).rowCount ?? 0,
    ask: async <Row>(text: string, values: readonly unknown[]) => (await ask(text, values)).rows as Row[],
  }
}

/** Was it refused only because a statement before it had failed? (in_failed_sql_transaction) */
const saysThatItIsOver = (error: unknown): boolean => error instanceof DatabaseError && error.code === '25P02'

async function inTransaction<T>(pool: Pool, nameOf: NameOf, work: (tx: Sql) => Promise<T>, begin: string): Promise<T> {
  const connection = await pool.connect()
  // told to the statement under way as well
  connection.on('error', nothing)
  let usable = true
  /** in the order of the statements, as Postgres answers them */
  const failures: unknown[] = []
  try {
    // sent with the first statement
    const statements = statementsOn(connection, nameOf, (error) => failures.push(error))
    const [, result] = await Promise.all([connection.query(begin), work(statements)])
    await connection.query('commit')

    return result
  } catch (error) {
    await connection.query('rollback').catch(() => {
      usable = false
    })
    // a statement that was sent behind the one that failed may be heard of first
    throw saysThatItIsOver(error) ? (failures[0] ?? error) : error
  } finally {
    connection.off('error', nothing)
    connection.release(!usable)
  }
}

const BEGIN = { each: 'begin', asOfOneMoment: 'begin isolation level repeatable read' } as const
/** A pool that is exhausted for so long is as good as a database that is away. */
const CONNECT_WITHIN_MS = 10_000

/** Calendar dates stay text: a Date has an hour and a zone that nobody meant. */
const asText = (text: string): string => text
const TYPES: CustomTypesConfig = {
  getTypeParser: ((type: number, format?: 'text'): unknown =>
    type === Number(types.builtins.DATE) ? asText : types.getTypeParser(type, format)) as typeof types.getTypeParser,
}

/** A new connection has to plan everything anew. */
const IDLE_MS = 10 * 60 * 1000
/**
 * Each statement is planned once per connection; otherwise Postgres plans it five times, and some each time they are run. A
 * process that stands still in a transaction loses it, and with it the case that it had locked.
 */
const SETTINGS = '-c plan_cache_mode=force_generic_plan -c idle_in_transaction_session_timeout=30s'

/** Opens a pool of at most `poolSize` connections; close it with `$disconnect()`. */
export function createDb(url: string, poolSize = 10): Db {
  const nameOf = statementNames()
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    options: SETTINGS,
    keepAlive: true,
    types: TYPES,
    pipeline: true,
  })
  // an idle connection that is lost is replaced when it is needed
  pool.on('error', nothing)
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, {
      disposeExternalPool: true,
      statementNameGenerator: ({ sql, args }) => (args.length > LONGEST_KEPT ? UNNAMED : nameOf(sql)),
    }),
  })
  const sql: Statements = {
    ...statementsOn(pool, nameOf),
    transaction: (work, reading) => inTransaction(pool, nameOf, work, BEGIN[reading ?? 'each']),
  }

  const disconnect = prisma.$disconnect.bind(prisma)

  return Object.assign(prisma, {
    sql,
    $disconnect: async () => {
      await disconnect()
      // Prisma ends only a pool that it has used itself
      if (!pool.ended) await pool.end()
    },
  })
}

/** Was it refused because a row of that key is there already? (unique_violation) */
export const violatesUnique = (error: unknown): boolean => error instanceof DatabaseError && error.code === '23505'

/** The exclusion constraint by which a row was refused, if one did. (exclusion_violation) */
export const excludedBy = (error: unknown): string | null =>
  error instanceof DatabaseError && error.code === '23P01' ? (error.constraint ?? null) : null

/** A calendar date as Prisma takes it: midnight in UTC. */
export const toStored = (date: IsoDate): Date => new Date(`${date}T00:00:00Z`)

/** A DATE column as a calendar date. */
export const fromStored = (stored: Date): IsoDate => isoDate(stored.toISOString().slice(0, 10))

/** A DATE column that may be empty. */
export const fromStoredOrNull = (stored: Date | null): IsoDate | null => (stored ? fromStored(stored) : null)

/** A TIMESTAMPTZ column as a moment. */
export const instantFromStored = (stored: Date): Instant => instantAt(stored.getTime())
