/** The example as the API knows it. */
import { aboutServant, defineProcess } from '../../workflows/kernel/process'
import { contract } from './contract'
import { forms } from './forms'
import { answerErrors, offers, type Example } from './rules'

export const example = defineProcess<Example>({
  contract,
  forms,
  aboutOf: aboutServant,
  check: answerErrors,
  offers,
  prefill: () => ({}),
})
