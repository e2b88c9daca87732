/** The appeal as the API knows it. */
import { defineProcess } from '../kernel/process'
import { contract } from './contract'
import { forms, type StartForm } from './forms'
import { answerErrors, appealableBy, appealedOf, offers, type Appeal, type AppealFacts } from './rules'

export const process = defineProcess<Appeal>({
  contract,
  forms,
  // whoever starts it appeals what was decided about himself
  aboutOf: (start, by) => ({ ...(by && { person: by }), case: (start as unknown as StartForm).case }),
  check: answerErrors,
  offers,
  prefill: () => ({}),
  appealableBy: ({ process: of, kind, facts }) =>
    appealableBy(appealedOf(of, kind), of === contract.name ? (facts as unknown as AppealFacts) : null),
})
