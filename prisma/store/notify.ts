/** Tells listening consoles that rows changed: ids only, sent when the transaction commits. */
import type { Db, Tx } from './db'

export const CHANNEL = 'mansap'
export interface Change {
  readonly topic: 'tasks' | 'cases'
  readonly ids: readonly string[]
}

/** Postgres takes 8000 bytes in a notification; a longer list is sent in parts. */
const IDS_A_TIME = 100

export async function notify(tx: Db | Tx, ...changes: readonly Change[]): Promise<void> {
  const parts = changes.flatMap(({ topic, ids }) =>
    Array.from({ length: Math.ceil(ids.length / IDS_A_TIME) }, (_, part) =>
      JSON.stringify({ topic, ids: ids.slice(part * IDS_A_TIME, (part + 1) * IDS_A_TIME) }),
    ),
  )
  if (parts.length > 0) await tx.$executeRaw`select pg_notify(${CHANNEL}, part) from unnest(${parts}::text[]) part`
}
