/** The request as the API knows it. */
import { defineProcess } from '../../workflows/kernel/process'
import { contract } from './contract'
import { forms } from './forms'
import type { StartForm } from './forms'
import type { Request } from './workflow'

export const request = defineProcess<Request>({
  contract,
  forms,
  aboutOf: (start) => {
    const { person, position } = start as unknown as StartForm

    return { person, position }
  },
  check: () => null,
  prefill: () => ({}),
})
