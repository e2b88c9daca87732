/**
 * Who sees what of a probation. No law that was read says it; this is a design default (confidence D): offices see all of it; the servant
 * what was decided about him once it has been, the whole file at its end, and who looked at it at any time; mentor and supervisor what their part needs, while
 * they have it; whoever is asked a question, only what he is asked; whoever hears an appeal of its dismissal, what that stands on.
 */
import { SEEN_BY_OFFICES } from '../kernel/contract'

const ORDER_AND_PLAN = [
  'course',
  'identity',
  'answer:appointMentor',
  'answer:draftAdaptationPlan',
  'answer:agreeAdaptationPlan',
  'document:mentorOrder',
  'document:adaptationPlan',
] as const
/** What the dismissal stands on: what those said who decided first, and its papers. */
const APPEALED = [
  'course',
  'identity',
  'answer:mentorOpinion',
  'answer:reviewProbation',
  'answer:decideExtension',
  'answer:decideDismissal',
  'answer:agreeDismissal',
  'document:reviewSheet',
  'document:extensionAct',
  'document:agencyRequest',
  'document:agencyReply',
  'document:dismissalAct',
] as const
const ABSENCES = ['pauses', 'answer:recordAbsence', 'answer:correctAbsence', 'answer:withdrawAbsence'] as const

export const sees = {
  ...SEEN_BY_OFFICES,
  subject: [
    'readers',
    ...ORDER_AND_PLAN,
    ...ABSENCES,
    'answer:acknowledge',
    'answer:moveToOtherPost',
    'answer:replaceMentor',
    {
      from: 'extended',
      sees: ['answer:reviewProbation', 'answer:decideExtension', 'document:reviewSheet', 'document:extensionAct'],
    },
    // the act exists once the Agency has agreed
    { from: 'agencyReview', sees: ['document:dismissalAct'] },
    { from: 'end', sees: ['answers', 'documents'] },
  ],
  mentor: [...ORDER_AND_PLAN, 'answer:interimCheck', 'answer:mentorOpinion', 'comments'],
  supervisor: [
    ...ORDER_AND_PLAN,
    ...ABSENCES,
    'answer:acknowledge',
    'answer:interimCheck',
    'answer:mentorOpinion',
    'answer:reviewProbation',
    'answer:decideExtension',
    'document:reviewSheet',
    'document:extensionAct',
    'comments',
  ],
  // without comments: the servant holds tasks of his own case too
  holder: ['course', 'identity'],
  'linked:appeal': APPEALED,
} as const
