/** What both versions of the chore share. */
import { defineContract, type PersonId, type PositionId, type Rulebook } from '../../../workflows/kernel/contract'
import { SEEN_BY_ALL } from '../../support/sees'

/** each version's folder gives its own */
const version: number = 1

export const contract = defineContract({
  name: 'chore',
  version,
  stages: ['sweeping'],
  moves: { start: ['sweeping'], sweeping: ['done'] },
  ends: ['done'],
  startedBy: ['hr'],
  tasks: { sweep: {}, inspect: {}, report: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: [],
  rules: {},
  reasons: ['swept', 'inspected'],
})

export interface ChoreForm {
  readonly person: PersonId
  readonly position: PositionId
}
export interface Chore {
  readonly contract: typeof contract
  readonly facts: object
  readonly answers: { readonly sweep: object; readonly inspect: object; readonly report: object }
  readonly acts: { readonly cancel: object }
}

export const rulebook: Rulebook<Chore> = {
  check: () => null,
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}
