/**
 * A process for tests, about any of a person, a position, a body and another case, started by staff, by a servant about himself, by the
 * clock and by a register row: HR reports.
 */
import { openCase } from '../../../workflows/kernel/casefile'
import { defineContract } from '../../../workflows/kernel/contract'
import type { BodyKey, CaseId, Closing, PersonId, PositionId, Rulebook } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = defineContract({
  name: 'inquiry',
  version: 1,
  stages: ['inquiring'],
  moves: { start: ['inquiring'], inquiring: ['reported'] },
  ends: ['reported'],
  startedBy: ['hr', 'subject', 'clock', 'register'],
  tasks: { report: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: { finding: {} },
  terms: [],
  rules: {},
  reasons: ['reported'],
})

export interface InquiryForm {
  readonly person?: PersonId
  readonly position?: PositionId
  readonly body?: BodyKey
  readonly other?: CaseId
}
export interface Inquiry {
  readonly contract: typeof contract
  readonly facts: object
  readonly answers: { readonly report: { readonly found: boolean } }
  readonly acts: { readonly cancel: object }
}

export const rulebook: Rulebook<Inquiry> = {
  check: (kind, answer, _facts, { positions = {} }) => {
    const { person, position } = answer as InquiryForm
    const isTheirs = position === undefined || (positions[position]?.posts ?? []).length > 0

    return kind === 'start' && person !== undefined && !isTheirs ? { position: 'notTheirPost' } : null
  },
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}

export async function inquiry(input: CaseInput<InquiryForm>): Promise<Closing> {
  return openCase<Inquiry, InquiryForm>(contract, rulebook, input, {}, async (file) => {
    const only = await file.attempt('hold', file.onlyCase, { undo: false })
    if (!only.taken) return file.refuse(only.reason)
    file.enter('inquiring')
    await file.ask('report', { of: { role: 'hr', body: input.body }, exclude: input.subject ? [input.subject] : [] })
    file.order('finding')

    return file.close('reported', { code: 'reported' })
  })
}
