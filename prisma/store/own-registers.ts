/**
 * Registers that processes own, as their contracts and forms describe them. Their rows stand in one table, so that a process brings a
 * register without a migration; they are written like those of every register (`writeRegister`).
 */
import { randomUUID } from 'node:crypto'
import type { BodyKey, RegisterKind } from '../../workflows/kernel/contract'
import { valuesOf, type Form, type ProcessForms, type ValueKind } from '../../workflows/kernel/forms'
import type { FieldValues, RowChange } from '../../workflows/kernel/register'
import { Prisma, violatesUnique, type Db, type Sql } from './db'
import type { Asked } from './effects'
import { register, type Changed, type FilterSpec, type Register, type RowVersion } from './listing'
import { uuidKey, type Key } from './order'
import { KEEPER } from './register-sight'
import { writeRegister, type Author } from './register-trail'

/** A register that a process owns. */
export interface OwnRegister {
  /** `<process>-<register>`: in addresses and in the table */
  readonly id: string
  readonly process: string
  readonly name: string
  readonly kind: RegisterKind
  readonly form: Form
}

/** The parts of a process that describe its registers. */
interface Described {
  readonly contract: { readonly name: string; readonly registers?: Readonly<Record<string, RegisterKind>> }
  readonly forms: Pick<ProcessForms, 'registers'>
}

/** The registers that a process owns. */
export const ownRegistersOf = ({ contract, forms }: Described): OwnRegister[] =>
  Object.entries(contract.registers ?? {}).flatMap(([name, kind]) => {
    const form = forms.registers?.[name]

    return form ? [{ id: `${contract.name}-${name}`, process: contract.name, name, kind, form }] : []
  })

/** A register of a process by its name. */
export function ownRegister(described: Described, name: string): OwnRegister {
  const found = ownRegistersOf(described).find((each) => each.name === name)
  if (!found) throw new Error(`${described.contract.name} describes no register ${name}`)

  return found
}

export interface OwnRow {
  readonly id: string
  readonly body: BodyKey
  readonly fields: FieldValues
  readonly version: number
}

/** A row as Prisma reads it. */
interface Stored {
  readonly id: string
  readonly bodyKey: string
  readonly fields: unknown
  readonly version: number
}

/** Nothing but objects is written into the column. */
const fieldsIn = ({ fields }: Pick<Stored, 'fields'>): FieldValues => fields as FieldValues
const valueIn = (row: Stored, name: string): string => {
  const value = fieldsIn(row)[name]

  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** A field as an order and a filter are called by it. */
const fieldName = (name: string): string => `fields.${name}`

/** The value of a field as it is compared; names of fields are words of the code. */
function orderedBy(name: string, kind: ValueKind): Key<Stored> {
  if (!/^\w+$/.test(name)) throw new RangeError(`no name of a field: ${name}`)
  if (kind === 'number') {
    const last = String(Number.MAX_SAFE_INTEGER)

    return {
      sql: `coalesce((t.fields->>'${name}')::bigint, ${last})`,
      type: 'bigint',
      of: (row) => valueIn(row, name) || last,
    }
  }

  return { sql: `coalesce(t.fields->>'${name}', '')`, type: 'text', of: (row) => valueIn(row, name) }
}

/** References are shown by names that the table does not have. */
const isOrdered = (kind: ValueKind): boolean => ['text', 'number', 'flag', 'choice'].includes(kind)

const FILTERS = { flag: 'flag', choice: 'key', person: 'uuid', position: 'uuid', body: 'key' } as const
function filtersOf(form: Form): Record<string, FilterSpec> {
  return Object.fromEntries(
    valuesOf(form).flatMap(({ name, kind }) =>
      kind in FILTERS
        ? [
            [
              fieldName(name),
              {
                kind: FILTERS[kind as keyof typeof FILTERS],
                where: (value: string) => Prisma.sql`t.fields->>${name} = ${value}`,
              },
            ] as const,
          ]
        : [],
    ),
  )
}

/** The rows of a register in these bodies; null: in all. */
export function rowsOf({ id: of, kind, form }: OwnRegister, bodies: readonly BodyKey[] | null): Register<OwnRow> {
  const values = valuesOf(form)
  const kindOf = (name: string): ValueKind => values.find((each) => each.name === name)?.kind ?? 'text'
  const within = bodies === null ? Prisma.empty : Prisma.sql`and "bodyKey" = any(${[...bodies]}::text[])`

  return register<Stored, OwnRow, string>({
    ids: 'uuid',
    from: Prisma.sql`(select * from register_rows where register = ${of} ${within}) t`,
    id: 'id',
    filters: filtersOf(form),
    orders: {
      key: [...kind.key.map((name) => orderedBy(name, kindOf(name))), uuidKey('id')],
      ...Object.fromEntries(
        values.flatMap(({ name, kind: of }) =>
          isOrdered(of) ? [[fieldName(name), [orderedBy(name, of), uuidKey('id')]]] : [],
        ),
      ),
    },
    usual: 'key',
    load: (db, ids) =>
      db.registerRow.findMany({
        where: { id: { in: ids }, register: of, ...(bodies && { bodyKey: { in: [...bodies] } }) },
      }),
    row: (stored) => ({
      id: stored.id,
      body: stored.bodyKey as BodyKey,
      fields: fieldsIn(stored),
      version: stored.version,
    }),
  })
}

/** The body to which a row belongs, by its fields. */
export const bodyOf = ({ kind }: OwnRegister, fields: FieldValues): BodyKey => fields[kind.body] as BodyKey

const columnsOf = (of: OwnRegister, fields: FieldValues) => ({
  bodyKey: bodyOf(of, fields),
  key: JSON.stringify(of.kind.key.map((name) => fields[name] ?? null)),
  fields,
})

/** Enters a row; `exists`: another has its key. For a person, and for an effect of a case. */
export async function enterOwn(
  tx: Sql,
  author: Author,
  of: OwnRegister,
  fields: FieldValues,
  id: string = randomUUID(),
): Promise<RowChange<'own'> | 'exists'> {
  const row = { id, register: of.id, ...columnsOf(of, fields) }
  const [entered] = await writeRegister(tx, author, 'own', { enter: [row], unlessThere: true })

  return entered ?? 'exists'
}

/** Makes the fields of a row these, if it still has that version. */
export async function changeOwn(
  db: Db,
  author: Author,
  of: OwnRegister,
  at: RowVersion,
  fields: FieldValues,
): Promise<Changed<OwnRow>> {
  try {
    const changed = await db.sql.transaction((tx) =>
      writeRegister(tx, author, 'own', { ...at, change: columnsOf(of, fields) }),
    )
    const row = await rowsOf(of, null).get(db, at.id, KEEPER)
    if (!row) return 'absent'

    return changed.length === 0 ? 'stale' : row
  } catch (error) {
    if (violatesUnique(error)) return 'exists'
    throw error
  }
}

/** Removes a row, if it still has that version. */
export async function removeOwn(db: Db, author: Author, of: OwnRegister, at: RowVersion): Promise<Changed<'removed'>> {
  const removed = await db.sql.transaction((tx) => writeRegister(tx, author, 'own', { ...at, remove: true }))
  if (removed.length > 0) return 'removed'

  return (await rowsOf(of, null).get(db, at.id, KEEPER)) ? 'stale' : 'absent'
}

/** The rows of a register in which these fields have these values, for the questions of its process. */
export const ownRowsWhere = (
  { sql }: Asked,
  { id: of }: OwnRegister,
  fields: FieldValues,
): Promise<{ readonly id: string; readonly fields: FieldValues }[]> =>
  sql.rows`select id, fields from register_rows where register = ${of} and fields @> ${JSON.stringify(fields)}::jsonb order by id`
