/** What people are told: to whom, what of it they see now, and that each reads for himself. */
import { randomUUID } from 'node:crypto'
import { today } from '../../api/service/today'
import type { NoticeView } from '../../api/shapes/views'
import { actorOf } from '../../prisma/store/accounts'
import type { Db } from '../../prisma/store/db'
import { noticesFor, unreadNotices } from '../../prisma/store/notices'
import type { PersonId } from '../../workflows/kernel/contract'
import { viewerOf } from '../../workflows/kernel/law/sight'
import { planOfStatement, rowsRead } from '../support/plans'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'
import { addPeople, BODY } from './sight/walk'

let api: Api
let hr: Agent
let otherHr: Agent
const idOf: Record<string, string> = {}

beforeAll(async () => {
  api = await startApi()
  await addPeople(api)
  ;[hr, otherHr] = await Promise.all([api.as('hrMinistry'), api.as('otherHr')])
  for (const user of ['hrMinistry', 'otherHr', 'mentor', 'newcomer', 'supervisor', 'headMinistry'])
    idOf[user] = await personOf(api, user)
})
afterAll(() => api.close())
beforeEach(() => api.database.sql('truncate cases, tasks, notices, notice_reads, notice_choices cascade'))

interface Told {
  readonly kind?: string
  readonly task?: string
  readonly role?: string
  readonly body?: string
  readonly person?: string
  readonly stage?: string
}
/** Says something to somebody, as a step that is recorded does. */
async function tell(caseId: string, { kind = 'taskOpened', task, role, body, person, stage }: Told): Promise<string> {
  const id = randomUUID()
  await api.database.sql(
    `insert into notices (id, "caseId", "taskId", kind, role, "bodyKey", "personId", params, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
    [
      id,
      caseId,
      task ?? null,
      kind,
      role ?? null,
      body ?? null,
      person ?? null,
      JSON.stringify(stage ? { stage } : {}),
    ],
  )

  return id
}
const toOffice = { role: 'hr', body: BODY }
const aCase = (more: Partial<Parameters<typeof arrangeCase>[1]> = {}) =>
  arrangeCase(api.db, { body: BODY, subject: idOf['newcomer'] ?? null, ...more })
const page = async (agent: Agent, asked = ''): Promise<NoticeView[]> =>
  (await agent.get(`/api/notices?perPage=100${asked}`).expect(200)).body.data
const idsOf = async (agent: Agent, asked = '') => (await page(agent, asked)).map(({ id }) => id)
const unread = async (agent: Agent): Promise<number> => (await agent.get('/api/notices/count').expect(200)).body.unread

test('whoever holds the role, and whoever is addressed, is told, with what the sentence needs and the way to it', async () => {
  const caseId = await aCase({ parties: { mentor: idOf['mentor'] ?? null } })
  const task = await arrangeTask(api.db, caseId, toOffice)
  const ofRole = await tell(caseId, { task, ...toOffice })
  const ofPerson = await tell(caseId, { kind: 'stageReached', person: idOf['newcomer'] ?? '', stage: 'mentoring' })
  expect(await page(hr)).toMatchObject([
    { id: ofRole, kind: 'taskOpened', case: { id: caseId }, task: { id: task, kind: 'appointMentor', open: true } },
  ])
  expect(await page(await api.as('newcomer'))).toMatchObject([{ id: ofPerson, stage: 'mentoring', task: null }])
  expect(await page(await api.as('hrAkimat'))).toEqual([])
  expect(await page(await api.as('mentor'))).toEqual([])
  const looked = await api.database.sql(
    `select pieces from access_log where door = 'GET /api/notices' and "personId" = $1 and cases @> array[$2::uuid]`,
    [idOf['hrMinistry'], caseId],
  )
  expect(looked).toEqual([{ pieces: ['course'] }])
})

test('two officers of one body read apart, one by one and all at once', async () => {
  const caseId = await aCase()
  const first = await tell(caseId, toOffice)
  await tell(caseId, toOffice)
  expect([await unread(hr), await unread(otherHr)]).toEqual([2, 2])
  await hr.post(`/api/notices/${first}/read`).expect(204)
  await hr.post(`/api/notices/${first}/read`).expect(204)
  expect([await unread(hr), await unread(otherHr)]).toEqual([1, 2])
  expect((await page(hr)).map(({ read }) => read)).toEqual([false, true])
  expect(await idsOf(hr, '&unread=true')).not.toContain(first)
  const [newest] = await page(hr)
  await hr.post('/api/notices/read').send({ upTo: newest?.at }).expect(204)
  expect([await unread(hr), await unread(otherHr)]).toEqual([0, 2])
  expect((await page(hr)).every(({ read }) => read)).toBe(true)
  await tell(caseId, toOffice)
  expect([await unread(hr), await unread(otherHr)]).toEqual([1, 3])
})

test('what is written while somebody marks all as read stays unread, though its moment is before', async () => {
  const caseId = await aCase()
  const [late] = await api.database.sql(`select (clock_timestamp() - interval '5 seconds')::timestamptz(3) as at`)
  await tell(caseId, toOffice)
  const [newest] = await page(hr)
  await hr.post('/api/notices/read').send({ upTo: newest?.at }).expect(204)
  // a step that took its moment before, and is committed only now
  const id = await tell(caseId, toOffice)
  await api.db.notice.update({ where: { id }, data: { toldAt: late?.['at'] as Date } })
  expect(await idsOf(hr, '&unread=true')).toEqual([id])
})

test('nobody marks as read what is not his, or what he does not see', async () => {
  const caseId = await aCase({ restrictedTo: [idOf['hrMinistry'] ?? ''] })
  const id = await tell(caseId, toOffice)
  await otherHr.post(`/api/notices/${id}/read`).expect(404)
  await (await api.as('hrAkimat')).post(`/api/notices/${id}/read`).expect(404)
  await hr.post(`/api/notices/${randomUUID()}/read`).expect(404)
  expect(await unread(hr)).toBe(1)
})

test('of a restricted case they alone are told whom it names', async () => {
  await tell(await aCase({ restrictedTo: [idOf['hrMinistry'] ?? ''] }), toOffice)
  expect([await unread(hr), await unread(otherHr)]).toEqual([1, 0])
  expect([(await page(hr)).length, (await page(otherHr)).length]).toEqual([1, 0])
})

test('whoever lost his part or his role is told nothing more, nor what he was told before', async () => {
  const person = idOf['mentor'] ?? ''
  const caseId = await aCase({ parties: { mentor: person } })
  await tell(caseId, { kind: 'caseClosed', person })
  const mentor = await api.as('mentor')
  expect(await unread(mentor)).toBe(1)
  await api.db.case.update({ where: { id: caseId }, data: { parties: {} } })
  expect([await unread(mentor), await page(mentor)]).toEqual([0, []])

  await tell(caseId, toOffice)
  expect(await unread(otherHr)).toBe(1)
  const roles = await api.db.bodyRole.findMany({ where: { personId: idOf['otherHr'] ?? '' } })
  await api.db.bodyRole.deleteMany({ where: { personId: idOf['otherHr'] ?? '' } })
  expect([await unread(otherHr), await page(otherHr)]).toEqual([0, []])
  await api.db.bodyRole.createMany({ data: roles })
})

test('rehearsals are told apart, and not counted', async () => {
  const real = await tell(await aCase(), toOffice)
  const rehearsed = await tell(await aCase({ rehearsal: 'set' }), toOffice)
  expect(await unread(hr)).toBe(1)
  expect(await idsOf(hr)).toEqual([real])
  expect(await idsOf(hr, '&rehearsed=true')).toEqual([rehearsed])
})

test('a list continues where the page before ended, and counts as read what is old', async () => {
  const caseId = await aCase()
  const told: string[] = []
  for (let n = 0; n < 5; n += 1)
    told.unshift(await tell(caseId, n % 2 === 0 ? toOffice : { person: idOf['hrMinistry'] ?? '' }))
  const first = (await hr.get('/api/notices?perPage=2').expect(200)).body
  const after = encodeURIComponent(first.pageInfo.end)
  await tell(caseId, toOffice)
  const second = (await hr.get(`/api/notices?perPage=10&after=${after}`).expect(200)).body
  expect([...first.data, ...second.data].map(({ id }: NoticeView) => id)).toEqual(told)
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
  await hr.get('/api/notices?after=nonsense').expect(400)
  await api.database.sql(`update notices set "toldAt" = now() - interval '91 days'`)
  expect([await unread(hr), (await page(hr)).length]).toEqual([0, 6])
})

test('what was written by a release that told nobody is not told now', async () => {
  const id = await tell(await aCase(), toOffice)
  await api.db.notice.update({ where: { id }, data: { toldAt: null } })
  expect([await unread(hr), await page(hr)]).toEqual([0, []])
})

test('a hundred thousand notices are neither counted nor read to show how many are unread', async () => {
  const caseId = await aCase()
  await api.database.sql(
    `insert into notices (id, "caseId", kind, role, "bodyKey", params, at, "toldAt")
     select gen_random_uuid(), $1, 'taskOpened', 'hr', $2, '{}', now(), now() - n * interval '1 second' from generate_series(1, 100000) n`,
    [caseId, BODY],
  )
  await api.database.sql('analyze notices')
  const actor = await actorOf(api.db, idOf['hrMinistry'] as PersonId, today(Date.now()))
  if (!actor) throw new Error('nobody')
  const viewer = viewerOf(actor, api.service.processes.tables)
  const read = async (ask: (db: Db) => Promise<unknown>) =>
    rowsRead(await planOfStatement(api.db, api.database.url, ask), 'notices')
  const counted = () => read((db) => unreadNotices(db, viewer))
  // of each addressee the newest thousand are looked through for those that are unread
  const MOST = 2_500
  expect(await unread(hr)).toBe(100)
  expect(await counted()).toBeLessThan(MOST)
  expect(await read((db) => noticesFor(db, viewer, { perPage: 25 }))).toBeLessThan(200)
  expect(await read((db) => noticesFor(db, viewer, { perPage: 25, unread: true }))).toBeLessThan(MOST)
  const [newest] = await page(hr)
  await hr.post('/api/notices/read').send({ upTo: newest?.at }).expect(204)
  expect(await unread(hr)).toBe(0)
  expect(await counted()).toBeLessThan(MOST)
}, 120_000)
