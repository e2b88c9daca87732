/** The revocation as the API knows it. */
import { defineProcess } from '../../workflows/kernel/process'
import { contract } from './contract'
import { forms, type StartForm } from './forms'
import { answerErrors, type Revocation } from './rules'

export const revocation = defineProcess<Revocation>({
  contract,
  forms,
  aboutOf: (start) => {
    const { person, case: of } = start as unknown as StartForm

    return { person, case: of }
  },
  check: answerErrors,
  prefill: () => ({}),
})
