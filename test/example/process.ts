/** The example as the API knows it. */
import { defineProcess } from '../../workflows/kernel/process'
import { contract } from './contract'
import { forms } from './forms'
import type { StartForm } from './forms'
import { answerErrors, type Example } from './rules'

export const example = defineProcess<Example>({
  contract,
  forms,
  aboutOf: (start) => {
    const { person, position } = start as unknown as StartForm

    return { person, position }
  },
  check: answerErrors,
  prefill: () => ({}),
})
