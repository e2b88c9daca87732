/** Forms of the appeal: one schema per start, task answer and act. */
import { z } from 'zod'
import { caseRef, date, file, person, text } from '../kernel/forms'
import type { Facts } from '../kernel/forms'

const papers = () => z.array(file(['pdf', 'jpeg', 'png'])).max(5)
const outcome = z.enum(['uphold', 'cancel', 'change', 'return'])

const start = z.strictObject({
  case: caseRef(),
  document: z.enum(['dismissalAct', 'ruling']),
  asks: z.enum(['cancel', 'change', 'return']),
  grounds: text(),
  papers: papers().optional(),
})

const tasks = {
  prepare: z.strictObject({
    chair: person('anyone'),
    members: z.array(person('anyone')).min(1).max(15),
    alternates: z.array(person('anyone')).max(15),
  }),
  giveObjections: z.strictObject({ objections: text(), papers: papers().optional() }),
  voteOnAppeal: z.strictObject({ vote: outcome, opinion: text().optional() }),
  castVote: z.strictObject({ vote: outcome, opinion: text().optional() }),
  writeRuling: z.strictObject({ effectiveFrom: date().optional(), grounds: text() }),
  decideAppeal: z.strictObject({ outcome, effectiveFrom: date().optional(), grounds: text() }),
  decideAnew: z.strictObject({ decision: z.enum(['stands', 'cancel']), grounds: text() }),
  acknowledge: z.strictObject({ objections: text().optional() }),
}

const acts = { withdrawAppeal: z.strictObject({ reason: text() }) }

const facts = z.strictObject({ document: start.shape.document, asks: start.shape.asks, outcome })

export const forms = { start, tasks, acts, facts }

type FactsOf<T extends Record<string, z.ZodType>> = { readonly [K in keyof T]: Facts<z.output<T[K]>> }
export type StartForm = Facts<z.output<typeof start>>
export type Answers = FactsOf<typeof tasks>
export type ActForms = FactsOf<typeof acts>
export type Outcome = z.output<typeof outcome>
