/** The one sentence on top of a case: at every stand of a story it names the next of what the case waits for, in words of its process. */
import path from 'node:path'
import { daysLeft, nextOf, type Standing } from '../api/views/next-step'
import { stagesOf } from '../api/views/stages'
import { nextSentence } from '../admin-ui/src/cases/next'
import { en } from '../admin-ui/src/i18n/en'
import type { AppKey } from '../admin-ui/src/i18n/messages'
import { isoDate } from '../workflows/kernel/law/calendar'
import type { Step } from '../workflows/kernel/protocol/step'
import { LOCALES, type Due, type IsoDate, type TermUnit } from '../workflows/kernel/contract'
import { processes } from '../workflows/registry'
import { contract as appeal } from '../workflows/appeal/contract'
import { contract as probation } from '../workflows/probation/contract'
import { contract as exampleContract } from './example/contract'
import { TERMS } from './example/register'
import { example } from './example/workflow'
import { InMemoryCase, seededLaw, SUBJECT, type Move, type Told } from './support/in-memory-case'
import { calendarWith, dismissed, planned, post, probationUnder, toAgency } from './support/in-memory-probation'
import { sentencesOf, wordsIn } from './support/process-words'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

const ROOT = path.resolve(__dirname, '..')
const FOLDERS: Readonly<Record<string, string>> = {
  probation: path.join(ROOT, 'workflows/probation'),
  appeal: path.join(ROOT, 'workflows/appeal'),
  example: path.join(ROOT, 'test/example'),
}
const kernel = wordsIn(path.join(ROOT, 'workflows/kernel')).en
const app = sentencesOf(en)
const filled = (sentence: string, params: Readonly<Record<string, string | number>> = {}): string =>
  sentence.replace(/%\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
const english = {
  t: (key: AppKey, params?: Record<string, string | number>) => filled(app.get(key) ?? key, params),
  of: (process: string, key: string, params?: Record<string, string | number>) =>
    filled(wordsIn(FOLDERS[process] ?? '').en.get(key) ?? kernel.get(key) ?? key, params),
  date: (date: string) =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date)),
}

/** The sentence of a case as its last step left it. */
function said(process: string, step: Step, today: IsoDate = step.on): string {
  const byTerm = [...step.tasks].sort((a, b) => ((a.due?.on ?? '9') < (b.due?.on ?? '9') ? -1 : 1))
  const next = nextOf({
    ...{ status: step.status, outcome: step.outcome, closedOn: step.status === 'closed' ? step.on : null, today },
    ...{ suspensions: step.suspensions ?? null, awaits: step.awaits ?? null },
    waitsFor: (step.waits ?? []).map((wait) => (wait.for === 'list' ? wait.list : wait.case)),
    tasks: byTerm.map(({ id, kind, due, suspended }) => ({
      ...{ id, process, kind, state: suspended ? 'suspended' : 'ready' },
      due: due && { on: due.on, overdue: today > due.on },
    })),
    halted: null,
  })

  return nextSentence(english, process, next)
}

describe('a probation', () => {
  const until = (count: number): readonly Move[] => dismissed.slice(0, count)
  const states: readonly (readonly [string, readonly Move[], string])[] = [
    ['begins', [], 'The HR service appoints a mentor; by 7 September 2026'],
    ['has a mentor', until(1), 'The mentor drafts the individual adaptation plan; by 3 September 2026'],
    ['has a plan', until(2), 'The direct supervisor agrees to the individual adaptation plan; by 7 September 2026'],
    ['has an agreed plan', planned, 'The servant acknowledges a document; by 7 September 2026'],
    ['waits for a check', until(8), 'The case waits until 30 September 2026, when the mentor makes an interim check'],
    ['is checked', until(9), 'The mentor makes an interim check; by 7 October 2026'],
    ['waits for the review', until(10), 'The case waits until 31 October 2026, when the mentor makes an interim check'],
    [
      'has had its checks',
      [...until(10), { comes: '2026-11-11' }],
      'The case waits until 16 November 2026, when the review opens',
    ],
    ['is reviewed', until(11), 'The mentor gives an opinion; by 19 November 2026'],
    ['is returned', until(15), 'The direct supervisor reviews the probation; by 30 November 2026'],
    ['goes to the head', until(17), 'The official with appointment right decides on an extension; by 25 November 2026'],
    ['is extended', until(18), 'The case waits until 30 November 2026, when the mentor makes an interim check'],
    ['is with the Agency', toAgency, 'The authorized body answers whether it agrees to the dismissal; by 1 March 2027'],
    ['waits for a dismissal', dismissed, 'The case waits until 23 February 2027, when the decision takes effect'],
    [
      'ends in a dismissal',
      [...dismissed, { comes: '2027-02-23' }],
      'The case is closed: Dismissed on the results of probation, 23 February 2027',
    ],
  ]

  test.each(states)('%s', async (_, moves, sentence) => {
    expect(said('probation', (await InMemoryCase.play(probationUnder('R4'), calendarWith(), moves)).now)).toBe(sentence)
  })

  test('says that a term is over', async () => {
    const { now } = await InMemoryCase.play(probationUnder('R4'), calendarWith())
    expect(said('probation', now, isoDate('2026-12-01'))).toBe(
      'The HR service appoints a mentor; the term ended on 7 September 2026',
    )
  })

  test('is told of each of its days with how the day was reached', async () => {
    const { now } = await InMemoryCase.play(probationUnder('R4'), calendarWith(), until(8))
    expect(now.awaits).toMatchObject({ comes: 'interimCheck', due: { on: '2026-09-30', steps: [{ code: 'starts' }] } })
  })
})

test('the commendation: recommended, heard until the day of the sitting, voted on', async () => {
  const told: Told = {
    contract: exampleContract,
    run: example,
    form: {
      ...{ person: SUBJECT, position: 'junior', chair: 'm1', members: ['m1', 'm2', 'm3'], alternates: [] },
      ...{ sitting: '2026-11-25', proposedByHead: false },
    },
    on: isoDate('2026-11-09'),
    post,
    regime: 'R5',
    law: {
      terms: [
        ...TERMS.map(([name, value, unit]) => ({
          ...{ id: `example.${name}`, key: `example.${name}`, value, unit: unit },
          ...{ confidence: 'D' as const, source: 'example' },
        })),
        ...seededLaw({ terms: [], rules: {} }, 'R5').terms,
      ],
      rules: [{ id: 'example.quorum', key: 'example.quorum', value: 3, confidence: 'D', source: 'example' }],
    },
  }
  const moves: readonly (readonly [Move | null, string])[] = [
    [null, 'Whoever recommends says why; by 12 November 2026'],
    [{ answers: 'recommend', with: {} }, 'The head approves the recommendation; by 11 November 2026'],
    [{ answers: 'approve', with: {} }, 'The servant says whether he consents; by 11 November 2026'],
    [{ answers: 'consent', with: { agrees: true } }, 'The HR service checks the service record; by 11 November 2026'],
    [
      { answers: 'checkRecord', with: { clean: true } },
      'The case waits until 25 November 2026, when the commission sits',
    ],
    [{ comes: '2026-11-25' }, 'The members of the commission vote; by 2 December 2026'],
  ]
  const one = await InMemoryCase.play(told, calendarWith())
  const heard: string[] = []
  for (const [move] of moves) {
    if (move) await one.does(move)
    heard.push(said('example', one.now))
  }
  expect(heard).toEqual(moves.map(([, sentence]) => sentence))
})

const waiting: Omit<Standing, 'tasks'> = {
  ...{ status: 'open', outcome: null, closedOn: null, suspensions: null, awaits: null, waitsFor: [], halted: null },
  today: isoDate('2026-11-10'),
}
const due = (on: string) => ({ on: isoDate(on), overdue: false })

test.each(Object.keys(appeal.tasks))('an appeal in which %s is asked says who does what', (kind) => {
  const tasks = [{ id: 't', process: 'appeal', kind, state: 'ready' as const, due: due('2026-11-20') }]
  const sentence = nextSentence(english, 'appeal', nextOf({ ...waiting, tasks }))
  expect(sentence).toMatch(/^\p{Lu}.+; by 20 November 2026$/u)
})

describe('of several waits the next', () => {
  const day = { comes: 'review', due: { on: isoDate('2026-11-12'), steps: [] } }
  const task = { id: 't', process: 'probation', kind: 'acknowledge', state: 'ready' as const }
  test.each([
    ['a task with a term before a day', { awaits: day, tasks: [{ ...task, due: due('2026-12-01') }] }, 'task'],
    ['a day before a task without a term', { awaits: day, tasks: [{ ...task, due: null }] }, 'day'],
    ['a task without a term before nothing', { tasks: [{ ...task, due: null }] }, 'task'],
    ['no day that has come', { awaits: day, today: isoDate('2026-11-12'), tasks: [] }, 'goesOn'],
    [
      'no task that stands still',
      { tasks: [{ ...task, state: 'suspended' as const, due: due('2026-12-01') }] },
      'goesOn',
    ],
    ['another case where nothing else is', { waitsFor: ['x'], tasks: [] }, 'cases'],
    [
      'that it stands still before all',
      { halted: 'standstill' as const, tasks: [{ ...task, due: null }] },
      'standstill',
    ],
    [
      'its suspension before its tasks',
      {
        suspensions: [
          {
            ...{ ground: 'illness', of: 'case' as const, from: isoDate('2026-11-01'), to: null },
            ...{ expected: null, at: '2026-11-01T00:00:00.000Z' as never },
          },
        ],
        tasks: [{ ...task, due: due('2026-12-01') }],
      },
      'suspended',
    ],
  ])('is %s', (_, more, code) => {
    expect(nextOf({ ...waiting, ...more }).code).toBe(code)
  })
})

test('every process says in every language who does what while each of its tasks is open', () => {
  for (const { contract } of processes.all)
    for (const locale of LOCALES) {
      const words = wordsIn(path.join(ROOT, 'workflows', contract.name))[locale]
      expect(Object.keys(contract.tasks).filter((kind) => !words.get(`tasks.${kind}.waits`))).toEqual([])
    }
})

describe('the days left of a term', () => {
  const term = (unit: TermUnit): Due['steps'] => [
    { code: 'starts', on: isoDate('2026-11-02') },
    {
      code: 'adds',
      term: { id: 't', key: 't', value: 10, unit, confidence: 'D', source: 'test' },
      reaches: isoDate('2026-11-16'),
    },
  ]
  const left = (unit: TermUnit, today: string) =>
    daysLeft({ on: isoDate('2026-11-16'), steps: term(unit) }, isoDate(today), calendarWith())

  test.each([
    ['working days', '2026-11-12', { days: 2, unit: 'working days' }],
    ['calendar days', '2026-11-12', { days: 4, unit: 'calendar days' }],
    ['months', '2026-11-12', { days: 4, unit: 'calendar days' }],
    ['working days', '2026-11-16', { days: 0, unit: 'working days' }],
    ['working days', '2026-11-17', null],
  ] as const)('of %s on %s', (unit, today, expected) => {
    expect(left(unit, today)).toEqual(expected)
  })

  test('of a date that no term gave are not told', () => {
    const steps = [{ code: 'starts' as const, on: isoDate('2026-11-16') }]
    expect(daysLeft({ on: isoDate('2026-11-16'), steps }, isoDate('2026-11-12'), calendarWith())).toBeNull()
  })
})

describe('the line of stages', () => {
  const on = (stage: string, day: string) => ({ stage, on: isoDate(day) })
  const line = (stage: string, entries: readonly ReturnType<typeof on>[], closedOn: string | null = null) =>
    stagesOf(
      probation,
      { stage, status: closedOn ? 'closed' : 'open', closedOn: closedOn === null ? null : isoDate(closedOn) },
      entries,
    )
  const states = (stages: ReturnType<typeof line>) => Object.fromEntries(stages.map((each) => [each.stage, each.state]))

  test('has first and last day of what is done, and tells what was left out from what may come', () => {
    const stages = line('agencyReview', [
      on('mentoring', '2026-09-01'),
      on('planning', '2026-09-05'),
      on('running', '2026-09-14'),
      on('reviewDue', '2026-11-16'),
      on('agencyReview', '2026-11-24'),
    ])
    expect(states(stages)).toEqual({
      ...{ mentoring: 'done', planning: 'done', running: 'done', reviewDue: 'done' },
      ...{ extended: 'skipped', secondReview: 'skipped', agencyReview: 'now' },
    })
    expect(stages[0]?.stays).toEqual([{ from: '2026-09-01', to: '2026-09-05' }])
    expect(stages[6]?.stays).toEqual([{ from: '2026-11-24', to: null }])
  })

  test('of a part that begins anew has what comes again ahead, with the days of before', () => {
    const stages = line('mentoring', [
      on('mentoring', '2026-09-01'),
      on('planning', '2026-09-05'),
      on('mentoring', '2026-09-20'),
    ])
    expect(states(stages)).toMatchObject({ mentoring: 'now', planning: 'ahead', running: 'ahead' })
    expect(stages[1]?.stays).toEqual([{ from: '2026-09-05', to: '2026-09-20' }])
    expect(stages[0]?.stays).toHaveLength(2)
  })

  test('of a closed case has nothing ahead, and ends with its end', () => {
    const stages = line('passed', [on('mentoring', '2026-09-01'), on('planning', '2026-09-05')], '2026-09-09')
    expect(states(stages)).toMatchObject({ mentoring: 'done', planning: 'done', running: 'skipped' })
    expect(stages[1]?.stays).toEqual([{ from: '2026-09-05', to: '2026-09-09' }])
  })
})
