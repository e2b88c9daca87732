/** Forms of the revocation. */
import { z } from 'zod'
import { caseRef, person, type Facts } from '../../workflows/kernel/forms'

const start = z.strictObject({
  person: person('anyone'),
  case: caseRef(),
  ground: z.enum(['givenInError', 'unworthy']),
})

export const forms = {
  start,
  tasks: { decide: z.strictObject({ revokes: z.boolean() }), publish: z.strictObject({}) },
  acts: { cancel: z.strictObject({}) },
}

type Of<T extends Record<string, z.ZodType>> = { readonly [K in keyof T]: Facts<z.output<T[K]>> }
export type StartForm = Facts<z.output<typeof start>>
export type Answers = Of<typeof forms.tasks>
export type ActForms = Of<typeof forms.acts>
