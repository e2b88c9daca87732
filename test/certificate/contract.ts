/** The certificate of a commendation: a process that only another case opens. */
import { defineContract } from '../../workflows/kernel/contract'
import { SEEN_BY_ALL } from '../support/sees'

export const contract = defineContract({
  name: 'certificate',
  version: 1,
  stages: ['printing', 'handing'],
  moves: { start: ['printing'], printing: ['handing'], handing: ['handed'] },
  ends: ['handed'],
  startedBy: [],
  tasks: { print: {}, handOver: { facts: ['ceremony'] } },
  acts: {
    setCeremony: { by: ['hr'], byCases: ['opener'] },
    cancel: { by: ['head'], turn: true },
  },
  sees: SEEN_BY_ALL,
  documents: { certificate: { ceremony: 'date' } },
  awaits: ['ceremony'],
  terms: [],
  rules: {},
  reasons: ['handedOver'],
  handsOut: ['ceremony'],
})
