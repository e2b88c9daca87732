/** What a migration would do to people who work while it runs: which tables it locks, rewrites or reads whole. */
import { Client, escapeIdentifier } from 'pg'

/** Modes in which nobody else may write to the table; under the last, not even read it. */
const KEEPS_WRITERS_OUT = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']

const UNSAFE_IN_TRANSACTION = '25001'

/**
 * Applies a migration as `migrateDeploy` would, and answers, in sentences, what in it would make people wait: a table that is
 * rewritten, or a lock that keeps writers out held while rows are read. A lock alone is held for an instant. The tables must
 * hold rows (`oneRowEach`), because what reads none shows nothing.
 */
export async function whatWaits(url: string, sql: string): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const before = await filesOf(client)
    await client.query('begin')
    try {
      await client.query(sql)
    } catch (error) {
      await client.query('rollback')
      // `concurrently`: it refuses to share a transaction, and keeps nobody waiting
      if (codeOf(error) !== UNSAFE_IN_TRANSACTION) throw error
      await client.query(sql)
      return []
    }
    const held = await client.query<{ table: string; mode: string }>(
      `select c.relname as "table", l.mode from pg_locks l join pg_class c on c.oid = l.relation
       where l.pid = pg_backend_pid() and l.mode = any($1) and c.relname = any($2) order by 1, 2`,
      [KEEPS_WRITERS_OUT, [...before.keys()]],
    )
    const read = await client.query<{ table: string }>(
      `select relname as "table" from pg_stat_xact_user_tables where seq_tup_read + idx_tup_fetch > 0 and relname = any($1)`,
      [[...before.keys()]],
    )
    const after = await filesOf(client)
    await client.query('commit')
    const rewritten = [...before].filter(([table, file]) => after.has(table) && after.get(table) !== file)

    return [
      ...rewritten.map(([table]) => `${table} is rewritten`),
      ...(read.rows.length === 0
        ? []
        : held.rows.map(
            ({ table, mode }) =>
              `${table} is held in ${mode} while rows of ${read.rows.map((row) => row.table).join(', ')} are read`,
          )),
    ]
  } finally {
    await client.end()
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

async function filesOf(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; file: string }>(
    `select relname as name, pg_relation_filenode(oid)::text as file from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> '_prisma_migrations'`,
  )

  return new Map(rows.map(({ name, file }) => [name, file]))
}

/**
 * One row in every table, alike in all columns so that they refer to each other. What may be empty is, but for dates: what else
 * is optional goes together with what JSON holds, which nobody here knows.
 */
export async function oneRowEach(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    // rows are entered in the order of the alphabet, not of what they refer to
    await client.query('set session_replication_role = replica')
    const { rows } = await client.query<{ table: string; columns: string[]; types: string[] }>(
      `select table_name as "table", array_agg(column_name::text) as columns, array_agg(udt_name::text) as types
       from information_schema.columns where table_schema = 'public' and table_name <> '_prisma_migrations'
         and not (select relispartition from pg_class where oid = table_name::text::regclass) and (is_nullable = 'NO' or udt_name = 'date')
       group by 1`,
    )
    for (const { table, columns, types } of rows) {
      const values = types.map((type) => VALUES[type] ?? `'x'`)
      await client.query(
        `insert into ${escapeIdentifier(table)} (${columns.map(escapeIdentifier).join(', ')}) values (${values.join(', ')}) on conflict do nothing`,
      )
    }
  } finally {
    await client.end()
  }
}

const VALUES: Readonly<Record<string, string>> = {
  uuid: `'00000000-0000-4000-8000-000000000001'`,
  int4: '1',
  int8: '1',
  float8: '1',
  bool: 'false',
  date: `'2026-01-01'`,
  timestamp: `'2026-01-01'`,
  timestamptz: `'2026-01-01'`,
  json: `'{}'`,
  jsonb: `'{}'`,
  bytea: `''`,
  _text: `'{}'`,
  _uuid: `'{}'`,
}
