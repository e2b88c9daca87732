/** Words and facts that a test plants in a probation, and the pieces of which each is a part. */

/** A mark: what it is found by, and the pieces that carry it. */
export interface Mark {
  readonly found: RegExp
  readonly carriers: readonly string[]
}

/** What is planted in a field, as a word that stands nowhere else. */
export const word = (name: string): string => `Zq${name}qZ`
const planted = (name: string, ...carriers: string[]): Mark => ({ found: new RegExp(word(name)), carriers })

const IN_ALL_DOCUMENTS = ['mentorOrder', 'adaptationPlan', 'reviewSheet', 'extensionAct', 'agencyRequest'].map(
  (kind) => `document:${kind}`,
)

/** The marks of the walk; who the case is about, and when he was absent, is known once it has begun. */
export const marksOf = (ids: {
  readonly case: string
  readonly number: string
  readonly subject: string
  readonly position: string
  readonly absentFrom: string
}): Readonly<Record<string, Mark>> => ({
  id: { found: new RegExp(ids.case), carriers: ['exists'] },
  number: { found: new RegExp(ids.number), carriers: ['exists'] },
  stage: {
    found: /"stage":"(mentoring|planning|running|reviewDue|extended|secondReview|agencyReview|keptInService)"/,
    carriers: ['course'],
  },
  subjectId: { found: new RegExp(ids.subject), carriers: ['identity'] },
  position: { found: new RegExp(ids.position), carriers: ['identity'] },
  surname: planted('Surname', 'identity', ...IN_ALL_DOCUMENTS),
  actNumber: planted('Act', 'answer:start', ...IN_ALL_DOCUMENTS),
  question: planted('Question', 'answers'),
  questionAnswer: planted('QuestionAnswer', 'answers'),
  order: planted('Order', 'answer:appointMentor'),
  goal: planted('Goal', 'answer:draftAdaptationPlan', 'document:adaptationPlan'),
  measure: planted('Measure', 'answer:draftAdaptationPlan', 'document:adaptationPlan'),
  remarks: planted('Remarks', 'answer:agreeAdaptationPlan'),
  agreed: planted('Agreed', 'answer:agreeAdaptationPlan'),
  objections: planted('Objections', 'answer:acknowledge'),
  absence: planted('Absence', 'answer:recordAbsence'),
  certificateName: planted('CertificateName', 'answer:recordAbsence'),
  certificate: planted('CertificateBytes', 'answer:recordAbsence'),
  illness: { found: /"(kind|because)":"(absence\.)?illness"/, carriers: ['answer:recordAbsence', 'pauses'] },
  absentFrom: { found: new RegExp(ids.absentFrom), carriers: ['answer:recordAbsence', 'pauses'] },
  check: planted('Check', 'answer:interimCheck'),
  verdict: { found: /"verdict":"inHand"/, carriers: ['answer:interimCheck'] },
  replaced: planted('Replaced', 'answer:replaceMentor'),
  opinion: planted('Opinion', 'answer:mentorOpinion', 'document:reviewSheet'),
  recommends: { found: /"recommends":"unsatisfactory"/, carriers: ['answer:mentorOpinion'] },
  review: planted('Review', 'answer:reviewProbation', 'document:reviewSheet'),
  result: { found: /"result":"unsatisfactory"/, carriers: ['answer:reviewProbation'] },
  extension: planted('Extension', 'answer:decideExtension', 'document:extensionAct'),
  decision: { found: /"decision":"extend"/, carriers: ['answer:decideExtension'] },
  dismissal: planted('Dismissal', 'answer:decideDismissal', 'document:agencyRequest'),
  reply: planted('Reply', 'answer:agreeDismissal', 'document:agencyReply'),
  comment: planted('Comment', 'comments'),
  lateTitle: planted('LateTitle', 'added'),
  lateNote: planted('LateNote', 'added'),
  lateName: planted('LateName', 'added'),
  lateBytes: planted('LateBytes', 'added'),
  // kept by an HR officer, who alone sees it
  draft: planted('Draft'),
})
