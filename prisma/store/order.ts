/**
 * The orders in which tasks are listed, and places in them. A page begins behind the place at which the one before ended, so that it
 * costs the same however far down it is, and nobody misses a line because another was taken from a page before.
 */
import type { IsoDate, TaskId } from '../../workflows/kernel/contract'
import { Prisma } from './db'

/** What a task is ordered by. */
export interface Ordered {
  readonly id: TaskId
  readonly dueAt: Date | null
  readonly dueOn: IsoDate | null
  readonly openedAt: Date
  readonly answeredAt: Date | null
}

interface Key {
  /** of a row `t`; never null, or a line could not be compared with another: what has no term comes last */
  readonly sql: string
  readonly type: keyof typeof IS
  readonly of: (task: Ordered) => string
}

const NEVER = 'infinity'
const ID: Key = { sql: 't.id', type: 'uuid', of: ({ id }) => id }
const KEYS = {
  dueOn: [
    {
      sql: `coalesce(t."dueAt", 'infinity')`,
      type: 'timestamptz',
      of: ({ dueAt }) => dueAt?.toISOString() ?? NEVER,
    },
    // a held clock gives no instant, only a date
    { sql: `coalesce(t."dueOn", 'infinity')`, type: 'date', of: ({ dueOn }) => dueOn ?? NEVER },
    ID,
  ],
  openedOn: [{ sql: 't."openedAt"', type: 'timestamptz', of: ({ openedAt }) => openedAt.toISOString() }, ID],
  answeredAt: [
    {
      sql: `coalesce(t."answeredAt", 'infinity')`,
      type: 'timestamptz',
      of: ({ answeredAt }) => answeredAt?.toISOString() ?? NEVER,
    },
    ID,
  ],
} as const satisfies Record<string, readonly Key[]>

type KeyName = keyof typeof KEYS
export type TaskSort = KeyName | `-${KeyName}`
const NAMES = Object.keys(KEYS) as [KeyName, ...KeyName[]]
export const TASK_SORTS: readonly TaskSort[] = NAMES.flatMap((name) => [name, `-${name}`] as const)

const isDescending = (sort: TaskSort): boolean => sort.startsWith('-')
const keysOf = (sort: TaskSort): readonly Key[] => KEYS[sort.replace(/^-/, '') as KeyName]

/** For `order by`; descending is the exact reverse, so that one index serves both. */
export const orderBy = (sort: TaskSort): Prisma.Sql =>
  Prisma.raw(
    keysOf(sort)
      .map(({ sql }) => (isDescending(sort) ? `${sql} desc` : sql))
      .join(', '),
  )

/** The keys by which a task stood where it stood when it was shown, in the order's own order: it may have moved since. */
export type Place = readonly string[]

/** What comes behind a place, as a condition on rows `t`. */
export function behind(place: Place, sort: TaskSort): Prisma.Sql {
  const keys = keysOf(sort)
  const line = Prisma.raw(keys.map(({ sql }) => sql).join(', '))
  const its = Prisma.join(keys.map(({ type }, n) => Prisma.sql`${place[n]}::${Prisma.raw(type)}`))

  return Prisma.sql`(${line}) ${Prisma.raw(isDescending(sort) ? '<' : '>')} (${its})`
}

const SEPARATOR = '|'

/** The place behind a task, as a client keeps it and gives it back. */
export const placeAfter = (task: Ordered, sort: TaskSort): string =>
  keysOf(sort)
    .map(({ of }) => of(task))
    .join(SEPARATOR)

/** A place that a client gives back; null if it is none of that order. */
export function placeOf(text: string, sort: TaskSort): Place | null {
  const parts = text.split(SEPARATOR)
  const keys = keysOf(sort)

  return parts.length === keys.length && keys.every(({ type }, n) => IS[type](parts[n] ?? '')) ? parts : null
}

/** As `toISOString` writes it: of a day that no month has, Date would make another. Of years as Postgres has them. */
const isInstant = (text: string): boolean => {
  const date = new Date(text)

  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString() === text
}
const IS = {
  timestamptz: (text: string): boolean => text === NEVER || isInstant(text),
  date: (text: string): boolean => text === NEVER || isInstant(`${text}T00:00:00.000Z`),
  uuid: (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text),
}
