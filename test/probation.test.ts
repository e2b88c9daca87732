/** Probation as a whole, played in memory: what no rule alone can show. */
import { InMemoryCase, type Told } from './support/in-memory-case'
import { calendarWith, dismissed, probationUnder, toAgency } from './support/in-memory-probation'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

const told = probationUnder('R4')
const play = (moves: Parameters<typeof InMemoryCase.play>[2], of: Told = told) =>
  InMemoryCase.play(of, calendarWith(), moves)

describe('nobody acts', () => {
  test('at whatever wait people stop acting, the case ends by itself, unless the authorized body is asked', async () => {
    const ends: Record<string, string> = {}
    for (let played = 0; played < dismissed.length; played += 1) {
      const one = await play(dismissed.slice(0, played))
      const { stage, tasks } = one.now
      await one.does({ comes: '2029-01-01' })
      const { status, outcome, basis } = one.now
      const waits = `${stage} ${tasks.map(({ kind }) => kind).join(' ')}`
      ends[waits] = status === 'closed' ? `${String(outcome)} ${basis?.code ?? ''}` : status
    }
    const lapsed = 'passed passed.lapse'
    expect(ends).toEqual({
      'mentoring appointMentor': lapsed,
      'planning draftAdaptationPlan': lapsed,
      'planning agreeAdaptationPlan': lapsed,
      'planning acknowledge': lapsed,
      'running ': lapsed,
      'running interimCheck': lapsed,
      'reviewDue mentorOpinion': lapsed,
      'reviewDue reviewProbation': lapsed,
      'reviewDue decideExtension': lapsed,
      'extended ': lapsed,
      'secondReview mentorOpinion': lapsed,
      'secondReview reviewProbation': lapsed,
      'secondReview decideDismissal': lapsed,
      // silence is never consent
      'agencyReview agreeDismissal': 'open',
      'agencyReview acknowledge': 'dismissed agencyAgreed',
      'agencyReview ': 'dismissed agencyAgreed',
    })
  })

  test.each([
    // three months from 31 August end on 30 November; ten working days of grace, Independence Day off, end on 14 December
    ['the grace after the end is left whole', '2026-08-31', '2026-12-14', '2026-12-15'],
    // opened when the end has passed: 10 working days from the opening, the holidays of the New Year off
    ['a case opened after the end has the whole grace before it', '2026-12-21', '2027-01-06', '2027-01-07'],
  ])('%s', async (_, on, open, closed) => {
    const one = await play([], { ...told, on: on as typeof told.on })
    await one.does({ comes: open })
    expect(one.now.status).toBe('open')
    await one.does({ comes: closed })
    expect(one.now).toMatchObject({ status: 'closed', outcome: 'passed', basis: { code: 'passed.lapse' } })
  })

  test('where a regime lets nothing lapse, the case waits for its people', async () => {
    const rules = told.law.rules.map((row) =>
      row.key === 'probation.lapseMeansPassed' ? { ...row, value: false } : row,
    )
    const one = await play([], { ...told, law: { ...told.law, rules } })
    await one.does({ comes: '2029-01-01' })
    expect(one.now).toMatchObject({ status: 'open', stage: 'mentoring' })
  })

  test('a head who was silent cannot decide once the probation has lapsed', async () => {
    const asked = toAgency.findIndex((move) => 'answers' in move && move.answers === 'decideExtension')
    const one = await play(toAgency.slice(0, asked))
    await one.does({ comes: '2027-09-30' })
    expect(one.now).toMatchObject({ status: 'closed', basis: { code: 'passed.lapse' } })
  })
})
