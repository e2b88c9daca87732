/**
 * All rows of the database as of one moment, and back. Postgres writes and reads a whole row as text by itself, so that every
 * value comes back as it was; no program beyond the server is needed (the packaged Postgres brings no pg_dump).
 */
import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { Client, escapeIdentifier } from 'pg'
import { CannotStart } from '../processes'

export interface TableCopy {
  readonly name: string
  readonly rows: number
}
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

/** Who is signed in is not kept: a restored product asks everybody to sign in again. */
const NOT_KEPT = ['sessions']
const A_TIME = 500
/** Rows of a megabyte each: few are in memory at once. */
const LARGE = ['file_pieces']
const LARGE_A_TIME = 4
const atATime = (table: string): number => (LARGE.includes(table) ? LARGE_A_TIME : A_TIME)
const fileOf = (folder: string, table: string): string => path.join(folder, `table.${table}.jsonl.gz`)

/** A view of the database that stands still, whatever is written meanwhile. */
export interface Snapshot {
  readonly migrations: readonly AppliedMigration[]
  readonly copyTo: (folder: string) => Promise<TableCopy[]>
  readonly end: () => Promise<void>
}

/** Takes the snapshot now. */
export async function takeSnapshot(url: string): Promise<Snapshot> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const migrations = await begin(client).catch(async (error: unknown) => {
    await client.end()
    throw error
  })

  return {
    migrations,
    copyTo: async (folder) => {
      const copies: TableCopy[] = []
      for (const name of await tablesOf(client)) copies.push({ name, rows: await copyTable(client, folder, name) })

      return copies
    },
    end: () => client.end(),
  }
}

async function begin(client: Client): Promise<readonly AppliedMigration[]> {
  await client.query('begin isolation level repeatable read read only')
  const { rows } = await client.query<AppliedMigration>(
    `select migration_name as name, checksum from _prisma_migrations where rolled_back_at is null order by migration_name`,
  )

  return rows
}

/** Tables that hold rows; of one in parts, the whole. */
const WHOLE = `relkind in ('r', 'p') and not relispartition`
/** Every table, the parts of others too. */
const EACH = `relkind in ('r', 'p')`

async function tablesOf(client: Client, which = WHOLE): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and ${which} order by relname::text`,
  )

  return rows.map(({ name }) => name)
}

async function copyTable(client: Client, folder: string, table: string): Promise<number> {
  let count = 0
  const lines = async function* () {
    if (NOT_KEPT.includes(table)) return
    await client.query(`declare copied no scroll cursor for select t::text as row from ${escapeIdentifier(table)} t`)
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${atATime(table)} from copied`)
      if (rows.length === 0) break
      count += rows.length
      yield rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('')
    }
    await client.query('close copied')
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(fileOf(folder, table), { mode: 0o600 }))

  return count
}

/** Fills the tables of a database that has the same migrations and no rows; all or nothing. */
export async function fillTables(url: string, folder: string, tables: readonly TableCopy[]): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('begin')
    // the rows come from one moment in which every reference held
    await client.query('set local session_replication_role = replica')
    await client.query(`truncate ${tables.map(({ name }) => escapeIdentifier(name)).join(', ')}`)
    for (const { name, rows } of tables) {
      const filled = await fillTable(client, folder, name)
      if (filled !== rows)
        throw new CannotStart(`The backup is damaged: ${name} has ${filled} rows instead of ${rows}.`)
    }
    await giveToOwner(client)
    await client.query('commit')
    await client.query('analyze')
  } finally {
    await client.end()
  }
}

/** Ended by \n and by nothing else: Node's own reader of lines also ends them at U+2028, which people's texts hold. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

/** Only a superuser may fill tables row by row; whose the database is, his are the tables, or the product could not use them. */
async function giveToOwner(client: Client): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    `select pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()`,
  )
  const [database] = rows
  if (!database) return
  for (const name of await tablesOf(client, EACH))
    await client.query(`alter table ${escapeIdentifier(name)} owner to ${escapeIdentifier(database.owner)}`)
}

async function fillTable(client: Client, folder: string, table: string): Promise<number> {
  const name = escapeIdentifier(table)
  let [count, batch]: [number, string[]] = [0, []]
  const write = async () => {
    await client.query(`insert into ${name} select (r::${name}).* from unnest($1::text[]) r`, [batch])
    count += batch.length
    batch = []
  }
  for await (const line of linesOf(createReadStream(fileOf(folder, table)).pipe(createGunzip()).setEncoding('utf8'))) {
    batch.push(JSON.parse(line) as string)
    if (batch.length === atATime(table)) await write()
  }
  if (batch.length > 0) await write()

  return count
}
