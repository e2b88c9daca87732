/** The rules of the revocation as pure functions. */
import { checksOf, type CaseId, type PersonId, type Rulebook } from '../../workflows/kernel/contract'
import type { ExampleQuestions } from '../example/rules'
import type { contract } from './contract'
import type { ActForms, Answers, StartForm } from './forms'

export interface RevocationFacts {
  readonly servant: PersonId
  readonly commendation: CaseId
}

export interface Revocation {
  readonly contract: typeof contract
  readonly facts: RevocationFacts
  readonly answers: Answers
  readonly acts: ActForms
  readonly questions: Pick<ExampleQuestions, 'commendationsOf'>
}

export const answerErrors = checksOf<Revocation, StartForm>({})

export const rulebook: Rulebook<Revocation> = {
  check: answerErrors,
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}
