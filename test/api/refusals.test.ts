/** What a task, a start and an act refuse, with which status, and without effect. */
import { randomUUID } from 'node:crypto'
import { arrangeCase, arrangeTask, isProblem, personOf, snapshotOf, startApi, type Agent, type Api } from './harness'

let api: Api
let hr: Agent
let caseId: string
let taskId: string
beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
  caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })
  taskId = await arrangeTask(api.db, caseId, {
    role: 'hr',
    body: 'ministryFinance',
    state: 'reserved',
    assignee: await personOf(api, 'hrMinistry'),
  })
})
afterAll(() => api.close())

describe('answers to a task', () => {
  const verb = (name: string) => `/api/tasks/${taskId}/${name}`
  test.each([
    ['complete', { version: 9, form: { mentor: randomUUID() } }, 412],
    ['complete', { version: 1, form: {} }, 422],
    ['complete', { version: 1, form: { mentor: 'x' } }, 422],
    ['complete', { version: 1, form: { mentor: randomUUID() } }, 422],
    ['complete', { version: 1, form: { mentor: randomUUID(), order: 'x'.repeat(61) } }, 422],
    ['complete', { version: 1, form: { mentor: randomUUID(), extra: 1 } }, 422],
    ['return', { version: 1, remarks: 'r' }, 409],
    ['ask', { version: 1, person: randomUUID(), question: 'q' }, 422],
    ['ask', { version: 1, person: randomUUID(), question: '   ' }, 422],
    ['withdrawQuestion', { version: 1 }, 409],
    ['claim', { version: 1 }, 409],
    ['claim', { version: 0 }, 422],
    ['claim', { version: 2 ** 31 }, 422],
    ['release', { version: 2 }, 412],
    ['start', { version: 2 }, 412],
    ['delegate', { version: 1, person: randomUUID() }, 422],
    ['assign', { version: 1, person: randomUUID() }, 403],
  ] as const)('%s %j → %i', async (name, body, status) => {
    const before = await snapshotOf(api)
    isProblem(await hr.post(verb(name)).send(body), name, [status])
    expect(await snapshotOf(api)).toEqual(before)
  })
})

describe('starts and acts', () => {
  const start = '/api/processes/probation/cases'
  const form = { actNumber: '1', actDate: '2026-03-02', appointedOn: '2026-03-02' }
  test.each([
    [{ form: {} }, 422],
    [{ form: { ...form, person: randomUUID(), position: randomUUID() } }, 422],
    [{ form: { ...form, appointedOn: '2026-02-30' } }, 422],
    [{ form, rehearsal: { set: '' } }, 422],
    [{ form, rehearsal: { set: 'x', speed: 6e6 } }, 422],
    [{ form, rehearsal: { set: 'x', speed: -1 } }, 422],
    [{ form, rehearsal: { set: 'x', origin: '2026-02-30' } }, 422],
    [{ form, rehearsal: { set: 'x', unheardOf: 1 } }, 422],
  ])('%j → %i', async (body, status) => {
    const before = await snapshotOf(api)
    isProblem(await hr.post(start).send(body), 'start', [status])
    expect(await snapshotOf(api)).toEqual(before)
  })
  test('an act needs the right step, form and person', async () => {
    const act = (name: string) => `/api/cases/${caseId}/acts/${name}`
    const absence = { from: '2026-03-02', to: '2026-03-03', kind: 'illness', document: 'd' }
    isProblem(await hr.post(act('recordAbsence')).send({ step: 7, form: absence }), 'step', [412])
    isProblem(
      await hr.post(act('recordAbsence')).send({ step: 1, form: { ...absence, to: '2026-02-30' } }),
      'date',
      [422],
    )
    isProblem(await hr.post(act('cancel')).send({ step: 1, form: { ground: 'x', reason: 'r' } }), 'cancel', [403])
    isProblem(await hr.post(act('advance')).send({ step: 1, form: { to: '2030-01-01' } }), 'advance', [409])
    isProblem(await hr.post(act('unheardOf')).send({ step: 1, form: {} }), 'act', [404])
    isProblem(await hr.post(act('constructor')).send({ step: 1, form: {} }), 'act', [404])
  })
})
