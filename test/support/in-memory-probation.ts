/** Probations run in memory: the seeded law and calendar, a servant, and the moves that lead to a dismissal. */
import { holidayRows, swapRows } from '../../prisma/seed/data'
import { isoDate } from '../../workflows/kernel/law/calendar'
import { daysOff, type CalendarRows, type HolidayRow } from '../../workflows/kernel/law/holidays'
import type { DaysOff, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { contract } from '../../workflows/probation/contract'
import { probation } from '../../workflows/probation/workflow'
import { BODY, seededLaw, SUBJECT, type Move, type Told } from './in-memory-case'

const seeded: CalendarRows = {
  holidays: holidayRows().map(({ date, nameKey, kind, moves, source }) => ({
    date,
    nameKey,
    name: { kk: nameKey, ru: nameKey, en: nameKey },
    kind,
    moves,
    confidence: 'N',
    source,
  })),
  swaps: swapRows().map(({ date, kind, appliesTo, reason, confidence, source }) => ({
    date,
    kind,
    appliesTo,
    reason,
    confidence,
    source,
  })),
  bodyDays: [],
}
/** The calendar of the register with a holiday more. */
export function calendarWith(...days: readonly IsoDate[]): DaysOff {
  const more = days.map((date): HolidayRow => ({
    date,
    nameKey: 'declared',
    name: { kk: 'declared', ru: 'declared', en: 'declared' },
    kind: 'state',
    moves: true,
    confidence: 'N',
    source: 'test',
  }))
  const rows = { ...seeded, holidays: [...seeded.holidays, ...more].sort((a, b) => (a.date < b.date ? -1 : 1)) }

  return daysOff(rows, 'five-day', isoDate('2025-01-01'), isoDate('2031-12-31'))
}

const supervisor = 'supervisor' as PersonId
export const post: Told['post'] = {
  appointedOn: isoDate('2026-08-31'),
  firstEntry: true,
  corps: 'B',
  elected: false,
  leftOn: null,
  leftGround: null,
  breakWorkingDays: null,
  bodyKind: 'central',
  body: BODY,
  region: 'astana',
  supervisor,
}

export const probationUnder = (regime: string): Told => ({
  contract: contract,
  run: probation,
  form: { person: SUBJECT, position: 'junior', appointedOn: '2026-08-31', actDate: '2026-08-28' },
  on: isoDate('2026-08-31'),
  post,
  regime,
  law: seededLaw(contract, regime),
})
const people = { mentor: { body: BODY, serviceMonths: 60, mentees: 0 } }
export const planned: readonly Move[] = [
  { answers: 'appointMentor', with: { mentor: 'mentor' }, people },
  { answers: 'draftAdaptationPlan', with: { goals: [{ by: '2026-10-01' }] } },
  { returns: 'agreeAdaptationPlan' },
  { comes: '2026-09-02' },
  { answers: 'draftAdaptationPlan', with: { goals: [{ by: '2026-10-01' }] } },
  { answers: 'agreeAdaptationPlan', with: {} },
]
export const judged = { goals: [{ number: 1, verdict: 'missed' }], result: 'unsatisfactory' }
export const toAgency: readonly Move[] = [
  ...planned,
  { comes: '2026-09-04' },
  { answers: 'acknowledge', with: {} },
  { comes: '2026-09-30' },
  { answers: 'interimCheck', with: { goals: [{ number: 1, verdict: 'met' }] } },
  { comes: '2026-11-16' },
  { answers: 'mentorOpinion', with: { recommends: 'unsatisfactory' } },
  { comes: '2026-11-20' },
  { answers: 'reviewProbation', with: judged },
  { returns: 'decideExtension' },
  { answers: 'reviewProbation', with: judged },
  { comes: '2026-11-23' },
  { answers: 'decideExtension', with: { decision: 'extend' } },
  { comes: '2027-02-15' },
  { answers: 'mentorOpinion', with: { recommends: 'unsatisfactory' } },
  { answers: 'reviewProbation', with: judged },
  { answers: 'decideDismissal', with: { decision: 'propose' } },
  { comes: '2027-02-16' },
]
export const dismissed: readonly Move[] = [
  ...toAgency,
  { answers: 'agreeDismissal', with: { decision: 'agree' } },
  { answers: 'acknowledge', with: {} },
  { comes: '2027-02-18' },
]
export const kept: readonly Move[] = [...toAgency, { answers: 'agreeDismissal', with: { decision: 'refuse' } }]
