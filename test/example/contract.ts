/** A commendation for a servant: a small process that uses every call of the kernel once. `doc/kernel.md` explains it line by line. */
import { defineContract, MINUTES, SEEN_BY_OFFICES, type EndOf } from '../../workflows/kernel/contract'

/** Whoever sits sees what is voted on from then on, and the votes once they are opened. */
const SITS = [
  'course',
  'identity',
  { from: 'voting', sees: ['answer:recommend', 'answer:checkRecord', 'answer:vote', 'document:minutes'] },
] as const

export const contract = defineContract({
  name: 'example',
  version: 1,
  stages: ['recommending', 'hearing', 'voting', 'announcing'],
  moves: {
    start: ['recommending'],
    recommending: ['hearing', 'declined', 'withdrawn'],
    hearing: ['voting', 'declined', 'withdrawn'],
    voting: ['announcing', 'declined'],
    announcing: ['granted', 'declined'],
  },
  ends: ['granted', 'declined', 'withdrawn'],
  roles: ['secretary'],
  startedBy: ['hr'],
  tasks: {
    recommend: { within: 'example.recommend', asks: true, escalatesTo: 'head' },
    approve: { within: 'example.approve', shows: ['recommend'], returns: true },
    consent: { within: 'example.consent', decision: 'agrees', shows: ['recommend'], facts: ['sitting'] },
    checkRecord: { within: 'example.consent' },
    bringPapers: {},
    vote: {
      within: 'example.vote',
      decision: 'vote',
      shows: ['start', 'recommend', 'checkRecord'],
      sealed: true,
      commission: {
        countedBy: 'vote',
        withoutQuorum: 'alternates',
        tie: 'chairCasts',
        casting: 'castVote',
        recusal: true,
      },
    },
    castVote: { within: 'example.vote', decision: 'vote', shows: ['recommend', 'vote'] },
    announce: {},
    object: { shows: ['recommend'] },
  },
  acts: {
    moveSitting: { by: ['hr', 'head'], during: ['recommending', 'hearing'] },
    giveTime: { by: ['hr', 'secretary'], during: ['announcing'] },
    withdrawProposal: { by: ['hr'], turn: true },
    correctLetter: { by: ['head'], during: ['announcing'], amends: 'correction' },
    withdrawLetter: { by: ['head'], during: ['announcing'], turn: true, withdraws: 'letter' },
    certificatePrinted: { by: [], byCases: ['opened'] },
    cancel: { by: ['head'], turn: true },
  },
  // the servant learns of it with its end, the secretary nothing but its course, the members what they vote on
  sees: {
    ...SEEN_BY_OFFICES,
    secretary: ['course'],
    subject: [
      {
        from: 'end',
        sees: ['course', 'identity', 'document:letter', 'document:correction', 'document:deferral', 'readers'],
      },
    ],
    supervisor: ['course', 'identity', 'answer:recommend', 'answer:approve'],
    chair: SITS,
    member: SITS,
    holder: ['course', 'identity'],
    'linked:opened': ['exists'],
  },
  documents: { minutes: MINUTES, letter: {}, correction: { from: 'date' }, deferral: { from: 'date' } },
  decidedBy: { minutes: [], letter: [], correction: ['correctLetter'], deferral: [] },
  decisions: {
    letter: { appeal: 'example.silence' },
    correction: { amends: 'letter', appealAnew: 'example.appealAnew' },
    deferral: { amends: 'letter' },
  },
  terms: [
    'example.recommend',
    'example.approve',
    'example.consent',
    'example.vote',
    'example.silence',
    'example.whole',
  ],
  rules: {
    'example.quorum': { from: 1, to: 20 },
    'example.appealAnew': 'yesNo',
    'example.absenceSuspends': 'yesNo',
    'example.inquirySuspends': 'yesNo',
  },
  flags: ['example.everyoneInRoll'],
  reasons: [
    'notInPost',
    'withdrawn',
    'nobodyAnswered',
    'noConsent',
    'noDecision',
    'votedAgainst',
    'headObjected',
    'voted',
    'letterInError',
    'unworthy',
    'notHandedOver',
  ],
  suspends: {
    illness: {
      of: 'case',
      by: ['hr', 'head'],
      rule: 'example.absenceSuspends',
      goesOn: ['moveSitting'],
      recordedLater: true,
    },
    leave: { of: { task: 'recommend' }, by: ['hr'], rule: 'example.absenceSuspends' },
    papers: { of: 'case', by: ['hr'], rule: 'example.inquirySuspends', goesOn: ['bringPapers'] },
    inquiry: { of: { clock: 'silence' }, by: ['head'], rule: 'example.inquirySuspends', endsItself: true },
  },
  errors: ['commendedOften', 'barred', 'votedAlready'],
  effects: ['enterInRoll'],
  registers: {
    roll: {
      body: 'body',
      key: ['body', 'number'],
      readBy: ['head', 'secretary'],
      keptBy: ['hr'],
      removable: true,
    },
  },
  clocks: ['whole', 'silence'],
  awaits: ['sitting', 'silenceOver'],
  remarks: ['openedUnder', 'entered', 'noCertificate', 'certificateEnded', 'certificatesEnded'],
  opens: { certificate: { process: 'certificate', whenCancelled: 'cancel' } },
  parties: ['supervisor', 'chair'],
})

export type End = EndOf<typeof contract>
