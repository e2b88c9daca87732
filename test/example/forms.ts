/** Forms of the example: what people fill in. `text` is content and never enters history. */
import { z } from 'zod'
import { body, date, period, person, position, rows, text } from '../../workflows/kernel/forms'
import type { Facts } from '../../workflows/kernel/forms'

const verdict = z.enum(['grant', 'decline'])

const start = z.strictObject({
  person: person('body'),
  position: position('body', 'post.position'),
  chair: person('body'),
  members: z.array(person('body')).min(1).max(15),
  alternates: z.array(person('body')).max(15),
  sitting: date(),
  proposedByHead: z.boolean(),
  /** who gets a certificate: the servant, or each of his team */
  certificate: z.enum(['servant', 'team']).optional(),
  /** the commendation gets a number in the roll of honour */
  roll: z.boolean().optional(),
  team: rows(z.strictObject({ person: person('anyone'), position: position('anyone') })).optional(),
  grounds: text(),
})

const tasks = {
  recommend: z.strictObject({ recommendation: text() }),
  approve: z.strictObject({ remarks: text().optional() }),
  consent: z.strictObject({ agrees: z.boolean() }),
  checkRecord: z.strictObject({ clean: z.boolean(), incomplete: z.boolean().optional(), remarks: text().optional() }),
  bringPapers: z.strictObject({ remarks: text().optional() }),
  vote: z.strictObject({ vote: verdict, opinion: text().optional() }),
  castVote: z.strictObject({ vote: verdict, opinion: text().optional() }),
  announce: z.strictObject({ event: text().optional() }),
  object: z.strictObject({ objection: text() }),
}

const acts = {
  moveSitting: z.strictObject({ sitting: date(), reason: text() }),
  giveTime: z.strictObject({ days: z.number().int().min(1).max(10), reason: text() }),
  withdrawProposal: z.strictObject({ reason: text() }),
  correctLetter: z.strictObject({ from: date(), corrected: text() }),
  withdrawLetter: z.strictObject({ ground: z.enum(['letterInError', 'unworthy']), reason: text() }),
  certificatePrinted: z.strictObject({}),
  cancel: z.strictObject({ reason: text() }),
}

/** A row of the roll of honour. */
const roll = z.strictObject({
  body: body(),
  number: z.int().min(1).max(99_999),
  person: person('anyone'),
  honour: z.enum(['commendation', 'thanks']),
  grantedOn: date(),
  wears: period().optional(),
  citation: text(1000).optional(),
})

/** What it adds to what the registers know of people and positions. */
const registerFields = {
  people: z.strictObject({ barredUntil: date().optional(), motto: text(200).optional() }),
  positions: z.strictObject({ plaque: z.enum(['bronze', 'silver']).optional() }),
}

const facts = z.strictObject({ sitting: date() })

export const forms = { start, tasks, acts, facts, registers: { roll }, registerFields }

type FactsOf<T extends Record<string, z.ZodType>> = { readonly [K in keyof T]: Facts<z.output<T[K]>> }
export type StartForm = Facts<z.output<typeof start>>
export type Answers = FactsOf<typeof tasks>
export type ActForms = FactsOf<typeof acts>
export type RegisterFields = FactsOf<typeof registerFields>
