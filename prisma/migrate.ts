import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, escapeIdentifier } from 'pg'

// The key of Prisma's own schema engine, so that this runner and `prisma migrate deploy` exclude each other.
const PRISMA_MIGRATE_LOCK = 72707369

const CREATE_TABLE = `
create table if not exists _prisma_migrations (
  id                  varchar(36) primary key not null,
  checksum            varchar(64) not null,
  finished_at         timestamptz,
  migration_name      varchar(255) not null,
  logs                text,
  rolled_back_at      timestamptz,
  started_at          timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`

interface AppliedRow {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

/** The database does not fit this version of the product; the message is one sentence for a person. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused'
}

/** A newer version has been here: its tables serve this one too, until somebody changes them again. */
export class DatabaseIsNewer extends MigrationRefused {
  override name = 'DatabaseIsNewer'
}

/** Names of the migrations that this version knows, in the order in which they apply. */
export async function knownMigrations(folder = path.join(__dirname, 'migrations')): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/**
 * Applies pending migrations and records them as Prisma does (same table, checksums and lock: either may follow the other).
 * Returns the names applied now. An index whose making was broken off is made again. Throws DatabaseIsNewer on data of a newer
 * version, MigrationRefused on a migration that was changed after it was applied, and on one that failed half done.
 */
export async function migrateDeploy(url: string, folder = path.join(__dirname, 'migrations')): Promise<string[]> {
  const known = await knownMigrations(folder)
  const client = new Client({ connectionString: url })
  // a server that ends meanwhile is told by what was asked of it
  client.on('error', () => undefined)
  await client.connect()
  try {
    await takeTurn(client)
    await client.query(CREATE_TABLE)
    const { rows } = await client.query<AppliedRow>(
      'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
    )
    const newer = rows.find((row) => !known.includes(row.migration_name))
    if (newer) {
      throw new DatabaseIsNewer(
        `The database was written by a newer version of Mansap (it holds migration ${newer.migration_name}, which this version does not know): start that version, or use another data folder.`,
      )
    }
    const recorded = new Map(rows.map((row) => [row.migration_name, row]))
    const pending: Migration[] = []
    for (const name of known) {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      const checksum = createHash('sha256').update(sql).digest('hex')
      const before = recorded.get(name)
      if (before === undefined) pending.push({ name, sql, checksum })
      else if (before.finished_at === null) {
        if (!runsBeside(sql)) {
          throw new MigrationRefused(
            `Migration ${name} failed before and the database is half changed: restore it, then start again.`,
          )
        }
        await client.query(
          'update _prisma_migrations set rolled_back_at = now() where migration_name = $1 and finished_at is null and rolled_back_at is null',
          [name],
        )
        pending.push({ name, sql, checksum })
      } else if (before.checksum !== checksum) {
        throw new MigrationRefused(
          `Migration ${name} was changed after it had been applied to this database: use a data folder of this version.`,
        )
      }
    }
    await mendIndexes(client, pending)
    for (const migration of pending) await applyOne(client, migration)

    return pending.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

const TURN_PAUSE_MS = 200

/**
 * Waits until nobody else migrates. It asks again and again: one long question would be a transaction under way, for whose end an
 * index that is made beside people's work waits, and neither would get on.
 */
async function takeTurn(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
      PRISMA_MIGRATE_LOCK,
    ])
    if (rows[0]?.mine) return
    await sleep(TURN_PAUSE_MS)
  }
}

/**
 * An index whose making beside people's work was broken off is left behind: writers keep it, readers do not use it, and `if not exists`
 * takes it for made. What a pending migration will make or drop is dropped, and so is what a rebuilding has left; any other is made again.
 */
async function mendIndexes(client: Client, pending: readonly Migration[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
     where not i.indisvalid and c.relkind = 'i' and c.relnamespace = current_schema()::regnamespace order by 1`,
  )
  const toBeTouched = new Set(pending.map(({ sql }) => indexTouchedBy(sql)))
  // no time limit: whoever gives up leaves a half again
  await client.query('set lock_timeout = 0')
  for (const { name } of rows) {
    const isLeft = toBeTouched.has(name) || /_cc(new|old)\d*$/.test(name)
    try {
      await client.query(
        `${isLeft ? 'drop index concurrently if exists' : 'reindex index concurrently'} ${escapeIdentifier(name)}`,
      )
    } catch (error) {
      throw new MigrationRefused(
        `The index ${name} was left half made and cannot be made whole: ${String(error)}. The data is as it was, and nothing was migrated. Mend what the index stumbles over, or drop it and make it anew, and start again.`,
      )
    }
  }
}

/**
 * Whoever waits for a table makes all who come later wait behind him. So a migration waits this long for its lock, lets the
 * others pass, and tries again, for five minutes in all.
 */
const LOCK_TIMEOUT_MS = 2_000
const ATTEMPTS = 100
const PAUSE_MS = 1_000
/** lock_not_available, and deadlock_detected: work and the migration took the same rows in another order, and nothing of it stays */
const TRY_AGAIN = ['55P03', '40P01']

/**
 * Made beside people's work, an index waits for transactions, not for the table; a timeout would leave half of it. Postgres takes such a
 * statement only alone, so an index is all that it may leave behind.
 */
const runsBeside = (sql: string): boolean => /\bconcurrently\b/i.test(sql)

const indexTouchedBy = (sql: string): string | null =>
  /\b(?:create\s+(?:unique\s+)?|drop\s+)index\s+concurrently\s+(?:if\s+(?:not\s+)?exists\s+)?"?(\w+)"?/i.exec(
    sql,
  )?.[1] ?? null

async function applyWhole(client: Client, sql: string): Promise<void> {
  const beside = runsBeside(sql)
  await client.query(`set lock_timeout = ${beside ? 0 : LOCK_TIMEOUT_MS}`)
  for (let attempt = 1; ; attempt++) {
    try {
      // No parameters: the simple protocol runs the whole script as one implicit transaction; one statement alone runs without.
      await client.query(sql)
      return
    } catch (error) {
      const isLocked = error instanceof Error && 'code' in error && TRY_AGAIN.includes(String(error.code))
      if (!isLocked || attempt === ATTEMPTS) throw error
      await sleep(PAUSE_MS)
    }
  }
}

async function applyOne(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID()
  await client.query('insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)', [
    id,
    checksum,
    name,
  ])
  try {
    await applyWhole(client, sql)
  } catch (error) {
    // one transaction has left nothing behind, and what half an index is left is dropped before it is tried again
    await client.query('update _prisma_migrations set logs = $2, rolled_back_at = now() where id = $1', [
      id,
      String(error),
    ])
    throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  await client.query('update _prisma_migrations set finished_at = now(), applied_steps_count = 1 where id = $1', [id])
}
