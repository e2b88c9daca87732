/**
 * The orders in which tasks are listed, and their page cursors. A page begins after the cursor at which the page before ended, so
 * that it costs the same however far down it is, and nobody misses a line because another was taken from a page before.
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

/** The sort keys of the last task of a page, as they were when the page was shown: the task may have moved since. */
export type PageCursor = readonly string[]

/** The condition on rows `t` that come after a cursor. */
export function afterCursor(cursor: PageCursor, sort: TaskSort): Prisma.Sql {
  const keys = keysOf(sort)
  const line = Prisma.raw(keys.map(({ sql }) => sql).join(', '))
  const its = Prisma.join(keys.map(({ type }, n) => Prisma.sql`${cursor[n]}::${Prisma.raw(type)}`))

  return Prisma.sql`(${line}) ${Prisma.raw(isDescending(sort) ? '<' : '>')} (${its})`
}

const SEPARATOR = '|'

/** The cursor after a task, as text that a client keeps and sends back. */
export const cursorAfter = (task: Ordered, sort: TaskSort): string =>
  keysOf(sort)
    .map(({ of }) => of(task))
    .join(SEPARATOR)

/** Reads a cursor that a client sends back; null if it is none of that order. */
export function parseCursor(text: string, sort: TaskSort): PageCursor | null {
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
