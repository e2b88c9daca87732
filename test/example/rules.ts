/** The rules of the example as pure functions. */
import {
  checksOf,
  type Addressee,
  type BodyKey,
  type Due,
  type Errors,
  type GivenTerm,
  type IsoDate,
  type PersonId,
  type PositionId,
  type Rulebook,
} from '../../workflows/kernel/contract'
import type { ServiceQuestions } from '../../workflows/service/posts'
import type { contract } from './contract'
import type { ActForms, Answers, StartForm } from './forms'

export interface ExampleFacts {
  readonly servant: PersonId
  readonly position: PositionId
  readonly body: BodyKey
  readonly startsOn: IsoDate
  readonly supervisor: PersonId | null
  readonly chair: PersonId
  readonly sitting: IsoDate
  /** the certificate is printed; absent: it is not, or there is none */
  readonly printed?: true
  /** working days for which the head may object longer */
  readonly longer: number | null
}

export interface Example {
  readonly contract: typeof contract
  readonly facts: ExampleFacts
  readonly answers: Answers
  readonly acts: ActForms
  readonly questions: ServiceQuestions
}

export const firstFacts = (form: StartForm, body: BodyKey, startsOn: IsoDate): ExampleFacts => ({
  servant: form.person,
  position: form.position,
  body,
  startsOn,
  supervisor: null,
  chair: form.chair,
  sitting: form.sitting,
  longer: null,
})

/** Where nobody holds the post of supervisor, HR recommends. */
export const recommenderOf = (facts: ExampleFacts): Addressee =>
  facts.supervisor ? { person: facts.supervisor, servesIn: facts.body } : { role: 'hr', body: facts.body }

export const sittingOf = (facts: ExampleFacts): Due => ({
  on: facts.sitting,
  steps: [{ code: 'starts', on: facts.sitting }],
})

/** What the act gave beside the term of the law. */
export const givenTime = ({ longer }: ExampleFacts): readonly GivenTerm[] =>
  longer === null ? [] : [{ value: longer, unit: 'working days', given: { act: 'giveTime', field: 'days' } }]

const startErrors = (form: StartForm): Errors<Example> | null => {
  const everyone = [form.chair, ...form.members, ...form.alternates]
  if (everyone.includes(form.person)) return { members: 'yourself' }
  if (!form.members.includes(form.chair)) return { chair: 'invalid' }

  return new Set(form.members.concat(form.alternates)).size < everyone.length - 1 ? { alternates: 'invalid' } : null
}

/** What forms cannot know by themselves. */
export const answerErrors = checksOf<Example, StartForm>({ start: startErrors })

export const rulebook: Rulebook<Example> = {
  check: answerErrors,
  parties: ({ supervisor, chair }) => ({ chair, ...(supervisor ? { supervisor } : {}) }),
  acts: {
    moveSitting: (facts, { sitting }, { today }) =>
      sitting < today
        ? { refused: { code: 'form.invalid' }, errors: { sitting: 'past' } }
        : { facts: { ...facts, sitting } },
    giveTime: (facts, { days }) => ({ facts: { ...facts, longer: days } }),
    withdrawProposal: () => ({ turn: true }),
    certificatePrinted: (facts) => ({ facts: { ...facts, printed: true } }),
    cancel: () => ({ turn: true }),
  },
}
