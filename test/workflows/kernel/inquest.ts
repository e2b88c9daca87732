/** A case of named people: HR looks into a matter and says whom it has to be kept from, a commission votes meanwhile, and HR decides. */
import { openCase } from '../../../workflows/kernel/casefile'
import { defineContract, type Closing, type PersonId, type Rulebook } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export interface InquestForm {
  readonly witness: PersonId
  readonly members: readonly [PersonId, ...PersonId[]]
  readonly alternates: readonly PersonId[]
}

export const contract = defineContract({
  name: 'inquest',
  version: 1,
  stages: ['looking', 'deciding'],
  moves: { start: ['looking'], looking: ['deciding'], deciding: ['decided'] },
  ends: ['decided'],
  startedBy: ['hr'],
  restricted: true,
  tasks: {
    look: { asks: true },
    vote: {
      within: 'errand.wait',
      commission: { countedBy: 'vote', withoutQuorum: 'fail', tie: 'fail' },
    },
    decide: {},
  },
  acts: { note: { by: ['hr', 'head'] }, cancel: { by: ['head'], turn: true } },
  sees: { ...SEEN_BY_ALL, witness: ['exists'] },
  documents: { record: {} },
  terms: ['errand.do', 'errand.wait'],
  rules: {},
  reasons: ['decided'],
  parties: ['witness'],
})

export interface Inquest {
  readonly contract: typeof contract
  readonly facts: { readonly witness: PersonId }
  readonly answers: {
    readonly look: { readonly keepFrom: readonly PersonId[] }
    readonly vote: { readonly vote: string }
    readonly decide: object
  }
  readonly acts: { readonly note: object; readonly cancel: object }
}

const rulebook: Rulebook<Inquest> = {
  check: () => null,
  parties: ({ witness }) => ({ witness }),
  acts: { note: (facts) => ({ facts }), cancel: () => ({ turn: true }) },
}

export async function inquest(input: CaseInput<InquestForm>): Promise<Closing> {
  const { witness, members, alternates } = input.form
  const [chair] = members
  const hr = { role: 'hr', body: input.body } as const

  return openCase<Inquest, InquestForm>(contract, rulebook, input, { witness }, async (file) => {
    file.enter('looking')
    await file.together([
      async (part) => {
        const looked = await part.ask('look', { of: hr })
        if (looked.result === 'answered') part.exclude(looked.answer.keepFrom)
      },
      (part) => part.commission('vote', { members, alternates, chair, quorum: 1 }),
    ])
    file.enter('deciding')
    await file.ask('decide', { of: hr })
    file.order('record')

    return file.close('decided', { code: 'decided' })
  })
}
