import { regimeRows, ruleRows, termRows } from '../../prisma/seed/data'
import { END_GROUNDS, type ServicePost } from '../service/posts'
import { isoDate } from '../kernel/law/calendar'
import type { DaysOff, BodyKey, PersonId, PositionId, RuleRow, TermRow, Fact } from '../kernel/contract'
import { isUnverified, TERM_UNITS } from '../kernel/contract'
import { contract } from './contract'
import { answerErrors, endOfProbation, firstFacts, probationApplies } from './rules'
import type { Applies, ProbationFacts } from './rules'

// What the seeded register makes of one and the same person under each regime: the rows are the seed's, the rules are the code's.

const terms = termRows()
const rules = ruleRows()
const unitOf = (unit: string) => TERM_UNITS.find((each) => each === unit)

/** The regime's own row, else the one that holds for all, as the register gives it to a case. */
const termIn = (regime: string, key: string): TermRow | null => {
  const row = [regime, '*']
    .map((id) => terms.find((each) => each.key === key && each.regimeId === id))
    .find((each) => each !== undefined)
  const unit = row && unitOf(row.unit)
  if (!row || !unit || row.value === null) return null

  return { id: row.id, key, value: row.value, unit, confidence: row.confidence, source: row.source }
}
const ruleIn = (regime: string, key: string): RuleRow | null => {
  const row = rules.find((each) => each.key === key && each.regimeId === regime)

  return row ? { id: row.id, key, value: row.value, confidence: row.confidence, source: row.source } : null
}
const found = <Row>(row: Row | null): Row => {
  if (!row) throw new Error('the register has no such row')

  return row
}

const post: ServicePost = {
  firstEntry: true,
  corps: 'B',
  elected: false,
  leftOn: null,
  leftGround: null,
  breakWorkingDays: null,
  bodyKind: 'central',
  body: 'ministryFinance' as BodyKey,
  region: 'astana',
  supervisor: null,
  appointedOn: isoDate('2026-08-31'),
}
const appliesIn = (regime: string, who: Partial<ServicePost> = {}): Applies =>
  probationApplies(
    { ...post, ...who },
    {
      applies: found(ruleIn(regime, 'probation.applies')),
      base: found(termIn(regime, 'probation.base')),
      noBreak: found(termIn(regime, 'selection.noBreakBetweenPosts')),
    },
  )

const daysOff: DaysOff = {
  profile: 'five-day',
  from: isoDate('2015-01-01'),
  to: isoDate('2032-12-31'),
  off: [],
  working: [],
}
const factsIn = (regime: string): ProbationFacts => ({
  ...firstFacts(
    {
      person: 'newcomer' as PersonId,
      position: 'junior' as PositionId,
      appointedOn: isoDate('2026-08-31'),
      actDate: isoDate('2026-08-28'),
    },
    post.body,
  ),
  dismissalOpen: found(ruleIn(regime, 'probation.dismissalAtFirstReview')).value === true,
})
const endsIn = (regime: string, extended: boolean) =>
  endOfProbation(
    { ...factsIn(regime), extended },
    found(termIn(regime, 'probation.base')),
    found(termIn(regime, 'probation.extension')),
    daysOff,
  ).on

const dismissalAtFirstReviewIn = (regime: string) =>
  answerErrors('decideExtension', { decision: 'proposeDismissal' }, factsIn(regime) as unknown as Fact, {
    actor: '00000000-0000-4000-8000-000000000001' as PersonId,
    stage: 'reviewDue',
    daysOff,
    flag: () => false,
    endOf: () => null,
    people: {},
    today: isoDate('2026-09-01'),
    rule: (key) => found(ruleIn(regime, key)).value,
  })

describe('one newcomer, seven regimes', () => {
  test.each(['R1', 'R2', 'R3', 'R4', 'R5'])('under %s he serves three months, and three more if extended', (regime) => {
    expect(appliesIn(regime)).toEqual({ applies: true })
    expect(endsIn(regime, false)).toBe('2026-11-30')
    expect(endsIn(regime, true)).toBe('2027-02-28')
  })

  test('under the target of the Concept nobody passes probation, and its source says so', () => {
    const abolished = {
      applies: false,
      reason: { code: 'abolished', source: 'S3 section 5.2.2', confidence: 'S' },
    }
    expect(appliesIn('RC')).toEqual(abolished)
    expect(appliesIn('RC', { firstEntry: false, leftGround: 'probation', breakWorkingDays: 30 })).toEqual(abolished)
  })

  test.each<[string, object | null]>([
    ['R0', { decision: 'dismissalOnlyAfterExtension' }],
    ['R1', null],
    ['R2', { decision: 'dismissalOnlyAfterExtension' }],
    ['R3', { decision: 'dismissalOnlyAfterExtension' }],
    ['R4', { decision: 'dismissalOnlyAfterExtension' }],
    ['R5', { decision: 'dismissalOnlyAfterExtension' }],
  ])('under %s a dismissal proposed at the first review: %j', (regime, errors) => {
    expect(dismissalAtFirstReviewIn(regime)).toEqual(errors)
  })

  const nextDay = { firstEntry: false, leftGround: 'evaluation', breakWorkingDays: 0 }
  test.each([
    ['R1', 'L', 'W2 art. 15(2-1)'],
    ['R4', 'L', 'W2 art. 15(2-1)'],
    // the text of the law of 2026 was not read
    ['R5', 'U', 'placeholder'],
  ])('under %s a move by the next working day is no re-entry, as sure as %s', (regime, confidence, source) => {
    expect(appliesIn(regime, nextDay)).toEqual({
      applies: false,
      reason: { code: 'noBreakInService', source, confidence },
    })
  })

  test('the grounds on which one passes probation again are written as the register writes them', () => {
    const again = END_GROUNDS.filter(
      (leftGround) => appliesIn('R3', { firstEntry: false, leftGround, breakWorkingDays: 30 }).applies,
    )
    expect(again).toEqual(['evaluation', 'probation', 'attestation', 'negativeGrounds'])
  })
})

describe('what a case takes with it', () => {
  const missingIn = (regime: string) => [
    ...contract.terms.filter((key) => !termIn(regime, key)),
    ...Object.keys(contract.rules).filter((key) => !ruleIn(regime, key)),
  ]

  test.each(['R1', 'R2', 'R3', 'R4', 'R5', 'RC'])('is all there in regime %s', (regime) => {
    expect(missingIn(regime)).toEqual([])
  })

  test('of the law of 1999, the lengths of time were never found, so that no case is opened under it', () => {
    expect(missingIn('R0')).toEqual(['probation.base', 'probation.extension', 'selection.noBreakBetweenPosts'])
  })
})

describe('what nobody has verified', () => {
  const unverifiedIn = (regime: string): string[] =>
    [
      ...contract.terms.map((key) => termIn(regime, key)),
      ...Object.keys(contract.rules).map((key) => ruleIn(regime, key)),
    ]
      .filter((row) => row !== null)
      .filter((row) => isUnverified(row.confidence))
      .map((row) => `${row.key} ${row.confidence}`)

  /** No act that was read gives these under any regime. */
  const everywhere = [
    'probation.mentorOrder U',
    'probation.planDraft D',
    'probation.planAgreed U',
    'probation.acknowledgement D',
    'probation.interimEvery D',
    'probation.interimCheck D',
    'probation.mentorOpinion D',
    'probation.reviewBeforeEnd U',
    'probation.lapseGrace D',
    'probation.extensionDecision D',
    'probation.dismissalDecision D',
    'probation.agencyAnswer U',
    'probation.appeal U',
    'probation.dismissalNotice U',
    'probation.mentorMaySupervise D',
    'probation.mentorServiceMonths D',
    'probation.mentorMaxMentees D',
    'probation.lapseMeansPassed D',
    'probation.questionStopsTerm D',
    'probation.returnStopsTerm D',
  ]
  const besides: Readonly<Record<string, readonly string[]>> = {
    R0: ['probation.applies U', 'probation.dismissalAtFirstReview U', 'probation.restartOnOtherDuties U'],
    R1: ['probation.restartOnOtherDuties D'],
    R2: [],
    R3: [],
    R4: [],
    R5: [
      'probation.base U',
      'probation.extension U',
      'selection.noBreakBetweenPosts U',
      'probation.applies U',
      'probation.dismissalAtFirstReview U',
      'probation.restartOnOtherDuties U',
    ],
    RC: ['selection.noBreakBetweenPosts U', 'probation.dismissalAtFirstReview D', 'probation.restartOnOtherDuties D'],
  }

  test.each(regimeRows().map((row) => row.id))('under %s', (regime) => {
    expect(unverifiedIn(regime).toSorted()).toEqual([...everywhere, ...(besides[regime] ?? [])].toSorted())
  })

  test('under the law of 2026 nothing is verified', () => {
    expect(unverifiedIn('R5')).toHaveLength(contract.terms.length + Object.keys(contract.rules).length)
  })
})
