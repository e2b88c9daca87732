/** What both versions of the chore share. */
import type { PersonId, PositionId, ProcessContract, Rulebook } from '../../../workflows/kernel/contract'

export const contract = {
  name: 'chore',
  version: 1,
  stages: ['sweeping'],
  ends: ['done'],
  startedBy: ['hr'],
  tasks: { sweep: {}, inspect: {}, report: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  documents: [],
  terms: [],
  rules: [],
} as const satisfies ProcessContract

export interface ChoreForm {
  readonly person: PersonId
  readonly position: PositionId
}
export interface Chore {
  readonly facts: object
  readonly stage: 'sweeping'
  readonly end: 'done'
  readonly answers: { readonly sweep: object; readonly inspect: object; readonly report: object }
  readonly acts: { readonly cancel: object }
  readonly document: never
  readonly returning: never
}

export const rulebook: Rulebook<Chore> = {
  check: () => null,
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}
