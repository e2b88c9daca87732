/** Forms of the probation: one schema per start, task answer and act. Types of the workflow's answers come from here. */
import { z } from 'zod'
import { date, file, item, newcomer, person, position, takenBack, text } from '../kernel/forms'
import type { Facts } from '../kernel/forms'

const goalVerdict = z.enum(['met', 'inHand', 'missed'])
/** A goal of the adaptation plan by its place in it, so that history carries no wording. */
const goalNumber = z.int().min(1).max(20).meta({ readOnly: true })
/** Wording of the goal, shown beside the verdict; the plan itself stays as agreed. */
const goalShown = text(300).optional().meta({ readOnly: true, 'x-content': true })

/** The longest that a probation can last, with room for absences: who came earlier is no newcomer. */
const LONGEST_DAYS = 240

const start = z.strictObject({
  person: newcomer(LONGEST_DAYS),
  position: position('body', 'post.position'),
  appointedOn: date('post.from'),
  actNumber: text(60),
  actDate: date(),
})

const tasks = {
  appointMentor: z.strictObject({ mentor: person('body'), order: text(60).optional() }),
  draftAdaptationPlan: z.strictObject({
    goals: z
      .array(z.strictObject({ goal: text(300), measure: text(300), by: date() }))
      .min(1)
      .max(20),
  }),
  agreeAdaptationPlan: z.strictObject({ remarks: text().optional() }),
  acknowledge: z.strictObject({ objections: text().optional() }),
  interimCheck: z.strictObject({
    goals: z
      .array(
        z.strictObject({ number: goalNumber, goal: goalShown, verdict: goalVerdict, remark: text(500).optional() }),
      )
      .min(1)
      .max(20)
      .meta({ 'x-fixed': true }),
    support: text().optional(),
  }),
  mentorOpinion: z.strictObject({ recommends: z.enum(['satisfactory', 'unsatisfactory']), opinion: text() }),
  reviewProbation: z.strictObject({
    goals: z
      .array(
        z.strictObject({
          number: goalNumber,
          goal: goalShown,
          verdict: z.enum(['met', 'partlyMet', 'missed']),
          remark: text(500).optional(),
        }),
      )
      .min(1)
      .max(20)
      .meta({ 'x-fixed': true }),
    result: z.enum(['satisfactory', 'unsatisfactory']),
    grounds: text(),
  }),
  decideExtension: z.strictObject({ decision: z.enum(['extend', 'proposeDismissal']), grounds: text() }),
  decideDismissal: z.strictObject({ decision: z.enum(['propose', 'keep']), grounds: text() }),
  agreeDismissal: z.strictObject({ decision: z.enum(['agree', 'refuse']), grounds: text() }),
}

const absence = {
  from: date(),
  to: date(),
  kind: z.enum(['illness', 'leave', 'study', 'stateDuty', 'otherValid']),
  document: text(200),
  // the medical certificate, or the order on leave, study or duty
  certificate: file(['pdf', 'jpeg', 'png']).optional(),
}

const acts = {
  recordAbsence: z.strictObject(absence),
  correctAbsence: z.strictObject({ absence: item('absences'), ...absence }),
  withdrawAbsence: z.strictObject({ absence: item('absences'), reason: text() }),
  replaceMentor: z.strictObject({ mentor: person('body'), reason: text() }),
  moveToOtherPost: z.strictObject({
    position: position('body'),
    duties: z.enum(['same', 'other']),
    supervisor: person('body'),
    from: date(),
    reason: text(),
  }),
  withdrawDismissal: z.strictObject({
    ground: z.enum(['dismissalInError', 'dismissalGroundsGone']),
    reason: text(),
  }),
  cancel: z.strictObject({
    ground: z.enum(['leftService', 'appointmentRevoked', 'openedInError', 'otherGround']),
    reason: text(),
  }),
}

const facts = z.strictObject({
  mentor: person('anyone'),
  supervisor: person('anyone'),
  absences: z.array(
    z.strictObject({
      from: date(),
      to: date(),
      kind: absence.kind,
      certificate: absence.certificate,
      withdrawn: takenBack(),
    }),
  ),
  extended: z.boolean(),
})

export const forms = { start, tasks, acts, facts }

type FactsOf<T extends Record<string, z.ZodType>> = { readonly [K in keyof T]: Facts<z.output<T[K]>> }
export type StartForm = Facts<z.output<typeof start>>
export type Answers = FactsOf<typeof tasks>
export type ActForms = FactsOf<typeof acts>
export type AbsenceKind = z.output<typeof absence.kind>
export type GoalVerdict = Answers['interimCheck']['goals'][number]['verdict']
