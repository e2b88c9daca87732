/** The same as the API knows it. */
import { z } from 'zod'
import { date, person, position } from '../../../workflows/kernel/forms'
import { defineProcess } from '../../../workflows/kernel/process'
import { contract, rulebook, type StallForm } from './workflow'

const fails = z.enum(['check', 'story', 'nowhere'])

export const stall = defineProcess({
  contract,
  forms: {
    start: z.strictObject({ person: person(), position: position(), fails: z.enum([...fails.options, 'start']) }),
    tasks: { go: z.strictObject({ fails, from: date() }) },
    acts: { cancel: z.strictObject({}) },
  },
  subjectOf: (start) => start as unknown as StallForm,
  check: rulebook.check,
  prefill: () => ({}),
})
