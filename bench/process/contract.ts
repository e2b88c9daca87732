/** A request that one person reviews and another confirms: the smallest process with two human tasks and something between. */
import type { ProcessContract } from '../../workflows/kernel/contract'

export const contract = {
  name: 'request',
  version: 1,
  stages: ['reviewing', 'confirming'],
  ends: ['confirmed'],
  startedBy: ['hr'],
  tasks: { review: { within: 'request.review' }, confirm: { within: 'request.confirm' } },
  acts: {},
  documents: [],
  terms: ['request.review', 'request.confirm'],
  rules: [],
} as const satisfies ProcessContract
