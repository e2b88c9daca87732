/** Dates of open cases follow the calendar: at every wait of every story each is what a fresh computation gives. */
import fc from 'fast-check'
import { addDays, isoDate } from '../workflows/kernel/law/calendar'
import type { TermRow } from '../workflows/kernel/contract'
import { contract as exampleContract } from './example/contract'
import { TERMS } from './example/register'
import { example } from './example/workflow'
import { InMemoryCase, seededLaw, SUBJECT, type Move, type Told } from './support/in-memory-case'
import { calendarWith, dismissed, kept, post, probationUnder } from './support/in-memory-probation'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

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
      ...seededLaw({ terms: [], rules: {} }, 'R5').terms,
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
