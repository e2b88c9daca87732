/**
 * The appeal of a decision, whichever process took it. No act on appeals was read: who hears it, whether it suspends, and every term are
 * rows of the register that nobody has verified (U), or choices of ours (D).
 */
import { defineContract, MINUTES, type EndOf, type ReasonOf, type RuleKind } from '../kernel/contract'
import { sees } from './sees'

/** Decisions by process, each with the kinds of task in which whoever answered decided first: he does not hear the appeal. */
export const APPEALABLE = {
  probation: {
    dismissalAct: ['mentorOpinion', 'reviewProbation', 'decideExtension', 'decideDismissal', 'agreeDismissal'],
  },
  appeal: { ruling: ['prepare', 'voteOnAppeal', 'castVote', 'writeRuling', 'decideAppeal', 'decideAnew'] },
} as const

/** What the register says of the appeal of each. */
const ROWS = {
  /** the Agency hears it; otherwise the superior body, and the Agency where there is none */
  byAgency: 'yesNo',
  /** whoever hears it may cancel and change the decision; otherwise only uphold it, or return it to be considered anew */
  mayAnnul: 'yesNo',
  /** the decision is not carried out while it is heard */
  suspends: 'yesNo',
  /** a commission hears it; otherwise one official */
  commission: 'yesNo',
  /** of the commission */
  quorum: { from: 1, to: 15 },
  /** the ruling may be appealed in its turn */
  furtherAppeal: 'yesNo',
} as const satisfies Readonly<Record<string, RuleKind>>

type Appealable = typeof APPEALABLE
/** `probation.dismissalAct` */
export type Appealed = { [P in keyof Appealable]: `${P}.${keyof Appealable[P] & string}` }[keyof Appealable]
export type Row = keyof typeof ROWS
export type RuleName = `appeal.${Appealed}.${Row}`

const names = Object.entries(APPEALABLE).flatMap(([process, documents]) =>
  Object.keys(documents).map((document) => `${process}.${document}`),
)
/** May it be appealed? */
export const isAppealed = (name: string): name is Appealed => names.some((each) => each === name)

/** Every row of what may be appealed. */
const rules = Object.fromEntries(
  names.flatMap((appealed) => Object.entries(ROWS).map(([row, kind]) => [`appeal.${appealed}.${row}`, kind])),
) as Readonly<Record<RuleName, RuleKind>>

export const contract = defineContract({
  name: 'appeal',
  version: 1,
  stages: ['preparing', 'hearing', 'reconsidering', 'executing'],
  moves: {
    start: ['preparing'],
    preparing: ['hearing', 'withdrawn'],
    // a commission that came to no decision is followed by another
    hearing: ['preparing', 'reconsidering', 'executing', 'withdrawn'],
    reconsidering: ['executing'],
    executing: ['upheld', 'granted', 'changed'],
  },
  ends: ['upheld', 'granted', 'changed', 'withdrawn'],
  startedBy: ['subject'],
  // the case belongs to the body that decided, which does not handle what is said against it
  handledBy: ['agency'],
  handsOver: { by: ['agency'] },
  appeals: {
    decisions: Object.fromEntries(Object.entries(APPEALABLE).map(([process, kinds]) => [process, Object.keys(kinds)])),
    fields: { case: 'case', kind: 'document' },
    fact: 'decision',
    again: ['withdrawn'],
  },
  tasks: {
    prepare: {
      within: 'appeal.prepare',
      shows: ['start', 'giveObjections'],
      facts: ['document', 'asks'],
      clocks: ['review'],
      escalatesTo: 'agency',
    },
    giveObjections: { within: 'appeal.objections', shows: ['start'], facts: ['document', 'asks'], clocks: ['review'] },
    voteOnAppeal: {
      within: 'appeal.vote',
      decision: 'vote',
      shows: ['start', 'giveObjections'],
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
      shows: ['start', 'giveObjections', 'voteOnAppeal'],
      clocks: ['review'],
      escalatesTo: 'agency',
    },
    writeRuling: {
      within: 'appeal.ruling',
      shows: ['start', 'giveObjections', 'voteOnAppeal'],
      facts: ['outcome'],
      clocks: ['review'],
      escalatesTo: 'agency',
      withoutEligible: 'agency',
    },
    decideAppeal: {
      decision: 'outcome',
      shows: ['start', 'giveObjections'],
      facts: ['document', 'asks'],
      clocks: ['review'],
      escalatesTo: 'agency',
    },
    decideAnew: {
      within: 'appeal.decideAnew',
      decision: 'decision',
      shows: ['start', 'giveObjections', 'writeRuling', 'decideAppeal'],
      facts: ['document', 'asks'],
      escalatesTo: 'agency',
    },
    acknowledge: {
      within: 'appeal.acknowledgement',
      facts: ['document', 'asks', 'outcome'],
      documents: ['ruling', 'newDecision'],
      shows: ['writeRuling', 'decideAppeal', 'decideAnew'],
    },
  },
  // once there is a ruling nothing is left to withdraw
  acts: { withdrawAppeal: { by: ['subject'], during: ['preparing', 'hearing'], turn: true } },
  sees,
  documents: {
    minutes: MINUTES,
    ruling: { decision: 'document', outcome: ['uphold', 'cancel', 'change', 'return'] },
    // of what was returned, by other people than those who decided first
    newDecision: { decision: 'document', anew: ['stands', 'cancel'] },
  },
  decidedBy: { minutes: ['writeRuling'], ruling: ['writeRuling', 'decideAppeal'], newDecision: ['decideAnew'] },
  // whether a decision taken anew may be appealed, nothing that was read says: no term is known
  decisions: { ruling: { appeal: 'appeal.appeal' }, newDecision: {} },
  papers: { minutes: { series: 'AM' }, ruling: { series: 'AU' }, newDecision: { series: 'AN' } },
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
  rules,
  reasons: [
    'notDecided',
    'notAppealable',
    'noTerm',
    // of the first release
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
    'withdrawnBefore',
    'withdrawn',
  ],
  errors: [
    'notDecided',
    'notAppealable',
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
    'beforeEffect',
  ],
  clocks: ['review'],
  parties: ['secretary', 'chair'],
})

export type End = EndOf<typeof contract>
/** Why an appeal was not accepted, or how it ended. */
export type ReasonCode = ReasonOf<typeof contract>
