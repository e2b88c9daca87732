/** A process for the tests of rehearsal sets: something happens on each of the days that its start names. */
import { openCase } from '../../../workflows/kernel/casefile'
import { defineContract } from '../../../workflows/kernel/contract'
import type { Closing, IsoDate, PersonId, PositionId, Rulebook } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = defineContract({
  name: 'agenda',
  version: 1,
  stages: ['going'],
  moves: { start: ['going'], going: ['gone'] },
  ends: ['gone'],
  startedBy: ['hr'],
  tasks: { end: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: [],
  rules: {},
  reasons: ['gone'],
  remarks: ['came'],
})

export interface AgendaForm {
  readonly person: PersonId
  readonly position: PositionId
  readonly first: IsoDate
  readonly second?: IsoDate
  /** it is over with the last of its days; absent: somebody ends it */
  readonly over?: boolean
}
export interface Agenda {
  readonly contract: typeof contract
  readonly facts: object
  readonly answers: { readonly end: object }
  readonly acts: { readonly cancel: object }
}

export const rulebook: Rulebook<Agenda> = {
  check: () => null,
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}

export async function agenda(input: CaseInput<AgendaForm>): Promise<Closing> {
  return openCase<Agenda, AgendaForm>(contract, rulebook, input, {}, async (file) => {
    file.enter('going')
    for (const on of [input.form.first, input.form.second]) {
      if (!on) continue
      await file.until(() => ({ on, steps: [] }))
      file.remark('came', { on })
    }
    if (input.form.over !== true) await file.ask('end', { of: { role: 'hr', body: input.body } })

    return file.close('gone', { code: 'gone' })
  })
}
