/** The same as the API knows it. */
import { z } from 'zod'
import { date, person, position } from '../../../workflows/kernel/forms'
import { defineProcess } from '../../../workflows/kernel/process'
import { contract, rulebook, type StallForm } from './workflow'

const fails = z.enum(['check', 'form', 'story', 'endless', 'nowhere'])

/** A field with a condition that nobody thought through. */
const failing = <T extends z.ZodType>(field: T) =>
  field.refine((value) => {
    if (value === 'form') throw new Error('nobody thought of this form')

    return true
  })

export const stall = defineProcess({
  contract,
  forms: {
    start: z.strictObject({
      person: person(),
      position: position(),
      fails: failing(z.enum([...fails.options, 'aboutOf', 'start', 'prefill'])),
    }),
    tasks: { go: z.strictObject({ fails, from: date() }) },
    acts: {
      count: z.strictObject({ from: date() }),
      cancel: z.strictObject({ fails: failing(z.literal('form')).optional(), from: date().optional() }),
    },
  },
  aboutOf: (start) => {
    const form = start as unknown as StallForm
    if (form.fails === 'aboutOf') throw new Error('nobody thought of this subject')

    return form
  },
  check: rulebook.check,
  prefill: (_kind, _given, facts) => {
    if ((facts as unknown as Pick<StallForm, 'fails'>).fails === 'prefill')
      throw new Error('nobody thought of this page')

    return { fails: 'nowhere' }
  },
})
