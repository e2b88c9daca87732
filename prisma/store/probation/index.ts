/** What probation owns in the store. */
import type { PersonId } from '../../../workflows/kernel/contract'
import type { Probation } from '../../../workflows/probation/rules'
import { postEffects } from '../post-effects'
import { storeOf } from '../process-store'
import { serviceQuestions } from '../service-questions'

export const probation = storeOf<Probation>({
  questions: serviceQuestions,
  effects: { endPost: postEffects.endPost },
  people: async (sql, people) => {
    // real cases only: a rehearsal gives nobody a mentee
    const rows = await sql.rows<{ id: PersonId; mentees: number }>`
      select p.id, count(c.id)::int as mentees from unnest(${[...people]}::uuid[]) as p(id)
      left join cases c on c.status = 'open' and c.rehearsal is null and c.people @> array[p.id] and c.parties->>'mentor' = p.id::text
      group by p.id`

    return new Map(rows.map(({ id, mentees }) => [id, { mentees }]))
  },
})
