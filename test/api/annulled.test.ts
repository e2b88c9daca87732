/** A case whose result another case annulled: its page and the lists say so, and who did it to those alone who may find that case. */
import { randomUUID } from 'node:crypto'
import type { CaseDetail, CaseView } from '../../api/shapes/views'
import { processes } from '../../workflows/registry'
import { processesOf } from '../../workflows/kernel/process'
import { example } from '../example/process'
import { revocation } from '../revocation/process'
import { arrangeCase, startApi, type Agent, type Api } from './harness'

const HERE = 'ministryFinance'
const ELSEWHERE = 'ministryJustice'

let api: Api
/** finds the cases of one body */
let hr: Agent
/** finds every case */
let agency: Agent

beforeAll(async () => {
  api = await startApi(undefined, { processes: processesOf(...processes.all, example, revocation) })
  hr = await api.as('hrMinistry')
  agency = await api.as('agencyOfficer')
})
afterAll(() => api.close())

const aCase = async (body: string, process: string, outcome: string): Promise<string> => {
  const id = await arrangeCase(api.db, { body, subject: null, aboutBody: body, rehearsal: null })
  const closed = { status: 'closed', stage: outcome, outcome, closedOn: new Date('2026-03-30') }
  await api.db.case.update({ where: { id }, data: { process, version: 1, ...closed } })

  return id
}
/** Two closed cases of a body, of which the first is annulled by a case of another body; and that case. */
async function arrange() {
  const [annulled, stands] = [await aCase(HERE, 'example', 'granted'), await aCase(HERE, 'example', 'granted')]
  const by = await aCase(ELSEWHERE, 'revocation', 'revoked')
  await api.db.annulment.create({
    data: {
      ...{ caseId: annulled, byId: by, effectId: randomUUID(), on: new Date('2026-04-01') },
      ...{ ground: 'unworthy', at: new Date() },
    },
  })
  await api.db.caseLink.create({ data: { fromId: by, toId: annulled, kind: 'annuls', madeAt: new Date() } })

  return { annulled, stands, by }
}
const page = async (agent: Agent, id: string): Promise<CaseDetail> =>
  (await agent.get(`/api/cases/${id}`).expect(200)).body as CaseDetail

test('who may find the case that annulled it reads which, when and why; anybody else that it is annulled', async () => {
  const { annulled, stands, by } = await arrange()
  expect(await page(agency, annulled)).toMatchObject({
    outcome: 'granted',
    annulled: true,
    annulment: { by: { id: by, process: 'revocation' }, on: '2026-04-01', ground: 'unworthy' },
  })
  const seen = await page(hr, annulled)
  expect(seen).toMatchObject({ outcome: 'granted', annulled: true, annulment: null })
  expect(JSON.stringify(seen)).not.toContain(by)
  expect(JSON.stringify(seen)).not.toContain('unworthy')
  expect(await page(hr, stands)).toMatchObject({ annulled: false, annulment: null })
})

test('a list marks it, and shows the annulled alone or the others alone', async () => {
  const { annulled, stands } = await arrange()
  const listed = async (filter: string): Promise<Map<string, boolean>> => {
    const { body } = await hr.get(`/api/cases?perPage=100&process=example&${filter}`).expect(200)

    return new Map((body as { data: CaseView[] }).data.map((row) => [row.id, row.annulled]))
  }
  const all = await listed('status=closed')
  expect([all.get(annulled), all.get(stands)]).toEqual([true, false])
  const [only, others] = [await listed('annulled=true'), await listed('annulled=false')]
  expect([only.has(annulled), only.has(stands)]).toEqual([true, false])
  expect([others.has(annulled), others.has(stands)]).toEqual([false, true])
})

test('a link to it marks it too', async () => {
  const { annulled, by } = await arrange()
  const { links } = await page(agency, by)
  expect(links.shown).toMatchObject([{ part: 'annulled', case: { id: annulled, annulled: true } }])
})
