/** The revocation of a commendation: a case that annuls the result of another. */
import { defineContract } from '../../workflows/kernel/contract'
import { SEEN_BY_ALL } from '../support/sees'

export const contract = defineContract({
  name: 'revocation',
  version: 1,
  stages: ['deciding', 'publishing'],
  moves: { start: ['deciding'], deciding: ['publishing', 'upheld'], publishing: ['revoked'] },
  ends: ['revoked', 'upheld'],
  startedBy: ['hr'],
  tasks: { decide: { decision: 'revokes' }, publish: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: [],
  rules: {},
  reasons: ['revoked', 'upheld', 'givenInError', 'unworthy'],
  remarks: ['revoked'],
  effects: ['enterInRoll'],
  aboutCaseAs: 'annuls',
})
