/** A set of rehearsals has one origin and one clock, moves together and is discarded together. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { doneWithoutEffect } from '../../prisma/store/reconcile-rows'
import { processesOf } from '../../workflows/kernel/process'
import { v1 } from '../workflows/versions/processes'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

let api: Api
let hr: Agent

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.join(__dirname, '..', 'workflows', 'versions', 'before.ts'),
    more: { processes: processesOf(v1) },
  })
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

async function start(rehearsal: { set: string; origin?: string; speed?: number }) {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })

  return hr.post('/api/processes/chore/cases').send({ form: { person, position: post.positionId }, rehearsal })
}
const fileOf = async (id: string) => (await hr.get(`/api/cases/${id}`).expect(200)).body
const origin = '2026-03-02'

test('the first case gives the set its day and its clock, and others join it or are told why not', async () => {
  const set = `set ${randomUUID().slice(0, 8)}`
  expect((await start({ set, origin, speed: 0 })).status).toBe(201)
  const joined = await start({ set })
  expect(joined.status).toBe(201)
  expect(await fileOf(joined.body.caseId)).toMatchObject({ rehearsal: set, today: origin, clock: { held: true } })

  const otherDay = await start({ set, origin: '2026-03-03' })
  expect([otherDay.status, otherDay.body.errors]).toEqual([422, { 'rehearsal.origin': 'otherOrigin' }])
  const otherClock = await start({ set, speed: 1440 })
  expect([otherClock.status, otherClock.body.errors]).toEqual([422, { 'rehearsal.speed': 'otherSpeed' }])
  expect(await api.db.case.count({ where: { rehearsal: set } })).toBe(2)
})

test('a set moves together, later cases join it where it stands, and it is discarded together', async () => {
  const set = `set ${randomUUID().slice(0, 8)}`
  const begun = [(await start({ set, origin })).body.caseId, (await start({ set })).body.caseId]
  const address = `/api/rehearsals/ministryFinance/${encodeURIComponent(set)}`
  const moved = await hr.post(`${address}/advance`).send({ to: '2026-03-20' }).expect(200)
  expect(moved.body).toEqual(begun.map((caseId) => ({ caseId, status: 200, code: null })))
  const late = (await start({ set })).body.caseId
  for (const id of [...begun, late]) expect(await fileOf(id)).toMatchObject({ today: '2026-03-20' })

  await (await api.as('hrAkimat')).post(`${address}/discard`).expect(403)
  const discarded = await (await api.as('developer')).post(`${address}/discard`).expect(200)
  expect(discarded.body.map(({ status }: { status: number }) => status)).toEqual([200, 200, 200])
  for (const id of [...begun, late]) expect(await fileOf(id)).toMatchObject({ status: 'closed', outcome: 'cancelled' })
  expect(await doneWithoutEffect(api.db, 10, [...begun, late])).toEqual([])
  const after = await start({ set })
  expect([after.status, after.body.errors]).toEqual([422, { 'rehearsal.set': 'setDiscarded' }])
})

test('a set is that of one body: another body joins none of it, moves none of it, and has its own of that name', async () => {
  const set = `set ${randomUUID().slice(0, 8)}`
  const akimat = await api.as('hrAkimat')
  const officer = await personOf(api, 'hrAkimat')
  const { bodyKey } = await api.db.bodyRole.findFirstOrThrow({ where: { personId: officer, role: 'hr' } })
  const post = await api.db.post.findFirstOrThrow({
    where: { to: null, personId: { not: officer }, position: { bodyKey } },
  })
  const form = { person: post.personId, position: post.positionId }
  const startThere = (rehearsal: object) => akimat.post('/api/processes/chore/cases').send({ form, rehearsal })
  const here = (await start({ set, origin })).body.caseId
  const there = await startThere({ set, origin: '2026-04-06' })
  expect(there.status).toBe(201)
  const fileThere = async () => (await akimat.get(`/api/cases/${there.body.caseId}`).expect(200)).body
  expect(await fileThere()).toMatchObject({ rehearsal: set, today: '2026-04-06' })

  const of = (body: string) => `/api/rehearsals/${body}/${encodeURIComponent(set)}`
  await hr
    .post(`${of(bodyKey)}/advance`)
    .send({ to: '2026-05-04' })
    .expect(403)
  const { body: moved } = await hr
    .post(`${of('ministryFinance')}/advance`)
    .send({ to: '2026-03-20' })
    .expect(200)
  expect(moved.map(({ caseId }: { caseId: string }) => caseId)).toEqual([here])
  await hr.post(`${of('ministryFinance')}/discard`).expect(200)
  expect(await fileThere()).toMatchObject({ status: 'open', today: '2026-04-06' })
  expect((await startThere({ set })).status).toBe(201)
  await hr.post(`${of('nowhere')}/discard`).expect(404)
})
