/** Forms of a rehearsal are held against the register as the cases of its set have left it, and nobody else's are. */
import { randomUUID } from 'node:crypto'
import { readStarts, type Sending, type Start } from '../../prisma/store/linked-cases'
import type { BodyKey, CaseId, CommandId } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { realClock } from '../../workflows/kernel/start'
import { today } from '../../api/service/today'
import { type Agent, type Api, arrangeCase, arrangeTask, isProblem, personOf, startApi } from './harness'

const BODY = 'ministryFinance' as BodyKey

let api: Api
let hr: Agent
let mentor: string

beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
  mentor = await personOf(api, 'mentor')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: mentor, to: null } })
  const on = addDays(today(Date.now()), -1)
  // a case of the set has ended the post of the mentor
  await api.database.sql(
    `insert into effects (id, "caseId", name, request, state, outcome, rehearsal, "setBodyKey", "on", at)
     values ($1, $2, 'endPost', $3, 'taken', '{"taken": true, "value": {"changes": [], "posts": []}}', 'spring', $4, $5, now())`,
    [randomUUID(), randomUUID(), JSON.stringify({ post: post.id, on, ground: 'transfer' }), BODY, on],
  )
})
afterAll(() => api.close())

/** The task of naming a mentor, in a case of a set or a real one. */
async function naming(rehearsal: string | null): Promise<string> {
  const subject = await personOf(api, 'newcomer')
  const caseId = await arrangeCase(api.db, { body: BODY, subject, rehearsal })
  const person = await personOf(api, 'hrMinistry')

  return arrangeTask(api.db, caseId, { role: 'hr', body: BODY, assignee: person, state: 'inProgress', rehearsal })
}
const refused = async (task: string) =>
  (await hr.get(`/api/tasks/${task}/refused?field=mentor&id=${mentor}`).expect(200)).body.refused
const complete = (task: string) => hr.post(`/api/tasks/${task}/complete`).send({ version: 1, form: { mentor } })

test('whose post a case of the set has ended is not offered in it, and not accepted', async () => {
  const task = await naming('spring')
  expect(await refused(task)).toEqual({ [mentor]: 'notInOffice' })
  const answer = await complete(task)
  isProblem(answer, 'a mentor who has left in the set', [422])
  expect(answer.body.errors).toEqual({ mentor: 'notInOffice' })
})

test.each([
  ['another set', 'autumn'],
  ['a real case', null],
])('in %s he is offered and accepted', async (_, rehearsal) => {
  const task = await naming(rehearsal)
  expect(await refused(task)).not.toMatchObject({ [mentor]: 'notInOffice' })
  expect((await complete(task)).body.errors ?? {}).not.toMatchObject({ mentor: 'notInOffice' })
})

describe('a case that a case of the set opens', () => {
  const bodyOfMentor = async (rehearsal: string | null) => {
    const { from, positionId } = await api.db.post.findFirstOrThrow({ where: { personId: mentor, to: null } })
    const since = from.toISOString().slice(0, 10)
    const start: Start = {
      kind: 'start',
      command: randomUUID() as CommandId,
      case: randomUUID() as CaseId,
      as: 'probation',
      process: 'probation',
      body: BODY,
      form: { person: mentor, position: positionId, appointedOn: since, actNumber: '1', actDate: since },
    }
    const place = { body: BODY, zone: 'Asia/Almaty', profile: 'fiveDay' } as const
    const sender: Sending = {
      case: randomUUID() as CaseId,
      body: BODY,
      setBody: BODY,
      rehearsal,
      clock: realClock(place, Date.now()),
    }
    const [read] = await api.db.sql.transaction((tx) => readStarts(tx, sender, [start], api.service, Date.now()))

    return read?.named?.people[mentor]?.body
  }

  test('is read by the register as the set has left it', async () => {
    expect(await bodyOfMentor('spring')).toBeNull()
    expect(await bodyOfMentor('autumn')).toBe(BODY)
    expect(await bodyOfMentor(null)).toBe(BODY)
  })
})

test('the register itself is as it was', async () => {
  expect(await api.db.post.count({ where: { personId: mentor, to: null } })).toBe(1)
})
