/** Forms of the request: ten fields at the start, three in the review, one in the confirmation. */
import { z } from 'zod'
import { date, person, position, text } from '../../workflows/kernel/forms'
import type { Facts } from '../../workflows/kernel/forms'

const start = z.strictObject({
  person: person('body'),
  position: position('body'),
  /** how many times the two tasks follow one another */
  rounds: z.int().min(1).max(100),
  kind: z.enum(['promotion', 'leave', 'transfer']),
  grade: z.enum(['A', 'B', 'C']),
  salary: z.int().min(0),
  permanent: z.boolean(),
  share: z.number().min(0).max(1),
  requestedOn: date(),
  grounds: text(300),
})

const tasks = {
  review: z.strictObject({
    decision: z.enum(['approve', 'refuse']),
    score: z.int().min(0).max(10),
    comment: text(300),
  }),
  confirm: z.strictObject({ outcome: z.enum(['done', 'dropped']) }),
}

export const forms = { start, tasks, acts: {} }

export type StartForm = Facts<z.output<typeof start>>
export interface Answers {
  readonly review: Facts<z.output<(typeof tasks)['review']>>
  readonly confirm: Facts<z.output<(typeof tasks)['confirm']>>
}
