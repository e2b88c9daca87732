/** Is the product ready to take a decision and carry it through? */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Db } from '../../prisma/store/db'
import { hasSpace } from '../../prisma/store/space'
import type { Service } from '../service/service'

const WORKER_SEEN_MS = 10_000

const MIGRATIONS = path.resolve(__dirname, '../../prisma/migrations')
const expected = (): string[] =>
  readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)

export interface Checks {
  readonly postgres: boolean
  /** the disk of the database has room */
  readonly space: boolean
  readonly schema: boolean
  readonly temporal: boolean
  readonly worker: boolean
  /** false once this process has been told to stop */
  readonly serving: boolean
}

export interface Readiness extends Checks {
  /** what is not so, in a sentence each */
  readonly why: readonly string[]
}

/** What an operator is told of a check that failed. */
const WHY: Readonly<Record<keyof Checks, string>> = {
  postgres: 'PostgreSQL does not take a write.',
  space: 'The disk of PostgreSQL is full: nothing can be completed until there is room.',
  schema: 'The migrations of this version are not all applied.',
  temporal: 'Temporal does not answer.',
  worker: 'No worker of this version has asked for work within ten seconds.',
  serving: 'This process has been told to stop.',
}

const CHECKS: readonly (keyof Checks)[] = ['postgres', 'space', 'schema', 'temporal', 'worker', 'serving']

export interface Asked extends Pick<Service, 'db' | 'version' | 'log' | 'draining'> {
  readonly engine: Pick<Service['engine'], 'workerPolled'>
}

/** Anybody may ask whether all is well, as often as he likes: the disk is asked once in so long, for all who ask. */
const SPACE_EVERY_MS = 5_000
const asked = new WeakMap<Db, { readonly at: number; readonly answer: Promise<boolean> }>()

function spaceOf(db: Db): Promise<boolean> {
  const last = asked.get(db)
  if (last && Date.now() - last.at < SPACE_EVERY_MS) return last.answer
  const answer = hasSpace(db)
  asked.set(db, { at: Date.now(), answer })

  return answer
}

/**
 * Postgres takes a write and has room for more; the migrations of this version are applied; Temporal serves; a worker of this version works; nobody
 * has told this process to stop. Newer migrations are no obstacle: while a release is brought in, processes of the one before
 * it go on working on the schema of the new one.
 */
export async function readiness({ db, engine, version, log, draining }: Asked): Promise<Readiness> {
  const held = async (what: keyof Checks, check: () => Promise<boolean>) => {
    try {
      return await check()
    } catch (error) {
      log.debug({ err: error }, `not ready: ${what}`)

      return false
    }
  }
  let served = false
  const [postgres, space, schema, worker] = await Promise.all([
    held('postgres', async () => {
      // a write that leaves nothing behind
      const key = `ready:${randomUUID()}`
      await db.sql.run`with put as (insert into numberings (register, last) values (${key}, 0) returning register)
        select register from put`
      await db.sql.run`delete from numberings where register = ${key}`

      return true
    }),
    // that it cannot even be asked is said above
    spaceOf(db).catch(() => true),
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

  const checks: Checks = { postgres, space, schema, temporal: served, worker, serving: !draining.aborted }

  return { ...checks, why: CHECKS.filter((check) => !checks[check]).map((check) => WHY[check]) }
}
