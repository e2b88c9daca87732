/** What people are told when the code of a process fails: a sentence at once, or that their case stands still and nothing is lost. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { startDispatcher } from '../../api/operations/dispatcher'
import { sendAtOnce, takePendingCommands } from '../../prisma/store/commands'
import { storyFailure } from '../../prisma/store/incidents'
import type { CaseId } from '../../workflows/kernel/contract'
import { processesOf } from '../../workflows/kernel/process'
import { eventually } from '../support/eventually'
import { personOf, type Agent, type Api } from './harness'
import { stall } from './stall/process'
import type { Fails, StallForm } from './stall/workflow'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

let api: Api
let hr: Agent
let head: Agent
let developer: Agent
let administrator: Agent

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.join(__dirname, 'stall', 'workflow.ts'),
    more: { processes: processesOf(stall), answerWithinMs: 3_000 },
  })
  hr = await api.as('hrMinistry')
  head = await api.as('headMinistry')
  developer = await api.as('developer')
  administrator = await api.as('administrator')
})
afterAll(() => api.close())

async function started(fails: StallForm['fails']) {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })

  return hr
    .post('/api/processes/stall/cases')
    .send({ form: { person, position: post.positionId, fails }, rehearsal: { set: `set ${randomUUID()}` } })
}
async function answered(caseId: string, form: { fails: Fails; from: string }) {
  const { body: tasks } = await hr.get(`/api/cases/${caseId}/tasks`).expect(200)
  const [{ id, version, state }] = tasks.data
  const task =
    state === 'ready' ? (await hr.post(`/api/tasks/${id}/claim`).send({ version }).expect(200)).body : tasks.data[0]

  return hr.post(`/api/tasks/${id}/complete`).send({ version: task.version, form })
}
const cancelled = async (caseId: string, form = {}) => {
  const { body: file } = await head.get(`/api/cases/${caseId}`).expect(200)

  return head.post(`/api/cases/${caseId}/acts/cancel`).send({ step: file.step, form })
}
const today = new Date().toISOString().slice(0, 10)

describe('a rule that fails is a sentence, not a 500, and nothing is stored:', () => {
  const SENTENCE = { code: 'refused', reason: { code: 'ruleFailed' } }

  test.each(['form', 'aboutOf', 'check'] as const)('at a start: %s', async (fails) => {
    const stored = await api.db.command.count()
    const { status, body } = await started(fails)
    expect([status, body]).toEqual([422, expect.objectContaining(SENTENCE)])
    expect(await api.db.command.count()).toBe(stored)
  })

  test('at an answer; one with a date outside the calendar names the field, and the case goes on', async () => {
    const { caseId } = (await started('nowhere')).body
    const stored = await api.db.command.count()
    const failed = await answered(caseId, { fails: 'check', from: today })
    expect([failed.status, failed.body]).toEqual([422, expect.objectContaining(SENTENCE)])
    const outside = await answered(caseId, { fails: 'nowhere', from: '2014-12-01' })
    expect([outside.status, outside.body.errors]).toEqual([422, { from: 'outsideCalendar' }])
    expect(await api.db.command.count()).toBe(stored)
    expect((await cancelled(caseId)).status).toBe(200)
  })

  test('at the form of an act', async () => {
    const { caseId } = (await started('nowhere')).body
    const stored = await api.db.command.count()
    const { status, body } = await cancelled(caseId, { fails: 'form' })
    expect([status, body]).toEqual([422, expect.objectContaining(SENTENCE)])
    expect(await api.db.command.count()).toBe(stored)
    expect((await cancelled(caseId)).status).toBe(200)
  })
})

describe('what a form starts with is worked out by the process; where that fails', () => {
  test('the pages of the task and of the case are shown all the same, with empty forms', async () => {
    const { caseId } = (await started('prefill')).body
    const { body: tasks } = await hr.get(`/api/cases/${caseId}/tasks`).expect(200)
    const { body: page } = await hr.get(`/api/tasks/${tasks.data[0].id}`).expect(200)
    expect(page).toMatchObject({ kind: 'go', initial: {}, form: { properties: { fails: expect.anything() } } })
    const { body: file } = await head.get(`/api/cases/${caseId}`).expect(200)
    expect(file.acts).toContainEqual(expect.objectContaining({ act: 'cancel', initial: {} }))
    expect((await cancelled(caseId)).status).toBe(200)
  })

  test('developers find it in the log', async () => {
    const { caseId } = (await started('prefill')).body
    const logged = jest.spyOn(api.service.log, 'error')
    await head.get(`/api/cases/${caseId}`).expect(200)
    expect(logged).toHaveBeenCalledWith(
      { err: new Error('nobody thought of this page'), kind: 'stall/cancel' },
      expect.any(String),
    )
    logged.mockRestore()
  })
})

test('a case whose story fails after an answer says that it stands still and what is kept; figures count it', async () => {
  const { caseId } = (await started('nowhere')).body
  const { status, body: command } = await answered(caseId, { fails: 'story', from: today })
  expect([status, command.state]).toEqual([202, 'stored'])
  const told = (await hr.get(`/api/commands/${command.id}`).expect(200)).body
  expect(told).toMatchObject({ state: 'stored', standstill: { since: expect.any(String), details: null } })
  const page = (await hr.get(`/api/cases/${caseId}`).expect(200)).body
  expect(page.standstill).toEqual({ since: expect.any(String), details: null })
  for (const operator of [developer, administrator])
    expect((await operator.get(`/api/cases/${caseId}`).expect(200)).body.standstill.details).toMatchObject({
      process: 'stall',
      version: 1,
      cause: 'Error',
      line: expect.stringMatching(/^test\/api\/stall\/workflow\.ts:\d+$/),
    })
  expect(await api.service.metrics.text()).toContain('mansap_incidents{kind="storyFailed"} 1')
  const { body: incidents } = await administrator.get('/api/incidents').expect(200)
  expect(incidents).toMatchObject([{ caseId, caseNumber: page.number, kind: 'storyFailed' }])
})

test('what the error says, which may quote an answer, is told to nobody who does not see the answers', async () => {
  const said = 'nobody thought of this story'
  const { caseId } = (await started('nowhere')).body
  await answered(caseId, { fails: 'story', from: today })
  const { data } = (await administrator.get(`/api/cases/${caseId}/history?perPage=100`).expect(200)).body
  const failed = data.find(({ type }: { type: string }) => type === 'WorkflowTaskFailed')
  expect(failed).toMatchObject({
    summary: 'Error',
    attributes: { failure: { message: 'Error', stackTrace: expect.stringContaining('test/api/stall/workflow.ts') } },
  })
  for (const address of [`/api/cases/${caseId}`, `/api/cases/${caseId}/history?perPage=100`, '/api/incidents'])
    expect([address, (await administrator.get(address).expect(200)).text.includes(said)]).toEqual([address, false])
})

describe('what was sent to a case that stands still is sent again', () => {
  const sentAt = (id: string, received: string, sent: string) =>
    api.database.sql(
      `update commands set "receivedAt" = now() - $2::interval, "sentAt" = now() - $3::interval where id = $1`,
      [id, received, sent],
    )
  const taken = async (caseId: string) => (await takePendingCommands(api.db, 10, 10, [caseId as CaseId])).length

  test('ever more slowly, at least once an hour, and at once by a worker that starts; a withdrawal is not held up', async () => {
    const { caseId } = (await started('nowhere')).body
    const { body: command } = await answered(caseId, { fails: 'story', from: today })
    await eventually('the incident', async () => (await storyFailure(api.db, caseId)) !== null)
    await sentAt(command.id, '1 minute', '20 seconds')
    expect(await taken(caseId)).toBe(1)
    await sentAt(command.id, '10 minutes', '1 minute')
    expect(await taken(caseId)).toBe(0)
    await sentAt(command.id, '10 days', '61 minutes')
    expect(await taken(caseId)).toBe(1)
    await sentAt(command.id, '10 days', '1 minute')
    expect(await taken(caseId)).toBe(0)
    await sendAtOnce(api.db)
    expect(await taken(caseId)).toBe(1)

    await sentAt(command.id, '10 days', '1 minute')
    const dispatcher = startDispatcher(api.service)
    await cancelled(caseId)
    await eventually('the withdrawal', async () => {
      const { body: file } = await hr.get(`/api/cases/${caseId}`).expect(200)

      return file.outcome === 'cancelled'
    })
    await dispatcher.stop()
    expect(await storyFailure(api.db, caseId)).toBeNull()
  })
})

test('a case whose first step failed has no page, and its start says that it stands still', async () => {
  const { status, body: command } = await started('start')
  expect([status, command.state]).toEqual([202, 'stored'])
  await eventually('the incident', async () => {
    const { body } = await hr.get(`/api/commands/${command.id}`).expect(200)

    return body.standstill !== null
  })
  const { body: incidents } = await administrator.get('/api/incidents').expect(200)
  expect(incidents).toContainEqual(
    expect.objectContaining({ caseId: command.caseId, caseNumber: null, kind: 'storyFailed' }),
  )
})
