/** Tells listening consoles that rows changed: ids only, sent when the transaction commits. */
import type { Sql } from './db'

export const CHANNEL = 'mansap'
/** Tells dispatchers that a case has sent a command (trigger `commands_wake`). */
export const COMMANDS_CHANNEL = 'mansap_commands'
/** Tells workers that a paper is to be made (trigger `papers_wake`). */
export const PAPERS_CHANNEL = 'mansap_papers'
/** `sessions`: the people whose sessions ended or began. */
export const TOPICS = ['tasks', 'cases', 'notices', 'sessions'] as const
export interface Change {
  readonly topic: (typeof TOPICS)[number]
  readonly ids: readonly string[]
}

/** Postgres takes 8000 bytes in a notification; a longer list is sent in parts. */
export const IDS_A_TIME = 100

/** What is said of these changes. */
export const messages = (...changes: readonly Change[]): string[] =>
  changes.flatMap(({ topic, ids }) =>
    Array.from({ length: Math.ceil(ids.length / IDS_A_TIME) }, (_, part) =>
      JSON.stringify({ topic, ids: ids.slice(part * IDS_A_TIME, (part + 1) * IDS_A_TIME) }),
    ),
  )

export async function notify(sql: Sql, ...changes: readonly Change[]): Promise<void> {
  const said = messages(...changes)
  if (said.length > 0) await sql.run`select pg_notify(${CHANNEL}, part) from unnest(${said}::text[]) part`
}

const isOf = <Value extends string>(all: readonly Value[], value: unknown): value is Value =>
  all.some((each) => each === value)

/** A change as it was said; null: of a release that says something else. */
export function heard(message: string): Change | null {
  const said: unknown = JSON.parse(message)
  if (typeof said !== 'object' || said === null || !('topic' in said) || !('ids' in said)) return null
  const { topic, ids } = said

  return isOf(TOPICS, topic) && Array.isArray(ids) ? { topic, ids: ids.filter((id) => typeof id === 'string') } : null
}
