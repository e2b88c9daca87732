/** Histories of closed cases, kept for good. */
import type { CaseId } from '../../workflows/kernel/contract'
import type { Db } from './db'

/** Closed cases whose workflow history is not archived yet, the oldest first, but for some. */
export async function casesToArchive(db: Db, limit: number, but: readonly CaseId[] = []): Promise<CaseId[]> {
  const rows = await db.sql.rows<{ id: CaseId }>`
    select c.id from cases c left join history_archives a on a."caseId" = c.id
    where c.status = 'closed' and a."caseId" is null and c.id <> all(${[...but]}::uuid[]) order by c."closedAt" limit ${limit}`

  return rows.map((row) => row.id)
}

/** Keeps the history of a closed case for good: Temporal forgets it after its retention. */
export async function archiveHistory(
  db: Db,
  archive: { caseId: CaseId; runId: string; history: Uint8Array<ArrayBuffer>; digest: string; events: number },
): Promise<void> {
  await db.historyArchive.createMany({ data: [{ ...archive, archivedAt: new Date() }], skipDuplicates: true })
}
