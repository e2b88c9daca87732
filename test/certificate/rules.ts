/** The rules of the certificate as pure functions. */
import { checksOf, type IsoDate, type Rulebook } from '../../workflows/kernel/contract'
import type { contract } from './contract'
import type { ActForms, Answers, StartForm } from './forms'

export interface CertificateFacts {
  readonly ceremony: IsoDate
}

export interface Certificate {
  readonly contract: typeof contract
  readonly facts: CertificateFacts
  readonly answers: Answers
  readonly acts: ActForms
}

export const answerErrors = checksOf<Certificate, StartForm>({})

export const rulebook: Rulebook<Certificate> = {
  check: answerErrors,
  parties: () => ({}),
  acts: {
    setCeremony: (facts, { ceremony }, { today }) =>
      ceremony < today
        ? { refused: { code: 'form.invalid' }, errors: { ceremony: 'past' } }
        : { facts: { ...facts, ceremony } },
    cancel: () => ({ turn: true }),
  },
}
