import { randomUUID } from 'node:crypto'
import { sampleRegister } from '../../../prisma/seed/sample'
import { seedRegister } from '../../../prisma/seed/seed'
import { inbox } from '../../../prisma/store/inbox'
import { verifyChain } from '../../../prisma/store/events'
import { isoDate } from '../../../workflows/kernel/law/calendar'
import { agencyOf, holdersOf } from '../../../prisma/store/service'
import { freshDatabase } from '../../support/database'
import type { FreshDatabase } from '../../support/database'
import { Worker } from '@temporalio/worker'
import { bundleWorkflows } from '../../../worker/bundle'
import { actor, casework } from '../../support/casework'
import { recordHistories } from '../../support/histories'
import type { Casework } from '../../support/casework'
import { ProbationCase } from '../../support/probation'
import type { Cast } from '../../support/probation'
import { asViewer } from '../../support/viewers'
import { freshPosition } from '../../support/positions'

// Monday 5 January 2026: three months end on Sunday 5 April; Nauryz takes 21-25 March
const APPOINTED = isoDate('2026-01-05')
const sample = { seed: 7, on: isoDate('2026-01-20') }

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  database = await freshDatabase()
  await seedRegister(database.url, sample)
  work = await casework(database.url)
  worker = await work.work()
})

afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const taken = new Set<string>()

/** The people around a newcomer nobody has used yet, in a body of that kind; in any body, a central one as long as there is one. */
async function castIn(bodyKind: string | null): Promise<Cast> {
  const left = sampleRegister(sample).newcomers.filter(
    (each) => each.mentors.length > 1 && each.supervisor !== each.head && !taken.has(each.person),
  )
  const newcomer =
    left.find((each) => each.bodyKind === (bodyKind ?? 'central')) ?? (bodyKind === null ? left[0] : undefined)
  if (!newcomer) throw new Error(`no newcomer left in a body of kind ${bodyKind ?? 'any'}`)
  taken.add(newcomer.person)
  // nobody else has held his position: tests appoint him to it on other days
  await database.sql('delete from posts where "positionId" = $1 and "personId" <> $2', [
    newcomer.position,
    newcomer.person,
  ])
  await database.sql('update posts set "from" = $1 where "personId" = $2 and "to" is null', [
    APPOINTED,
    newcomer.person,
  ])
  const { body, head } = newcomer
  const agencyBody = await agencyOf(work.db, body)
  const [agent] = await holdersOf(work.db, { role: 'agency', body: agencyBody }, sample.on)
  const [hr] = newcomer.hr
  const [mentor, otherMentor] = newcomer.mentors
  if (!agent || !hr || !mentor || !otherMentor) throw new Error(`${body} lacks people`)

  return {
    body,
    servant: newcomer.person,
    position: newcomer.position,
    appointedOn: APPOINTED,
    hr: actor(hr, ['hr', body]),
    head: actor(head, ['head', body]),
    supervisor: newcomer.supervisor,
    mentor,
    otherMentor,
    agency: actor(agent, ['agency', agencyBody]),
  }
}

const begin = async (more: { regime?: string; kind?: string; bringsItsLaw?: boolean } = {}) => {
  const file = await ProbationCase.open(work, await castIn(more.kind ?? null), more)
  expect(file.opened.outcome).toEqual({ result: 'started' })

  return file
}

describe('the way through', () => {
  test('a satisfactory review at the first term passes', async () => {
    const file = await begin()
    expect(await file.stage()).toBe('mentoring')
    await file.isRunning()
    expect(await file.stage()).toBe('running')
    expect(await file.ends()).toBe('2026-04-05')
    await file.comes('2026-02-05')
    expect(await file.mentorChecks('met', 'inHand')).toMatchObject({ ok: true })
    await file.comes('2026-03-05')
    await file.mentorChecks('met', 'inHand')
    // ten working days before 5 April, over Nauryz
    await file.comes('2026-03-17')
    expect(await file.stage()).toBe('running')
    await file.comes('2026-03-18')
    expect(await file.stage()).toBe('reviewDue')
    await file.mentorThinks('satisfactory')
    expect(await file.supervisorReviews('satisfactory', 'met', 'met')).toMatchObject({ ok: true })
    expect(await file.file()).toMatchObject({ status: 'closed', outcome: 'passed', basis: { code: 'passed.review' } })
    expect(await file.documents()).toEqual(['mentorOrder', 'adaptationPlan', 'reviewSheet', 'passedNotice'])
  })

  test('unsatisfactory, extended, unsatisfactory again, and the Agency refuses: he stays in service', async () => {
    const file = await begin()
    await file.isRunning()
    await file.act('recordAbsence', file.cast.hr, { from: '2026-02-09', to: '2026-02-18', kind: 'illness' })
    expect(await file.ends()).toBe('2026-04-15')
    await file.comes('2026-04-01')
    expect(await file.stage()).toBe('reviewDue')
    await file.mentorThinks('unsatisfactory')
    await file.supervisorReviews('unsatisfactory', 'met', 'missed')
    expect(await file.openKinds()).toEqual(['decideExtension'])
    // under this regime dismissal is open only after the extension
    expect(await file.headDecides('proposeDismissal')).toMatchObject({
      refusal: { status: 422, errors: { decision: 'dismissalOnlyAfterExtension' } },
    })
    await file.headDecides('extend')
    expect(await file.stage()).toBe('extended')
    expect(await file.ends()).toBe('2026-07-15')
    // Capital Day, 6 July, is off
    await file.comes('2026-06-30')
    expect(await file.stage()).toBe('secondReview')
    await file.mentorThinks('unsatisfactory')
    await file.supervisorReviews('unsatisfactory', 'partlyMet', 'missed')
    await file.headDecidesDismissal('propose')
    expect(await file.stage()).toBe('agencyReview')
    await file.agencyAnswers('refuse')
    await file.servantAcknowledges()
    expect(await file.file()).toMatchObject({
      status: 'closed',
      outcome: 'keptInService',
      stage: 'keptInService',
      basis: { code: 'agencyRefused', confidence: 'L' },
    })
    expect(await file.documents()).toEqual([
      'mentorOrder',
      'adaptationPlan',
      'reviewSheet',
      'extensionAct',
      'reviewSheet',
      'agencyRequest',
      'agencyReply',
    ])
    expect(await verifyChain(work.db, file.id)).toEqual({ ok: true })
  })

  test('with the consent of the Agency he is dismissed once the notice has run', async () => {
    const file = await begin({ kind: 'akimat-region' })
    await file.isRunning()
    await file.comes('2026-03-18')
    await file.supervisorReviewsUnsatisfactory()
    await file.headDecides('extend')
    await file.comes('2026-06-22')
    await file.supervisorReviewsUnsatisfactory()
    await file.headDecidesDismissal('propose')
    await file.agencyAnswers('agree')
    expect(await file.openKinds()).toEqual(['acknowledge'])
    const { closedOn } = await file.file()
    expect(closedOn).toBeNull()
    const taken = { kind: 'dismissalAct', madeOn: '2026-06-22', effectiveFrom: '2026-06-29' }
    expect(await file.decisions()).toMatchObject([{ ...taken, deliveredOn: null, appealBy: null }])
    await file.servantAcknowledges()
    // one month, by a row that nobody has verified
    expect((await file.decisions())[0]).toMatchObject({
      ...taken,
      deliveredOn: '2026-06-22',
      appealBy: {
        on: '2026-07-22',
        steps: [
          { code: 'starts', on: '2026-06-22' },
          { code: 'adds', term: { confidence: 'U' } },
        ],
      },
    })
    expect((await file.file()).status).toBe('open')
    await file.comes('2026-08-01')
    expect(await file.file()).toMatchObject({ outcome: 'dismissed', basis: { code: 'agencyAgreed' } })
    const done = await work.db.event.findMany({ where: { caseId: file.id, kind: 'effectTaken' } })
    expect(done.map(({ params }) => params)).toEqual([{ effect: 'endPost' }])
    // in a rehearsal nobody loses a post
    expect(await work.db.post.count({ where: { personId: file.cast.servant, endGround: 'probation' } })).toBe(0)
  })

  test('the Agency of a local body is the department of its region', async () => {
    const file = await begin({ kind: 'akimat-region' })
    expect((await file.file()).agencyKey).toMatch(/^civilServiceAgency\./)
    const central = await begin({ kind: 'central' })
    expect((await central.file()).agencyKey).toBe('civilServiceAgency')
  })

  test('the silence of the Agency escalates and is never consent', async () => {
    const file = await begin()
    await file.isRunning()
    await file.comes('2026-03-18')
    await file.supervisorReviewsUnsatisfactory()
    await file.headDecides('extend')
    await file.comes('2026-06-22')
    await file.supervisorReviewsUnsatisfactory()
    await file.headDecidesDismissal('propose')
    await file.comes('2027-01-11')
    expect(await file.stage()).toBe('agencyReview')
    expect(await file.openKinds()).toEqual(['agreeDismissal'])
    expect(await file.events('taskOverdue')).toContain('2026-07-08')
    const queue = await inbox(work.db, asViewer(file.cast.agency), {
      queue: 'escalated',
      rehearsal: 'tests',
      page: 1,
      perPage: 25,
    })
    expect(queue.data).toMatchObject([{ caseId: file.id, kind: 'agreeDismissal' }])
  })
})

describe('the plan', () => {
  test('comes back to the mentor with remarks until the supervisor agrees', async () => {
    const file = await begin()
    await file.mentorIsAppointed()
    await file.mentorDraftsPlan('2026-02-01')
    expect(await file.supervisorReturnsPlan()).toMatchObject({ ok: true })
    expect(await file.openKinds()).toEqual(['draftAdaptationPlan'])
    await file.comes('2026-01-08')
    await file.mentorDraftsPlan('2026-02-01', '2026-03-01')
    const task = await work.db.task.findFirstOrThrow({
      where: { caseId: file.id, kind: 'agreeAdaptationPlan', state: { in: ['ready', 'reserved'] } },
    })
    // five working days from 5 January are the 12th (7 January is Christmas, off); the days with the mentor stop it
    expect(task.dueOn?.toISOString().slice(0, 10)).toBe('2026-01-15')
    await file.supervisorAgreesPlan()
    expect(await file.openKinds()).toEqual(['acknowledge'])
  })

  test('a servant who does not acknowledge it holds nothing up', async () => {
    const file = await begin()
    await file.mentorIsAppointed()
    await file.mentorDraftsPlan('2026-02-01')
    await file.supervisorAgreesPlan()
    await file.comes('2026-01-20')
    expect(await file.stage()).toBe('running')
    expect(await file.events('taskLapsed')).toHaveLength(1)
  })

  test('is judged goal by goal', async () => {
    const file = await begin()
    await file.isRunning()
    await file.comes('2026-03-18')
    expect(await file.supervisorMayReview('satisfactory', 'met')).toMatchObject({
      refusal: { status: 422, errors: { goals: 'eachGoalOnce' } },
    })
  })

  test('a goal before the beginning is refused', async () => {
    const file = await begin()
    await file.mentorIsAppointed()
    expect(await file.mentorDraftsPlan('2026-02-01', '2025-12-31')).toMatchObject({
      refusal: { errors: { 'goals.1.by': 'beforeStart' } },
    })
  })
})

describe('the mentor', () => {
  test.each([
    ['the servant himself', (cast: Cast) => cast.servant, 'mentorIsServant'],
    ['the direct supervisor', (cast: Cast) => cast.supervisor, 'mentorIsSupervisor'],
  ])('is not %s', async (_who, pick, code) => {
    const file = await begin()
    expect(await file.mentorIsAppointed(pick(file.cast))).toMatchObject({ refusal: { errors: { mentor: code } } })
    expect(await file.openKinds()).toEqual(['appointMentor'])
  })

  test('is replaced, and his open tasks go to the next', async () => {
    const file = await begin()
    await file.isRunning()
    await file.comes('2026-02-05')
    const next = file.cast.otherMentor
    const people = { [next]: { body: file.cast.body, serviceMonths: 60, mentees: 0 } }
    expect(await file.act('replaceMentor', file.cast.hr, { mentor: next }, people)).toEqual({
      ok: true,
      outcome: { result: 'done' },
    })
    const task = await work.db.task.findFirstOrThrow({ where: { caseId: file.id, kind: 'interimCheck' } })
    expect(task.personId).toBe(next)
    expect(await file.mentorChecks('met', 'met')).toMatchObject({ refusal: { status: 403 } })
  })
})

describe('absences', () => {
  test('move the end whole: late, overlapping, corrected, withdrawn', async () => {
    const file = await begin()
    await file.isRunning()
    await file.comes('2026-03-02')
    const record = (from: string, to: string) => file.act('recordAbsence', file.cast.hr, { from, to, kind: 'illness' })
    await record('2026-02-09', '2026-02-18')
    expect(await file.ends()).toBe('2026-04-15')
    await record('2026-02-16', '2026-02-20')
    expect(await file.ends()).toBe('2026-04-17')
    await file.act('correctAbsence', file.cast.hr, {
      absence: 1,
      from: '2026-02-09',
      to: '2026-02-10',
      kind: 'illness',
    })
    expect(await file.ends()).toBe('2026-04-12')
    await file.act('withdrawAbsence', file.cast.hr, { absence: 2 })
    expect(await file.ends()).toBe('2026-04-07')
    expect(await file.act('withdrawAbsence', file.cast.hr, { absence: 2 })).toMatchObject({
      refusal: { status: 422, errors: { absence: 'noSuchAbsence' } },
    })
    expect(await record('2026-02-20', '2026-02-10')).toMatchObject({ refusal: { errors: { to: 'beforeFrom' } } })
  })

  test('recorded while the review is open, one moves its due date too', async () => {
    const file = await begin()
    await file.isRunning()
    await file.comes('2026-03-18')
    await file.mentorThinks('satisfactory')
    await file.act('recordAbsence', file.cast.hr, { from: '2026-03-02', to: '2026-03-11', kind: 'leave' })
    const task = await work.db.task.findFirstOrThrow({ where: { caseId: file.id, kind: 'reviewProbation' } })
    expect(task.dueOn?.toISOString().slice(0, 10)).toBe('2026-04-15')
  })
})

describe('no review by the end', () => {
  // as the API starts them, and as cases of the release before were started
  test.each([{ bringsItsLaw: true }, { bringsItsLaw: false }])(
    'reminds, escalates, and after the grace it lapses as passed, under a rule the file names (%j)',
    async (begun) => {
      const file = await begin(begun)
      await file.isRunning()
      await file.comes('2026-04-03')
      expect(await file.events('taskReminded')).toContain('2026-04-03')
      await file.comes('2026-04-17')
      expect(await file.stage()).toBe('reviewDue')
      expect(await file.events('taskOverdue')).toContain('2026-04-06')
      // ten working days after 5 April end with the 17th
      await file.comes('2026-04-18')
      expect(await file.file()).toMatchObject({
        outcome: 'passed',
        basis: { code: 'passed.lapse', confidence: 'D', source: expect.stringMatching(/./) },
      })
    },
  )
})

describe('moves', () => {
  test('with the same duties probation goes on, with other duties it begins anew', async () => {
    const file = await begin()
    await file.isRunning()
    await file.comes('2026-02-02')
    const { position, supervisor, body, hr } = file.cast
    const from = isoDate('2026-02-02')
    const people = { [supervisor]: { body, serviceMonths: 60, mentees: 0 } }
    const positions = { [position]: { body, posts: [{ from, to: null }] } }
    const move = (duties: string) =>
      file.act('moveToOtherPost', hr, { position, duties, supervisor, from }, people, positions)
    expect(await move('same')).toMatchObject({ ok: true })
    expect(await file.ends()).toBe('2026-04-05')
    expect(await move('other')).toMatchObject({ ok: true })
    expect(await file.ends()).toBe('2026-05-02')
    expect(await file.stage()).toBe('mentoring')
    expect(await file.openKinds()).toEqual(['appointMentor'])
  })

  test('from a day to come, the move takes effect on that day', async () => {
    const file = await begin()
    await file.isRunning()
    const { supervisor, body, servant, hr } = file.cast
    const from = isoDate('2026-02-02')
    const other = await freshPosition(work.db, body)
    await database.sql('update posts set "to" = $1 where "personId" = $2 and "to" is null', ['2026-02-01', servant])
    await work.db.post.create({
      data: { id: randomUUID(), personId: servant, positionId: other, from: new Date(from) },
    })
    const people = { [supervisor]: { body, serviceMonths: 60, mentees: 0 } }
    const positions = { [other]: { body, posts: [{ from, to: null }] } }
    const form = { position: other, duties: 'other', supervisor, from }
    expect(await file.act('moveToOtherPost', hr, form, people, positions)).toMatchObject({ ok: true })
    await file.comes('2026-02-01')
    expect([await file.stage(), await file.ends()]).toEqual(['running', '2026-04-05'])
    await file.comes(from)
    expect([await file.stage(), await file.ends()]).toEqual(['mentoring', '2026-05-02'])
    await file.act('cancel', file.cast.head, { ground: 'otherGround' })
  })

  test('the head cancels with a reason, and what was open is withdrawn', async () => {
    const file = await begin()
    await file.isRunning()
    const form = { ground: 'leftService' }
    expect(await file.act('cancel', file.cast.hr, form)).toMatchObject({ refusal: { status: 403 } })
    expect(await file.act('cancel', file.cast.head, form)).toMatchObject({ ok: true })
    expect(await file.file()).toMatchObject({ status: 'closed', outcome: 'cancelled' })
    expect(await file.openKinds()).toEqual([])
  })

  test('a second open probation of one person is refused, a new one after the end is not', async () => {
    const file = await begin()
    const second = await ProbationCase.open(work, file.cast)
    expect(second.opened.outcome).toMatchObject({ result: 'refused', reason: { code: 'alreadyOpen' } })
    await file.act('cancel', file.cast.head, { ground: 'openedInError' })
    expect((await ProbationCase.open(work, file.cast)).opened.outcome).toEqual({ result: 'started' })
  })
})

describe('a day that the calendar of the case does not reach', () => {
  test('as the day of appointment: refused with a reason, and a right start is not in its way', async () => {
    const cast = await castIn('central')
    const wrong = { ...cast, appointedOn: isoDate('2062-01-05') }
    const begins = (on: string) =>
      database.sql('update posts set "from" = $1 where "personId" = $2 and "to" is null', [on, cast.servant])
    await begins(wrong.appointedOn)
    const refused = await ProbationCase.open(work, wrong, { on: cast.appointedOn })
    await begins(cast.appointedOn)
    expect(refused.opened.outcome).toMatchObject({ result: 'refused', reason: { code: 'outsideCalendar' } })
    expect((await ProbationCase.open(work, cast)).opened.outcome).toEqual({ result: 'started' })
  })
})

describe('a fixed look-back is not the limit of the register', () => {
  async function openedIn2026(appointedOn: string, bringsItsLaw: boolean) {
    const cast = { ...(await castIn('central')), appointedOn: isoDate(appointedOn) }
    await database.sql('update posts set "from" = $1 where "personId" = $2 and "to" is null', [
      appointedOn,
      cast.servant,
    ])
    const { opened } = await ProbationCase.open(work, cast, { on: isoDate('2026-11-10'), bringsItsLaw })

    return opened.outcome
  }
  const ways: [string, boolean][] = [
    ['the start brings its law', true],
    ['the case asks for it', false],
  ]

  test.each(ways)('a post taken more than a year before its case is opened: %s', async (_, bringsItsLaw) => {
    expect(await openedIn2026('2025-10-14', bringsItsLaw)).toEqual({ result: 'started' })
  })

  test.each(ways)('a day before the first of the register is refused with its dates: %s', async (_, bringsItsLaw) => {
    expect(await openedIn2026('2014-12-30', bringsItsLaw)).toMatchObject({
      result: 'refused',
      reason: { code: 'outsideCalendar', params: { from: '2015-01-01' } },
    })
  })
})

describe('absences that lead past the calendar of the case', () => {
  test('are refused with a reason, and the case goes on as it was', async () => {
    const file = await begin()
    await file.isRunning()
    const years = ['2026', '2027', '2028', '2029', '2030', '2031'].map(Number)
    const said = []
    for (const year of years) {
      const absence = { from: `${year}-02-01`, to: `${year + 1}-01-31`, kind: 'illness' }
      said.push(await file.act('recordAbsence', file.cast.hr, absence))
    }
    const [refused] = said.filter(({ ok }) => !ok)
    expect(refused).toMatchObject({ refusal: { status: 409, reason: { code: 'outsideCalendar' } } })
    expect(said[0]).toMatchObject({ ok: true })
    const ends = await file.ends()
    const short = { from: '2026-01-12', to: '2026-01-13', kind: 'illness' }
    expect(await file.act('recordAbsence', file.cast.hr, short)).toMatchObject({ ok: true })
    expect(await file.ends()).not.toBe(ends)
  })
})

describe('regimes', () => {
  test('the target regime abolishes probation', async () => {
    const file = await ProbationCase.open(work, await castIn('central'), { regime: 'RC' })
    expect(file.opened.outcome).toMatchObject({ result: 'refused', reason: { code: 'abolished', confidence: 'S' } })
  })

  test('under the slides of 2015 dismissal is open at the first review', async () => {
    const file = await begin({ regime: 'R1' })
    await file.isRunning()
    await file.comes('2026-03-18')
    await file.supervisorReviewsUnsatisfactory()
    expect(await file.headDecides('proposeDismissal')).toMatchObject({ ok: true })
    expect(await file.stage()).toBe('agencyReview')
  })

  test('under the law it comes only after the extension', async () => {
    const file = await begin({ regime: 'R3' })
    await file.isRunning()
    await file.comes('2026-03-18')
    await file.supervisorReviewsUnsatisfactory()
    expect(await file.headDecides('proposeDismissal')).toMatchObject({ refusal: { status: 422 } })
    await file.headDecides('extend')
    expect(await file.stage()).toBe('extended')
  })

  test('a case opened before a change keeps its regime', async () => {
    const file = await begin()
    expect((await file.file()).regimeId).toBe('R4')
    await file.isRunning()
    await file.comes('2026-07-20')
    expect((await file.file()).regimeId).toBe('R4')
  })
})

describe('histories', () => {
  test('of every scenario replay', async () => {
    const rows = await work.db.case.findMany({ select: { id: true } })
    const bundle = await bundleWorkflows()
    for (const { id } of rows) {
      const history = await work.client.workflow.getHandle(id).fetchHistory()
      await expect(Worker.runReplayHistory({ workflowBundle: bundle }, history, id)).resolves.toBeUndefined()
    }
    if (process.env['RECORD_HISTORIES']) await recordHistories(work)
  })

  test('contain no name and no free text', async () => {
    const handle = work.client.workflow.getHandle((await begin()).id)
    const text = JSON.stringify(await handle.fetchHistory())
    const people = await work.db.person.findMany({ take: 500 })
    const names = people.flatMap((each) => [each.surnameRu, each.surnameEn, each.givenRu, each.givenEn])
    const decoded = Buffer.from(text).toString() + decodedPayloads(text)
    expect(names.filter((name) => decoded.includes(name))).toEqual([])
  })
})

/** Payloads are base64 in the JSON of a history. */
const decodedPayloads = (json: string): string =>
  [...json.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)]
    .map((match) => Buffer.from(match[1] ?? '', 'base64').toString())
    .join('\n')
