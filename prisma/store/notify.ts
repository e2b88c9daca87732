/** Tells listening consoles that rows changed: ids only, sent when the transaction commits. */
import type { Db, Tx } from './db'

export const CHANNEL = 'mansap'
export interface Change {
  readonly topic: 'tasks' | 'cases'
  readonly ids: readonly string[]
}

/** Postgres takes 8000 bytes in a notification; a longer list is sent in parts. */
const IDS_A_TIME = 100

export async function notify(tx: Db | Tx, topic: Change['topic'], ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += IDS_A_TIME) {
    const change: Change = { topic, ids: ids.slice(from, from + IDS_A_TIME) }
    await tx.$executeRaw`select pg_notify(${CHANNEL}, ${JSON.stringify(change)})`
  }
}
