/** Putting a task off over HTTP: for whom, until when, and what others are told. */
import type { TaskView } from '../../api/shapes/views'
import type { IsoDate } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'
/** all of Kazakhstan keeps one time */
const today = (): IsoDate => new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10) as IsoDate

let api: Api
let hr: Agent
let me: string
let caseId: string
beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
  me = await personOf(api, 'hrMinistry')
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.database.sql('truncate tasks, task_snoozes')
  caseId = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
})

/** A task of HR that falls due in so many days. */
async function task(due: number | null, more: Parameters<typeof arrangeTask>[2] = {}): Promise<string> {
  const id = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, ...more })
  if (due !== null)
    await api.database.sql(
      `update tasks set "dueOn" = $2::date, "dueAt" = ($2::date + 1)::timestamp at time zone 'Asia/Almaty',
        due = jsonb_build_object('on', $2::text, 'steps', '[]'::jsonb) where id = $1`,
      [id, addDays(today(), due)],
    )

  return id
}
const putOff = (id: string, days: number, by = hr) =>
  by.put(`/api/tasks/${id}/snooze`).send({ version: 1, until: addDays(today(), days) })
const inQueue = async (queue: string, by = hr): Promise<TaskView[]> =>
  (await by.get(`/api/tasks?queue=${queue}`).expect(200)).body.data as TaskView[]

test('it is offered up to the term, stands in a queue of its own, and is taken back', async () => {
  const id = await task(5)
  expect((await inQueue('todo'))[0]).toMatchObject({
    snoozedUntil: null,
    snooze: { from: addDays(today(), 1), to: addDays(today(), 5) },
  })
  const { body } = await putOff(id, 5).expect(200)
  expect(body).toMatchObject({ id, snoozedUntil: addDays(today(), 5), state: 'ready', version: 1 })
  expect(await inQueue('todo')).toEqual([])
  expect((await inQueue('snoozed')).map((each) => each.id)).toEqual([id])
  expect((await hr.get('/api/day').expect(200)).body.parts).toEqual([])
  expect((await hr.get('/api/tasks/counts?queue=todo&queue=snoozed').expect(200)).body).toEqual({ todo: 0, snoozed: 1 })
  await hr.delete(`/api/tasks/${id}/snooze`).expect(204)
  expect((await hr.get(`/api/tasks/${id}`).expect(200)).body).toMatchObject({ snoozedUntil: null })
  expect((await inQueue('todo')).map((each) => each.id)).toEqual([id])
  await hr.delete(`/api/tasks/${id}/snooze`).expect(204)
})

test('past the term it is refused, and the day is named', async () => {
  const { body } = await putOff(await task(5), 6).expect(422)
  expect(body).toMatchObject({ code: 'pastTerm', params: { date: addDays(today(), 5) } })
  const closes = await task(5)
  await api.database.sql('update tasks set "closesOn" = $2 where id = $1', [closes, addDays(today(), 3)])
  expect((await putOff(closes, 4).expect(422)).body).toMatchObject({ params: { date: addDays(today(), 3) } })
})

test.each<[string, number | null, Parameters<typeof arrangeTask>[2]]>([
  ['due today', 0, {}],
  ['overdue', -2, {}],
  ['standing still', 5, { state: 'suspended', assignee: null }],
  ['on its way', 5, { state: 'completing' }],
  ['of a rehearsal', 5, { rehearsal: 'a set' }],
])('a task that is %s is not put off', async (_what, due, more) => {
  const id = await task(due, { ...more, ...(more?.state && { assignee: me }) })
  const { body } = await putOff(id, 1).expect(409)
  expect(body.code).toBe('notPutOff')
})

test('not until today, nor by a version that is no more', async () => {
  const id = await task(null)
  await putOff(id, 0).expect(409)
  await hr
    .put(`/api/tasks/${id}/snooze`)
    .send({ version: 2, until: addDays(today(), 400) })
    .expect(412)
  await putOff(id, 400).expect(200)
})

test('whoever does not find the task is answered as if there were none; whoever may not do it, that he may not', async () => {
  const id = await task(5)
  const elsewhere = await api.as('hrAkimat')
  const hidden = (await putOff(id, 1, elsewhere).expect(404)).body
  const absent = (await putOff('00000000-0000-4000-8000-000000000000', 1, elsewhere).expect(404)).body
  expect(hidden).toEqual(absent)
  await elsewhere.delete(`/api/tasks/${id}/snooze`).expect(404)
  await putOff(id, 1, await api.as('headMinistry')).expect(403)
})

test('nobody else is told, and the file of the case has nothing of it', async () => {
  const id = await task(5)
  const file = async () => (await api.database.sql('select count(*)::int as n from events')) as unknown
  const before = await file()
  await putOff(id, 3).expect(200)
  expect(await file()).toEqual(before)
  const head = await api.as('headMinistry')
  expect((await head.get(`/api/tasks/${id}`).expect(200)).body).toMatchObject({ snoozedUntil: null, version: 1 })
})
