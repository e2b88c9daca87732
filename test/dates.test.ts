/** Dates of open cases follow the calendar: at every wait of every story each is what a fresh computation gives. */
import fc from 'fast-check'
import { holidayRows, swapRows } from '../prisma/seed/data'
import { addDays, isoDate } from '../workflows/kernel/law/calendar'
import { daysOff, type CalendarRows, type HolidayRow } from '../workflows/kernel/law/holidays'
import type { DaysOff, IsoDate, PersonId, TermRow } from '../workflows/kernel/contract'
import { contract as probationContract } from '../workflows/probation/contract'
import { probation } from '../workflows/probation/workflow'
import { contract as exampleContract } from './example/contract'
import { TERMS } from './example/register'
import { example } from './example/workflow'
import { BODY, InMemoryCase, seededLaw, SUBJECT, type Move, type Told } from './support/in-memory-case'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

const seeded: CalendarRows = {
  holidays: holidayRows().map(({ date, nameKey, kind, moves, source }) => ({
    date: isoDate(date.toISOString().slice(0, 10)),
    nameKey,
    name: { kk: nameKey, ru: nameKey, en: nameKey },
    kind,
    moves,
    confidence: 'N',
    source,
  })),
  swaps: swapRows().map(({ date, kind, appliesTo, reason, confidence, source }) => ({
    date: isoDate(date.toISOString().slice(0, 10)),
    kind,
    appliesTo,
    reason,
    confidence,
    source,
  })),
  bodyDays: [],
}
/** The calendar of the register with a holiday more. */
function calendarWith(...days: readonly IsoDate[]): DaysOff {
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
const post: Told['post'] = {
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

const probationUnder = (regime: string): Told => ({
  contract: probationContract,
  run: probation,
  form: { person: SUBJECT, position: 'junior', appointedOn: '2026-08-31', actDate: '2026-08-28' },
  on: isoDate('2026-08-31'),
  post,
  regime,
  law: seededLaw(probationContract, regime),
})
const people = { mentor: { body: BODY, serviceMonths: 60, mentees: 0 } }
const planned: readonly Move[] = [
  { answers: 'appointMentor', with: { mentor: 'mentor' }, people },
  { answers: 'draftAdaptationPlan', with: { goals: [{ by: '2026-10-01' }] } },
  { returns: 'agreeAdaptationPlan' },
  { comes: '2026-09-02' },
  { answers: 'draftAdaptationPlan', with: { goals: [{ by: '2026-10-01' }] } },
  { answers: 'agreeAdaptationPlan', with: {} },
]
const judged = { goals: [{ number: 1, verdict: 'missed' }], result: 'unsatisfactory' }
const toAgency: readonly Move[] = [
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
const dismissed: readonly Move[] = [
  ...toAgency,
  { answers: 'agreeDismissal', with: { decision: 'agree' } },
  { answers: 'acknowledge', with: {} },
  { comes: '2027-02-18' },
]
const kept: readonly Move[] = [...toAgency, { answers: 'agreeDismissal', with: { decision: 'refuse' } }]

const members = ['m1', 'm2', 'm3']
const commended = (proposedByHead: boolean): Told => ({
  contract: exampleContract,
  run: example,
  form: {
    person: SUBJECT,
    position: 'junior',
    chair: 'm1',
    members,
    alternates: [],
    sitting: '2026-11-25',
    proposedByHead,
  },
  on: isoDate('2026-11-09'),
  post,
  regime: 'R5',
  law: {
    terms: [
      ...TERMS.map(([name, value, unit]): TermRow => {
        const key = `example.${name}`

        return { id: key, key, value, unit, confidence: 'D', source: 'example' }
      }),
      ...seededLaw({ terms: [], rules: [] }, 'R5').terms,
    ],
    rules: [{ id: 'example.quorum', key: 'example.quorum', value: 3, confidence: 'D', source: 'example' }],
  },
})
const hearing: readonly Move[] = [
  { answers: 'recommend', with: {} },
  { comes: '2026-11-10' },
  { returns: 'approve' },
  { answers: 'recommend', with: {} },
  { answers: 'approve', with: {} },
  { answers: 'consent', with: { agrees: true } },
  { answers: 'checkRecord', with: { clean: true } },
]
const voting: readonly Move[] = [
  { comes: '2026-11-25' },
  ...members.map((): Move => ({ answers: 'vote', with: null })),
  { comes: '2026-11-26' },
]

/** Each with the first of its waits that the one before does not have. */
const stories: readonly (readonly [string, Told, readonly Move[], number])[] = [
  ['probation to dismissal', probationUnder('R4'), dismissed, 0],
  ['probation kept by the Agency', probationUnder('R4'), kept, kept.length],
  ['example', commended(false), [...hearing, ...voting], 0],
]

describe('a holiday added, moved and removed at any wait leaves no date as it was asked', () => {
  const ahead = fc.integer({ min: 1, max: 130 })

  test.each(stories)('%s', async (_, told, moves, since) => {
    let compared = 0
    for (let played = since; played <= moves.length; played += 1) {
      const before = moves.slice(0, played)
      const asked = await InMemoryCase.play(told, calendarWith(), before)
      if (asked.now.status === 'closed') throw new Error(`closed before move ${String(played)}`)
      const untouched = asked.dates
      const today = asked.now.on
      await fc.assert(
        fc.asyncProperty(ahead, ahead, async (first, second) => {
          for (const days of [[addDays(today, first)], [addDays(today, second)], []]) {
            await asked.hasCalendar(calendarWith(...days))
            const fresh = await InMemoryCase.play(told, calendarWith(...days), before).catch(() => null)
            // a day that is counted back may now lie in the past, where a fresh case would have acted on it
            if (!fresh || !sameCourse(asked, fresh)) return void (await asked.hasCalendar(calendarWith()))
            compared += 1
            expect(asked.dates).toEqual(fresh.dates)
          }
          expect(asked.dates).toEqual(untouched)
        }),
        { numRuns: 3 },
      )
    }
    expect(compared).toBeGreaterThan((moves.length + 1 - since) * 4)
  })
})

const courseOf = ({ now }: InMemoryCase) => [now.stage, ...now.tasks.map(({ kind, openedOn }) => `${kind} ${openedOn}`)]
const sameCourse = (a: InMemoryCase, b: InMemoryCase): boolean =>
  JSON.stringify(courseOf(a)) === JSON.stringify(courseOf(b))
