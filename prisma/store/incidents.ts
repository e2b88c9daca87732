/** What an operator has to look at: one row per case and kind, however often it happens. */
import type { CaseId, Fact } from '../../workflows/kernel/contract'
import type { Db, Sql } from './db'

/** `stepConflict`: history and rows disagree, and the case tries again in vain. `longHistory`: a history grows towards Temporal's limits. */
export const INCIDENTS = ['stepConflict', 'longHistory'] as const
export type IncidentKind = (typeof INCIDENTS)[number]

export interface Incident {
  readonly caseId: CaseId
  readonly caseNumber: string
  readonly kind: IncidentKind
  readonly params: Readonly<Record<string, Fact>>
  readonly firstAt: Date
  readonly lastAt: Date
  readonly times: number
}

/** Notes that it happened, once more if it has before. */
export async function noteIncident(
  sql: Sql,
  caseId: CaseId,
  kind: IncidentKind,
  params: Readonly<Record<string, Fact>>,
): Promise<void> {
  await sql.run`
    insert into incidents ("caseId", kind, params, "firstAt", "lastAt")
    values (${caseId}::uuid, ${kind}, ${JSON.stringify(params)}::jsonb, now(), now())
    on conflict ("caseId", kind) do update
      set params = excluded.params, "lastAt" = now(), times = incidents.times + 1, "resolvedAt" = null`
}

/** It is over. Nothing happens where nothing was noted. */
export async function resolveIncident(db: Db, caseId: CaseId, kind: IncidentKind): Promise<void> {
  await db.incident.updateMany({ where: { caseId, kind, resolvedAt: null }, data: { resolvedAt: new Date() } })
}

/** What is not over in cases that are not closed, the longest first. */
export async function openIncidents(db: Db, limit = 100): Promise<Incident[]> {
  return db.sql.rows<Incident>`
    select i."caseId", c.number as "caseNumber", i.kind, i.params, i."firstAt", i."lastAt", i.times
    from incidents i join cases c on c.id = i."caseId"
    where i."resolvedAt" is null and c.status = 'open' order by i."firstAt", i."caseId" limit ${limit}`
}
