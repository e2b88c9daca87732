/** The same as the API knows it. */
import { z } from 'zod'
import { body, caseRef, person, position, text } from '../../../workflows/kernel/forms'
import { defineProcess } from '../../../workflows/kernel/process'
import { contract, rulebook, type Inquiry, type InquiryForm } from './workflow'

export const inquiry = defineProcess<Inquiry>({
  contract,
  forms: {
    start: z.strictObject({
      person: person('anyone').optional(),
      position: position('anyone').optional(),
      body: body().optional(),
      other: caseRef().optional(),
      why: text().optional(),
    }),
    tasks: { report: z.strictObject({ found: z.boolean() }) },
    acts: { cancel: z.strictObject({}) },
  },
  aboutOf: (start) => {
    const { other, ...about } = start as unknown as InquiryForm

    return { ...about, case: other }
  },
  check: rulebook.check,
  prefill: () => ({}),
})
