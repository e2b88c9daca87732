/** What the doors of all registers have in common: filters and pages asked for, and what became of a change as an answer. */
import { z } from 'zod'
import {
  isClash,
  type Changed,
  type Clash,
  type DayClash,
  type FilterKind,
  type ListQuery,
} from '../../prisma/store/listing'
import type { KernelReason } from '../../workflows/kernel/contract'
import { flag, id as uuid, isoDate, key, word } from '../http/fields'
import { invalid, Problem } from '../http/problems'

/** How a filter of each kind is written in an address. */
export const FILTERS: Readonly<Record<FilterKind, z.ZodType<string | boolean>>> = {
  uuid,
  key,
  date: isoDate,
  year: z.string().regex(/^(19|20)\d\d$/),
  text: word(),
  flag,
}

/** What was stored; throws why it was not. */
export function withoutClash<Row>(row: Row | Clash): Row {
  if (!isClash(row)) return row
  if (typeof row === 'string') throw Problem.for('conflict', { reason: { code: CLASHES[row] } })
  if ('wrong' in row) throw invalid(row.wrong)
  if (!row.by) throw Problem.for('conflict', { reason: { code: `register.${row.refused}` } })
  const { person, position, from } = row.by
  // only an administrator is told, who may look up whose post it is
  throw Problem.for(row.refused, { params: { person: person.name, position: position.name, from } })
}

const CLASHES: Readonly<Record<DayClash, KernelReason>> = {
  exists: 'register.exists',
  contradicts: 'register.contradicts',
}

/** The row as it is now; throws why it was not changed. */
export function changedRow<Row>(changed: Changed<Row>): Row {
  if (changed === 'stale') throw Problem.for('stale')
  if (changed === 'absent') throw Problem.for('notFound')

  return withoutClash(changed)
}

interface Query {
  readonly page: number
  readonly perPage: number
  readonly sort?: string | undefined
  readonly id?: string[] | undefined
}

/** What a register is asked for, by the query of a request. */
export function listQuery({ page, perPage, sort, id, ...filters }: Query): ListQuery {
  const given: readonly (readonly [string, unknown])[] = Object.entries(filters)
  const filter = given.flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'boolean' ? [[name, String(value)] as const] : [],
  )

  return {
    page,
    perPage,
    filter: Object.fromEntries(filter),
    ...(sort ? { sort } : {}),
    ...(id ? { ids: id } : {}),
  }
}
