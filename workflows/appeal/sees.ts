/**
 * Who sees what of an appeal. No law that was read says it; a design default (confidence D). Whoever decided first is excluded from the case
 * and sees nothing by any of these rows. The body that decided sees that there is an appeal and what came of it; the Agency, which inspects
 * every case, all; whoever prepares and chairs the hearing what it needs; members only what is put before them; whoever hears an appeal of the ruling, what it
 * stands on.
 */
import { SEEN_BY_OFFICES } from '../kernel/contract'

const HEARD = ['course', 'identity', 'answer:start', 'answer:giveObjections'] as const
const VOTED = ['answer:voteOnAppeal', 'answer:castVote', 'document:minutes', 'document:ruling'] as const
const ANEW = ['answer:decideAnew', 'document:newDecision'] as const
const RULED = [...VOTED, 'answer:prepare', 'answer:writeRuling', ...ANEW] as const

const OFFICE = [
  'course',
  'identity',
  'answer:start',
  'answer:giveObjections',
  { from: 'reconsidering', sees: ['document:ruling'] },
  { from: 'executing', sees: ['document:ruling', ...ANEW] },
  { from: 'end', sees: ['added'] },
] as const

export const sees = {
  ...SEEN_BY_OFFICES,
  hr: OFFICE,
  head: [...OFFICE, 'readers'],
  records: [{ from: 'end', sees: ['course', 'identity', 'document:ruling', 'document:newDecision', 'added'] }],
  subject: [
    'readers',
    'course',
    'identity',
    'answer:start',
    'answer:withdrawAppeal',
    'answer:acknowledge',
    'answer:giveObjections',
    { from: 'reconsidering', sees: ['document:ruling', 'answer:writeRuling', 'answer:decideAppeal'] },
    { from: 'executing', sees: ['document:ruling', 'answer:writeRuling', 'answer:decideAppeal', ...ANEW] },
  ],
  secretary: [...HEARD, ...RULED, 'comments'],
  chair: [...HEARD, ...RULED, 'comments'],
  member: [...HEARD, { from: 'reconsidering', sees: VOTED }, { from: 'executing', sees: VOTED }],
  holder: ['course', 'identity'],
  'linked:appeal': [
    'course',
    'identity',
    'answer:start',
    'answer:giveObjections',
    'answer:writeRuling',
    'answer:decideAppeal',
    'document:ruling',
    ...ANEW,
  ],
} as const
