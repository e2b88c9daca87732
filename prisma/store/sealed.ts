/** Answers that nobody reads until the commission that was given them opens all together. */
import type { CaseId, ContentRef } from '../../workflows/kernel/contract'
import { canonical, sha256 } from './canonical'
import type { Db } from './db'

/** The rows that were committed to, in order; null for one that is missing or is not what history knows of it. */
export async function readSealed(db: Db, caseId: CaseId, commitments: readonly ContentRef[]): Promise<unknown[]> {
  const rows = await db.content.findMany({ where: { caseId, id: { in: commitments.map(({ id }) => id) } } })

  return commitments.map(({ id, hash }) => {
    const row = rows.find((each) => each.id === id)

    return row && sha256(row.salt + canonical(row.body)) === hash ? row.body : null
  })
}
