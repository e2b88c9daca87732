/** A request that one person reviews and another confirms: the smallest process with two human tasks and something between. */
import { defineContract, SEEN_BY_OFFICES } from '../../workflows/kernel/contract'

export const contract = defineContract({
  name: 'request',
  version: 1,
  stages: ['reviewing', 'confirming'],
  moves: { start: ['reviewing'], reviewing: ['confirming'], confirming: ['reviewing', 'confirmed'] },
  ends: ['confirmed'],
  startedBy: ['hr'],
  tasks: {
    review: { within: 'request.review', decision: 'decision' },
    confirm: { within: 'request.confirm', decision: 'outcome' },
  },
  acts: {},
  sees: { ...SEEN_BY_OFFICES, subject: ['course', 'identity', 'answers', 'documents'], holder: ['course', 'identity'] },
  documents: {},
  terms: ['request.review', 'request.confirm'],
  rules: {},
  reasons: ['confirmed'],
  remarks: ['checked'],
})
