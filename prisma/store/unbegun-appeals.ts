/**
 * Appeals that were received and whose cases have not begun. No decision of the case that they are about is carried out meanwhile: what
 * they are against, and whether they suspend it, their cases say.
 */
import { isAppealing, type CaseId } from '../../workflows/kernel/contract'
import type { Processes } from '../../workflows/kernel/process'
import { Prisma, type Db, type Sql } from './db'

/** The processes whose cases appeal what others decided. */
export const appealingProcesses = ({ current }: Pick<Processes, 'current'>): readonly string[] =>
  Object.values(current).flatMap(({ contract }) => (isAppealing(contract) ? contract.name : []))

/** Of a row `k` of `commands`: the start of such an appeal. */
const unbegun = (appealing: readonly string[]): Prisma.Sql => Prisma.sql`
  k.kind = 'start' and k.state = 'stored' and k.payload #>> '{input,process}' = any(${[...appealing]}::text[])
    and not exists (select 1 from cases b where b.id = k."caseId")`

/** Whether an appeal about this case was received and has not begun. */
export async function hasUnbegunAppeal(sql: Sql, appealing: readonly string[], about: CaseId): Promise<boolean> {
  const rows = await sql.rows`
    select 1 from commands k where ${unbegun(appealing)} and k.payload #>> '{input,aboutCase}' = ${about}::text limit 1`

  return rows.length > 0
}

/** A case whose decisions are not carried out until an appeal has begun, and since when it waits. */
export interface HeldByAppeal {
  readonly case: CaseId
  readonly since: Date
}

/** Open cases with a decision that stands, whose appeal was received so many seconds ago or more and has not begun: a named one, or all real ones. */
export const casesHeldByAppeals = (
  db: Db,
  appealing: readonly string[],
  { olderThan, only = null }: { readonly olderThan: number; readonly only?: CaseId | null },
): Promise<HeldByAppeal[]> =>
  db.sql.rows<HeldByAppeal>`
    select c.id as "case", min(k."receivedAt") as since
    from commands k join cases c on c.id = (k.payload #>> '{input,aboutCase}')::uuid
    where ${unbegun(appealing)} and c.status = 'open' and k."receivedAt" <= now() - make_interval(secs => ${olderThan}::int)
      and case when ${only}::uuid is null then c.rehearsal is null else c.id = ${only}::uuid end
      and exists (select 1 from jsonb_array_elements(coalesce(c.decisions, '[]')) d where coalesce(d->'withdrawn', 'null') = 'null')
    group by c.id order by c.id`
