/** The way of a command from HTTP to a workflow and back, on a real Temporal and a real worker. */
import { randomUUID } from 'node:crypto'
import { startDispatcher } from '../../api/operations/dispatcher'
import { sweepOffices } from '../../api/operations/office-sweep'
import { createDb } from '../../prisma/store/db'
import { verifyChain } from '../../prisma/store/events'
import { decisionsWithoutCommand } from '../../prisma/store/reconcile-trails'
import type { CaseId } from '../../workflows/kernel/contract'
import { workflowType } from '../../workflows/kernel/protocol/messages'
import { processes } from '../../workflows/registry'
import { eventually } from '../support/eventually'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

let api: Api
/** set while Temporal is "away" */
let away = false
let hr: Agent

beforeAll(async () => {
  api = await startWorkedApi({
    through: (engine) => ({
      ...engine,
      send: (command, waitMs) =>
        away ? Promise.resolve({ result: 'unknown', why: 'away' }) : engine.send(command, waitMs),
    }),
  })
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

async function startBody() {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const appointedOn = post.from.toISOString().slice(0, 10)

  return {
    form: { person, position: post.positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn },
    rehearsal: { set: `set ${randomUUID().slice(0, 8)}`, origin: appointedOn },
  }
}
const START = '/api/processes/probation/cases'
const open = async () => {
  const { body } = await hr
    .post(START)
    .send(await startBody())
    .expect(201)

  return body as { result: string; caseId: CaseId; number: string }
}
/** Ends a case, since a person has one open probation at a time. */
const cancel = async (caseId: string) => {
  const head = await api.as('headMinistry')
  const { body: file } = await head.get(`/api/cases/${caseId}`).expect(200)
  await head
    .post(`/api/cases/${caseId}/acts/cancel`)
    .send({ step: file.step, form: { ground: 'openedInError', reason: 'a test' } })
    .expect(200)
}
/** Waits until a command has an outcome. */
const settled = (id: string) =>
  eventually('the outcome', async () => (await hr.get(`/api/commands/${id}`).expect(200)).body.state !== 'stored')
const firstTask = async (caseId: string) => {
  const { body } = await hr.get(`/api/cases/${caseId}/tasks`).expect(200)

  return body.data[0] as { id: string; version: number; kind: string; state: string }
}
const claimed = async (caseId: string) => {
  const task = await firstTask(caseId)
  const { body } = await hr.post(`/api/tasks/${task.id}/claim`).send({ version: task.version }).expect(200)

  return body as { id: string; version: number }
}

test('starts once per key, and refuses a second probation of the same person as an answer', async () => {
  const body = await startBody()
  const key = randomUUID()
  const [first, twin] = await Promise.all([1, 2].map(() => hr.post(START).set('Idempotency-Key', key).send(body)))
  expect([first?.status, twin?.status]).toEqual([201, 201])
  expect(twin?.body).toEqual(first?.body)
  const again = await hr.post(START).set('Idempotency-Key', key).send(body).expect(201)
  expect(again.body).toEqual(first?.body)
  const reused = await hr
    .post(START)
    .set('Idempotency-Key', key)
    .send({ ...body, rehearsal: { set: 'other' } })
    .expect(422)
  expect(reused.body.code).toBe('idempotencyKeyReused')
  expect(await api.db.case.count()).toBe(1)
  const second = await hr.post(START).send(body).expect(200)
  expect(second.body).toMatchObject({ result: 'refused', reason: { code: expect.any(String) } })
  await cancel(first?.body.caseId)
})

test('goes from a claim through an answer to the file', async () => {
  const { caseId } = await open()
  const { body: file } = await hr.get(`/api/cases/${caseId}`).expect(200)
  expect(file).toMatchObject({ status: 'open', stage: 'mentoring', clock: { held: true } })
  expect(file.acts.map((act: { act: string }) => act.act)).toEqual(expect.arrayContaining(['recordAbsence', 'advance']))
  expect(file.terms.length).toBeGreaterThan(5)
  const task = await claimed(caseId)
  const mentor = await personOf(api, 'mentor')
  const key = randomUUID()
  const answer = { version: task.version, form: { mentor, order: '77-қ' } }
  const done = await hr.post(`/api/tasks/${task.id}/complete`).set('Idempotency-Key', key).send(answer).expect(200)
  expect(done.body).toMatchObject({ state: 'completed', verbs: [] })
  expect(
    (await hr.post(`/api/tasks/${task.id}/complete`).set('Idempotency-Key', key).send(answer).expect(200)).body,
  ).toEqual(done.body)
  await hr
    .post(`/api/tasks/${task.id}/complete`)
    .set('Idempotency-Key', key)
    .send({ ...answer, version: 9 })
    .expect(422)
  await hr.post(`/api/tasks/${task.id}/complete`).send(answer).expect(409)
  const inbox = await (await api.as('mentor')).get('/api/tasks?queue=mine&rehearsal=*').expect(200)
  expect(inbox.body.data.map((each: { caseId: string }) => each.caseId)).toContain(caseId)
  const { body: events } = await hr.get(`/api/cases/${caseId}/events?perPage=100`).expect(200)
  const kinds = events.data.map((event: { kind: string }) => event.kind)
  expect(kinds).toEqual(expect.arrayContaining(['caseOpened', 'task.claim', 'taskCompleted']))
  expect(events.data.find((event: { kind: string }) => event.kind === 'taskCompleted').content).toMatchObject({
    order: '77-қ',
  })
  expect(await verifyChain(api.db, caseId)).toEqual({ ok: true })
  const { body: documents } = await hr.get(`/api/cases/${caseId}/documents`).expect(200)
  for (const { id } of documents.data) {
    for (const locale of ['kk', 'ru', 'en']) {
      const { text } = await hr.get(`/api/documents/${id}/html?locale=${locale}`).expect(200)
      expect(text).toContain('<!doctype html>')
      // the number of the hiring act comes from the start form, the mentor from the answer
      expect(text).toContain('12-ж/қ')
      expect(text).not.toMatch(/%\{|undefined|[0-9a-f]{8}-[0-9a-f]{4}/)
    }
  }
  // developers see the course of a case, not what people wrote
  const developer = await api.as('developer')
  const history = await developer.get(`/api/cases/${caseId}/history?perPage=100`).expect(200)
  expect(history.body.data[0]).toMatchObject({
    id: 1,
    type: 'WorkflowExecutionStarted',
    summary: workflowType('probation', processes.current['probation']!.contract.version),
  })
  expect(JSON.stringify(history.body)).not.toContain('77-қ')
  expect(
    (await developer.get(`/api/cases/${caseId}/events?perPage=100`).expect(200)).body.data.every(
      (event: { content: unknown }) => event.content === null,
    ),
  ).toBe(true)
  await hr.get(`/api/cases/${caseId}/history`).expect(403)
  await cancel(caseId)
})

test('a question goes to a named person and the task comes back', async () => {
  const { caseId } = await open()
  const task = await claimed(caseId)
  const mentor = await personOf(api, 'mentor')
  const asked = await hr
    .post(`/api/tasks/${task.id}/ask`)
    .send({ version: task.version, person: mentor, question: 'Are you free?' })
    .expect(200)
  expect(['reserved', 'suspended']).toContain(asked.body.state)
  expect(asked.body.verbs).toContain('withdrawQuestion')
  const { body: page } = await hr.get(`/api/tasks/${task.id}`).expect(200)
  expect(page.questions).toMatchObject([{ question: 'Are you free?', answer: null }])
  const other = await api.as('mentor')
  const { body: inbox } = await other.get('/api/tasks?queue=mine&rehearsal=*').expect(200)
  const question = inbox.data.find(
    (each: { kind: string; caseId: string }) => each.kind === 'answerQuestion' && each.caseId === caseId,
  )
  expect((await other.get(`/api/tasks/${question.id}`).expect(200)).body.remarks).toBe('Are you free?')
  await other
    .post(`/api/tasks/${question.id}/complete`)
    .send({ version: question.version, form: { answer: 'Yes' } })
    .expect(200)
  const { body: now } = await hr.get(`/api/tasks/${task.id}`).expect(200)
  expect(now.questions).toMatchObject([{ answer: 'Yes' }])
  const again = await hr
    .post(`/api/tasks/${task.id}/ask`)
    .send({ version: now.version, person: mentor, question: 'Sure?' })
    .expect(200)
  const back = await hr.post(`/api/tasks/${task.id}/withdrawQuestion`).send({ version: again.body.version }).expect(200)
  expect(back.body).toMatchObject({ state: 'reserved' })
  await cancel(caseId)

  // whoever looks for decisions that nobody has sent misses none of them
  const missing = async () => (await decisionsWithoutCommand(api.db, 100, [caseId])).map(({ says }) => says)
  expect(await missing()).toEqual([])
  await api.database.sql(`update commands set "caseId" = gen_random_uuid() where "caseId" = $1 and kind = 'ask'`, [
    caseId,
  ])
  expect(await missing()).toEqual([expect.stringMatching(/^the question /), expect.stringMatching(/^the question /)])
})

test('what is sent while Temporal is away is kept, answered 202, and done once it is back', async () => {
  const { caseId } = await open()
  const task = await claimed(caseId)
  const mentor = await personOf(api, 'mentor')
  away = true
  const sent = await hr
    .post(`/api/tasks/${task.id}/complete`)
    .send({ version: task.version, form: { mentor } })
    .expect(202)
  expect(sent.body).toMatchObject({ state: 'stored', outcome: null, caseId, taskId: task.id })
  expect(sent.headers['location']).toBe(`/api/commands/${sent.body.id}`)
  await hr.post(`/api/tasks/${task.id}/release`).send({ version: task.version }).expect(409)
  expect((await hr.get(`/api/tasks/${task.id}`).expect(200)).body).toMatchObject({
    state: 'completing',
    command: sent.body.id,
  })
  away = false
  await api.database.sql(`update commands set "sentAt" = now() - interval '1 minute' where id = $1::uuid`, [
    sent.body.id,
  ])
  const dispatcher = startDispatcher(api.service)
  await settled(sent.body.id)
  await dispatcher.stop()
  expect((await hr.get(`/api/commands/${sent.body.id}`).expect(200)).body).toMatchObject({
    state: 'done',
    outcome: { result: 'done' },
  })
  await (await api.as('headMinistry')).get(`/api/commands/${sent.body.id}`).expect(404)
  expect((await hr.get(`/api/tasks/${task.id}`).expect(200)).body.state).toBe('completed')
  await cancel(caseId)
})

test('an answer received before a role ended is taken though it is sent afterwards', async () => {
  const { caseId } = await open()
  const task = await claimed(caseId)
  const mentor = await personOf(api, 'mentor')
  const me = await personOf(api, 'hrMinistry')
  away = true
  const sent = await hr
    .post(`/api/tasks/${task.id}/complete`)
    .send({ version: task.version, form: { mentor } })
    .expect(202)
  const ends = (to: string) =>
    api.database.sql(`update body_roles set "to" = ${to} where "personId" = $1::uuid and role = 'hr'`, [me])
  await ends('current_date - 2')
  await sweepOffices(api.service)
  away = false
  await api.database.sql(`update commands set "sentAt" = now() - interval '1 minute' where id = $1::uuid`, [
    sent.body.id,
  ])
  const dispatcher = startDispatcher(api.service)
  const { state, outcome } = await eventually('the command has an outcome', async () => {
    const { body } = await hr.get(`/api/commands/${sent.body.id}`).expect(200)

    return body.state === 'stored' ? null : (body as { state: string; outcome: unknown })
  })
  await dispatcher.stop()
  expect({ state, outcome }).toEqual({ state: 'done', outcome: { result: 'done' } })
  await ends('null')
  await cancel(caseId)
})

test('whoever sent something learns what came of it later too, and no number or id of a case that he finds no longer', async () => {
  const body = await startBody()
  const key = randomUUID()
  const startAgain = () => hr.post(START).set('Idempotency-Key', key).send(body)
  const { caseId, number } = (await startAgain().expect(201)).body
  const task = await claimed(caseId)
  const question = { version: task.version, person: await personOf(api, 'mentor'), question: 'Are you free?' }
  await hr.post(`/api/tasks/${task.id}/ask`).send(question).expect(200)
  const sent = await api.db.command.findMany({ where: { caseId }, select: { id: true } })
  expect(sent.length).toBeGreaterThan(1)
  const answers = async () => {
    const read = await Promise.all(sent.map(({ id }) => hr.get(`/api/commands/${id}`).expect(200)))

    return [...read, await startAgain().expect(201)]
  }
  for (const { text } of await answers()) expect(text).toContain(caseId)
  const me = await personOf(api, 'hrMinistry')
  const ends = (to: string) =>
    api.database.sql(`update body_roles set "to" = ${to} where "personId" = $1::uuid and role = 'hr'`, [me])
  await ends('current_date - 2')
  await hr.get(`/api/cases/${caseId}`).expect(404)
  for (const { text } of await answers())
    for (const hidden of [caseId, number, task.id]) expect(text).not.toContain(hidden)
  await ends('null')
  await cancel(caseId)
})

test('a start while Temporal is away is done once it is back', async () => {
  away = true
  const sent = await hr
    .post(START)
    .send(await startBody())
    .expect(202)
  expect(await api.db.case.count({ where: { id: sent.body.caseId } })).toBe(0)
  away = false
  await api.database.sql(`update commands set "sentAt" = now() - interval '1 minute' where id = $1::uuid`, [
    sent.body.id,
  ])
  const dispatcher = startDispatcher(api.service)
  await settled(sent.body.id)
  await dispatcher.stop()
  expect((await hr.get(`/api/commands/${sent.body.id}`).expect(200)).body.outcome).toMatchObject({
    result: 'started',
    number: expect.any(String),
  })
  await cancel(sent.body.caseId)
})

test('a command to a case that has closed meanwhile is refused, and its task given back', async () => {
  const { caseId } = await open()
  const task = await claimed(caseId)
  const mentor = await personOf(api, 'mentor')
  away = true
  const sent = await hr
    .post(`/api/tasks/${task.id}/complete`)
    .send({ version: task.version, form: { mentor } })
    .expect(202)
  away = false
  await cancel(caseId)
  await api.database.sql(`update commands set "sentAt" = now() - interval '1 minute' where id = $1::uuid`, [
    sent.body.id,
  ])
  const dispatcher = startDispatcher(api.service)
  await settled(sent.body.id)
  await dispatcher.stop()
  expect((await hr.get(`/api/commands/${sent.body.id}`)).body).toMatchObject({
    state: 'refused',
    problem: { status: 409 },
  })
  expect((await hr.get(`/api/tasks/${task.id}`)).body.state).toBe('obsolete')
})

test('an act of the clock moves the case, and a stale one does not', async () => {
  const { caseId } = await open()
  const { body: file } = await hr.get(`/api/cases/${caseId}`).expect(200)
  const to = new Date(Date.parse(file.today) + 5 * 86_400_000).toISOString().slice(0, 10)
  const moved = await hr.post(`/api/cases/${caseId}/acts/advance`).send({ step: file.step, form: { to } }).expect(200)
  expect(moved.body.today).toBe(to)
  await hr.post(`/api/cases/${caseId}/acts/advance`).send({ step: file.step, form: { to } }).expect(412)
  await hr.post(`/api/cases/${caseId}/acts/advance`).send({ step: moved.body.step, form: { to } }).expect(422)
  await cancel(caseId)
})

test('Postgres away is said so, and nothing of ours leaks', async () => {
  const db = createDb('postgres://nobody@127.0.0.1:1/none', 1)
  const { problemOf } = await import('../../api/http/problems')
  const error: unknown = await db.case.count().catch((failed: unknown) => failed)
  expect(problemOf(error).body).toMatchObject({ status: 503, code: 'unavailable' })
  await db.$disconnect()
})
