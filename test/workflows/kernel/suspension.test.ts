/** Suspension of a case and of its terms: what stands still, what is heard, who ends it, and what day each date is then. */
import { verifyChain } from '../../../prisma/store/events'
import { stuckCases } from '../../../prisma/store/stuck'
import { reconcile } from '../../../scripts/reconcile/reconcile'
import type { Actor, Due, Instant, IsoDate } from '../../../workflows/kernel/contract'
import type { Suspension } from '../../../workflows/kernel/law/suspension'
import { actor, open, openTask, OPEN_TASK, say, type Casework, type Sent } from '../../support/casework'
import { commendations, proposer, voteFor, type Proposal } from '../../support/commendations'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { eventually } from '../../support/eventually'
import { StoryCase } from '../../support/story-case'

jest.setTimeout(120_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let propose: ReturnType<typeof proposer>

beforeAll(async () => {
  database = await freshDatabase()
  work = await commendations(database)
  propose = proposer(database, work)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const NO_WORDS = {}
/** A case of the example as it is told here; it begins on Monday 2 March 2026, and 9 March is a day off. */
class Told extends StoryCase {
  constructor(readonly proposal: Proposal) {
    super(work, proposal.id, proposal.hr)
  }

  suspend = (ground: string, more: object = NO_WORDS, by: Actor = this.proposal.hr): Promise<Sent> =>
    this.act('suspend', by, { ground, ...more })
  resume = (ground: string, by: Actor = this.proposal.hr): Promise<Sent> => this.act('resume', by, { ground })
  suspensions = async (): Promise<Suspension[]> => (await this.file()).suspensions as unknown as Suspension[]
  async state(kind: string): Promise<string | undefined> {
    const rows = await work.db.task.findMany({ where: { caseId: this.id, kind }, orderBy: { openedStep: 'desc' } })

    return rows[0]?.state
  }
  async reached(kind: string): Promise<Due['steps']> {
    const row = await work.db.task.findFirstOrThrow({ where: { caseId: this.id, kind, state: OPEN_TASK } })

    return (row.due as unknown as Due).steps
  }
}
const begin = async (proposedByHead = false, more: object = {}): Promise<Told> =>
  new Told(await propose(proposedByHead, more))
const refusal = (status: number, code: string, errors?: object) => ({
  ok: false,
  refusal: { status, reason: { code }, ...(errors && { errors }) },
})
const paused = (steps: Due['steps']) => steps.find(({ code }) => code === 'paused')

describe('a suspended case', () => {
  test('stands still, and goes on with as much left of every term as it had', async () => {
    const told = await begin()
    const { hr, head, supervisor } = told.proposal
    expect([await told.due('recommend'), await told.clock('whole')]).toEqual(['2026-03-05', '2026-05-02'])
    await told.comes('2026-03-03')
    expect(await told.suspend('illness', { expectedDays: 5, expectedUnit: 'calendarDays' })).toMatchObject({ ok: true })
    expect(await told.suspensions()).toEqual([
      expect.objectContaining({ ground: 'illness', of: 'case', from: '2026-03-03', expected: '2026-03-07', to: null }),
    ])
    expect(await told.state('recommend')).toBe('suspended')

    const answer = await told.answer('recommend', supervisor, {})
    expect(answer).toMatchObject(refusal(409, 'case.suspendedUntil'))
    expect(answer).toMatchObject({ refusal: { reason: { params: { since: '2026-03-03', until: '2026-03-07' } } } })
    expect(await told.act('withdrawProposal', hr, {})).toMatchObject(refusal(409, 'case.suspendedUntil'))
    // the ground lets this one go on
    expect(await told.act('moveSitting', hr, { sitting: '2026-03-20' })).toMatchObject({ ok: true })
    expect(await told.suspend('illness')).toMatchObject(refusal(422, 'form.invalid', { ground: 'suspendedAlready' }))

    // its term ends on the 5th, and its expected end passes: nothing is reminded of, overdue or over
    await told.comes('2026-03-10')
    expect(await told.events('taskReminded')).toEqual([])
    expect(await told.events('taskOverdue')).toEqual([])
    expect(await told.openKinds()).toEqual(['recommend', 'reviewSuspension'])
    expect([await told.due('recommend'), await told.clock('whole')]).toEqual(['2026-03-13', '2026-05-10'])
    expect(paused(await told.reached('recommend'))).toEqual({
      code: 'paused',
      pauses: [{ from: '2026-03-03', to: '2026-03-10', because: 'illness', open: true }],
      days: 5,
      reaches: '2026-03-13',
    })
    expect(await told.events('clockSet')).toEqual(['2026-03-02'])

    // five working days were expected, and four have passed
    expect(await told.resume('illness', head)).toMatchObject({ ok: true })
    expect(await told.suspensions()).toMatchObject([{ to: '2026-03-09', expected: '2026-03-07' }])
    expect([await told.due('recommend'), await told.clock('whole')]).toEqual(['2026-03-12', '2026-05-09'])
    expect(await told.openKinds()).toEqual(['recommend'])
    expect(await told.state('recommend')).toBe('reserved')
    expect(await told.events('clockSet')).toEqual(['2026-03-02', '2026-03-10'])
    expect(await told.answer('recommend', supervisor, {})).toMatchObject({ ok: true })
    expect(await verifyChain(work.db, told.id)).toEqual({ ok: true })
    const { db, client, taskQueue } = work
    const { findings } = await reconcile({ db, client, taskQueue, mend: false, only: [told.id], pendingAfterS: 0 })
    // the tests send without storing first
    expect(findings.flatMap(({ differences }) => differences)).toEqual([])
  })

  test('overlapping suspensions are counted once, and it stands still until the last has ended', async () => {
    const told = await begin()
    await told.comes('2026-03-03')
    await told.suspend('illness')
    await told.comes('2026-03-04')
    await told.suspend('papers')
    await told.comes('2026-03-05')
    await told.resume('illness')
    expect(await told.state('recommend')).toBe('suspended')
    await told.comes('2026-03-06')
    await told.resume('papers')
    expect(await told.state('recommend')).toBe('reserved')
    // Tuesday, Wednesday and Thursday, each once; Monday is off
    expect(await told.due('recommend')).toBe('2026-03-11')
  })

  test('recorded a week late, with its first day, it leaves the dates that it would have left if recorded on that day', async () => {
    const [onDay, later] = [await begin(), await begin()]
    await onDay.comes('2026-03-03')
    await onDay.suspend('illness')
    // over the day off of the 9th
    for (const told of [onDay, later]) await told.comes('2026-03-10')
    expect(await later.suspend('illness', { suspendedFrom: '2026-03-01' })).toMatchObject(
      refusal(422, 'form.invalid', { suspendedFrom: 'beforeCase' }),
    )
    expect(await later.suspend('illness', { suspendedFrom: '2026-03-11' })).toMatchObject(
      refusal(422, 'form.invalid', { suspendedFrom: 'notYet' }),
    )
    expect(await later.suspend('leave', { suspendedFrom: '2026-03-03' })).toMatchObject(
      refusal(422, 'form.invalid', { suspendedFrom: 'groundFromToday' }),
    )
    expect(await later.suspend('illness', { suspendedFrom: '2026-03-03' })).toMatchObject({ ok: true })
    const dates = async (told: Told) => [await told.due('recommend'), await told.clock('whole')]
    expect(await dates(later)).toEqual(await dates(onDay))
    for (const told of [onDay, later]) {
      await told.comes('2026-03-12')
      expect(await told.resume('illness')).toMatchObject({ ok: true })
    }
    expect(await dates(later)).toEqual(['2026-03-16', '2026-05-11'])
    expect(await dates(onDay)).toEqual(await dates(later))
    expect((await later.suspensions()).map(({ from, to }) => [from, to])).toEqual([['2026-03-03', '2026-03-11']])
  })

  test('its end recorded late, with the day on which it ended, leaves the dates that it would have left if recorded on that day', async () => {
    const [onDay, later, asked] = [await begin(), await begin(), await begin()]
    const all = [onDay, later, asked]
    for (const told of all) {
      await told.comes('2026-03-03')
      await told.suspend('illness', { expectedUntil: '2026-03-10' })
    }
    await onDay.comes('2026-03-05')
    expect(await onDay.resume('illness')).toMatchObject({ ok: true })
    // over the day off of the 9th
    for (const told of [later, asked]) await told.comes('2026-03-11')
    const ends = (told: Told, resumedFrom: string) =>
      told.act('resume', told.proposal.hr, { ground: 'illness', resumedFrom })
    const answers = (resumedFrom: string) =>
      asked.answer('reviewSuspension', asked.proposal.hr, { suspension: 'resume', resumedFrom })
    for (const [day, error] of [
      ['2026-03-02', 'beforeSuspension'],
      ['2026-03-12', 'notYet'],
    ] as const) {
      expect(await ends(later, day)).toMatchObject(refusal(422, 'form.invalid', { resumedFrom: error }))
      expect(await answers(day)).toMatchObject(refusal(422, 'form.invalid', { resumedFrom: error }))
    }
    expect(await ends(later, '2026-03-05')).toMatchObject({ ok: true })
    expect(await answers('2026-03-05')).toMatchObject({ ok: true })
    const dates = async (told: Told) => [await told.due('recommend'), await told.clock('whole')]
    expect(await dates(onDay)).toEqual(['2026-03-10', '2026-05-04'])
    for (const told of [later, asked]) {
      expect(await dates(told)).toEqual(await dates(onDay))
      expect((await told.suspensions()).map(({ from, to }) => [from, to])).toEqual([['2026-03-03', '2026-03-04']])
      expect(await told.events('resumedFrom')).toHaveLength(1)
      // its term ended while nobody knew that it ran
      expect(await told.events('taskOverdue')).toHaveLength(1)
      expect(await told.answer('recommend', told.proposal.supervisor, {})).toMatchObject({ ok: true })
    }
  })

  test('it may have ended on its first day; on a ground that is not recorded later it ends on the day on which that is said', async () => {
    const told = await begin()
    const { hr } = told.proposal
    await told.suspend('illness')
    await told.suspend('leave')
    await told.comes('2026-03-04')
    const ends = (ground: string, resumedFrom: string) => told.act('resume', hr, { ground, resumedFrom })
    expect(await ends('leave', '2026-03-03')).toMatchObject(
      refusal(422, 'form.invalid', { resumedFrom: 'groundEndsToday' }),
    )
    expect(await ends('leave', '2026-03-04')).toMatchObject({ ok: true })
    expect(await ends('illness', '2026-03-02')).toMatchObject({ ok: true })
    expect((await told.suspensions()).map(({ ground, to }) => [ground, to])).toEqual([
      ['illness', '2026-03-01'],
      ['leave', '2026-03-03'],
    ])
    expect(await told.clock('whole')).toBe('2026-05-02')
  })

  test('an expected end that has passed is refused, by a date and by days', async () => {
    const told = await begin()
    await told.comes('2026-03-10')
    const recorded = (more: object) => told.suspend('illness', { suspendedFrom: '2026-03-03', ...more })
    expect(await recorded({ expectedUntil: '2026-03-09' })).toMatchObject(
      refusal(422, 'form.invalid', { expectedUntil: 'past' }),
    )
    for (const days of [
      { expectedDays: 7, expectedUnit: 'calendarDays' },
      { expectedDays: 4, expectedUnit: 'workingDays' },
    ])
      expect(await recorded(days)).toMatchObject(refusal(422, 'form.invalid', { expectedDays: 'endsInPast' }))
    expect(await told.suspensions()).toBeNull()
    // Tuesday to Tuesday: over a weekend and a day off
    expect(await recorded({ expectedDays: 5, expectedUnit: 'workingDays' })).toMatchObject({ ok: true })
    expect(await told.suspensions()).toMatchObject([{ from: '2026-03-03', expected: '2026-03-10' }])
  })

  test('hears what was received before, and refuses what was received after', async () => {
    const told = await begin()
    const { supervisor } = told.proposal
    const task = await openTask(work, told.id, 'recommend')
    const before = new Date(Date.now() - 1000).toISOString() as Instant
    await told.suspend('illness')
    const late = await say(work, told.id, 'complete', supervisor, { task, answer: {} })
    expect(late).toMatchObject(refusal(409, 'case.suspended'))
    expect(await say(work, told.id, 'complete', supervisor, { task, answer: {}, receivedAt: before })).toMatchObject({
      ok: true,
    })
    // what the story asks next waits like the rest
    expect(await told.state('approve')).toBe('suspended')
    await told.resume('illness')
    expect(await told.state('approve')).toBe('ready')
  })

  test('is cancelled, and handed over with what stands in it', async () => {
    const told = await begin()
    const { head, body } = told.proposal
    await told.suspend('illness')
    const { key: there } = await work.db.stateBody.findFirstOrThrow({ where: { kind: 'central', key: { not: body } } })
    expect(await told.act('handOver', head, { body: there })).toMatchObject({ ok: true })
    const review = await work.db.task.findFirstOrThrow({ where: { caseId: told.id, kind: 'reviewSuspension' } })
    expect(review).toMatchObject({ role: 'hr', bodyKey: there, state: 'ready' })
    const hrThere = actor(told.proposal.members[0] ?? '', ['hr', there])
    expect(await told.resume('illness')).toMatchObject(refusal(403, 'policy.noRole'))
    expect(await told.resume('illness', hrThere)).toMatchObject({ ok: true })
    await told.suspend('illness', {}, hrThere)
    const headThere = actor(told.proposal.members[1] ?? '', ['head', there])
    expect(await told.act('cancel', headThere, {})).toMatchObject({ ok: true })
    expect(await told.file()).toMatchObject({ status: 'closed', outcome: 'cancelled' })
    expect(await told.suspensions()).toMatchObject([
      { to: expect.any(String) as string },
      { to: expect.any(String) as string },
    ])
    expect(await told.openKinds()).toEqual([])
  })

  test('handed over while one of its tasks or clocks stands still: that stands still there too, and goes on by those of there', async () => {
    const [asked, voted] = [await begin(), await begin(true)]
    const there = async ({ proposal: { body } }: Told) =>
      work.db.stateBody.findFirstOrThrow({ where: { kind: 'central', key: { not: body } } }).then(({ key }) => ({
        body: key,
        hr: actor(asked.proposal.members[0] ?? '', ['hr', key]),
        head: actor(asked.proposal.members[1] ?? '', ['head', key]),
      }))

    const to = await there(asked)
    await asked.suspend('leave', { expectedUntil: '2026-03-20' })
    await asked.comes('2026-03-04')
    expect(await asked.act('handOver', asked.proposal.head, { body: to.body })).toMatchObject({ ok: true })
    expect([await asked.state('recommend'), await asked.clock('whole')]).toEqual(['suspended', '2026-05-02'])
    expect(await asked.resume('leave')).toMatchObject(refusal(403, 'policy.noRole'))
    expect(await asked.resume('leave', to.hr)).toMatchObject({ ok: true })
    // two days stood still
    expect([await asked.state('recommend'), await asked.due('recommend')]).toEqual(['reserved', '2026-03-10'])

    await voteFor(work, voted.proposal)
    const first = await voted.clock('silence')
    const other = await there(voted)
    await voted.suspend('inquiry', {}, voted.proposal.head)
    expect(await voted.act('handOver', voted.proposal.head, { body: other.body })).toMatchObject({ ok: true })
    expect(await voted.openKinds()).toEqual(['announce', 'object', 'reviewSuspension'])
    await voted.comes(first ?? '')
    expect(await voted.file()).toMatchObject({ status: 'open', stage: 'announcing' })
    expect(await voted.resume('inquiry', other.head)).toMatchObject({ ok: true })
    expect(((await voted.clock('silence')) ?? '') > (first ?? '')).toBe(true)
    expect(await voted.file()).toMatchObject({ status: 'open', stage: 'announcing' })
  })

  test('stands still while its commission sits: nobody votes, a member may be replaced, and the rest vote when it goes on', async () => {
    const told = await begin(true)
    const { hr, members, commission } = told.proposal
    const [first, second, third, ...others] = members.slice(0, 5)
    await told.comes('2026-03-16')
    expect(await told.file()).toMatchObject({ stage: 'voting' })
    if (!first || !second || !third) throw new Error('the commission is too small')
    expect(await commission.votes(first, 'grant')).toMatchObject({ ok: true })
    const due = await told.due('vote')
    await told.suspend('illness')
    expect(await commission.votes(second, 'grant')).toMatchObject(refusal(409, 'case.suspended'))
    const replaced = await told.act('replaceMember', hr, { member: third })
    expect(replaced).toMatchObject({ ok: true })
    // its term is over by now, had it run on
    await told.comes('2026-04-10')
    expect(await told.file()).toMatchObject({ status: 'open', stage: 'voting' })
    expect(await told.resume('illness')).toMatchObject({ ok: true })
    expect(((await told.due('vote')) ?? '') > (due ?? '')).toBe(true)
    for (const member of [second, ...others])
      expect(await commission.votes(member, 'grant')).toMatchObject({ ok: true })
    const called = members[5]
    if ((await told.file()).stage === 'voting' && called) await commission.votes(called, 'grant')
    expect(await told.file()).toMatchObject({ stage: 'announcing' })
  })

  test('of a restricted case only those whom it names suspend and resume it', async () => {
    const told = await begin()
    const { hr, head } = told.proposal
    expect(await told.act('restrict', hr, { people: [] })).toMatchObject({ ok: true })
    expect(await told.suspend('illness', {}, head)).toMatchObject(refusal(403, 'policy.notNamed'))
    expect(await told.suspend('illness', {}, hr)).toMatchObject({ ok: true })
    expect(await told.resume('illness', head)).toMatchObject(refusal(403, 'policy.notNamed'))
    expect(await told.act('grant', hr, { person: head.person })).toMatchObject({ ok: true })
    expect(await told.resume('illness', head)).toMatchObject({ ok: true })
  })

  test('hears of other cases, and goes on with what they tell', async () => {
    const told = await begin(true, { certificate: 'servant' })
    const { servant, hr } = told.proposal
    await voteFor(work, told.proposal)
    await told.answer('announce', hr, {})
    const dispatching: Dispatching = dispatch(work, database.url)
    try {
      await eventually('the certificate has begun', async () =>
        (await told.events('linkedCaseReplied')).length > 0 ? true : null,
      )
      await told.suspend('papers')
      const printed = await work.db.case.findFirstOrThrow({
        where: { process: 'certificate', subjectId: servant.person },
      })
      const certificate = new StoryCase(work, printed.id as never, hr)
      await finishCertificate(certificate, hr)
      await eventually('the case has ended with its certificate', async () =>
        (await told.file()).status === 'closed' ? true : null,
      )
    } finally {
      await dispatching.stop()
    }
  })
})

async function finishCertificate(certificate: StoryCase, hr: Actor): Promise<void> {
  for (let tries = 0; tries < 5 && (await certificate.file()).status === 'open'; tries += 1) {
    const [kind] = await certificate.openKinds()
    if (kind) await certificate.answer(kind, hr, {})
    else await certificate.comes('2026-06-30')
  }
}

describe('who ends a suspension', () => {
  test('whoever is asked when it should have ended: it goes on until another day, or ends', async () => {
    const told = await begin()
    const { hr } = told.proposal
    await told.suspend('illness', { expectedUntil: '2026-03-04' })
    await told.comes('2026-03-05')
    const about = { code: 'suspensionOver', params: { since: '2026-03-02', until: '2026-03-04' } }
    expect(await work.db.task.findFirstOrThrow({ where: { caseId: told.id, kind: 'reviewSuspension' } })).toMatchObject(
      {
        about,
        role: 'hr',
      },
    )
    const asks = (answer: object) => told.answer('reviewSuspension', hr, answer as never)
    expect(await asks({ suspension: 'extend' })).toMatchObject(
      refusal(422, 'form.invalid', { expectedUntil: 'required' }),
    )
    expect(await asks({ suspension: 'extend', expectedUntil: '2026-03-05' })).toMatchObject(
      refusal(422, 'form.invalid', { expectedUntil: 'past' }),
    )
    expect(await asks({ suspension: 'extend', expectedUntil: '2026-03-10' })).toMatchObject({ ok: true })
    expect(await told.openKinds()).toEqual(['recommend'])
    await told.comes('2026-03-11')
    expect(await told.openKinds()).toEqual(['recommend', 'reviewSuspension'])
    expect(await asks({ suspension: 'resume' })).toMatchObject({ ok: true })
    expect(await told.suspensions()).toMatchObject([{ from: '2026-03-02', expected: '2026-03-10', to: '2026-03-10' }])
    // Monday to Friday, and Tuesday after the day off, of which the first is that on which the term began
    expect(await told.due('recommend')).toBe('2026-03-16')
  })

  test('somebody is asked at once where nobody knows how long it lasts, so that the case is never stuck', async () => {
    const told = await begin()
    await told.suspend('illness')
    expect(await told.openKinds()).toEqual(['recommend', 'reviewSuspension'])
    const stuck = async () =>
      stuckCases(work.db, {
        ...{ on: '2026-03-02' as IsoDate, now: new Date().toISOString() as Instant },
        ...{ rehearsals: true, limit: 10, only: [told.id] },
      })
    const ending = told.proposal.body
    expect(await stuck()).toEqual([])
    await database.sql(`update body_roles set "to" = '2026-03-01' where role = 'hr' and "bodyKey" = $1`, [ending])
    // its own tasks stand still, and nobody holds the role that is asked
    expect(await stuck()).toMatchObject([{ case: told.id }])
    await database.sql(`update body_roles set "to" = null where role = 'hr' and "bodyKey" = $1`, [ending])
  })

  test('a rule that does not provide for the ground, a role that has no say, and the rulebook refuse it', async () => {
    await database.sql(`update regime_rows set value = 'false' where key = 'example.inquirySuspends'`)
    const told = await begin(true)
    await database.sql(`update regime_rows set value = 'true' where key = 'example.inquirySuspends'`)
    const { head } = told.proposal
    expect(await told.suspend('papers')).toMatchObject(refusal(422, 'form.invalid', { ground: 'groundNotInForce' }))
    expect(await told.suspend('leave', {}, head)).toMatchObject(refusal(403, 'policy.noRole'))
    expect(await told.suspend('nothing')).toMatchObject(refusal(409, 'act.unknown'))
    expect(await told.resume('illness')).toMatchObject(refusal(422, 'form.invalid', { ground: 'notSuspended' }))
    expect(await told.suspend('illness', { expectedDays: 3, expectedUntil: '2026-03-20' })).toMatchObject(
      refusal(422, 'form.invalid', { expectedUntil: 'eitherDaysOrDate' }),
    )
    await voteFor(work, told.proposal)
    expect(await told.suspend('illness')).toMatchObject(refusal(422, 'form.invalid', { ground: 'votedAlready' }))
  })
})

describe('one term alone', () => {
  test('a kind of task: it waits, and what goes on beside it does not', async () => {
    const told = await begin()
    await told.suspend('leave', { expectedUntil: '2026-03-20' })
    expect(await told.state('recommend')).toBe('suspended')
    await told.comes('2026-03-10')
    expect(await told.clock('whole')).toBe('2026-05-02')
    expect(await told.answer('recommend', told.proposal.supervisor, {})).toMatchObject(
      refusal(409, 'case.suspendedUntil'),
    )
    expect(await told.act('moveSitting', told.proposal.hr, { sitting: '2026-03-23' })).toMatchObject({ ok: true })
    await told.resume('leave')
    // five working days stood still, that on which the term began among them
    expect(await told.due('recommend')).toBe('2026-03-13')
  })

  test('a clock ends itself where its ground says so, early or late, and what waits for it waits so much longer', async () => {
    const told = await begin(true)
    const { head, hr } = told.proposal
    await voteFor(work, told.proposal)
    const { stage } = await told.file()
    expect(stage).toBe('announcing')
    const [first, voted] = [await told.clock('silence'), await told.events('stageEntered')]
    expect(await told.suspend('inquiry', { expectedDays: 2, expectedUnit: 'workingDays' }, head)).toMatchObject({
      ok: true,
    })
    // nobody is kept from his task: it is a term of its own that stands still
    expect(await told.openKinds()).toEqual(['announce', 'object'])
    await told.comes(first ?? '')
    expect(await told.suspensions()).toMatchObject([{ ground: 'inquiry', to: expect.any(String) as string }])
    expect(await told.events('resumed')).toHaveLength(1)
    const moved = await told.clock('silence')
    expect((moved ?? '') > (first ?? '')).toBe(true)
    expect(voted.length).toBeGreaterThan(0)
    expect(await told.file()).toMatchObject({ status: 'open' })
    await told.comes('2026-04-10')
    expect(await told.file()).toMatchObject({ status: 'closed', outcome: 'granted' })
    expect(hr.grants).toHaveLength(1)
  })
})

describe('while it stands', () => {
  test('dates are worked out anew each day, and the file says once where they have moved', async () => {
    const { proposal } = await begin()
    await new Told(proposal).act('cancel', proposal.head, {})
    const { servant, hr, body, members, supervisor } = proposal
    const { positionId: position } = await work.db.case.findUniqueOrThrow({ where: { id: proposal.id } })
    // six hours of the case a second
    const opened = await open(work, {
      ...{ process: 'example', body, subject: servant.person, position: position as never, by: hr },
      ...{ on: '2026-03-02' as IsoDate, speed: 21_600 },
      form: {
        ...{ person: servant.person, position, chair: members[0], members: members.slice(0, 5), alternates: [] },
        ...{ sitting: '2026-06-15', proposedByHead: false },
      },
    })
    const told = new Told({ ...proposal, id: opened.id })
    // a day may pass between reading the step and acting on it
    await eventually('it is suspended', async () => ((await told.suspend('illness')).ok ? true : null))
    const [since] = await told.suspensions()
    const first = await told.clock('whole')
    await eventually('three days have passed', async () => {
      const due = await told.clock('whole')

      return due && first && new Date(due).getTime() - new Date(first).getTime() >= 3 * 86_400_000 ? true : null
    })
    expect(await told.events('clockSet')).toHaveLength(1)
    expect(await told.answer('recommend', supervisor, {})).toMatchObject(refusal(409, 'case.suspended'))
    await eventually('it has gone on', async () => ((await told.resume('illness')).ok ? true : null))
    expect(await told.events('clockSet')).toHaveLength(2)
    const [{ from, to } = { from: '', to: '' }] = await told.suspensions()
    expect(from).toBe(since?.from)
    const days = (new Date(to ?? '').getTime() - new Date(from).getTime()) / 86_400_000 + 1
    const whole = new Date('2026-05-02').getTime() + days * 86_400_000
    expect(await told.clock('whole')).toBe(new Date(whole).toISOString().slice(0, 10))
    await told.act('cancel', proposal.head, {})
  })
})

describe('the story', () => {
  test('suspends its case by what a task was answered, and goes on by the answer to another', async () => {
    const told = await begin()
    const { hr, head, supervisor, servant } = told.proposal
    await told.answer('recommend', supervisor, {})
    await told.answer('approve', head, {})
    await told.answer('consent', servant, { agrees: true })
    await told.answer('checkRecord', hr, { clean: true, incomplete: true })
    expect(await told.suspensions()).toMatchObject([{ ground: 'papers', from: '2026-03-02', expected: '2026-03-11' }])
    // this one goes on
    expect(await told.state('bringPapers')).toBe('ready')
    await told.comes('2026-03-05')
    expect(await told.answer('bringPapers', hr, {})).toMatchObject({ ok: true })
    expect(await told.suspensions()).toMatchObject([{ to: '2026-03-04' }])
    expect(await told.clock('whole')).toBe('2026-05-05')
    expect(await told.openKinds()).toEqual([])
    await told.comes('2026-03-16')
    expect(await told.file()).toMatchObject({ stage: 'voting' })
  })

  test('a day that no term counts stays: what waits for it is looked at on the day on which the case goes on', async () => {
    const told = await begin(true)
    expect(await told.file()).toMatchObject({ stage: 'hearing' })
    await told.comes('2026-03-12')
    await told.suspend('illness')
    await told.comes('2026-03-18')
    expect(await told.file()).toMatchObject({ stage: 'hearing' })
    await told.resume('illness')
    expect(await told.file()).toMatchObject({ stage: 'voting' })
  })
})
