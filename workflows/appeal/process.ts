/** The appeal as the API knows it. */
import { defineProcess } from '../kernel/process'
import { contract } from './contract'
import { forms, type StartForm } from './forms'
import { answerErrors, offers, type Appeal } from './rules'

export const process = defineProcess<Appeal>({
  contract,
  forms,
  // whoever starts it appeals what was decided about himself
  aboutOf: (start, by) => ({ ...(by && { person: by }), case: (start as unknown as StartForm).case }),
  check: answerErrors,
  offers,
  prefill: () => ({}),
})
