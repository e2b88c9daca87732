/** Results of closed cases that other cases annul. The annulled case is read and never locked. */
import { KERNEL_ENDS, type CaseId, type IsoDate, type KernelReason } from '../../workflows/kernel/contract'
import type { Annul, EffectOutcome } from '../../workflows/kernel/protocol/activities'
import { Prisma, type Db, type Sql } from './db'
import type { EffectStore } from './effects'
import { notify } from './notify'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { othersNamed, type OtherCase } from './about'

/** Whether a case `c` is annulled. */
export const annulledSql = (c: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`exists (select 1 from annulments n where n."caseId" = ${c}.id)`

const refused = (code: KernelReason): EffectOutcome<never> => ({ taken: false, reason: { code } })

/** The other case as the case of an effect finds it; null: it did not begin. */
async function annullable(
  tx: Sql,
  id: CaseId,
  effect: string,
): Promise<{ readonly closed: boolean; readonly outcome: string | null; readonly sameSet: boolean } | null> {
  const [other] = await tx.rows<{ closed: boolean; outcome: string | null; sameSet: boolean }>`
    select c.status = 'closed' as closed, c.outcome, c.rehearsal is not distinct from e.rehearsal
      and (c.rehearsal is null or coalesce(c."setBodyKey", c."bodyKey") = e."setBodyKey") as "sameSet"
    from cases c, effects e where c.id = ${id}::uuid and e.id = ${effect}::uuid`

  return other ?? null
}

/** Has the case withdrawn this decision? */
export async function isWithdrawn(sql: Pick<Sql, 'rows'>, of: CaseId, document: string): Promise<boolean> {
  const [found] = await sql.rows`
    select 1 from cases c, jsonb_array_elements(c.decisions) each
    where c.id = ${of}::uuid and each->>'document' = ${document} and coalesce(each->'withdrawn', 'null') <> 'null'`

  return found !== undefined
}

/** Of two cases that annul the same the second waits for the first, and hears that it is annulled. */
export const annul: EffectStore<Annul, null> = {
  take: async (tx, { case: id, ground, decision }, { case: by, effect, on }) => {
    const other = await annullable(tx, id, effect)
    if (!other) return refused('annul.noResult')
    if (!other.sameSet) return refused('annul.otherSet')
    if (!other.closed) return refused('annul.open')
    if (KERNEL_ENDS.some((end) => end === other.outcome)) return refused('annul.noResult')
    if (decision !== undefined && (await isWithdrawn(tx, id, decision))) return refused('annul.withdrawn')
    const added = await tx.run`
      insert into annulments ("caseId", "byId", "effectId", "on", ground, at)
      values (${id}::uuid, ${by}::uuid, ${effect}::uuid, ${on}::date, ${ground}, clock_timestamp())
      on conflict ("caseId") do nothing`
    if (added === 0) return refused('annul.already')
    await notify(tx, { topic: 'cases', ids: [id] })

    return { taken: true, value: null }
  },
  undo: async (tx, { request: { case: id } }, { effect }) => {
    await tx.run`delete from annulments where "caseId" = ${id}::uuid and "effectId" = ${effect}::uuid`
    await notify(tx, { topic: 'cases', ids: [id] })

    return { taken: true, value: null }
  },
  ownSets: true,
}

export interface AnnulmentRow {
  readonly on: IsoDate
  readonly ground: string
  /** the case that annulled it */
  readonly by: OtherCase
}

/** By which case, when and why a case was annulled; null: it is not. */
export async function annulmentOf(db: Db, viewer: Viewer, id: CaseId): Promise<AnnulmentRow | null> {
  const [row] = await db.sql.rows<Pick<AnnulmentRow, 'on' | 'ground'> & { readonly byId: CaseId }>`
    select n."on"::text, n.ground, n."byId" from annulments n where n."caseId" = ${id}::uuid`
  if (!row) return null
  const by = (await othersNamed(db, viewer, [row.byId]))(row.byId)
  if (!by) throw new Error(`annulled by case ${row.byId}, which is not there`)

  return { on: row.on, ground: row.ground, by }
}
