/** An appeal from the page of the servant: what he may start, and what each of those concerned sees of it. */
import { randomUUID } from 'node:crypto'
import type { CaseDetail, TaskDetail, TaskView } from '../../api/shapes/views'
import { eventually } from '../support/eventually'
import { pdfWith } from '../support/sample-files'
import { arrangeCase, arrangeTask, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(200_000)

const BODY = 'ministryFinance'
const FORM = `start:appeal:${BODY}`
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

let api: Api
let servant: Agent
let dismissed: string

/** A closed probation whose dismissal the head decided; of it the servant was told, or not. */
async function arrangeDismissal({ deliveredOn, last }: { deliveredOn: string | null; last: string }): Promise<string> {
  const subject = await personOf(api, 'newcomer')
  const id = await arrangeCase(api.db, { body: BODY, subject, status: 'closed', stage: 'dismissed' })
  const term = { id: 't', key: 'probation.appeal', value: 1, unit: 'months', confidence: 'U', source: 'placeholder' }
  const steps = [
    { code: 'starts', on: deliveredOn },
    { code: 'adds', term, reaches: last },
  ]
  const decision = {
    ...{ document: randomUUID(), kind: 'dismissalAct', madeOn: day(-9), effectiveFrom: day(-2), deliveredOn },
    appealBy: deliveredOn && { on: last, steps },
  }
  await api.db.case.update({ where: { id }, data: { outcome: 'dismissed', decisions: [decision] } })
  const head = await personOf(api, 'headMinistry')
  await arrangeTask(api.db, id, {
    kind: 'decideExtension',
    state: 'completed',
    role: 'head',
    body: BODY,
    answeredBy: head,
  })

  return id
}

const uploaded = async (name: string): Promise<string> => {
  const address = `/api/files?form=${encodeURIComponent(FORM)}&field=papers&name=${name}`
  const { body } = await servant
    .post(address)
    .set('Content-Type', 'application/octet-stream')
    .send(pdfWith(name))
    .expect(201)

  return body.id as string
}
const start = (of: string, papers: readonly string[] = []) =>
  servant
    .post('/api/processes/appeal/cases')
    .set('Idempotency-Key', randomUUID())
    .send({ form: { case: of, document: 'dismissalAct', asks: 'cancel', grounds: 'The plan was met.', papers } })

const decisionIn = async (agent: Agent, of: string): Promise<CaseDetail['decisions'][number]> => {
  const [decision] = ((await agent.get(`/api/cases/${of}`).expect(200)).body as CaseDetail).decisions
  if (!decision) throw new Error(`${of} shows no decision`)

  return decision
}

beforeAll(async () => {
  api = await startWorkedApi()
  servant = await api.as('newcomer')
  dismissed = await arrangeDismissal({ deliveredOn: day(-1), last: day(20) })
})
afterAll(() => api.close())

test('of a decision that is not there the form says so; one of which he was not told he may appeal at once', async () => {
  const untold = await arrangeDismissal({ deliveredOn: null, last: day(20) })
  const form = { case: untold, document: 'ruling', asks: 'cancel', grounds: 'The plan was met.' }
  const { body } = await servant.post('/api/processes/appeal/cases').send({ form }).expect(422)
  expect(body.errors).toMatchObject({ document: expect.anything() })
  expect((await start(untold).expect(201)).body).toMatchObject({ result: 'started' })
})

test('a late one is refused by its case, with the last day, the term and the day from which it ran', async () => {
  const old = await arrangeDismissal({ deliveredOn: day(-60), last: day(-30) })
  const { body } = await start(old).expect(200)
  expect(body).toMatchObject({
    result: 'refused',
    reason: {
      code: 'late',
      params: { last: day(-30), delivered: day(-60), value: 1, unit: 'months' },
      confidence: 'U',
    },
  })
})

test('while the term runs its servant is offered the form with what it is against; nobody else is, nor he afterwards or before he was told', async () => {
  const form = { case: dismissed, document: 'dismissalAct' }
  expect(await decisionIn(servant, dismissed)).toMatchObject({
    appeals: [],
    mayAppeal: { process: 'appeal', body: BODY, form },
  })
  expect(await decisionIn(await api.as('hrMinistry'), dismissed)).toMatchObject({ mayAppeal: null })
  const old = await arrangeDismissal({ deliveredOn: day(-60), last: day(-30) })
  expect(await decisionIn(servant, old)).toMatchObject({ mayAppeal: null, appeal: { on: day(-30) } })
  const untold = await arrangeDismissal({ deliveredOn: null, last: day(20) })
  expect(await decisionIn(servant, untold)).toMatchObject({ mayAppeal: null })
})

test('with two files: whoever decided first finds nothing of it; HR answers it with grounds and files beside the form', async () => {
  const papers = [await uploaded('a.pdf'), await uploaded('b.pdf')]
  const { body } = await start(dismissed, papers).expect(201)
  expect(body).toMatchObject({ result: 'started' })
  const id = body.caseId as string
  const mine = (await servant.get(`/api/cases/${id}`).expect(200)).body as CaseDetail
  expect(mine).toMatchObject({ process: 'appeal', stage: 'preparing' })
  expect(mine.links.shown).toMatchObject([{ part: 'appealed', case: { id: dismissed } }])
  await (await api.as('headMinistry')).get(`/api/cases/${id}`).expect(404)
  await (await api.as('mentor')).get(`/api/cases/${id}`).expect(404)

  const hr = await api.as('hrMinistry')
  const { body: tasks } = await hr.get(`/api/cases/${id}/tasks`).expect(200)
  const task = (tasks.data as TaskView[]).find(({ kind }) => kind === 'giveObjections')
  const shown = (await hr.get(`/api/tasks/${task?.id ?? ''}`).expect(200)).body as TaskDetail
  expect(shown.shows).toMatchObject([{ kind: 'start', answer: { grounds: 'The plan was met.', papers } }])
  for (const file of papers) await hr.get(`/api/files/${file}/content`).expect(200)
  const other = await api.as('hrAkimat')
  await other.get(`/api/cases/${id}`).expect(404)
  for (const file of papers) await other.get(`/api/files/${file}/content`).expect(404)

  const again = await start(dismissed).expect(200)
  expect(again.body).toMatchObject({ result: 'refused', reason: { code: 'appealOpen' } })
})

test('the decision says that it is under appeal and what came of it, to whoever finds the appeal; withdrawn, it may be appealed again', async () => {
  const of = await arrangeDismissal({ deliveredOn: day(-1), last: day(20) })
  const { body } = await start(of).expect(201)
  const id = body.caseId as string
  expect(await decisionIn(servant, of)).toMatchObject({
    appeals: [{ since: expect.any(String), case: { id, process: 'appeal', status: 'open', stage: 'preparing' } }],
    mayAppeal: null,
  })
  expect(await decisionIn(await api.as('hrMinistry'), of)).toMatchObject({ appeals: [{ case: { id } }] })
  // he decided first, and is kept from the appeal
  expect(await decisionIn(await api.as('headMinistry'), of)).toMatchObject({ appeals: [] })

  const { step } = (await servant.get(`/api/cases/${id}`).expect(200)).body as CaseDetail
  await servant
    .post(`/api/cases/${id}/acts/withdrawAppeal`)
    .set('Idempotency-Key', randomUUID())
    .send({ step, form: { reason: 'Settled' } })
    .expect(200)
  await eventually('the appeal is withdrawn', async () => {
    const [appeal] = (await decisionIn(servant, of)).appeals

    return appeal?.case.status === 'closed'
  })
  expect(await decisionIn(servant, of)).toMatchObject({
    appeals: [{ case: { id, outcome: 'withdrawn' } }],
    mayAppeal: { form: { case: of } },
  })
})

test.each(['granted', 'changed', 'upheld'])(
  'after an appeal was %s, the decision is not offered for another',
  async (outcome) => {
    const of = await arrangeDismissal({ deliveredOn: day(-1), last: day(20) })
    const { document } = await decisionIn(servant, of)
    const subject = await personOf(api, 'newcomer')
    const appeal = await arrangeCase(api.db, {
      ...{ process: 'appeal', body: BODY, subject, aboutCase: of, status: 'closed', stage: outcome },
    })
    await api.db.case.update({ where: { id: appeal }, data: { outcome, facts: { decision: document.id } } })
    await api.db.caseLink.create({ data: { fromId: appeal, toId: of, kind: 'appeals', madeAt: new Date() } })
    expect(await decisionIn(servant, of)).toMatchObject({ appeals: [{ case: { outcome } }], mayAppeal: null })
  },
)

test.each([
  ['yes', { process: 'probation', document: 'dismissalAct' }],
  ['no', { process: 'appeal', document: 'ruling' }],
])('a ruling is offered for an appeal where the register says that it may be appealed: %s', async (says, about) => {
  const subject = await personOf(api, 'newcomer')
  const of = await arrangeCase(api.db, {
    ...{ process: 'appeal', body: BODY, subject, status: 'closed', stage: 'executing' },
  })
  const document = randomUUID()
  const ruling = { document, kind: 'ruling', madeOn: day(-2), effectiveFrom: day(-2), deliveredOn: day(-1) }
  const appealBy = { on: day(20), steps: [{ code: 'starts', on: day(-1) }] }
  await api.db.case.update({
    where: { id: of },
    data: { outcome: 'granted', facts: about, decisions: [{ ...ruling, appealBy }] },
  })
  const { mayAppeal } = await decisionIn(servant, of)
  expect(mayAppeal?.form ?? null).toEqual(says === 'yes' ? { case: of, document: 'ruling' } : null)
})
