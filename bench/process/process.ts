/** The request as the API knows it. */
import type { Process } from '../../workflows/kernel/process'
import { contract } from './contract'
import { forms } from './forms'
import type { StartForm } from './forms'

export const request: Process = {
  contract,
  forms,
  subjectOf: (start) => {
    const { person, position } = start as unknown as StartForm

    return { person, position }
  },
  check: () => null,
  prefill: () => ({}),
}
