/** Is the product ready to take a decision and carry it through? */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Service } from '../service/service'

const WORKER_SEEN_MS = 10_000

const MIGRATIONS = path.resolve(__dirname, '../../prisma/migrations')
const expected = (): string[] =>
  readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)

export interface Readiness {
  readonly postgres: boolean
  readonly schema: boolean
  readonly temporal: boolean
  readonly worker: boolean
  /** false once this process has been told to stop */
  readonly serving: boolean
}

/**
 * Postgres takes a write; the migrations of this version are applied; Temporal serves; a worker of this version works; nobody
 * has told this process to stop. Newer migrations are no obstacle: while a release is brought in, processes of the one before
 * it go on working on the schema of the new one.
 */
export async function readiness({ db, engine, version, log, draining }: Service): Promise<Readiness> {
  const held = async (what: keyof Readiness, check: () => Promise<boolean>) => {
    try {
      return await check()
    } catch (error) {
      log.debug({ err: error }, `not ready: ${what}`)

      return false
    }
  }
  let served = false
  const [postgres, schema, worker] = await Promise.all([
    held('postgres', async () => {
      // a write that leaves nothing behind
      const key = `ready:${randomUUID()}`
      await db.sql.run`with put as (insert into numberings (register, last) values (${key}, 0) returning register)
        select register from put`
      await db.sql.run`delete from numberings where register = ${key}`

      return true
    }),
    held('schema', async () => {
      const rows = await db.sql.rows<{ name: string }>`
        select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`
      const applied = new Set(rows.map((row) => row.name))

      return expected().every((name) => applied.has(name))
    }),
    held('worker', async () => {
      const polled = await engine.workerPolled(version, WORKER_SEEN_MS)
      served = true

      return polled
    }),
  ])

  return { postgres, schema, temporal: served, worker, serving: !draining.aborted }
}
