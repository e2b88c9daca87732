/** Probation with a mentor: what the process is made of. Source: Law on Civil Service, art. 20; slides of 2015; Order 21 of 2016. */
import type { ProcessContract } from '../../kernel/contract'

export const contract = {
  name: 'probation',
  version: 1,
  stages: ['mentoring', 'planning', 'running', 'reviewDue', 'extended', 'secondReview', 'agencyReview'],
  ends: ['passed', 'dismissed', 'keptInService'],
  startedBy: ['hr'],
  tasks: {
    appointMentor: { within: 'probation.mentorOrder', asks: true, escalatesTo: 'head' },
    draftAdaptationPlan: { within: 'probation.planDraft', shows: ['draftAdaptationPlan'], asks: true },
    agreeAdaptationPlan: {
      within: 'probation.planAgreed',
      shows: ['draftAdaptationPlan'],
      returns: true,
      asks: true,
      escalatesTo: 'head',
    },
    acknowledge: {
      within: 'probation.acknowledgement',
      shows: ['draftAdaptationPlan', 'reviewProbation', 'decideExtension', 'decideDismissal', 'agreeDismissal'],
    },
    interimCheck: { within: 'probation.interimCheck', shows: ['draftAdaptationPlan', 'interimCheck'] },
    mentorOpinion: { within: 'probation.mentorOpinion', shows: ['draftAdaptationPlan', 'interimCheck'] },
    reviewProbation: {
      within: 'probation.reviewBeforeEnd',
      shows: ['draftAdaptationPlan', 'interimCheck', 'mentorOpinion', 'reviewProbation'],
      asks: true,
      escalatesTo: 'head',
    },
    decideExtension: {
      within: 'probation.extensionDecision',
      shows: ['draftAdaptationPlan', 'interimCheck', 'mentorOpinion', 'reviewProbation'],
      returns: true,
      asks: true,
    },
    decideDismissal: {
      within: 'probation.dismissalDecision',
      shows: ['draftAdaptationPlan', 'interimCheck', 'mentorOpinion', 'reviewProbation', 'decideExtension'],
      returns: true,
      asks: true,
    },
    agreeDismissal: {
      within: 'probation.agencyAnswer',
      shows: [
        'draftAdaptationPlan',
        'interimCheck',
        'mentorOpinion',
        'reviewProbation',
        'decideExtension',
        'decideDismissal',
      ],
      asks: true,
      escalatesTo: 'agency',
    },
  },
  acts: {
    recordAbsence: { by: ['hr'] },
    correctAbsence: { by: ['hr'] },
    withdrawAbsence: { by: ['hr'] },
    replaceMentor: { by: ['hr'], during: ['planning', 'running', 'reviewDue', 'extended', 'secondReview'] },
    moveToOtherPost: {
      by: ['hr'],
      during: ['mentoring', 'planning', 'running', 'reviewDue', 'extended', 'secondReview'],
      turn: true,
    },
    cancel: { by: ['head'], turn: true },
  },
  documents: [
    'mentorOrder',
    'adaptationPlan',
    'reviewSheet',
    'extensionAct',
    'agencyRequest',
    'agencyReply',
    'dismissalAct',
    'passedNotice',
  ],
  terms: [
    'probation.base',
    'probation.extension',
    'probation.mentorOrder',
    'probation.planDraft',
    'probation.planAgreed',
    'probation.acknowledgement',
    'probation.interimEvery',
    'probation.interimCheck',
    'probation.mentorOpinion',
    'probation.reviewBeforeEnd',
    'probation.lapseGrace',
    'probation.extensionDecision',
    'probation.dismissalDecision',
    'probation.agencyAnswer',
    'probation.dismissalNotice',
    'selection.noBreakBetweenPosts',
  ],
  rules: [
    'probation.applies',
    'probation.dismissalAtFirstReview',
    'probation.mentorMaySupervise',
    'probation.mentorServiceMonths',
    'probation.mentorMaxMentees',
    'probation.restartOnOtherDuties',
    'probation.lapseMeansPassed',
    'probation.questionStopsTerm',
    'probation.returnStopsTerm',
  ],
} as const satisfies ProcessContract

export type Stage = (typeof contract.stages)[number]
export type End = (typeof contract.ends)[number]
export type DocumentKind = (typeof contract.documents)[number]
/** Kinds of task that may be answered by returning an earlier one for revision. */
export type Returning = 'agreeAdaptationPlan' | 'decideExtension' | 'decideDismissal'
