import fc from 'fast-check'
import type { ServicePost } from '../service/posts'
import { addDays, isoDate } from '../kernel/law/calendar'
import { offerOf, refusedDays } from '../kernel/contract'
import type {
  DaysOff,
  ActContext,
  CheckContext,
  BodyKey,
  Confidence,
  IsoDate,
  PersonId,
  PositionId,
  PositionRecord,
  RuleRow,
  TermRow,
  TermUnit,
  Fact,
  PersonRecord,
} from '../kernel/contract'
import type { AbsenceKind, ActForms, Answers } from './forms'
import {
  answerErrors,
  endOfProbation,
  firstFacts,
  interimCheckDay,
  mayNotReview,
  mentorOf,
  mentorRefusal,
  offers,
  pausesOf,
  planDueWithoutRevisions,
  probationApplies,
  restarted,
  rulebook,
  supervisorOf,
} from './rules'
import type { Absence, Probation, ProbationFacts } from './rules'

const day = isoDate
const person = (name: string) => name as PersonId
const body = 'finance' as BodyKey
const otherBody = 'justice' as BodyKey

const [servant, supervisor, mentor, colleague, hr] = ['servant', 'supervisor', 'mentor', 'colleague', 'hr'].map(
  person,
) as [PersonId, PersonId, PersonId, PersonId, PersonId]

const term = (key: string, value: number, unit: TermUnit = 'months', confidence: Confidence = 'L'): TermRow => ({
  id: `${key}:R3`,
  key,
  value,
  unit,
  confidence,
  source: 'W4 art. 20(3)',
})
const base = term('probation.base', 3)
const extension = term('probation.extension', 3)
const noBreak: TermRow = {
  ...term('selection.noBreakBetweenPosts', 1, 'working days'),
  source: 'W2 art. 15(2-1)',
}
const applying = (value: boolean, more: Partial<RuleRow> = {}): RuleRow => ({
  id: 'probation.applies:R3',
  key: 'probation.applies',
  value,
  confidence: 'L',
  source: 'W4 art. 20(1)',
  ...more,
})

/** A five-day week in which only New Year and Independence Day are off. */
const daysOff: DaysOff = {
  profile: 'five-day',
  from: day('2025-01-01'),
  to: day('2032-12-31'),
  off: ['2026-12-16', '2027-01-01', '2027-01-04'].map(day),
  working: [],
}

const facts = (more: Partial<ProbationFacts> = {}): ProbationFacts => ({
  servant,
  position: 'treasury.junior.1' as PositionId,
  body,
  bodyKind: 'central',
  startsOn: day('2026-08-31'),
  extended: false,
  supervisor,
  mentor,
  goals: ['2026-10-01', '2026-11-01'].map(day),
  absences: [],
  revisions: [],
  dismissalOpen: false,
  restarts: 0,
  moveAhead: null,
  ...more,
})
const absent = (from: string, to: string, more: Partial<Absence> = {}): Absence => ({
  from: day(from),
  to: day(to),
  kind: 'illness',
  withdrawn: false,
  ...more,
})

const RULES: Readonly<Record<string, RuleRow['value']>> = {
  'probation.mentorMaySupervise': false,
  'probation.mentorServiceMonths': 12,
  'probation.mentorMaxMentees': 3,
  'probation.restartOnOtherDuties': true,
}
type Colleague = PersonRecord & Probation['people']
const experienced: Colleague = { body, serviceMonths: 60, mentees: 0 }
const people = Object.fromEntries([servant, supervisor, mentor, colleague].map((each) => [each, experienced]))
const ruleFrom =
  (rules: Readonly<Record<string, RuleRow['value']>>) =>
  (key: string): RuleRow['value'] => {
    const value = rules[key]
    if (value === undefined) throw new Error(`no rule ${key}`)

    return value
  }
const check = (
  rules: Readonly<Record<string, RuleRow['value']>> = {},
  others: Readonly<Record<string, Colleague>> = {},
): CheckContext<Probation> => ({
  today: day('2026-10-15'),
  actor: hr,
  stage: 'running',
  daysOff,
  flag: () => false,
  endOf: () => day('2026-11-30'),
  rule: ruleFrom({ ...RULES, ...rules }),
  people: { ...people, ...others },
  positions: { 'treasury.junior.2': { body, posts: [{ from: day('2026-10-15'), to: null }] } },
})
const acting: (...more: Parameters<typeof check>) => ActContext<Probation> = check

const form = (answer: unknown): Fact => answer as Fact

// ------------------------------------------------------------------ whether probation applies

describe('who passes probation', () => {
  const post = (more: Partial<ServicePost> = {}): ServicePost => ({
    firstEntry: true,
    corps: 'B',
    elected: false,
    leftOn: null,
    leftGround: null,
    breakWorkingDays: null,
    bodyKind: 'central',
    body,
    region: 'astana',
    supervisor,
    appointedOn: day('2026-08-31'),
    ...more,
  })
  const reentrant = (leftGround: string | null, breakWorkingDays = 20): Partial<ServicePost> => ({
    firstEntry: false,
    leftOn: day('2026-07-31'),
    leftGround,
    breakWorkingDays,
  })
  const regime = { applies: applying(true), base, noBreak }

  test.each<[string, Partial<ServicePost>]>([
    ['whoever enters the service for the first time', {}],
    ['whoever was dismissed after evaluation', reentrant('evaluation')],
    ['whoever was dismissed after probation', reentrant('probation')],
    ['whoever was dismissed after attestation', reentrant('attestation')],
    ['whoever was dismissed on negative grounds', reentrant('negativeGrounds')],
    ['whoever was dismissed on negative grounds and took a post one working day late', reentrant('negativeGrounds', 1)],
  ])('%s does', (_, who) => {
    expect(probationApplies(post(who), regime)).toEqual({ applies: true })
  })

  const law = { source: 'W4 art. 20(1)', confidence: 'L' }
  const nextDay = { source: 'W2 art. 15(2-1)', confidence: 'L' }
  test.each<[string, Partial<ServicePost>, object]>([
    ['a political servant', { corps: 'political' }, { code: 'politicalServant', ...law }],
    ['a servant of corps A', { corps: 'A' }, { code: 'corpsA', ...law }],
    ['an elected akim', { elected: true }, { code: 'electedAkim', ...law }],
    ['whoever left of his own wish', reentrant('ownWish'), { code: 'reentrantInGoodStanding', ...law }],
    ['whoever left in a staff reduction', reentrant('staffReduction'), { code: 'reentrantInGoodStanding', ...law }],
    ['whoever left on a ground nobody wrote down', reentrant(null), { code: 'reentrantInGoodStanding', ...law }],
    [
      'whoever took the new post on the next working day',
      reentrant('transfer', 0),
      { code: 'noBreakInService', ...nextDay },
    ],
    // art. 15(2-1) asks when, not why
    [
      'whoever took the new post on the next working day after a failed probation',
      reentrant('probation', 0),
      { code: 'noBreakInService', ...nextDay },
    ],
    [
      'whoever took the new post a working day later',
      reentrant('transfer', 1),
      { code: 'reentrantInGoodStanding', ...law },
    ],
    [
      'a political servant dismissed before',
      { ...reentrant('evaluation'), corps: 'political' },
      { code: 'politicalServant' },
    ],
    ['a servant of corps A dismissed before', { ...reentrant('probation'), corps: 'A' }, { code: 'corpsA' }],
    ['an elected akim dismissed before', { ...reentrant('attestation'), elected: true }, { code: 'electedAkim' }],
  ])('%s does not', (_, who, reason) => {
    expect(probationApplies(post(who), regime)).toEqual({ applies: false, reason: expect.objectContaining(reason) })
  })

  test('where the regime gives more days, a longer break is still none', () => {
    const threeDays = { ...noBreak, value: 3 }
    const after = (days: number) =>
      probationApplies(post(reentrant('probation', days)), { ...regime, noBreak: threeDays }).applies
    expect([0, 1, 2, 3, 4].map(after)).toEqual([false, false, false, true, true])
  })

  test('the reason is as sure as the row it rests on', () => {
    const guessed: TermRow = { ...noBreak, confidence: 'U', source: 'placeholder' }
    expect(probationApplies(post(reentrant('transfer', 0)), { ...regime, noBreak: guessed })).toEqual({
      applies: false,
      reason: { code: 'noBreakInService', source: 'placeholder', confidence: 'U' },
    })
  })

  test.each<[string, RuleRow, number]>([
    ['its rule says so', applying(false, { source: 'S3 section 5.2.2', confidence: 'S' }), 3],
    ['its term is none', applying(true, { source: 'S3 section 5.2.2', confidence: 'S' }), 0],
    [
      'its rule was never filled in with yes or no',
      applying(true, { value: 'yes', source: 'S3 section 5.2.2', confidence: 'S' }),
      3,
    ],
  ])('nobody does in a regime that abolished it: %s', (_, applies, months) => {
    const abolished = { applies, base: { ...base, value: months }, noBreak }
    for (const who of [{}, { corps: 'A' as const }, reentrant('negativeGrounds'), reentrant('transfer', 0)])
      expect(probationApplies(post(who), abolished)).toEqual({
        applies: false,
        reason: { code: 'abolished', source: 'S3 section 5.2.2', confidence: 'S' },
      })
  })
})

// ------------------------------------------------------------------ clocks

const endsOn = (known: ProbationFacts): IsoDate => endOfProbation(known, base, extension, daysOff).on

describe('the end of probation', () => {
  test.each([
    ['2026-08-31', '2026-11-30', '2027-02-28'],
    ['2026-11-30', '2027-02-28', '2027-05-30'],
    ['2026-01-15', '2026-04-15', '2026-07-15'],
    ['2027-11-30', '2028-02-29', '2028-05-30'],
  ])('of one begun on %s is %s, and %s once extended', (start, end, extended) => {
    expect(endsOn(facts({ startsOn: day(start) }))).toBe(end)
    expect(endsOn(facts({ startsOn: day(start), extended: true }))).toBe(extended)
  })

  test('stays where it falls, even on a day off', () => {
    // 31 August + 3 months and 5 days is a Saturday
    expect(endsOn(facts({ absences: [absent('2026-09-07', '2026-09-11')] }))).toBe('2026-12-05')
  })

  test.each<[string, readonly Absence[], string, string]>([
    ['none', [], '2026-11-30', '2027-02-28'],
    ['of one day', [absent('2026-09-07', '2026-09-07')], '2026-12-01', '2027-03-01'],
    ['recorded when the first end had passed', [absent('2026-11-27', '2026-12-04')], '2026-12-08', '2027-03-08'],
    [
      'twice over the same days',
      [absent('2026-09-07', '2026-09-11'), absent('2026-09-09', '2026-09-14', { kind: 'leave' })],
      '2026-12-08',
      '2027-03-08',
    ],
    ['before the start', [absent('2026-08-01', '2026-08-30')], '2026-11-30', '2027-02-28'],
    ['from before the start into it', [absent('2026-08-20', '2026-09-02')], '2026-12-03', '2027-03-03'],
    ['of the last day', [absent('2026-11-30', '2026-11-30')], '2026-12-01', '2027-03-01'],
    ['of the day after the end', [absent('2026-12-01', '2026-12-01')], '2026-11-30', '2027-03-01'],
    ['in the extension', [absent('2027-01-11', '2027-01-20')], '2026-11-30', '2027-03-10'],
    ['withdrawn', [absent('2026-09-07', '2026-09-11', { withdrawn: true })], '2026-11-30', '2027-02-28'],
    [
      'withdrawn beside one that stands',
      [absent('2026-09-07', '2026-09-11', { withdrawn: true }), absent('2026-09-10', '2026-09-10')],
      '2026-12-01',
      '2027-03-01',
    ],
    [
      'in the days gained',
      [absent('2026-09-07', '2026-09-11'), absent('2026-12-05', '2026-12-06')],
      '2026-12-07',
      '2027-03-07',
    ],
  ])('with an absence %s', (_, absences, end, extended) => {
    expect(endsOn(facts({ absences }))).toBe(end)
    expect(endsOn(facts({ absences, extended: true }))).toBe(extended)
  })

  test('says which absences moved it, by kind', () => {
    const kinds: AbsenceKind[] = ['illness', 'leave', 'study', 'stateDuty', 'otherValid']
    const absences = kinds.map((kind, i) => absent(`2026-09-0${i + 1}`, `2026-09-0${i + 1}`, { kind }))
    expect(pausesOf(facts({ absences })).map((pause) => pause.because)).toEqual([
      'absence.illness',
      'absence.leave',
      'absence.study',
      'absence.stateDuty',
      'absence.otherValid',
    ])
    expect(endOfProbation(facts({ absences }), base, extension, daysOff)).toEqual({
      on: '2026-12-05',
      steps: [
        { code: 'starts', on: '2026-08-31' },
        { code: 'adds', term: base, reaches: '2026-11-30' },
        { code: 'paused', pauses: pausesOf(facts({ absences })), days: 5, reaches: '2026-12-05' },
      ],
    })
  })

  test('names both terms once extended', () => {
    expect(endOfProbation(facts({ extended: true }), base, extension, daysOff).steps).toEqual([
      { code: 'starts', on: '2026-08-31' },
      { code: 'adds', term: base, reaches: '2026-11-30' },
      { code: 'adds', term: extension, reaches: '2027-02-28' },
    ])
  })
})

describe('the plan', () => {
  const within = term('probation.planAgreed', 5, 'working days', 'U')
  const due = (...revisions: [string, string][]) =>
    planDueWithoutRevisions(
      facts({
        startsOn: day('2026-09-01'),
        revisions: revisions.map(([from, to]) => ({ from: day(from), to: day(to), because: 'revision' })),
      }),
      within,
      daysOff,
    ).on

  test('is agreed in five working days after the appointment', () => {
    expect(due()).toBe('2026-09-08')
  })

  test.each<[string, [string, string][], string]>([
    ['two working days', [['2026-09-03', '2026-09-04']], '2026-09-10'],
    ['a weekend only', [['2026-09-05', '2026-09-06']], '2026-09-08'],
    ['Friday to Monday', [['2026-09-04', '2026-09-07']], '2026-09-10'],
    [
      'two days, twice',
      [
        ['2026-09-03', '2026-09-04'],
        ['2026-09-07', '2026-09-08'],
      ],
      '2026-09-14',
    ],
    // sent back and drafted again on one day: the stretch ends on the day before it began
    ['not a day', [['2026-09-03', '2026-09-02']], '2026-09-08'],
  ])('that lay with the mentor for %s is due by %s', (_, revisions, on) => {
    expect(due(...revisions)).toBe(on)
  })
})

test.each([
  [1, '2026-09-30'],
  [2, '2026-10-31'],
  [3, '2026-11-30'],
  [6, '2027-02-28'],
])('the monthly check number %i of a probation begun on 31 August is on %s', (n, on) => {
  expect(interimCheckDay(facts(), n, term('probation.interimEvery', 1))).toBe(on)
})

test('absences do not move the monthly checks', () => {
  const absences = [absent('2026-09-07', '2026-09-20')]
  expect(interimCheckDay(facts({ absences }), 1, term('probation.interimEvery', 1))).toBe('2026-09-30')
})

describe('laws of the absences', () => {
  const start = day('2026-08-31')
  const absence: fc.Arbitrary<Absence> = fc
    .record({
      after: fc.integer({ min: -40, max: 260 }),
      days: fc.integer({ min: 0, max: 40 }),
      kind: fc.constantFrom<AbsenceKind>('illness', 'leave', 'study', 'stateDuty', 'otherValid'),
      withdrawn: fc.boolean(),
    })
    .map(({ after, days, kind, withdrawn }) => ({
      from: addDays(start, after),
      to: addDays(start, after + days),
      kind,
      withdrawn,
    }))
  const probation = fc
    .record({ absences: fc.array(absence, { maxLength: 6 }), extended: fc.boolean() })
    .map((more) => facts(more))
  const recorded = (known: ProbationFacts, { from, to, kind }: Absence): ProbationFacts => {
    const result = rulebook.acts.recordAbsence(known, { from, to, kind }, acting())

    return 'facts' in result ? result.facts : known
  }

  test('one more absence never brings the end nearer', () => {
    fc.assert(
      fc.property(probation, absence, (known, more) => {
        expect(endsOn(recorded(known, more)) >= endsOn(known)).toBe(true)
      }),
    )
  })

  test('recorded and then withdrawn is as if never recorded', () => {
    fc.assert(
      fc.property(probation, absence, (known, more) => {
        const after = recorded(known, more)
        if (after === known) return
        const number = after.absences.length
        const result = rulebook.acts.withdrawAbsence(after, { absence: number }, acting())
        if (!('facts' in result)) throw new Error('refused')
        expect(endOfProbation(result.facts, base, extension, daysOff)).toEqual(
          endOfProbation(known, base, extension, daysOff),
        )
        expect(rulebook.acts.withdrawAbsence(result.facts, { absence: number }, acting())).toHaveProperty('refused')
      }),
    )
  })

  test('corrected is as if recorded so from the first', () => {
    fc.assert(
      fc.property(probation, absence, absence, (known, wrong, right) => {
        const after = recorded(known, wrong)
        const atOnce = recorded(known, right)
        if (after === known || atOnce === known) return
        const { from, to, kind } = right
        const result = rulebook.acts.correctAbsence(after, { absence: after.absences.length, from, to, kind }, acting())
        expect(result).toEqual({ facts: atOnce })
      }),
    )
  })

  test('their order does not matter', () => {
    fc.assert(
      fc.property(
        probation.chain((known) =>
          fc.tuple(fc.constant(known), fc.shuffledSubarray([...known.absences], { minLength: known.absences.length })),
        ),
        ([known, absences]) => {
          expect(endsOn({ ...known, absences })).toBe(endsOn(known))
        },
      ),
    )
  })

  test('an extension never ends before the first three months', () => {
    fc.assert(
      fc.property(probation, (known) => {
        expect(endsOn({ ...known, extended: true }) > endsOn({ ...known, extended: false })).toBe(true)
      }),
    )
  })
})

// ------------------------------------------------------------------ who

describe('who may be the mentor', () => {
  test('an experienced colleague of the same body', () => {
    expect(mentorRefusal(colleague, facts(), check())).toBeNull()
  })

  test.each<[string, PersonId, Partial<Colleague>, string | null]>([
    ['the servant himself', servant, {}, 'mentorIsServant'],
    ['his direct supervisor', supervisor, {}, 'mentorIsSupervisor'],
    ['somebody of another body', colleague, { body: otherBody }, 'mentorOfOtherBody'],
    ['somebody who holds no post', colleague, { body: null }, 'mentorOfOtherBody'],
    ['somebody with eleven months of service', colleague, { serviceMonths: 11 }, 'mentorServedTooShort'],
    ['somebody with twelve months of service', colleague, { serviceMonths: 12 }, null],
    ['somebody with two mentees', colleague, { mentees: 2 }, null],
    ['somebody with three mentees', colleague, { mentees: 3 }, 'mentorHasTooMany'],
    ['somebody with four mentees', colleague, { mentees: 4 }, 'mentorHasTooMany'],
  ])('%s', (_, who, record, why) => {
    expect(mentorRefusal(who, facts(), check({}, { [who]: { ...experienced, ...record } }))).toBe(why)
  })

  test('nobody of whom the register knows nothing', () => {
    expect(mentorRefusal(person('stranger'), facts(), check())).toBe('mentorOfOtherBody')
  })

  test('the supervisor, where a regime says so, if he fits otherwise', () => {
    const row = { 'probation.mentorMaySupervise': true }
    expect(mentorRefusal(supervisor, facts(), check(row))).toBeNull()
    const novice = { [supervisor]: { ...experienced, serviceMonths: 3 } }
    expect(mentorRefusal(supervisor, facts(), check(row, novice))).toBe('mentorServedTooShort')
    expect(mentorRefusal(servant, facts(), check(row))).toBe('mentorIsServant')
  })

  test('with other figures, others', () => {
    const row = { 'probation.mentorServiceMonths': 61, 'probation.mentorMaxMentees': 0 }
    expect(mentorRefusal(colleague, facts(), check(row))).toBe('mentorServedTooShort')
    expect(mentorRefusal(colleague, facts(), check({ ...row, 'probation.mentorServiceMonths': 60 }))).toBe(
      'mentorHasTooMany',
    )
  })
})

test('whoever is missing has a stand-in', () => {
  expect(supervisorOf(facts())).toEqual({ person: supervisor, servesIn: body })
  expect(supervisorOf(facts({ supervisor: null }))).toEqual({ role: 'head', body })
  expect(supervisorOf(facts({ supervisor: servant }))).toEqual({ role: 'head', body })
  expect(mentorOf(facts())).toEqual({ person: mentor, servesIn: body })
  expect(mentorOf(facts({ mentor: null }))).toEqual({ role: 'hr', body })
})

test('nobody reviews himself, and the mentor only where he is the supervisor too', () => {
  expect(mayNotReview(facts())).toEqual([servant, mentor])
  expect(mayNotReview(facts({ mentor: null }))).toEqual([servant])
  expect(mayNotReview(facts({ mentor: supervisor }))).toEqual([servant])
  // the head stands in for a missing supervisor: were he the mentor too, nobody could review
  expect(mayNotReview(facts({ supervisor: null }))).toEqual([servant])
})

test('the case names its parties as far as there are any', () => {
  expect(rulebook.parties(facts())).toEqual({ mentor, supervisor })
  expect(rulebook.parties(facts({ mentor: null, supervisor: null }))).toEqual({})
})

// ------------------------------------------------------------------ answers

describe('what the form of a task cannot know', () => {
  const judged = (...numbers: number[]) => ({ goals: numbers.map((number) => ({ number, verdict: 'met' })) })
  const planned = (...dates: string[]) => ({ goals: dates.map((by) => ({ by })) })

  test.each<[string, keyof Answers, unknown, Partial<ProbationFacts>, Readonly<Record<string, string>> | null]>([
    ['a mentor who fits', 'appointMentor', { mentor: colleague }, {}, null],
    ['the servant as his own mentor', 'appointMentor', { mentor: servant }, {}, { mentor: 'mentorIsServant' }],
    ['the supervisor as mentor', 'appointMentor', { mentor: supervisor }, {}, { mentor: 'mentorIsSupervisor' }],
    ['goals from the first day on', 'draftAdaptationPlan', planned('2026-08-31', '2026-11-01'), {}, null],
    [
      'a goal due before the start',
      'draftAdaptationPlan',
      planned('2026-09-01', '2026-08-30', '2026-08-01'),
      {},
      { 'goals.1.by': 'beforeStart' },
    ],
    ['agreement', 'agreeAdaptationPlan', {}, {}, null],
    ['acknowledgement', 'acknowledge', {}, {}, null],
    ['a check of each goal', 'interimCheck', judged(1, 2), {}, null],
    ['a check that leaves a goal out', 'interimCheck', judged(1), {}, { goals: 'eachGoalOnce' }],
    ['a check of a goal too many', 'interimCheck', judged(1, 2, 3), {}, { goals: 'eachGoalOnce' }],
    ['a check of one goal twice', 'interimCheck', judged(1, 1), {}, { goals: 'eachGoalOnce' }],
    ['a check in another order', 'interimCheck', judged(2, 1), {}, { goals: 'eachGoalOnce' }],
    ['an opinion', 'mentorOpinion', { recommends: 'unsatisfactory' }, {}, null],
    ['a review of each goal', 'reviewProbation', { ...judged(1, 2), result: 'satisfactory' }, {}, null],
    [
      'a review of other goals',
      'reviewProbation',
      { ...judged(1, 3), result: 'satisfactory' },
      {},
      { goals: 'eachGoalOnce' },
    ],
    ['an extension', 'decideExtension', { decision: 'extend' }, {}, null],
    [
      'a dismissal at the first review',
      'decideExtension',
      { decision: 'proposeDismissal' },
      {},
      { decision: 'dismissalOnlyAfterExtension' },
    ],
    [
      'one where the regime opens it',
      'decideExtension',
      { decision: 'proposeDismissal' },
      { dismissalOpen: true },
      null,
    ],
    ['a dismissal at the second review', 'decideDismissal', { decision: 'propose' }, {}, null],
    ['the consent of the Agency', 'agreeDismissal', { decision: 'agree' }, {}, null],
  ])('%s', (_, kind, answer, more, errors) => {
    expect(answerErrors(kind, form(answer), facts(more) as unknown as Fact, check())).toEqual(errors)
  })
})

describe('what a form offers', () => {
  const asked = (form: keyof typeof offers, more: Partial<ProbationFacts> = {}) => ({
    offer: offerOf(offers, form),
    facts: facts(more),
  })

  test.each<[string, keyof typeof offers, Partial<ProbationFacts>, string | null]>([
    ['correcting an absence where there is none', 'correctAbsence', {}, 'noAbsences'],
    ['withdrawing one where there is none', 'withdrawAbsence', {}, 'noAbsences'],
    [
      'withdrawing one where all were withdrawn',
      'withdrawAbsence',
      { absences: [absent('2026-09-07', '2026-09-11', { withdrawn: true })] },
      'noAbsences',
    ],
    ['correcting one that stands', 'correctAbsence', { absences: [absent('2026-09-07', '2026-09-11')] }, null],
    ['replacing a mentor who has left', 'replaceMentor', { mentor: null }, null],
    ['replacing one', 'replaceMentor', {}, null],
  ])('%s', (_, form, more, code) => {
    const { offer, facts: known } = asked(form, more)
    expect(offer?.closed?.(known, check())?.code ?? null).toBe(code)
  })

  test.each<[string, PositionRecord | undefined, string | null]>([
    ['of which nothing is known', undefined, 'notTheirPost'],
    ['that nobody gave the person', { body, posts: [] }, 'notTheirPost'],
    ['of another body', { body: otherBody, posts: [{ from: day('2026-10-05'), to: null }] }, 'positionOfOtherBody'],
    ['that the person has', { body, posts: [{ from: day('2026-10-05'), to: null }] }, null],
  ])('a move to a position %s', (_, record, code) => {
    const { offer, facts: known } = asked('moveToOtherPost')
    const context = { ...check(), positions: record ? { senior: record } : {} }
    expect(offer?.refuses?.['position']?.('senior', known, context)).toBe(code)
  })

  test('a move under the mentor, where he stays whatever the duties and may not supervise', () => {
    const { offer, facts: known } = asked('moveToOtherPost')
    const refused = (row: Readonly<Record<string, boolean>>) =>
      offer?.refuses?.['supervisor']?.(mentor, known, acting(row))
    expect(refused({ 'probation.restartOnOtherDuties': false })).toBe('mentorIsSupervisor')
    // with other duties probation begins anew, and a mentor is named anew
    expect(refused({})).toBeNull()
  })

  const days: [string, keyof typeof offers, unknown, object | null][] = [
    ['a goal of the last day', 'draftAdaptationPlan', { goals: [{ by: '2026-11-30' }] }, null],
    [
      'a goal after the end',
      'draftAdaptationPlan',
      { goals: [{ by: '2026-11-30' }, { by: '2040-01-01' }] },
      { 'goals.1.by': 'afterEnd' },
    ],
    [
      'a goal before the start',
      'draftAdaptationPlan',
      { goals: [{ by: '2026-08-30' }] },
      { 'goals.0.by': 'beforeStart' },
    ],
    ['an absence on the last day', 'recordAbsence', { from: '2026-11-30', to: '2026-12-04' }, null],
    ['an absence after the end', 'recordAbsence', { from: '2040-01-01', to: '2040-01-05' }, { from: 'afterEnd' }],
    [
      'an absence corrected to one after the end',
      'correctAbsence',
      { from: '2026-12-01', to: '2026-12-05' },
      { from: 'afterEnd' },
    ],
    ['an absence before the start', 'correctAbsence', { from: '2026-08-01', to: '2026-08-05' }, { to: 'beforeStart' }],
    ['a move before the start', 'moveToOtherPost', { from: '2026-08-30' }, { from: 'beforeStart' }],
    [
      'a move from a day from which no term can be counted',
      'moveToOtherPost',
      { from: '2032-01-01' },
      { from: 'outsideCalendar' },
    ],
  ]
  test.each(days)('%s', (_, form, answer, errors) => {
    expect(refusedDays(offerOf(offers, form), answer, facts(), check())).toEqual(errors)
  })

  test('a plan that comes after the end may set goals for the day on which it is drafted', () => {
    const late = { ...check(), today: day('2026-12-03') }
    const on = (by: string) => refusedDays(offerOf(offers, 'draftAdaptationPlan'), { goals: [{ by }] }, facts(), late)
    expect([on('2026-12-03'), on('2026-12-04')]).toEqual([null, { 'goals.0.by': 'afterEnd' }])
  })
})

// ------------------------------------------------------------------ acts

describe('absences', () => {
  const known = facts({
    absences: [absent('2026-09-07', '2026-09-11'), absent('2026-09-14', '2026-09-14', { withdrawn: true })],
  })
  const given = (from: string, to: string) => ({ from: day(from), to: day(to), kind: 'leave' as const })
  const refused = (errors: object) => ({ refused: { code: 'form.invalid' }, errors })

  test('are recorded one after another and change nothing else', () => {
    expect(rulebook.acts.recordAbsence(known, given('2026-10-01', '2026-10-02'), acting())).toEqual({
      facts: { ...known, absences: [...known.absences, absent('2026-10-01', '2026-10-02', { kind: 'leave' })] },
    })
  })

  const dates: [string, string, string, object | null][] = [
    ['ends before it begins', '2026-10-02', '2026-10-01', { to: 'beforeFrom' }],
    ['ends before probation began', '2026-08-01', '2026-08-30', { to: 'beforeStart' }],
    ['ends on the day probation began', '2026-08-01', '2026-08-31', null],
    ['of a day', '2026-10-01', '2026-10-01', null],
    ['of a year', '2026-10-01', '2027-10-01', null],
    ['of a year and two days', '2026-10-01', '2027-10-03', { to: 'tooLong' }],
    ['yet to come', '2026-12-01', '2026-12-02', null],
  ]
  test.each(dates)('one that %s', (_, from, to, errors) => {
    const form = given(from, to)
    const record = rulebook.acts.recordAbsence(known, form, acting())
    const correct = rulebook.acts.correctAbsence(known, { absence: 1, ...form }, acting())
    if (errors) {
      expect(record).toEqual(refused(errors))
      expect(correct).toEqual(refused(errors))
    } else {
      expect(record).toHaveProperty('facts.absences.2', { ...form, withdrawn: false })
      expect(correct).toHaveProperty('facts.absences.0', { ...form, withdrawn: false })
    }
  })

  test('are corrected in their place', () => {
    expect(rulebook.acts.correctAbsence(known, { absence: 1, ...given('2026-09-07', '2026-09-09') }, acting())).toEqual(
      {
        facts: { ...known, absences: [absent('2026-09-07', '2026-09-09', { kind: 'leave' }), known.absences[1]] },
      },
    )
  })

  test('are withdrawn, not removed, so that numbers stay', () => {
    expect(rulebook.acts.withdrawAbsence(known, { absence: 1 }, acting())).toEqual({
      facts: { ...known, absences: [absent('2026-09-07', '2026-09-11', { withdrawn: true }), known.absences[1]] },
    })
  })

  test.each([
    ['already withdrawn', 2],
    ['never recorded', 3],
    ['number nought', 0],
  ])('one that was %s can be neither corrected nor withdrawn', (_, absence) => {
    const none = refused({ absence: 'noSuchAbsence' })
    expect(rulebook.acts.withdrawAbsence(known, { absence }, acting())).toEqual(none)
    expect(rulebook.acts.correctAbsence(known, { absence, ...given('2026-10-01', '2026-10-02') }, acting())).toEqual(
      none,
    )
  })
})

describe('when the post of whoever has a part ends', () => {
  const left = (
    known: ProbationFacts,
    gone: { party: 'mentor' | 'supervisor'; successor: PersonId | null },
    rules = {},
  ) => rulebook.left?.(known, gone, check(rules))

  test('a mentor is nobody until another is named', () => {
    expect(left(facts(), { party: 'mentor', successor: null })).toEqual(facts({ mentor: null }))
  })

  test.each<[string, PersonId | null, object, PersonId | null]>([
    ['his successor', colleague, {}, colleague],
    ['the head of the body, where there is none', null, {}, null],
    ['the head of the body, where the mentor succeeds him', mentor, {}, null],
    [
      'the mentor who succeeds him, where a regime lets him be both',
      mentor,
      { 'probation.mentorMaySupervise': true },
      mentor,
    ],
  ])('in the place of the supervisor comes %s', (_, successor, rules, supervisorNow) => {
    expect(left(facts(), { party: 'supervisor', successor }, rules)).toEqual(facts({ supervisor: supervisorNow }))
  })
})

describe('another mentor', () => {
  test('is named after one who left', () => {
    const known = facts({ mentor: null })
    expect(rulebook.acts.replaceMentor(known, { mentor: colleague }, acting())).toEqual({
      facts: facts({ mentor: colleague }),
    })
  })

  test('takes over', () => {
    expect(rulebook.acts.replaceMentor(facts(), { mentor: colleague }, acting())).toEqual({
      facts: facts({ mentor: colleague }),
    })
  })

  test.each<[string, Partial<ProbationFacts>, PersonId, object]>([
    ['who is the same', {}, mentor, { refused: { code: 'form.invalid' }, errors: { mentor: 'sameMentor' } }],
    [
      'who is the supervisor',
      {},
      supervisor,
      { refused: { code: 'form.invalid' }, errors: { mentor: 'mentorIsSupervisor' } },
    ],
    ['who is the servant', {}, servant, { refused: { code: 'form.invalid' }, errors: { mentor: 'mentorIsServant' } }],
  ])('is refused %s', (_, more, who, result) => {
    expect(rulebook.acts.replaceMentor(facts(more), { mentor: who }, acting())).toEqual(result)
  })
})

describe('a start', () => {
  const started = (more: object, posts = [{ from: day('2026-08-31'), to: day('2026-12-31') }]) => {
    const said = { person: servant, position: 'junior', appointedOn: '2026-08-31', actDate: '2026-08-28', ...more }
    const context = { ...check(), positions: { junior: { body, posts } } }

    return answerErrors('start', form(said), {}, context) ?? refusedDays(offerOf(offers, 'start'), said, {}, context)
  }

  test('from the first day of the post, by an act of about that day, stands', () => {
    expect(started({})).toBeNull()
    expect(started({ actDate: '2026-10-15' })).toBeNull()
  })

  test.each<[string, object, object]>([
    ['from a later day than the first of the post', { appointedOn: '2026-09-01' }, { appointedOn: 'notFirstDay' }],
    ['by an act of a day to come', { actDate: '2027-08-28' }, { actDate: 'notYet' }],
    ['by an act of another century', { actDate: '1900-01-01' }, { actDate: 'longBefore' }],
  ])('%s is refused', (_, more, errors) => {
    expect(started(more)).toEqual(errors)
  })

  test('in a position that the person never had is refused; of one who left it by then the case says so', () => {
    expect(started({}, [])).toEqual({ position: 'notTheirPost' })
    expect(started({ appointedOn: '2027-02-01' })).toBeNull()
  })
})

describe('a move to another post', () => {
  const move = (more: Partial<ActForms['moveToOtherPost']> = {}): ActForms['moveToOtherPost'] => ({
    position: 'treasury.junior.2' as PositionId,
    duties: 'same',
    supervisor: colleague,
    from: day('2026-10-15'),
    ...more,
  })

  test('with the same duties: probation goes on under the new supervisor', () => {
    const known = facts({ extended: true, absences: [absent('2026-09-07', '2026-09-11')] })
    expect(rulebook.acts.moveToOtherPost(known, move(), acting())).toEqual({
      facts: { ...known, position: 'treasury.junior.2', supervisor: colleague },
    })
  })

  test('with other duties: it begins anew', () => {
    expect(rulebook.acts.moveToOtherPost(facts(), move({ duties: 'other' }), acting())).toEqual({ turn: true })
  })

  test('with other duties, where the regime does not begin it anew: it goes on', () => {
    const row = { 'probation.restartOnOtherDuties': false }
    expect(rulebook.acts.moveToOtherPost(facts(), move({ duties: 'other' }), acting(row))).toHaveProperty(
      'facts.startsOn',
      '2026-08-31',
    )
  })

  test.each<[string, Partial<ActForms['moveToOtherPost']>, object]>([
    ['from a day from which no term can be counted', { from: day('2062-01-05') }, { from: 'outsideCalendar' }],
    ['before the start', { from: day('2026-08-30') }, { from: 'beforeStart' }],
    ['under himself', { supervisor: servant }, { supervisor: 'yourself' }],
    ['under his mentor, who stays', { supervisor: mentor }, { supervisor: 'mentorIsSupervisor' }],
  ])('is refused %s', (_, more, errors) => {
    expect(rulebook.acts.moveToOtherPost(facts(), move(more), acting())).toEqual({
      refused: { code: 'form.invalid' },
      errors,
    })
  })

  test('under his mentor is taken where a mentor may supervise, and where a mentor is named anew', () => {
    const row = { 'probation.mentorMaySupervise': true }
    expect(rulebook.acts.moveToOtherPost(facts(), move({ supervisor: mentor }), acting(row))).toHaveProperty(
      'facts.supervisor',
      mentor,
    )
    const other = move({ supervisor: mentor, duties: 'other' })
    expect(rulebook.acts.moveToOtherPost(facts(), other, acting())).toEqual({ turn: true })
  })

  test('from a day to come changes nothing but what is ahead', () => {
    const from = day('2026-12-01')
    const positions = { 'treasury.junior.2': { body, posts: [{ from, to: null }] } }
    const known = facts()
    for (const duties of ['same', 'other'] as const) {
      const planned = move({ from, duties })
      expect(rulebook.acts.moveToOtherPost(known, planned, { ...acting(), positions })).toEqual({
        facts: { ...known, moveAhead: planned },
      })
    }
  })

  test('planned under somebody makes him no mentor meanwhile, unless a mentor is named anew', () => {
    const ahead = (duties: 'same' | 'other') => facts({ moveAhead: move({ duties }) })
    expect(mentorRefusal(colleague, ahead('same'), check())).toBe('mentorIsSupervisor')
    expect(mentorRefusal(colleague, ahead('other'), check())).toBeNull()
  })

  test('leaves nothing of the first probation but the absences, whose numbers older events know', () => {
    const reaching = absent('2026-10-12', '2026-10-20')
    const withdrawn = absent('2026-10-15', '2026-10-16', { withdrawn: true })
    const known = facts({
      extended: true,
      absences: [absent('2026-09-07', '2026-10-14'), reaching, withdrawn],
      revisions: [{ from: day('2026-09-03'), to: day('2026-09-04'), because: 'revision' }],
      dismissalOpen: true,
      restarts: 1,
    })
    const anew = restarted(known, move({ duties: 'other' }))
    expect(anew).toEqual({
      ...known,
      position: 'treasury.junior.2',
      supervisor: colleague,
      startsOn: '2026-10-15',
      extended: false,
      mentor: null,
      goals: [],
      absences: known.absences,
      revisions: [],
      restarts: 2,
    })
    // 15 October + 3 months + the six days of the absence that are left
    expect(endsOn(anew)).toBe('2027-01-21')
  })
})

test('the head may cancel, which ends the story', () => {
  expect(rulebook.acts.cancel(facts(), { ground: 'openedInError' }, acting())).toEqual({ turn: true })
})

test('a case begins with the post it was opened for and nothing else', () => {
  const start = { person: servant, position: 'treasury.junior.1' as PositionId }
  expect(firstFacts({ ...start, appointedOn: day('2026-08-31'), actDate: day('2026-08-28') }, body)).toEqual(
    facts({ bodyKind: '', supervisor: null, mentor: null, goals: [], startsOn: day('2026-08-31') }),
  )
})
