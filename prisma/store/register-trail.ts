/**
 * The only code that writes the register. Each row that it enters, changes or removes leaves one row in the trail, in the same
 * statement: who did it, under which document, what the row was and what it is.
 */
import type { CaseId, Instant, PersonId, PersonRef, Role } from '../../workflows/kernel/contract'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { KeptRegister, RegisterName, RegisterRows, RowChange } from '../../workflows/kernel/register'
import { Prisma, type Db, type Sql } from './db'
import { seesSql } from './sight'
import { type Slice, slice, type Window, windowSql, personJson } from './refs'

/** Is told of a change in the transaction that makes it: what it throws undoes the change. */
export type Told = <R extends RegisterName>(tx: Sql, change: RowChange<R>) => Promise<void>

/** Who changes the register, under which document, and who is told of it. */
export interface Author {
  readonly by:
    | { readonly person: PersonId; readonly capacity: Role }
    /** `effect`: which effect of the case it is */
    | { readonly case: CaseId; readonly effect: string }
    | 'system'
  readonly document?: { readonly id: string; readonly number: string }
  /** on which ground, in words */
  readonly basis?: string
  /** number of the change that is taken back */
  readonly undoes?: number
  readonly told?: Told
}

/** Release, seed and migrations: no person, no case, and no process is told. */
export const SYSTEM: Author = { by: 'system' }

/** Columns of which the database knows what they hold when nothing is said of them; of all registers, their version. */
interface Defaults {
  readonly bodies: 'weekProfile'
  readonly positions: 'headsUnit' | 'headsBody' | 'elected' | 'fields'
  readonly people: 'sample' | 'fields'
  readonly posts: 'kind'
}
type Defaulted<R extends RegisterName> = 'version' | (R extends keyof Defaults ? Defaults[R] : never)
type MayBeNull<Row> = { [K in keyof Row]: null extends Row[K] ? K : never }[keyof Row]
/** A row before it is entered. */
export type NewRow<R extends RegisterName> = Partial<RegisterRows[R]> &
  Omit<RegisterRows[R], Defaulted<R> | MayBeNull<RegisterRows[R]>>
/** What of a row is changed. */
export type Columns<R extends RegisterName> = {
  readonly [K in Exclude<keyof RegisterRows[R], 'id' | 'key' | 'code' | 'version'>]?: RegisterRows[R][K] | undefined
}

/** A row, and the version that it still must have. */
interface At {
  readonly id: string
  readonly version?: number
}
/** What is done to rows of a register. `unlessThere`: what is there already, by its key, stays as it is. */
export type Write<R extends RegisterName> =
  | { readonly enter: readonly NewRow<R>[]; readonly unlessThere?: true }
  | (R extends KeptRegister ? At & { readonly change: Columns<R> } : never)
  | (R extends KeptRegister ? At & { readonly remove: true } : never)

interface Table {
  readonly table: string
  /** its key and the type of it */
  readonly id: string
  readonly type: 'uuid' | 'text'
}
const TABLES: Readonly<Record<RegisterName, Table>> = {
  regions: { table: 'regions', id: 'key', type: 'text' },
  bodies: { table: 'state_bodies', id: 'key', type: 'text' },
  units: { table: 'units', id: 'id', type: 'uuid' },
  categories: { table: 'position_categories', id: 'code', type: 'text' },
  positions: { table: 'positions', id: 'id', type: 'uuid' },
  people: { table: 'people', id: 'id', type: 'uuid' },
  posts: { table: 'posts', id: 'id', type: 'uuid' },
  roles: { table: 'body_roles', id: 'id', type: 'uuid' },
  regimes: { table: 'regimes', id: 'id', type: 'text' },
  rules: { table: 'regime_rows', id: 'id', type: 'text' },
  terms: { table: 'terms', id: 'id', type: 'text' },
  holidays: { table: 'holidays', id: 'id', type: 'text' },
  swaps: { table: 'day_swaps', id: 'id', type: 'text' },
  'body-days': { table: 'body_days', id: 'id', type: 'text' },
  own: { table: 'register_rows', id: 'id', type: 'uuid' },
}

/** The registers and their tables. */
export const registerTables = (): { readonly register: RegisterName; readonly table: string }[] =>
  registerNames().map((register) => ({ register, table: TABLES[register].table }))
const registerNames = (): RegisterName[] => Object.keys(TABLES).filter(isRegister)
const isRegister = (name: string): name is RegisterName => Object.hasOwn(TABLES, name)

const quoted = (name: string): Prisma.Sql => {
  if (!/^[A-Za-z_]+$/.test(name)) throw new RangeError(`no such column: ${name}`)

  return Prisma.raw(`"${name}"`)
}
/** Columns of rows of which anything is said. */
const columnsOf = (rows: readonly object[]): string[] => [
  ...new Set(
    rows.flatMap((row) => Object.entries(row).flatMap(([name, value]) => (value === undefined ? [] : [name]))),
  ),
]
const list = (columns: readonly string[]): Prisma.Sql => Prisma.join(columns.map(quoted))

/** A row in the trail: all of it but the text that it is found by, which follows from the rest. */
const kept = (row: 'old' | 'new'): Prisma.Sql => Prisma.raw(`to_jsonb(${row}) - 'search'`)

/** A Write of whichever register. */
type AnyWrite =
  | { readonly enter: readonly object[]; readonly unlessThere?: true }
  | (At & { readonly change: object })
  | (At & { readonly remove: true })

function statementOf({ table, id, type }: Table, write: AnyWrite): Prisma.Sql | null {
  const [rows, key] = [quoted(table), quoted(id)]
  if ('enter' in write) {
    const columns = columnsOf(write.enter)
    if (columns.length === 0) return null

    return Prisma.sql`insert into ${rows} (${list(columns)})
      select ${list(columns)} from jsonb_populate_recordset(null::${rows}, ${JSON.stringify(write.enter)}::jsonb)
      ${write.unlessThere ? Prisma.sql`on conflict do nothing` : Prisma.empty}
      returning new.${key}::text as id, null::jsonb as before, ${kept('new')} as after`
  }
  const version = write.version ?? null
  const found = Prisma.sql`t.${key} = ${write.id}::${Prisma.raw(type)} and (${version}::int is null or t.version = ${version}::int)`
  if ('remove' in write) {
    return Prisma.sql`delete from ${rows} t where ${found} returning old.${key}::text as id, ${kept('old')} as before, null::jsonb as after`
  }
  const set = columnsOf([write.change]).map((name) => Prisma.sql`${quoted(name)} = given.${quoted(name)}`)

  return Prisma.sql`update ${rows} t set ${Prisma.join([...set, Prisma.sql`version = t.version + 1`])}
    from jsonb_populate_record(null::${rows}, ${JSON.stringify(write.change)}::jsonb) given
    where ${found} returning new.${key}::text as id, ${kept('old')} as before, ${kept('new')} as after`
}

const NOBODY = { person: null, capacity: null, case: null, effect: null }
const whoOf = (by: Author['by']) => {
  if (by === 'system') return { ...NOBODY, by: 'system' }

  return 'person' in by ? { ...NOBODY, ...by, by: 'person' } : { ...NOBODY, ...by, by: 'case' }
}

/**
 * Enters rows of a register, or changes or removes one, and answers what became of each: nothing when there is no such row, or not
 * of that version. The trail is written by the same statement, and the author's processes are told in the same transaction.
 */
export async function writeRegister<R extends RegisterName>(
  tx: Sql,
  author: Author,
  register: R,
  write: Write<R>,
): Promise<RowChange<R>[]> {
  return traced(tx, author, register, write)
}

async function traced<R extends RegisterName>(
  tx: Sql,
  { by, document, basis, undoes, told }: Author,
  register: R,
  write: AnyWrite,
): Promise<RowChange<R>[]> {
  const statement = statementOf(TABLES[register], write)
  if (!statement) return []
  const who = whoOf(by)
  const changes = await tx.rows<RowChange<R>>`
    with written as (${statement}), traced as (
      insert into register_changes (register, "rowId", by, "personId", capacity, "caseId", "effectId", "documentId", "documentNumber",
        basis, undoes, before, after)
      select ${register}, id, ${who.by}, ${who.person}::uuid, ${who.capacity}, ${who.case}::uuid, ${who.effect},
        ${document?.id ?? null}::uuid, ${document?.number ?? null}, ${basis ?? null}, ${undoes ?? null}::bigint, before, after
      from written returning register, "rowId", seq, before, after)
    select register, "rowId" as id, seq::float8 as seq, before, after as now from traced order by seq`
  if (told) for (const change of changes) await told(tx, change)

  return changes
}

type KeptRow = Readonly<Record<string, unknown>>
const differ = (a: KeptRow, b: KeptRow): string[] =>
  Object.keys(a).filter((column) => column !== 'version' && JSON.stringify(a[column]) !== JSON.stringify(b[column]))

/**
 * Makes a row again what it was before a change, in the columns that were changed; an entered row is removed, a removed one entered.
 * `changedSince`: it is no longer what the change made of it, and stays as it is.
 */
export async function takeBackChange(tx: Sql, author: Author, seq: number): Promise<RowChange | 'changedSince'> {
  const [change] = await tx.rows<{ register: RegisterName; id: string; before: KeptRow | null; after: KeptRow | null }>`
    select register, "rowId" as id, before, after from register_changes where seq = ${seq}::bigint`
  if (!change) throw new RangeError(`no change ${String(seq)} of the register`)
  const { register, id, before, after } = change
  const { table, id: key, type } = TABLES[register]
  const [found] = await tx.rows<{ row: KeptRow }>`
    select to_jsonb(t) - 'search' as row from ${quoted(table)} t where t.${quoted(key)} = ${id}::${Prisma.raw(type)} for update`
  const now = found?.row ?? null
  const columns = before && after ? differ(after, before) : after ? Object.keys(after) : []
  const isAsLeft = now && after ? !differ(after, now).some((column) => columns.includes(column)) : now === after
  if (!isAsLeft) return 'changedSince'
  const back: AnyWrite =
    before === null
      ? { id, remove: true }
      : after === null
        ? { enter: [before] }
        : { id, change: Object.fromEntries(columns.map((column) => [column, before[column]])) }
  const [undone] = await traced(tx, { ...author, undoes: seq }, register, back)
  if (!undone) throw new Error(`change ${String(seq)} of the register was not taken back`)

  return undone
}

/** One change of a row, as people read it. */
export interface TrailEntry {
  readonly seq: number
  readonly at: Instant
  readonly by: 'person' | 'case' | 'system'
  readonly person: PersonRef | null
  readonly capacity: string | null
  /** number of the case, and of the document by which it did so; null for whoever does not find the case */
  readonly case: string | null
  readonly document: string | null
  readonly basis: string | null
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** The changes of a row as the viewer reads them, the latest first. */
export async function trailOf(
  db: Db,
  viewer: Viewer,
  { register, id }: { readonly register: RegisterName; readonly id: string },
  window: Window,
): Promise<Slice<TrailEntry>> {
  const found = await db.sql.rows<TrailEntry>`
    select t.seq::float8 as seq, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, t.by,
      ${personJson('person')} as person, t.capacity, c.number as "case",
      case when t."caseId" is null or c.id is not null then t."documentNumber" end as document, t.basis, t.before, t.after
    from register_changes t left join people person on person.id = t."personId"
      left join lateral (select c.id, c.number from cases c where c.id = t."caseId" and ${seesSql(viewer)}) c on true
    where t.register = ${register} and t."rowId" = ${id} order by t.seq desc ${windowSql(window)}`

  return slice(found, window)
}
