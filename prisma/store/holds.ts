/** What a story asks the store for between two steps: keys that one case holds, and whether an answer is on its way. */
import type { CaseId, Instant, TaskId } from '../../workflows/kernel/contract'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import { RECEIVING, TELLING_LISTS } from './commands'
import type { EffectOutcome, Hold } from '../../workflows/kernel/protocol/activities'
import { Prisma, type Db, type Sql } from './db'
import type { EffectStore } from './effects'
import { seenJson } from './sight'

/** Takes a key that only one open case may hold. Taken for the case that holds it already. */
export async function takeHold(sql: Sql, { case: caseId, key }: Hold): Promise<EffectOutcome<null>> {
  const [hold] = await sql.rows<{ caseId: CaseId }>`
    with taken as (
      insert into holds (key, "caseId") values (${key}, ${caseId}::uuid) on conflict (key) do nothing returning "caseId"
    )
    select "caseId" from taken union all select "caseId" from holds where key = ${key}`

  return hold?.caseId === caseId ? { taken: true, value: null } : { taken: false, reason: { code: 'alreadyOpen' } }
}

/** The open case that holds each of these keys, as far as it decides who sees it; without those that none holds. */
export async function holdersOf(
  db: Db,
  viewer: Viewer,
  keys: readonly string[],
): Promise<ReadonlyMap<string, SeenCase>> {
  if (keys.length === 0) return new Map()
  const rows = await db.sql.rows<{ readonly key: string; readonly seen: SeenCase }>`
    select h.key, ${seenJson(viewer)} as seen from holds h join cases c on c.id = h."caseId" where h.key = any(${[...keys]}::text[])`

  return new Map(rows.map(({ key, seen }) => [key, seen]))
}

export async function releaseHold(sql: Sql, { case: caseId, key }: Hold): Promise<EffectOutcome<null>> {
  await sql.run`delete from holds where key = ${key} and "caseId" = ${caseId}::uuid`

  return { taken: true, value: null }
}

/** Its keys name the set of a rehearsal, so that those of different sets never meet. */
export const hold: EffectStore<Hold, null> = {
  take: (tx, request) => takeHold(tx, request),
  undo: (tx, { request }) => releaseHold(tx, request),
  ownSets: true,
}

/**
 * Is a command that ends this task stored, received by then, and without an outcome yet; or may one still be stored that is received
 * by then? To be asked in a transaction: nothing is stored for the case until it ends.
 */
export async function answerUnderway(tx: Sql, task: TaskId, by: Instant): Promise<boolean> {
  // a statement of its own: what was stored before the lock was had is seen by the next one only
  await tx.run`
    select pg_advisory_xact_lock(${RECEIVING}::int, hashtext("caseId"::text)) from tasks where id = ${task}::uuid`

  return underway(tx, Prisma.sql`kind in ('complete', 'return', 'recuse') and "taskId" = ${task}::uuid`, by)
}

/** The same of answers to some tasks of a case, and of acts on it. */
export async function messageUnderway(
  tx: Sql,
  question: { readonly case: CaseId; readonly tasks: readonly TaskId[]; readonly by: Instant },
): Promise<boolean> {
  const { case: id, tasks, by } = question
  await tx.run`select pg_advisory_xact_lock(${RECEIVING}::int, hashtext(${id}::text))`
  await tx.run`select pg_advisory_xact_lock_shared(${TELLING_LISTS}::bigint)`
  const answers = Prisma.sql`kind in ('complete', 'return', 'recuse') and "taskId" = any(${[...tasks]}::uuid[])`

  return underway(tx, Prisma.sql`"caseId" = ${id}::uuid and (kind = 'act' or ${answers})`, by)
}

async function underway(tx: Sql, what: Prisma.Sql, by: Instant): Promise<boolean> {
  const rows = await tx.rows`
    select 1 where clock_timestamp() < ${by}::timestamptz
      or exists (select 1 from commands where state = 'stored' and "receivedAt" < ${by}::timestamptz and ${what})`

  return rows.length > 0
}
