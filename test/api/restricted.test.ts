/** A probation is restricted through the API: its page says so, offers those named the acts, and another officer finds it no more. */
import { randomUUID } from 'node:crypto'
import type { CaseDetail, EventView } from '../../api/shapes/views'
import { verifyChain } from '../../prisma/store/events'
import type { CaseId } from '../../workflows/kernel/contract'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

const BODY = 'ministryFinance'
const REASON = 'Planted reason'
let api: Api
let caseId: string
let hr: Agent
let head: Agent
let other: Agent

beforeAll(async () => {
  api = await startWorkedApi()
  const known = (await api.db.account.findMany({ where: { demoAs: { not: null } } })).map((account) => account.personId)
  const { personId } = await api.db.post.findFirstOrThrow({
    where: { to: null, position: { bodyKey: BODY }, personId: { notIn: known } },
    orderBy: { id: 'asc' },
  })
  await api.db.account.create({ data: { id: 'hrOther', personId, demoAs: 'hrMinistry' } })
  await api.db.bodyRole.create({
    data: { id: randomUUID(), personId, role: 'hr', bodyKey: BODY, from: new Date('2020-01-01'), basis: 'test' },
  })
  hr = await api.as('hrMinistry')
  head = await api.as('headMinistry')
  other = await api.as('hrOther')
  const newcomer = await personOf(api, 'newcomer')
  const { from, positionId } = await api.db.post.findFirstOrThrow({ where: { personId: newcomer, to: null } })
  const appointedOn = from.toISOString().slice(0, 10)
  const form = { person: newcomer, position: positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn }
  const started = await hr
    .post('/api/processes/probation/cases')
    .send({ form, rehearsal: { set: 'restricted', origin: appointedOn } })
    .expect(201)
  caseId = String(started.body.caseId)
})
afterAll(() => api.close())

const page = async (of: Agent) => (await of.get(`/api/cases/${caseId}`)).body as CaseDetail
const does = async (by: Agent, act: string, form: object) => {
  const { step } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })

  return by.post(`/api/cases/${caseId}/acts/${act}`).send({ step, form: { ...form, reason: REASON } })
}
const ACCESS = ['restrict', 'grant', 'revokeAccess', 'lift']
const offered = ({ acts }: CaseDetail) => acts.map(({ act }) => act).filter((act) => ACCESS.includes(act))

test('restricted by HR, it is found by those named and by who has a part in it; the reason is content and not in the chain', async () => {
  expect(await page(other)).toMatchObject({ restricted: null })
  expect(offered(await page(hr))).toEqual(['restrict'])
  expect((await does(hr, 'restrict', { people: [await personOf(api, 'headMinistry')] })).status).toBe(200)
  await other.get(`/api/cases/${caseId}`).expect(404)
  const task = await api.db.task.findFirstOrThrow({ where: { caseId, kind: 'appointMentor' } })
  await other.get(`/api/tasks/${task.id}`).expect(404)
  await other.post(`/api/tasks/${task.id}/claim`).send({ version: task.version }).expect(404)
  const named = await Promise.all(['hrMinistry', 'headMinistry'].map((user) => personOf(api, user)))
  for (const one of [hr, head]) {
    const seen = await page(one)
    expect(seen.restricted?.to?.map(({ id }) => id).sort()).toEqual([...named].sort())
    expect(offered(seen)).toEqual(['grant', 'revokeAccess', 'lift'])
  }
  // whom it is about keeps his page, and is not told who is named
  expect((await page(await api.as('newcomer'))).restricted).toEqual({ to: null })
  const { data } = (await hr.get(`/api/cases/${caseId}/events?perPage=100`)).body as { data: EventView[] }
  expect(data.find(({ params }) => params['act'] === 'restrict')?.content).toMatchObject({ reason: REASON })
  const rows = await api.db.event.findMany({ where: { caseId } })
  expect(JSON.stringify(rows)).not.toContain(REASON)
  expect(await verifyChain(api.db, caseId as CaseId)).toEqual({ ok: true })
})

test('access is given, taken back and lifted by those named; who cannot be chosen is said in the form', async () => {
  const otherId = await personOf(api, 'hrOther')
  const hrId = await personOf(api, 'hrMinistry')
  const refused = async (act: string, person: string) =>
    (await hr.get(`/api/cases/${caseId}/acts/${act}/refused?field=person&id=${person}`)).body.refused
  expect(await refused('grant', hrId)).toEqual({ [hrId]: 'hasAccess' })
  expect((await does(head, 'grant', { person: otherId })).status).toBe(200)
  await other.get(`/api/cases/${caseId}`).expect(200)
  expect((await does(head, 'revokeAccess', { person: otherId })).status).toBe(200)
  await other.get(`/api/cases/${caseId}`).expect(404)
  expect((await does(hr, 'revokeAccess', { person: hrId })).status).toBe(422)
  expect((await does(hr, 'lift', {})).status).toBe(200)
  expect(await page(other)).toMatchObject({ restricted: null })
})
