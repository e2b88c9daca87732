/** Where the time of the machine goes, read from /proc and from Postgres: figures that other load on the machine blurs least. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import type { Pool } from 'pg'
import type { PartName } from '../scripts/data-folder'

/** A part whose processor time is told apart. */
export const METERED = ['api', 'worker', 'floorWorker', 'floorDoor', 'temporal', 'postgres', 'load'] as const
export type Metered = (typeof METERED)[number]
export type Pids = () => Readonly<Partial<Record<PartName | 'floorWorker' | 'floorDoor' | 'load', number>>>

/** Linux counts processor time in hundredths of a second, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100
const ms = (ticks: number): number => (ticks * 1000) / TICKS_PER_SECOND

function fields(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')

    // the name in parentheses may hold anything
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
const number = (row: readonly string[], at: number): number => Number(row[at] ?? 0)

/** Milliseconds of processor time of a process. */
export const cpuOf = (pid: number): number => {
  const row = fields(pid)

  return ms(number(row, 11) + number(row, 12))
}

/** Of a process with all its children, those that have ended too. */
function cpuOfFamily(root: number): number {
  const row = fields(root)
  let sum = ms(number(row, 11) + number(row, 12) + number(row, 13) + number(row, 14))
  for (const entry of readdirSync('/proc')) {
    const child = Number(entry)
    if (Number.isInteger(child) && Number(fields(child)[1]) === root) sum += cpuOf(child)
  }

  return sum
}

/** Megabytes of memory that a process holds. */
export function memoryOf(pid: number): number {
  try {
    const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))

    return Number(found?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Memory of Postgres: shared pages are counted once, by their share of each process. */
function memoryOfFamily(root: number): number {
  const share = (pid: number): number => {
    try {
      const found = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'))

      return Number(found?.[1] ?? 0) / 1024
    } catch {
      return 0
    }
  }
  let sum = share(root)
  for (const entry of readdirSync('/proc')) {
    const child = Number(entry)
    if (Number.isInteger(child) && Number(fields(child)[1]) === root) sum += share(child)
  }

  return sum
}

function machine(): { busy: number; all: number } {
  const row = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number)
  const all = row.reduce((sum, each) => sum + each, 0)
  const idle = (row[3] ?? 0) + (row[4] ?? 0)

  return { busy: ms(all - idle), all: ms(all) }
}

export interface Reading {
  readonly cpu: Readonly<Partial<Record<Metered, number>>>
  readonly machine: { readonly busy: number; readonly all: number }
  readonly commits: number
  readonly walBytes: number
  /** size of a database of an application, by its name */
  readonly applicationBytes: Readonly<Record<string, number>>
  readonly temporalBytes: number
}

export interface Meters {
  read(): Promise<Reading>
  /** megabytes now, by part */
  memory(): Readonly<Partial<Record<Metered, number>>>
}

interface Place {
  readonly pids: Pids
  readonly sql: Pool
  /** databases and files in which Temporal keeps its own */
  readonly temporalDatabases: readonly string[]
  readonly temporalFiles: readonly string[]
  /** of the product and of the floor */
  readonly applicationDatabases: readonly string[]
}

export function meters({ pids, sql, temporalDatabases, temporalFiles, applicationDatabases }: Place): Meters {
  const each = (measure: (pid: number) => number, ofFamily: (pid: number) => number) => {
    const known = pids()
    const found: Partial<Record<Metered, number>> = {}
    for (const part of METERED) {
      const pid = known[part]
      if (pid !== undefined) found[part] = part === 'postgres' ? ofFamily(pid) : measure(pid)
    }

    return found
  }

  return {
    read: async () => {
      const { rows } = await sql.query<{
        commits: number
        wal: number
        applications: Record<string, number>
        temporal: number
      }>(
        `select (select sum(xact_commit)::float8 from pg_stat_database where datname = any($3)) as commits,
           pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal,
           (select json_object_agg(datname, pg_database_size(datname)) from pg_database where datname = any($1)) as applications,
           (select coalesce(sum(pg_database_size(datname)), 0)::float8 from pg_database where datname = any($2)) as temporal`,
        [applicationDatabases, temporalDatabases, [...temporalDatabases, ...applicationDatabases]],
      )
      const [row] = rows
      const files = temporalFiles.reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0)

      return {
        cpu: each(cpuOf, cpuOfFamily),
        machine: machine(),
        commits: row?.commits ?? NaN,
        walBytes: row?.wal ?? NaN,
        applicationBytes: row?.applications ?? {},
        temporalBytes: (row?.temporal ?? 0) + files,
      }
    },
    memory: () => each(memoryOf, memoryOfFamily),
  }
}
