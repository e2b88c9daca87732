/** The relay as the API knows it. */
import { z } from 'zod'
import { person, rows } from '../../../workflows/kernel/forms'
import { defineProcess } from '../../../workflows/kernel/process'
import { contract, rulebook, type RelayForm } from './relay'

export const relay = defineProcess({
  contract,
  forms: {
    start: z.strictObject({
      person: person('anyone'),
      script: z.string(),
      about: z.uuid().optional(),
      /** a case of a list, and how it ended */
      case: z.uuid().optional(),
      end: z.string().optional(),
      legs: rows(z.strictObject({ script: z.string() })).optional(),
    }),
    tasks: { work: z.strictObject({}) },
    acts: {
      hear: z.strictObject({ from: z.uuid(), n: z.int() }),
      stop: z.strictObject({}),
      cancel: z.strictObject({}),
    },
  },
  aboutOf: (start) => {
    const { person, about } = start as unknown as RelayForm

    return { person, case: about }
  },
  check: rulebook.check,
  prefill: () => ({}),
})
