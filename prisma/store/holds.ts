/** What a story asks the store for between two steps: keys that one case holds, and whether an answer is on its way. */
import type { CaseId, Instant } from '../../workflows/kernel/contract'
import type { Db } from './db'

/** Takes a key that only one open case may hold. True for the case that holds it already. */
export async function takeHold(db: Db, caseId: CaseId, key: string): Promise<boolean> {
  await db.hold.createMany({ data: [{ key, caseId }], skipDuplicates: true })
  const hold = await db.hold.findUnique({ where: { key } })

  return hold?.caseId === caseId
}

/** Those of these keys that an open case holds. */
export async function heldAmong(db: Db, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const held = await db.hold.findMany({ where: { key: { in: [...keys] } }, select: { key: true } })

  return new Set(held.map(({ key }) => key))
}

export async function releaseHold(db: Db, caseId: CaseId, key: string): Promise<void> {
  await db.hold.deleteMany({ where: { key, caseId } })
}

/** Is a command that ends this task stored, received by then, and without an outcome yet? */
export async function answerUnderway(db: Db, task: string, by: Instant): Promise<boolean> {
  const rows = await db.sql.rows`
    select 1 from commands
    where state = 'stored' and kind in ('complete', 'return', 'recuse') and "taskId" = ${task}::uuid and "receivedAt" < ${by}::timestamptz limit 1`

  return rows.length > 0
}
