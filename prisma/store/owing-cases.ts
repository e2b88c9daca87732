/** Cases that owe something: a command that has no outcome, or an alarm that should have rung. Their workflow may fail where nobody hears it. */
import type { CaseId } from '../../workflows/kernel/contract'
import { Prisma, type Db } from './db'

export interface OwingCase {
  readonly case: CaseId
  readonly process: string
  readonly version: number
}

/** So long a command or an alarm may take that nothing is wrong with. */
const PATIENCE = Prisma.sql`interval '20 seconds'`

/** Of a row `c` of `cases`: its clock runs, and has rung that long ago. */
const RANG = Prisma.sql`(c."wakesAt" is not null and (c.clock ->> 'speed')::float8 > 0
  and c."wakesAt" < (c.clock -> 'base' ->> 'case')::timestamptz
    + (now() - ${PATIENCE} - (c.clock -> 'base' ->> 'real')::timestamptz) * (c.clock ->> 'speed')::float8)`

/** Cases that owe something and are not said to stand still, by id, after the one named; also those whose start has no outcome. */
export const owingCases = (db: Db, after: CaseId | null, limit: number): Promise<OwingCase[]> =>
  db.sql.rows<OwingCase>`
    with owing as (
      select k."caseId" as id, k.payload -> 'input' as input from commands k
      where k.state = 'stored' and k."sentAt" is not null and k."receivedAt" < now() - ${PATIENCE}
      union all
      select c.id, null from cases c where c.status = 'open' and ${RANG}
    )
    select o.id as "case", coalesce(c.process, max(o.input ->> 'process')) as process,
      coalesce(c.version, max((o.input ->> 'version')::int)) as version
    from owing o left join cases c on c.id = o.id
    where (${after}::uuid is null or o.id > ${after}::uuid)
      and not exists (select 1 from incidents i
        where i."caseId" = o.id and i.kind = 'storyFailed' and i."resolvedAt" is null)
    group by o.id, c.process, c.version
    having coalesce(c.process, max(o.input ->> 'process')) is not null
    order by o.id limit ${limit}`

/** Resolves what was noted of cases that owe nothing any more: their workflow answered after all. */
export async function resolveAnswered(db: Db): Promise<void> {
  await db.sql.run`
    update incidents i set "resolvedAt" = now()
    where i.kind = 'storyFailed' and i."resolvedAt" is null and i.params ->> 'heardFrom' = 'history'
      and not exists (select 1 from commands k where k."caseId" = i."caseId" and k.state = 'stored')
      and not exists (select 1 from cases c where c.id = i."caseId" and c.status = 'open' and ${RANG})`
}
