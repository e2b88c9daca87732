/** The certificate as the API knows it. */
import { aboutServant, defineProcess } from '../../workflows/kernel/process'
import { contract } from './contract'
import { forms } from './forms'
import { answerErrors, type Certificate } from './rules'

export const certificate = defineProcess<Certificate>({
  contract,
  forms,
  aboutOf: aboutServant,
  check: answerErrors,
  prefill: () => ({}),
})
