/** Probation as a whole, played in memory: what no rule alone can show. */
import { BODY, InMemoryCase, SUBJECT, type Move, type Told } from './support/in-memory-case'
import { calendarWith, dismissed, kept, planned, post, probationUnder, toAgency } from './support/in-memory-probation'

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

describe('a dismissal', () => {
  test('ends the post with the day of the notice, on the ground of probation', async () => {
    const { now, effects } = await play([...dismissed, { comes: '2027-06-01' }])
    expect(now).toMatchObject({ status: 'closed', outcome: 'dismissed' })
    const request = { person: SUBJECT, position: 'junior', on: '2027-02-23', ground: 'probation' }
    expect(effects.map(({ name, request: asked }) => [name, asked])).toContainEqual(['endPost', request])
  })

  test('that the register refuses is done by HR by hand, and the case stays open until then', async () => {
    const one = await play([...dismissed, { comes: '2027-06-01' }], { ...told, refuses: ['endPost'] })
    expect(one.now).toMatchObject({ status: 'open', tasks: [{ kind: 'mendEffect', for: { role: 'hr', body: BODY } }] })
    await one.does({ answers: 'mendEffect', with: {} })
    expect(one.now).toMatchObject({ status: 'closed', outcome: 'dismissed' })
  })

  test('to which the Agency does not agree ends nothing', async () => {
    const { effects } = await play(kept)
    expect(effects.map(({ name }) => name)).toEqual(['hold'])
  })
})

describe('what a form says of the register is compared with the register', () => {
  const running = planned
  const people = { chief: { body: BODY, serviceMonths: 60, mentees: 0 } }
  const moving = (more: object = {}, register: object = {}): Move => ({
    acts: 'moveToOtherPost',
    with: { position: 'senior', duties: 'other', supervisor: 'chief', from: '2026-09-02', ...more },
    more: { people, positions: { senior: { body: BODY, posts: [{ from: '2026-09-02', to: null }] } }, ...register },
  })
  const refusalOf = async (move: Move) => {
    const one = await play(running)

    return one.does(move).then(
      () => null,
      ({ details }: { details: [{ status: number; errors: object }] }) => details[0],
    )
  }

  test.each<[string, object, object, object]>([
    [
      'to a post that nobody gave the person',
      {},
      { positions: { senior: { body: BODY, posts: [] } } },
      { position: 'notTheirPost' },
    ],
    ['to a position of which the register said nothing', {}, { positions: {} }, { position: 'notTheirPost' }],
    ['from a day on which the post does not begin', { from: '2026-09-01' }, {}, { from: 'notFirstDay' }],
    [
      'to a position of another body',
      {},
      { positions: { senior: { body: 'ministryJustice', posts: [{ from: '2026-09-02', to: null }] } } },
      { position: 'positionOfOtherBody' },
    ],
    [
      'under somebody of another body',
      {},
      { people: { chief: { ...people.chief, body: 'ministryJustice' } } },
      { supervisor: 'supervisorOfOtherBody' },
    ],
    [
      'under somebody who has left the service',
      {},
      { people: { chief: { ...people.chief, body: null } } },
      { supervisor: 'supervisorOfOtherBody' },
    ],
  ])('a move %s is refused', async (_, form, register, errors) => {
    expect(await refusalOf(moving(form, register))).toMatchObject({ status: 422, errors })
  })

  test('a move to other duties begins it anew on the day from which it holds', async () => {
    const one = await play(running)
    await one.does(moving())
    expect(one.now).toMatchObject({
      stage: 'mentoring',
      facts: { position: 'senior', startsOn: '2026-09-02', restarts: 1 },
    })
  })

  test('a start from another day than the first of the post is not begun', async () => {
    const one = await play([], { ...told, post: { ...post, appointedOn: '2026-08-17' as typeof post.appointedOn } })
    expect(one.now).toMatchObject({ status: 'closed', outcome: 'refused', basis: { code: 'notFirstDay' } })
  })

  describe('what holds from a later day takes effect on that day', () => {
    const from = '2026-10-05'
    const later = (duties: string): Move =>
      moving({ from, duties }, { positions: { senior: { body: BODY, posts: [{ from, to: null }] } } })
    const senior = { ...post, appointedOn: from as typeof post.appointedOn }
    const asked = (position: string) => (position === 'senior' ? senior : post)

    test('a move to other duties', async () => {
      const one = await play(running, { ...told, posts: asked })
      await one.does(later('other'))
      await one.does({ comes: '2026-10-04' })
      expect(one.now).toMatchObject({ stage: 'running', facts: { position: 'junior', startsOn: '2026-08-31' } })
      await one.does({ comes: from })
      expect(one.now).toMatchObject({
        stage: 'mentoring',
        facts: { position: 'senior', startsOn: from, moveAhead: null },
      })
      expect(one.now.tasks.map(({ kind }) => kind)).toEqual(['appointMentor'])
    })

    test('a move to the same duties', async () => {
      const one = await play(running, { ...told, posts: asked })
      await one.does(later('same'))
      expect(one.now.facts).toMatchObject({ position: 'junior', supervisor: 'supervisor' })
      await one.does({ comes: from })
      expect(one.now).toMatchObject({
        stage: 'running',
        facts: { position: 'senior', supervisor: 'chief', startsOn: '2026-08-31', moveAhead: null },
      })
    })

    test('a move of which the register knows nothing any more on its day is not made', async () => {
      const one = await play(running, told)
      await one.does(later('other'))
      await one.does({ comes: from })
      expect(one.now).toMatchObject({ stage: 'running', facts: { position: 'junior', moveAhead: null } })
    })

    test('a move that the end of the probation overtakes is not made', async () => {
      const one = await play(toAgency.slice(0, -2), { ...told, posts: asked })
      const posts = [{ from: '2027-03-01', to: null }]
      await one.does(moving({ from: '2027-03-01' }, { positions: { senior: { body: BODY, posts } } }))
      await one.does({ answers: 'decideDismissal', with: { decision: 'propose' } })
      await one.does({ comes: '2027-03-05' })
      expect(one.now).toMatchObject({ stage: 'agencyReview', subject: SUBJECT, facts: { position: 'junior' } })
    })
  })
})

describe('dates after the end of the probation', () => {
  const refusalOf = async (moves: readonly Move[], move: Move) => {
    const one = await play(moves)

    return one.does(move).then(
      () => null,
      ({ details }: { details: [{ status: number; errors: object }] }) => details[0],
    )
  }
  const drafting = planned.slice(0, 1)
  const goal = (by: string): Move => ({ answers: 'draftAdaptationPlan', with: { goals: [{ by }] } })
  const absence = (from: string, to: string): Move => ({
    acts: 'recordAbsence',
    with: { from, to, kind: 'illness' },
  })

  test('a goal after it is refused by the case', async () => {
    // three months from 31 August
    expect(await refusalOf(drafting, goal('2026-11-30'))).toBeNull()
    for (const by of ['2026-12-01', '2030-01-01'])
      expect(await refusalOf(drafting, goal(by))).toMatchObject({ status: 422, errors: { 'goals.0.by': 'afterEnd' } })
  })

  test('the end is the one that absences have moved', async () => {
    const moved = [...drafting, absence('2026-09-07', '2026-09-11')]
    expect(await refusalOf(moved, goal('2026-12-05'))).toBeNull()
    expect(await refusalOf(moved, goal('2026-12-06'))).toMatchObject({ errors: { 'goals.0.by': 'afterEnd' } })
  })

  test('an absence that begins after it is refused by the case', async () => {
    expect(await refusalOf(drafting, absence('2026-11-30', '2026-12-02'))).toBeNull()
    expect(await refusalOf(drafting, absence('2026-12-01', '2026-12-02'))).toMatchObject({
      status: 422,
      errors: { from: 'afterEnd' },
    })
  })
})

test('an act for which there is nothing is refused by the case with the reason that its page gives', async () => {
  const one = await play(planned)
  const correction = { absence: 1, from: '2026-09-07', to: '2026-09-11', kind: 'illness' }
  const refusals = [
    { acts: 'correctAbsence', with: correction },
    { acts: 'withdrawAbsence', with: { absence: 1 } },
  ].map((move) =>
    one.does(move).then(
      () => null,
      ({ details }: { details: [{ status: number; reason: object }] }) => details[0],
    ),
  )
  for (const refused of await Promise.all(refusals))
    expect(refused).toMatchObject({ status: 409, reason: { code: 'noAbsences' } })
})
