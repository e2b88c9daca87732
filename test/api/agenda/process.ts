/** The same as the API knows it. */
import { z } from 'zod'
import { date, person, position } from '../../../workflows/kernel/forms'
import { defineProcess } from '../../../workflows/kernel/process'
import { contract, type Agenda, type AgendaForm } from './workflow'

const nothing = z.strictObject({})

export const agenda = defineProcess<Agenda>({
  contract,
  forms: {
    start: z.strictObject({
      ...{ person: person(), position: position(), first: date(), second: date().optional() },
      over: z.boolean().optional(),
    }),
    tasks: { end: nothing },
    acts: { cancel: nothing },
  },
  aboutOf: (start) => start as unknown as AgendaForm,
  check: () => null,
  prefill: () => ({}),
})
