/** Forms of the certificate. */
import { z } from 'zod'
import { date, person, position, type Facts } from '../../workflows/kernel/forms'

const start = z.strictObject({ person: person('anyone'), position: position('anyone'), ceremony: date() })

export const forms = {
  start,
  tasks: { print: z.strictObject({}), handOver: z.strictObject({}) },
  acts: { setCeremony: z.strictObject({ ceremony: date() }), cancel: z.strictObject({}) },
  facts: z.strictObject({ ceremony: date() }),
}

type Of<T extends Record<string, z.ZodType>> = { readonly [K in keyof T]: Facts<z.output<T[K]>> }
export type StartForm = Facts<z.output<typeof start>>
export type Answers = Of<typeof forms.tasks>
export type ActForms = Of<typeof forms.acts>
