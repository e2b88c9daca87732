/** The same as the API knows it. */
import { z } from 'zod'
import { body, caseRef, file, person, position, text } from '../../../workflows/kernel/forms'
import { defineProcess, type Process } from '../../../workflows/kernel/process'
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
      proof: file(['pdf']).optional(),
    }),
    tasks: { report: z.strictObject({ found: z.boolean() }) },
    acts: { cancel: z.strictObject({}) },
  },
  aboutOf: (start) => {
    const { other, ...about } = start as unknown as InquiryForm

    return { ...about, case: other }
  },
  starts: {
    // a yearly look at the ministry, on the first working day that nobody has off
    daily: async (day) =>
      day.endsWith('-03-02') ? [{ body: 'ministryFinance', why: 'It is that time of the year' }] : [],
    changed: {
      // a post that somebody left
      posts: ({ before, now }) => (before?.to === null && now?.to ? [{ position: now.positionId }] : []),
      // a role that somebody was given
      roles: ({ before, now }) => (before === null && now ? [{ body: now.bodyKey }] : []),
      // a body that works on a day on which it would not
      'body-days': ({ now }) => (now?.working ? [{ body: now.bodyKey }] : []),
    },
  },
  check: rulebook.check,
  prefill: () => ({}),
})

/** The same, which whoever is signed in may start without his name. */
export const openInquiry: Process = {
  ...inquiry,
  contract: { ...inquiry.contract, startedBy: ['hr', 'subject', 'anonymous', 'confidential'] },
}
