/** A commendation for a servant: a small process that uses every call of the kernel once. `doc/kernel.md` explains it line by line. */
import type { ProcessContract } from '../../workflows/kernel/contract'

export const contract = {
  name: 'example',
  version: 1,
  stages: ['recommending', 'hearing', 'voting', 'announcing'],
  ends: ['granted', 'declined', 'withdrawn'],
  startedBy: ['hr'],
  tasks: {
    recommend: { within: 'example.recommend', asks: true, escalatesTo: 'head' },
    approve: { within: 'example.approve', shows: ['recommend'], returns: true },
    consent: { within: 'example.consent', shows: ['recommend'] },
    checkRecord: { within: 'example.consent' },
    vote: {
      within: 'example.vote',
      shows: ['recommend', 'checkRecord'],
      sealed: true,
      commission: {
        countedBy: 'vote',
        withoutQuorum: 'alternates',
        tie: 'chairCasts',
        casting: 'castVote',
        recusal: true,
      },
    },
    castVote: { within: 'example.vote', shows: ['recommend', 'vote'] },
    announce: {},
    object: { shows: ['recommend'] },
  },
  acts: {
    moveSitting: { by: ['hr', 'head'], during: ['recommending', 'hearing'] },
    withdrawProposal: { by: ['hr'], turn: true },
    cancel: { by: ['head'], turn: true },
  },
  documents: ['minutes', 'letter'],
  terms: [
    'example.recommend',
    'example.approve',
    'example.consent',
    'example.vote',
    'example.silence',
    'example.whole',
  ],
  rules: ['example.quorum'],
} as const satisfies ProcessContract

export type Stage = (typeof contract.stages)[number]
export type End = (typeof contract.ends)[number]
export type DocumentKind = (typeof contract.documents)[number]
export type Returning = 'approve'
