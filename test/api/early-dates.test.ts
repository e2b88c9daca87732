/** Days that a form names and its case has never been told of. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { processesOf } from '../../workflows/kernel/process'
import { personOf, type Agent, type Api } from './harness'
import { stall } from './stall/process'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

let api: Api
let hr: Agent
let head: Agent

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.join(__dirname, 'stall', 'workflow.ts'),
    more: { processes: processesOf(stall) },
  })
  hr = await api.as('hrMinistry')
  head = await api.as('headMinistry')
})
afterAll(() => api.close())

async function started(): Promise<string> {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const { body } = await hr
    .post('/api/processes/stall/cases')
    .send({ form: { person, position: post.positionId, fails: 'nowhere' }, rehearsal: { set: `set ${randomUUID()}` } })
    .expect(201)

  return body.caseId
}
async function act(caseId: string, name: string, form: object) {
  const { body: file } = await head.get(`/api/cases/${caseId}`).expect(200)

  return head.post(`/api/cases/${caseId}/acts/${name}`).send({ step: file.step, form })
}
const counted = async (caseId: string) => {
  const { body: file } = await head.get(`/api/cases/${caseId}`).expect(200)

  return file.clocks[0]
}

describe('an answer that names a day before the calendar of its case', () => {
  const answered = async (caseId: string, from: string) => {
    const task = await api.db.task.findFirstOrThrow({ where: { caseId } })
    const { body: claimed } = await hr.post(`/api/tasks/${task.id}/claim`).send({ version: task.version }).expect(200)

    return hr
      .post(`/api/tasks/${task.id}/complete`)
      .send({ version: claimed.version, form: { fails: 'nowhere', from } })
  }

  test('is taken as far back as the register knows, and what the story counts from it is right', async () => {
    const caseId = await started()
    // the next day was Women's Day, a holiday
    const { status } = await answered(caseId, '2016-03-07')
    expect(status).toBe(200)
    const { body: file } = await head.get(`/api/cases/${caseId}`).expect(200)
    expect(file.basis).toEqual({ code: 'gone', params: { until: '2016-03-09' } })
  })

  test('is refused before the first day of the register', async () => {
    const { status, body } = await answered(await started(), '2014-12-01')
    expect([status, body.errors]).toEqual([422, { from: 'outsideCalendar' }])
  })
})

describe('an act that names a day before the calendar of its case', () => {
  test('is taken as far back as the register knows', async () => {
    const caseId = await started()
    // the next day was Women's Day, a holiday
    expect((await act(caseId, 'count', { from: '2016-03-07' })).status).toBe(200)
    expect(await counted(caseId)).toMatchObject({ startsOn: '2016-03-07', endsOn: '2016-03-09' })
  })

  test('is taken also when it ends a part of the story', async () => {
    const caseId = await started()
    expect((await act(caseId, 'cancel', { from: '2016-03-07' })).status).toBe(200)
  })

  test('is refused before the first day of the register, and nothing is changed', async () => {
    const caseId = await started()
    const before = await counted(caseId)
    const { status, body } = await act(caseId, 'count', { from: '2014-12-01' })
    expect([status, body.reason]).toEqual([
      409,
      { code: 'outsideCalendar', params: { from: '2015-01-01', to: expect.any(String) } },
    ])
    const turned = await act(caseId, 'cancel', { from: '2014-12-01' })
    expect([turned.status, turned.body.errors]).toEqual([422, { from: 'outsideCalendar' }])
    expect(await counted(caseId)).toEqual(before)
  })
})
