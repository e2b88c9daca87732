/** A process for the tests of the API whose rules and story fail where a form says so. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { defineContract } from '../../../workflows/kernel/contract'
import type { Closing, Fact, PersonId, PositionId, Rulebook } from '../../../workflows/kernel/contract'

export const contract = defineContract({
  name: 'stall',
  version: 1,
  stages: ['going'],
  moves: { start: ['going'], going: ['gone'] },
  ends: ['gone'],
  startedBy: ['hr'],
  tasks: { go: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  documents: {},
  terms: [],
  rules: [],
  reasons: ['gone'],
})

/** Where it fails. */
export type Fails = 'check' | 'form' | 'story' | 'nowhere'
export interface StallForm {
  readonly person: PersonId
  readonly position: PositionId
  readonly fails: Fails | 'subjectOf' | 'start' | 'prefill'
}
interface Answer {
  readonly fails: Fails
  readonly from: string
}
interface Stall {
  readonly contract: typeof contract
  readonly facts: { readonly fails: StallForm['fails'] }
  readonly answers: { readonly go: Answer }
  readonly acts: { readonly cancel: object }
}

export const rulebook: Rulebook<Stall> = {
  check: (_kind, answer: Fact, _facts, { today, daysOff }) => {
    if ((answer as unknown as Answer).fails === 'check') throw new Error('nobody thought of this')

    return daysOff.from < today ? null : { from: 'invalid' }
  },
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}

export async function stall(input: CaseInput<StallForm>): Promise<Closing> {
  return openCase<Stall, StallForm>(contract, rulebook, input, { fails: input.form.fails }, async (file) => {
    if (input.form.fails === 'start') throw new Error('nobody thought of this start')
    file.enter('going')
    const { answer } = await file.ask('go', { of: { role: 'hr', body: input.body } })
    if (answer.fails === 'story') throw new Error('nobody thought of this story')

    return file.close('gone', { code: 'gone' })
  })
}
