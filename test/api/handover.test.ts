/** A probation is handed over through the API: who finds it, does its tasks and acts on it before and after, in one step. */
import { randomUUID } from 'node:crypto'
import { sendAgain } from '../../api/commands/submit'
import type { CaseDetail, EventView, TaskView } from '../../api/shapes/views'
import { commandById } from '../../prisma/store/commands'
import { verifyChain } from '../../prisma/store/events'
import { doneWithoutEffect } from '../../prisma/store/reconcile-rows'
import { decisionsWithoutCommand } from '../../prisma/store/reconcile-trails'
import type { CaseId, CommandId } from '../../workflows/kernel/contract'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(180_000)

const HERE = 'ministryFinance'
const THERE = 'akimat.karaganda'
const DEPARTMENT = 'civilServiceAgency.karaganda'

let api: Api
let caseId: string
/** set while answers do not reach their case */
let away = false
const users = new Map<string, Agent>()

beforeAll(async () => {
  api = await startWorkedApi({
    through: (engine) => ({
      ...engine,
      send: (command, waitMs) =>
        away && command.kind === 'complete'
          ? Promise.resolve({ result: 'unknown', why: 'away' })
          : engine.send(command, waitMs),
    }),
  })
  // the head of the other body has no account of the demonstration
  const head = await api.db.bodyRole.findFirstOrThrow({ where: { role: 'head', bodyKey: THERE, to: null } })
  await api.db.account.create({ data: { id: 'headThere', personId: head.personId, demoAs: 'mentor' } })
  for (const user of [
    'hrMinistry',
    'headMinistry',
    'hrAkimat',
    'headThere',
    'agencyOfficerRegion',
    'mentor',
    'developer',
  ])
    users.set(user, await api.as(user))
  // by another than who is looked at afterwards: whoever has acted in a case goes on seeing it
  const known = (await api.db.account.findMany({ where: { demoAs: { not: null } } })).map((account) => account.personId)
  const { personId } = await api.db.post.findFirstOrThrow({
    where: { to: null, position: { bodyKey: HERE }, personId: { notIn: known } },
    orderBy: { id: 'asc' },
  })
  await api.db.account.create({ data: { id: 'hrOther', personId, demoAs: 'hrMinistry' } })
  await api.db.bodyRole.create({
    data: { id: randomUUID(), personId, role: 'hr', bodyKey: HERE, from: new Date('2020-01-01'), basis: 'test' },
  })
  caseId = await begins('h')
})
afterAll(() => api.close())

/** Begins a probation of the newcomer in a set of its own. */
async function begins(set: string): Promise<string> {
  const newcomer = await personOf(api, 'newcomer')
  const { from, positionId } = await api.db.post.findFirstOrThrow({ where: { personId: newcomer, to: null } })
  const appointedOn = from.toISOString().slice(0, 10)
  const form = { person: newcomer, position: positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn }
  const other = await api.as('hrOther')
  const started = await other
    .post('/api/processes/probation/cases')
    .send({ form, rehearsal: { set, origin: appointedOn } })
  expect({ status: started.status, text: started.text }).toMatchObject({ status: 201 })

  return String(started.body.caseId)
}
const as = (user: string): Agent => {
  const agent = users.get(user)
  if (!agent) throw new Error(`nobody is signed in as ${user}`)

  return agent
}
const file = async (user: string) => {
  const { status, body } = await as(user).get(`/api/cases/${caseId}`)

  return status === 200 ? (body as CaseDetail) : null
}
/** What each may: find the case in the list, open its page, have its task in the inbox, open that, and hand the case over. */
async function rights(user: string): Promise<string[]> {
  const listed = await as(user).get(`/api/cases?id=${caseId}`).expect(200)
  const inbox = await as(user).get('/api/tasks?queue=todo&perPage=100&rehearsal=h').expect(200)
  const task = await api.db.task.findFirstOrThrow({ where: { caseId, kind: 'appointMentor' } })
  const page = await file(user)
  const seen = await as(user).get(`/api/tasks/${task.id}`)

  return [
    ...(listed.body.data.length > 0 ? ['list'] : []),
    ...(page ? ['page'] : []),
    ...(inbox.body.data.some(({ id }: TaskView) => id === task.id) ? ['inbox'] : []),
    ...(seen.status === 200 && seen.body.verbs?.includes('claim') ? ['claim'] : []),
    ...(page?.acts.some(({ act }) => act === 'handOver') ? ['handOver'] : []),
  ]
}
const everybody = async () =>
  Object.fromEntries(await Promise.all([...users.keys()].map(async (user) => [user, await rights(user)] as const)))
async function handsOver(user: string, body: string) {
  const { step } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })

  return as(user)
    .post(`/api/cases/${caseId}/acts/handOver`)
    .send({ step, form: { body, reason: 'Merged' } })
}

test('list, page, inbox, task and act are those of the new body afterwards, and of no one in the former', async () => {
  const before = await everybody()
  expect(before).toEqual({
    hrMinistry: ['list', 'page', 'inbox', 'claim'],
    headMinistry: ['list', 'page', 'handOver'],
    hrAkimat: [],
    headThere: [],
    agencyOfficerRegion: [],
    mentor: [],
    developer: ['list', 'page'],
  })
  expect(await handsOver('headMinistry', HERE)).toMatchObject({ status: 422, body: { errors: { body: 'sameBody' } } })
  expect(await handsOver('headMinistry', 'nowhere')).toMatchObject({
    status: 422,
    body: { errors: { body: 'unknownId' } },
  })
  expect(await handsOver('hrMinistry', THERE)).toMatchObject({ status: 403 })

  expect(await handsOver('headMinistry', THERE)).toMatchObject({ status: 204, body: {} })
  expect(await everybody()).toEqual({
    hrMinistry: [],
    headMinistry: [],
    hrAkimat: ['list', 'page', 'inbox', 'claim'],
    headThere: ['list', 'page', 'handOver'],
    agencyOfficerRegion: ['list', 'page', 'handOver'],
    mentor: [],
    developer: ['list', 'page'],
  })
  expect(await file('hrAkimat')).toMatchObject({ body: { key: THERE } })
  expect(await api.db.case.findUniqueOrThrow({ where: { id: caseId } })).toMatchObject({
    agencyKey: DEPARTMENT,
    setBodyKey: HERE,
  })
})

test('the file says from where to where, and why', async () => {
  const { body } = await as('hrAkimat').get(`/api/cases/${caseId}/events?perPage=100`).expect(200)
  const events: EventView[] = body.data
  expect(events.find(({ kind }) => kind === 'handedOver')).toMatchObject({
    handedOver: { from: { key: HERE }, to: { key: THERE } },
    actor: { id: await personOf(api, 'headMinistry') },
  })
  expect(events.find(({ kind, params }) => kind === 'actPerformed' && params['act'] === 'handOver')).toMatchObject({
    content: { body: THERE, reason: 'Merged' },
  })
})

test('rules go by the new body: its HR appoints a mentor who serves there, and none of the former', async () => {
  const longest = await api.db.post.findFirstOrThrow({
    where: { to: null, position: { bodyKey: THERE } },
    orderBy: [{ from: 'asc' }, { id: 'asc' }],
  })
  const { id, version } = await api.db.task.findFirstOrThrow({ where: { caseId, kind: 'appointMentor' } })
  const held = await as('hrAkimat').post(`/api/tasks/${id}/claim`).send({ version }).expect(200)
  const appoints = (mentor: string) =>
    as('hrAkimat')
      .post(`/api/tasks/${id}/complete`)
      .send({ version: held.body.version, form: { mentor, order: '77-қ' } })
  expect(await appoints(await personOf(api, 'mentor'))).toMatchObject({
    status: 422,
    body: { errors: { mentor: 'unknownId' } },
  })
  const mine = await appoints(longest.personId)
  expect({ status: mine.status, text: mine.text }).toMatchObject({ status: 200 })
  const document = await as('hrAkimat').get(`/api/cases/${caseId}/documents`).expect(200)
  expect(document.body.data).toMatchObject([{ kind: 'mentorOrder', issuer: { key: THERE } }])
})

describe('an answer is stored and not yet heard when the case is handed over', () => {
  const task = (kind: string) => api.db.task.findFirstOrThrow({ where: { caseId, kind } })
  async function answersUnheard(user: string, kind: string, form: object): Promise<string> {
    const { id, version, state } = await task(kind)
    const held =
      state === 'ready'
        ? (await as(user).post(`/api/tasks/${id}/claim`).send({ version }).expect(200)).body
        : { version }
    away = true
    const sent = await as(user).post(`/api/tasks/${id}/complete`).send({ version: held.version, form }).expect(202)
    away = false

    return String(sent.body.id)
  }
  async function isHeard(id: string) {
    const command = await commandById(api.db, id as CommandId)
    if (!command) throw new Error('it is not stored')

    return sendAgain(api.service, command)
  }
  const isWhole = async () => {
    expect(await decisionsWithoutCommand(api.db, 10, [caseId as CaseId])).toEqual([])
    expect(await doneWithoutEffect(api.db, 10, [caseId as CaseId])).toEqual([])
    expect(await verifyChain(api.db, caseId as CaseId)).toEqual({ ok: true })
  }

  test('it is heard by the rights of then, and nobody else can take the task up before', async () => {
    caseId = await begins('heard')
    const { id, version } = await task('appointMentor')
    const held = await as('hrMinistry').post(`/api/tasks/${id}/claim`).send({ version }).expect(200)
    const mentor = await personOf(api, 'mentor')
    await as('hrMinistry')
      .post(`/api/tasks/${id}/complete`)
      .send({ version: held.body.version, form: { mentor, order: '77-қ' } })
      .expect(200)
    const goals = [{ goal: 'Goal', measure: 'Measure', by: new Date().toISOString().slice(0, 10) }]
    const command = await answersUnheard('mentor', 'draftAdaptationPlan', { goals })
    expect(await handsOver('headMinistry', THERE)).toMatchObject({ status: 204 })
    expect(await task('draftAdaptationPlan')).toMatchObject({ state: 'completing', bodyKey: THERE })

    expect(await isHeard(command)).toMatchObject({ state: 'done' })
    expect(await task('draftAdaptationPlan')).toMatchObject({ state: 'completed', answeredById: mentor })
    await isWhole()
  })

  test('where the rules of the new body do not allow it, its sender is told, and the task is free in the new body', async () => {
    caseId = await begins('refused')
    const form = { mentor: await personOf(api, 'mentor'), order: '77-қ' }
    const command = await answersUnheard('hrMinistry', 'appointMentor', form)
    expect(await handsOver('headMinistry', THERE)).toMatchObject({ status: 204 })
    const { id, version } = await task('appointMentor')
    await as('hrAkimat').post(`/api/tasks/${id}/claim`).send({ version }).expect(409)

    const problem = { errors: { mentor: 'mentorOfOtherBody' } }
    expect(await isHeard(command)).toMatchObject({ state: 'refused', problem })
    expect(await task('appointMentor')).toMatchObject({ state: 'ready', bodyKey: THERE, assigneeId: null })
    expect(await rights('hrAkimat')).toContain('claim')
    await isWhole()
  })
})
