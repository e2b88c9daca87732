/**
 * The appeal of a decision, whichever process took it. No act on appeals was read: who hears it, whether it suspends, and every term are
 * rows of the register that nobody has verified (U), or choices of ours (D).
 */
import { defineContract, MINUTES, type EndOf, type ReasonOf } from '../kernel/contract'
import { rulesOf } from './appealable'
import { sees } from './sees'

export const contract = defineContract({
  name: 'appeal',
  version: 1,
  stages: ['preparing', 'hearing', 'reconsidering', 'executing'],
  moves: {
    start: ['preparing'],
    preparing: ['hearing', 'withdrawn'],
    // a commission that came to no decision is followed by another
    hearing: ['preparing', 'reconsidering', 'executing', 'withdrawn'],
    reconsidering: ['executing', 'withdrawn'],
    executing: ['upheld', 'granted', 'changed'],
  },
  ends: ['upheld', 'granted', 'changed', 'withdrawn'],
  startedBy: ['subject'],
  aboutCaseAs: 'appeals',
  tasks: {
    prepare: { within: 'appeal.prepare', shows: ['giveObjections'], facts: ['document', 'asks'], clocks: ['review'] },
    giveObjections: { within: 'appeal.objections', facts: ['document', 'asks'], clocks: ['review'] },
    voteOnAppeal: {
      within: 'appeal.vote',
      decision: 'vote',
      shows: ['giveObjections'],
      facts: ['document', 'asks'],
      clocks: ['review'],
      sealed: true,
      commission: {
        countedBy: 'vote',
        withoutQuorum: 'alternates',
        tie: 'chairCasts',
        casting: 'castVote',
        recusal: true,
      },
    },
    castVote: {
      within: 'appeal.vote',
      decision: 'vote',
      shows: ['giveObjections', 'voteOnAppeal'],
      clocks: ['review'],
    },
    writeRuling: {
      within: 'appeal.ruling',
      shows: ['giveObjections', 'voteOnAppeal'],
      facts: ['outcome'],
      clocks: ['review'],
    },
    decideAppeal: {
      decision: 'outcome',
      shows: ['giveObjections'],
      facts: ['document', 'asks'],
      clocks: ['review'],
      escalatesTo: 'agency',
    },
    decideAnew: {
      within: 'appeal.decideAnew',
      decision: 'decision',
      shows: ['giveObjections', 'writeRuling', 'decideAppeal'],
      facts: ['document', 'asks'],
      escalatesTo: 'agency',
    },
    acknowledge: {
      within: 'appeal.acknowledgement',
      facts: ['outcome'],
      shows: ['writeRuling', 'decideAppeal', 'decideAnew'],
    },
  },
  acts: { withdrawAppeal: { by: ['subject'], turn: true } },
  sees,
  documents: {
    minutes: MINUTES,
    ruling: { outcome: ['uphold', 'cancel', 'change', 'return'] },
  },
  decidedBy: { minutes: ['writeRuling'], ruling: ['writeRuling', 'decideAppeal'] },
  decisions: { ruling: { appeal: 'appeal.appeal' } },
  papers: { minutes: { series: 'AM' }, ruling: { series: 'AU' } },
  terms: [
    'appeal.review',
    'appeal.objections',
    'appeal.prepare',
    'appeal.vote',
    'appeal.ruling',
    'appeal.decideAnew',
    'appeal.acknowledgement',
    'appeal.appeal',
  ],
  rules: rulesOf(),
  reasons: [
    'notDecided',
    'notAppealable',
    'notDelivered',
    'noTerm',
    'notYours',
    'nothingStands',
    'late',
    'lateMoved',
    'appealOpen',
    'appealedBefore',
    'noFurther',
    'upheld',
    'cancelledOnAppeal',
    'changedOnAppeal',
    'cancelledAnew',
    'upheldAnew',
    'withdrawn',
  ],
  errors: [
    'notDecided',
    'notAppealable',
    'notDelivered',
    'notYours',
    'nothingStands',
    'chairNotMember',
    'memberTwice',
    'decidedFirst',
    'ofOtherBody',
    'fewerThanQuorum',
    'mayNotAnnul',
    'dayNeeded',
    'noDayNeeded',
  ],
  clocks: ['review'],
  parties: ['secretary', 'chair'],
})

export type End = EndOf<typeof contract>
/** Why an appeal was not accepted, or how it ended. */
export type ReasonCode = ReasonOf<typeof contract>
