/** What cannot be chosen is said with the form, and refused by the same rule all the same. */
import { randomUUID } from 'node:crypto'
import type { ActView, CaseDetail, TaskDetail } from '../../api/shapes/views'
import { arrangeCase, arrangeTask, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

let api: Api
let hr: Agent
let mentor: Agent
let caseId: string
let appointedOn: string

beforeAll(async () => {
  api = await startWorkedApi()
  hr = await api.as('hrMinistry')
  mentor = await api.as('mentor')
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  appointedOn = post.from.toISOString().slice(0, 10)
  const { body } = await hr
    .post('/api/processes/probation/cases')
    .send({
      form: { person, position: post.positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn },
      rehearsal: { set: `set ${randomUUID().slice(0, 8)}`, origin: appointedOn },
    })
    .expect(201)
  caseId = body.caseId
})
afterAll(() => api.close())

const file = async (who = hr): Promise<CaseDetail> => (await who.get(`/api/cases/${caseId}`).expect(200)).body
const act = async (name: string): Promise<ActView> => {
  const found = (await file()).acts.find((each) => each.act === name)
  if (!found) throw new Error(`no act ${name}`)

  return found
}
const performed = async (name: string, form: object) => {
  const { step } = await file()

  return hr.post(`/api/cases/${caseId}/acts/${name}`).send({ step, form })
}
/** The open task of a kind, taken up. */
async function taken(who: Agent, kind: string): Promise<TaskDetail> {
  const { body } = await who.get(`/api/cases/${caseId}/tasks`).expect(200)
  const open = body.data.find((each: TaskDetail) => each.kind === kind && each.state === 'ready')
  if (open?.verbs.includes('claim'))
    await who.post(`/api/tasks/${open.id}/claim`).send({ version: open.version }).expect(200)
  const id = (open ?? body.data.find((each: TaskDetail) => each.kind === kind)).id

  return (await who.get(`/api/tasks/${id}`).expect(200)).body
}

/** A person of the ministry who has a post and no case. */
async function colleague(): Promise<{ person: string; position: string; from: string }> {
  const { personId, positionId, from } = await api.db.post.findFirstOrThrow({
    where: {
      to: null,
      position: { bodyKey: 'ministryFinance' },
      person: { accounts: { none: { demoAs: { not: null } } }, cases: { none: {} } },
    },
    orderBy: { from: 'desc' },
  })

  return { person: personId, position: positionId, from: from.toISOString().slice(0, 10) }
}

describe('a start', () => {
  const startable = '/api/processes/probation/start'
  const refused = async (query: string): Promise<Record<string, string>> =>
    (await hr.get(`${startable}/refused?body=ministryFinance&${query}`).expect(200)).body.refused

  test('of a case about oneself, or about somebody who has one, is not offered', async () => {
    const [self, newcomer] = await Promise.all(['hrMinistry', 'newcomer'].map((user) => personOf(api, user)))
    const { person: free } = await colleague()
    const asked = `field=person&${[self, newcomer, free].map((id) => `id=${String(id)}`).join('&')}`
    expect(await refused(asked)).toEqual({ [String(self)]: 'yourself' })
    // rehearsals of a set are held against those of the same set
    const { rehearsal } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
    expect(await refused(`${asked}&set=${encodeURIComponent(rehearsal ?? '')}`)).toEqual({
      [String(self)]: 'yourself',
      [String(newcomer)]: 'alreadyOpen',
    })
    await hr.get(`${startable}/refused?body=ministryJustice&${asked}`).expect(403)
  })

  test('in a position that the person never had is not offered, and refused without a trace', async () => {
    const { person, position, from } = await colleague()
    const other = await api.db.position.findFirstOrThrow({
      where: { bodyKey: 'ministryFinance', posts: { none: { personId: person } } },
    })
    const asked = `field=position&id=${position}&id=${other.id}`
    expect(await refused(`${asked}&person=${person}`)).toEqual({ [other.id]: 'notTheirPost' })
    // until a person is chosen any may be
    expect(await refused(asked)).toEqual({})
    const { status, body } = await hr.post('/api/processes/probation/cases').send({
      form: { person, position: other.id, appointedOn: from, actNumber: '1', actDate: from },
    })
    expect([status, body.errors]).toEqual([422, { position: 'notTheirPost' }])
    expect(await api.db.case.count({ where: { subjectId: person } })).toBe(0)
  })

  test('says the days between which its dates have to lie, by the clock with which the case would begin', async () => {
    const offered = async (query = '') =>
      (await hr.get(`${startable}?body=ministryFinance${query}`).expect(200)).body.days.actDate
    const real = (await hr.get('/api/me').expect(200)).body.today
    expect(await offered()).toEqual({ from: null, to: { on: real, code: 'notYet' } })
    const set = encodeURIComponent(`set ${randomUUID().slice(0, 8)}`)
    expect(await offered(`&set=${set}&origin=2027-03-01`)).toEqual({
      from: null,
      to: { on: '2027-03-01', code: 'notYet' },
    })
    // nothing can be said of a day that no regime knows
    expect(await offered(`&set=${set}&origin=1901-03-01`)).toBeUndefined()
    const { person, position, from } = await colleague()
    const { status, body } = await hr.post('/api/processes/probation/cases').send({
      form: { person, position, appointedOn: from, actNumber: '1', actDate: '2199-01-01' },
    })
    expect([status, body.errors]).toEqual([422, { actDate: 'notYet' }])
  })
})

test('a position that the register does not give the servant cannot be chosen in a move to another post', async () => {
  const newcomer = await personOf(api, 'newcomer')
  const own = await api.db.post.findFirstOrThrow({ where: { personId: newcomer, to: null } })
  const others = await api.db.position.findMany({
    where: { bodyKey: 'ministryFinance', posts: { none: { personId: newcomer } } },
    take: 2,
  })
  const asked = [own.positionId, ...others.map(({ id }) => id)].map((id) => `id=${id}`).join('&')
  const { body } = await hr.get(`/api/cases/${caseId}/acts/moveToOtherPost/refused?field=position&${asked}`).expect(200)
  expect(body.refused).toEqual(Object.fromEntries(others.map(({ id }) => [id, 'notTheirPost'])))
})

test('the clock of a rehearsal is moved to a later day only, which is said with the form', async () => {
  const { today } = await file()
  const next = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10)
  expect((await act('advance')).offer.days).toEqual({ to: { from: { on: next, code: 'past' }, to: null } })
})

test('a person who may not be the mentor is named with the reason before he is chosen, and refused with it when he is', async () => {
  const task = await taken(hr, 'appointMentor')
  const [newcomer, supervisor, fit] = await Promise.all(
    ['newcomer', 'supervisor', 'mentor'].map((user) => personOf(api, user)),
  )
  const stranger = await personOf(api, 'hrAkimat')
  const asked = [newcomer, supervisor, fit, stranger].map((id) => `id=${String(id)}`).join('&')
  const { body } = await hr.get(`/api/tasks/${task.id}/refused?field=mentor&${asked}`).expect(200)
  expect(body.refused).toEqual({
    [String(newcomer)]: 'mentorIsServant',
    [String(supervisor)]: 'mentorIsSupervisor',
    // no form of this body lets him be named
    [stranger]: 'unknownId',
  })
  for (const [id, code] of Object.entries(body.refused)) {
    const form = { version: task.version, form: { mentor: id } }
    const { status, body: problem } = await hr.post(`/api/tasks/${task.id}/complete`).send(form)
    expect([status, problem.errors]).toEqual([422, { mentor: code }])
  }
})

test('an act that has nothing to change says so on the page of the case, and when it is performed', async () => {
  for (const name of ['correctAbsence', 'withdrawAbsence'])
    expect((await act(name)).offer.closed).toEqual({ code: 'noAbsences' })
  const { status, body } = await performed('withdrawAbsence', { absence: 1, reason: 'r' })
  expect([status, body.reason]).toEqual([409, { code: 'noAbsences' }])
})

test('a recorded item is chosen from the list, which holds all that was recorded of it, as corrected last', async () => {
  const day = (n: number) => new Date(Date.parse(appointedOn) + n * 86_400_000).toISOString().slice(0, 10)
  const recorded = { from: day(7), to: day(9), kind: 'illness', document: 'Sheet 1' }
  expect((await performed('recordAbsence', recorded)).status).toBe(200)
  expect((await performed('recordAbsence', { ...recorded, from: day(20), to: day(21), kind: 'leave' })).status).toBe(
    200,
  )
  const corrected = { from: day(7), to: day(10), kind: 'illness', document: 'Sheet 2' }
  expect((await performed('correctAbsence', { absence: 1, ...corrected })).status).toBe(200)
  expect((await performed('withdrawAbsence', { absence: 2, reason: 'r' })).status).toBe(200)

  const { offer } = await act('correctAbsence')
  expect(offer.closed).toBeNull()
  expect(offer.items).toEqual({
    absence: {
      list: 'absences',
      items: [
        { ...corrected, withdrawn: false },
        { from: day(20), to: day(21), kind: 'leave', document: 'Sheet 1', withdrawn: true },
      ],
    },
  })
  expect(offer.refused).toEqual({ absence: { 2: 'noSuchAbsence' } })
})

test('the days between which a date has to lie are said with the form, and a date outside is refused', async () => {
  const appoint = await taken(hr, 'appointMentor')
  const mentorId = await personOf(api, 'mentor')
  await hr
    .post(`/api/tasks/${appoint.id}/complete`)
    .send({ version: appoint.version, form: { mentor: mentorId } })
    .expect(200)
  const task = await taken(mentor, 'draftAdaptationPlan')
  const { clocks } = await file()
  expect(task.offer.days).toEqual({
    'goals.by': { from: { on: appointedOn, code: 'beforeStart' }, to: { on: clocks[0]?.endsOn, code: 'afterEnd' } },
  })
  const goal = { goal: 'Learn', measure: 'Test', by: clocks[0]?.endsOn }
  const draft = (by: string | undefined) =>
    mentor
      .post(`/api/tasks/${task.id}/complete`)
      .send({ version: task.version, form: { goals: [goal, { ...goal, by }] } })
  // the calendar of the case reaches no further than a few years
  for (const by of ['2028-01-01', '2029-12-31']) {
    const { status, body } = await draft(by)
    expect([status, body.errors]).toEqual([422, { 'goals.1.by': 'afterEnd' }])
  }
  expect((await draft('2040-01-01')).status).toBe(422)
  expect((await draft(goal.by)).status).toBe(200)
})

test('whom a task cannot be handed to, and whom no question can be put to, is named with the reason', async () => {
  const head = await api.as('headMinistry')
  const subject = await personOf(api, 'newcomer')
  const arranged = await arrangeCase(api.db, { body: 'ministryFinance', subject })
  const hrPerson = await personOf(api, 'hrMinistry')
  const waiting = { role: 'hr', body: 'ministryFinance', state: 'reserved', assignee: hrPerson }
  const id = await arrangeTask(api.db, arranged, waiting)
  const agency = await personOf(api, 'agencyOfficer')
  const asked = `field=person&id=${hrPerson}&id=${agency}&id=${subject}`
  const refusedBy = async (who: Agent, verb: string) =>
    (await who.get(`/api/tasks/${id}/${verb}/refused?${asked}`).expect(200)).body.refused
  for (const [who, verb] of [
    [head, 'assign'],
    [hr, 'delegate'],
  ] as const) {
    const refused = await refusedBy(who, verb)
    // who serves in another body is not shown to them
    expect(refused).toEqual({ [agency]: 'unknownId', [subject]: 'mayNotHold' })
    for (const [person, code] of Object.entries(refused)) {
      const { status, body } = await who.post(`/api/tasks/${id}/${verb}`).send({ version: 1, person })
      expect([status, body.errors]).toEqual([422, { person: code }])
    }
  }
  expect(await refusedBy(hr, 'ask')).toEqual({ [hrPerson]: 'yourself' })
})

test.each([1, 2])('in version %i a choice that a regime forbids is named with the reason', async (formVersion) => {
  const subject = await personOf(api, 'newcomer')
  const arranged = await arrangeCase(api.db, { body: 'ministryFinance', subject })
  const head = await personOf(api, 'headMinistry')
  const decide = await arrangeTask(api.db, arranged, {
    kind: 'decideExtension',
    role: 'head',
    body: 'ministryFinance',
    state: 'reserved',
    assignee: head,
  })
  await api.db.task.update({ where: { id: decide }, data: { formVersion } })
  const offered = async (facts: object) => {
    await api.db.case.update({ where: { id: arranged }, data: { facts: { absences: [], ...facts } } })
    const { body } = await (await api.as('headMinistry')).get(`/api/tasks/${decide}`).expect(200)

    return body.offer.refused
  }
  expect(await offered({ dismissalOpen: false })).toEqual({
    decision: { proposeDismissal: 'dismissalOnlyAfterExtension' },
  })
  expect(await offered({ dismissalOpen: true })).toEqual({})
})

test('people and positions are told apart by unit, position and since when', async () => {
  const id = await personOf(api, 'mentor')
  const { body: person } = await hr.get(`/api/register/people/${id}`).expect(200)
  const position = await api.db.position.findUniqueOrThrow({ where: { id: person.post.position.id } })
  expect(person.post).toMatchObject({ from: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), unit: { id: position.unitId } })
  const { body: place } = await hr.get(`/api/register/positions/${position.id}`).expect(200)
  expect(place.holder).toEqual({ person: { id, name: person.name }, from: person.post.from })
  const vacant = await hr.get('/api/register/positions?vacantOn=2100-01-01&perPage=100').expect(200)
  expect(vacant.body.data.filter((each: { holder: unknown }) => each.holder === null)).not.toEqual([])
})

test('a name of the register of which nothing can be seen is refused', async () => {
  const admin = await api.as('administrator')
  const { body: unit } = await admin.get('/api/register/units?perPage=1').expect(200)
  const [{ id, version, name }] = unit.data
  for (const kk of ['\u200B\u200B', '\u3000', '\u2060\uFEFF'])
    await admin
      .patch(`/api/register/units/${String(id)}`)
      .set('If-Match', `"${String(version)}"`)
      .send({ name: { ...name, kk } })
      .expect(422)
})
