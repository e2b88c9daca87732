/** The rules of the example as pure functions. */
import {
  actsOf,
  checksOf,
  type Addressee,
  type BodyKey,
  type CheckContext,
  type Due,
  type EffectType,
  type Errors,
  type GivenTerm,
  type IsoDate,
  type Offers,
  type PersonId,
  type PositionId,
  type Rulebook,
} from '../../workflows/kernel/contract'
import type { ServiceQuestions } from '../../workflows/service/posts'
import type { contract } from './contract'
import type { ActForms, Answers, RegisterFields, StartForm } from './forms'

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
  /** the day from which the letter has effect, as a correction says it */
  readonly effectiveFrom: IsoDate | null
}

/** What it asks the store of its own. */
export interface ExampleQuestions extends ServiceQuestions {
  /** how many commendations the servant has in the roll of honour */
  commendationsOf(question: { readonly person: PersonId }): Promise<number>
}

/** What it does to its own register, the roll of honour, in which each commendation of a body has a number. */
export interface ExampleEffects {
  readonly enterInRoll: EffectType<{ readonly person: PersonId; readonly body: BodyKey }, { readonly number: number }>
}

export interface Example {
  readonly contract: typeof contract
  readonly facts: ExampleFacts
  readonly answers: Answers
  readonly acts: ActForms
  readonly questions: ExampleQuestions
  readonly effects: ExampleEffects
  /** commendations that he has in the roll of honour */
  readonly people: { readonly commended: number }
  readonly registerFields: RegisterFields
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
  effectiveFrom: null,
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

/** A design of this example (D): nobody is proposed who has as many as this. */
const MOST_COMMENDATIONS = 3

const startErrors = (form: StartForm, { people, today }: CheckContext<Example>): Errors<Example> | null => {
  const barredUntil = people[form.person]?.fields?.barredUntil
  if (barredUntil && barredUntil >= today) return { person: 'barred' }
  if ((people[form.person]?.commended ?? 0) >= MOST_COMMENDATIONS) return { person: 'commendedOften' }
  const everyone = [form.chair, ...form.members, ...form.alternates]
  if (everyone.includes(form.person)) return { members: 'yourself' }
  if (!form.members.includes(form.chair)) return { chair: 'invalid' }

  return new Set(form.members.concat(form.alternates)).size < everyone.length - 1 ? { alternates: 'invalid' } : null
}

/** What cannot be chosen as the case stands. */
export const offers: Offers<Example, StartForm> = {
  // a letter has effect from no day before the case in which it is given
  correctLetter: { days: { from: ({ startsOn }) => ({ from: { on: startsOn, code: 'beforeCase' } }) } },
  suspend: {
    refuses: {
      ground: (ground, _, { stage }) => (ground === 'illness' && stage === 'announcing' ? 'votedAlready' : null),
    },
  },
}

/** What forms cannot know by themselves. */
export const answerErrors = checksOf<Example, StartForm>(
  { start: (form, _, context) => startErrors(form, context) },
  offers,
)

export const rulebook: Rulebook<Example> = {
  check: answerErrors,
  parties: ({ supervisor, chair }) => ({ chair, ...(supervisor ? { supervisor } : {}) }),
  handedOver: (facts, body) => ({ ...facts, body }),
  offers,
  acts: actsOf<Example>(offers, {
    moveSitting: (facts, { sitting }, { today }) =>
      sitting < today
        ? { refused: { code: 'form.invalid' }, errors: { sitting: 'past' } }
        : { facts: { ...facts, sitting } },
    giveTime: (facts, { days }) => ({ facts: { ...facts, longer: days } }),
    withdrawProposal: () => ({ turn: true }),
    correctLetter: (facts, { from }) => ({ facts: { ...facts, effectiveFrom: from } }),
    withdrawLetter: () => ({ turn: true }),
    certificatePrinted: (facts) => ({ facts: { ...facts, printed: true } }),
    cancel: () => ({ turn: true }),
  }),
}
