/** What the appeal owns in the store: what is known of a decision that is appealed. */
import { KERNEL_ENDS, type BodyKey, type Due, type IsoDate, type PersonId } from '../../../workflows/kernel/contract'
import type { Appeal, AppealedDecision } from '../../../workflows/appeal/rules'
import { annulledSql } from '../annulments'
import { Prisma } from '../db'
import { storeOf } from '../process-store'

interface Row {
  readonly process: string
  readonly body: BodyKey
  readonly superior: BodyKey | null
  readonly subject: PersonId | null
  readonly outcome: string | null
  readonly annulled: boolean
  readonly decision: {
    readonly document: string
    readonly effectiveFrom: IsoDate
    readonly deliveredOn: IsoDate | null
    readonly appealBy: Due | null
  }
  readonly answered: AppealedDecision['answered']
  readonly excluded: readonly PersonId[]
  readonly restrictedTo: readonly PersonId[] | null
  readonly appealedBefore: boolean
  readonly appealOf: AppealedDecision['appealOf']
}

export const appeal = storeOf<Appeal>({
  questions: {
    appealedDecision: async ({ sql }, { case: of, kind }) => {
      const [row] = await sql.rows<Row>`
        select c.process, c."bodyKey" as body, b."parentKey" as superior, c."subjectId" as subject, c.outcome,
          ${annulledSql(Prisma.sql`c`)} as annulled, d.decision,
          coalesce((select jsonb_agg(distinct jsonb_build_object('person', t."answeredById", 'kind', t.kind)) from tasks t
            where t."caseId" = c.id and t.state = 'completed' and t."answeredById" is not null), '[]') as answered,
          array_remove(c."keptFrom", c."subjectId") as excluded, c."restrictedTo",
          exists (select 1 from cases a where a.process = 'appeal' and a."aboutCaseId" = c.id and a.status = 'closed'
            and a.facts->>'decision' = d.decision->>'document' and a.outcome in ('upheld', 'granted', 'changed')
            and not ${annulledSql(Prisma.sql`a`)}) as "appealedBefore",
          case when c.process = 'appeal' then jsonb_build_object('process', c.facts->>'process', 'document', c.facts->>'document') end
            as "appealOf"
        from cases c join state_bodies b on b.key = c."bodyKey"
        cross join lateral (select each.value as decision from jsonb_array_elements(c.decisions) with ordinality each(value, n)
          where each.value->>'kind' = ${kind} and coalesce(each.value->'withdrawn', 'null') = 'null' order by n desc limit 1) d
        where c.id = ${of}::uuid`
      if (!row) return null
      const { decision, outcome, annulled, ...known } = row

      return {
        ...known,
        stands: !annulled && !KERNEL_ENDS.some((end) => end === outcome),
        ...{ document: decision.document, effectiveFrom: decision.effectiveFrom },
        ...{ deliveredOn: decision.deliveredOn, appealBy: decision.appealBy },
      }
    },
  },
})
