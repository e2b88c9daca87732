/**
 * A process for the tests of the API whose rules and story fail where a form says so, and which counts a term from a day that an
 * act names.
 */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { addTerm, localDate } from '../../../workflows/kernel/law/calendar'
import { defineContract } from '../../../workflows/kernel/contract'
import type {
  Closing,
  Fact,
  IsoDate,
  PersonId,
  PositionId,
  Rulebook,
  TermRow,
} from '../../../workflows/kernel/contract'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = defineContract({
  name: 'stall',
  version: 1,
  stages: ['going'],
  moves: { start: ['going'], going: ['gone'] },
  ends: ['gone'],
  startedBy: ['hr'],
  tasks: { go: {} },
  acts: { count: { by: ['head'] }, cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: [],
  rules: {},
  reasons: ['gone'],
  clocks: ['counted'],
})

/** Where it fails. */
export type Fails = 'check' | 'form' | 'story' | 'endless' | 'nowhere'
export interface StallForm {
  readonly person: PersonId
  readonly position: PositionId
  readonly fails: Fails | 'aboutOf' | 'start' | 'prefill'
}
interface Answer {
  readonly fails: Fails
  readonly from: IsoDate
}
interface Stall {
  readonly contract: typeof contract
  readonly facts: { readonly fails: StallForm['fails']; readonly from: IsoDate }
  readonly answers: { readonly go: Answer }
  readonly acts: { readonly count: { readonly from: IsoDate }; readonly cancel: object }
}

export const rulebook: Rulebook<Stall> = {
  check: (_kind, answer: Fact, _facts, { today, daysOff }) => {
    if ((answer as unknown as Answer).fails === 'check') throw new Error('nobody thought of this')

    return daysOff.from < today ? null : { from: 'invalid' }
  },
  parties: () => ({}),
  acts: { count: (facts, { from }) => ({ facts: { ...facts, from } }), cancel: () => ({ turn: true }) },
}

const ONE_DAY: TermRow = { id: 't', key: 't', value: 1, unit: 'working days', confidence: 'D', source: 'test' }

/** The story, of the release that fails or of the one that is mended. */
export const stallOf = (broken: boolean) =>
  async function stall(input: CaseInput<StallForm>): Promise<Closing> {
    const first = { fails: input.form.fails, from: localDate(input.clock.base.case, input.clock.zone) }

    return openCase<Stall, StallForm>(contract, rulebook, input, first, async (file) => {
      file.clock(
        'counted',
        () => addTerm(file.facts.from, ONE_DAY, file.daysOff),
        () => file.facts.from,
      )
      if (input.form.fails === 'start') throw new Error('nobody thought of this start')
      file.enter('going')
      const { answer } = await file.ask('go', { of: { role: 'hr', body: input.body } })
      if (answer.fails === 'story') throw new Error('nobody thought of this story')
      while (broken && answer.fails === 'endless');

      return file.close('gone', { code: 'gone', params: { until: addTerm(answer.from, ONE_DAY, file.daysOff).on } })
    })
  }

export const stall = stallOf(true)
