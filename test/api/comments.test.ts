/** Comments: what colleagues say of a case to one another, and who is told. */
import { randomUUID } from 'node:crypto'
import { eventually } from '../support/eventually'
import { arrangeCase, arrangeTask, isProblem, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'
let api: Api
let hr: Agent
let caseId: string
let task: string

beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())
beforeEach(async () => {
  const [subject, mentor, supervisor] = await Promise.all(
    ['newcomer', 'mentor', 'supervisor'].map((user) => personOf(api, user)),
  )
  caseId = await arrangeCase(api.db, {
    body: BODY,
    subject: subject ?? '',
    parties: { mentor: mentor ?? '', supervisor: supervisor ?? '' },
  })
  task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
})

const say = (agent: Agent, text: string, more: object = {}) =>
  agent.post(`/api/cases/${caseId}/comments`).send({ text, ...more })
const read = async (agent: Agent, of = '') =>
  (await agent.get(`/api/cases/${caseId}/comments${of}`).expect(200)).body.data
const noticesOf = async (user: string) =>
  api.database.sql(`select kind, "taskId", params from notices where "caseId" = $1 and "personId" = $2`, [
    caseId,
    await personOf(api, user),
  ])

test('what somebody says is read by colleagues as it was typed, with who said it, in what capacity and when', async () => {
  const typed = `<script>alert(1)</script> Әділ: "x" & 'y'\n\nline`
  await say(hr, `  ${typed} \n`).expect(201)
  await say(await api.as('mentor'), 'On the task', { task }).expect(201)
  for (const user of ['hrMinistry', 'headMinistry', 'agencyOfficer', 'mentor', 'supervisor']) {
    const agent = await api.as(user)
    expect(await read(agent)).toMatchObject([
      { text: 'On the task', capacity: 'mentor', taskId: task, mine: user === 'mentor' },
      {
        text: typed,
        capacity: 'hr',
        taskId: null,
        at: expect.any(String),
        author: { id: await personOf(api, 'hrMinistry') },
      },
    ])
    expect(await read(agent, `?task=${task}`)).toMatchObject([{ text: 'On the task' }])
  }
  const page = await (await api.as('mentor')).get(`/api/cases/${caseId}`).expect(200)
  expect(page.body).toMatchObject({ comments: true, mayComment: true })
})

test('what is sent again under its key, because its answer was lost, is said once, and its key is for nothing else', async () => {
  const key = randomUUID()
  const mentor = await personOf(api, 'mentor')
  const send = (agent: Agent, text: string, of = caseId) =>
    agent
      .post(`/api/cases/${of}/comments`)
      .set('Idempotency-Key', key)
      .send({ text, mentions: [mentor] })
  const answers = await Promise.all([send(hr, 'Once'), send(hr, 'Once'), send(hr, 'Once')])
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
  await send(hr, 'Once').expect(201)
  expect(await read(hr)).toMatchObject([{ text: 'Once' }])
  expect(await noticesOf('mentor')).toHaveLength(1)
  isProblem(await send(hr, 'Twice'), 'another text', [422])
  const other = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
  isProblem(await send(hr, 'Once', other), 'another case', [422])
  // of another person it is another key
  await send(await api.as('headMinistry'), 'Once').expect(201)
  expect(await read(hr)).toHaveLength(2)
})

test('what was said under a key is withdrawn like any other: the id that follows from the key is one', async () => {
  for (let n = 0; n < 5; n += 1) {
    await say(hr, `No. ${n}`).set('Idempotency-Key', randomUUID()).expect(201)
    const [{ id }] = await read(hr)
    await hr.post(`/api/comments/${id}/withdraw`).expect(204)
  }
})

test('neither the person whom the case is about, nor who runs the product, nor other bodies read or write any', async () => {
  await say(hr, 'secret').expect(201)
  // a task of his own case in his hands gives him none
  const newcomer = await personOf(api, 'newcomer')
  await arrangeTask(api.db, caseId, { kind: 'acknowledge', state: 'reserved', person: newcomer, assignee: newcomer })
  for (const [user, status] of [
    ['newcomer', 403],
    ['developer', 403],
    ['administrator', 403],
    ['hrAkimat', 404],
    ['agencyOfficerRegion', 404],
  ] as const) {
    const agent = await api.as(user)
    isProblem(await agent.get(`/api/cases/${caseId}/comments`), user, [status])
    isProblem(await agent.get(`/api/cases/${caseId}/comments/people`), user, [status])
    isProblem(await say(agent, 'mine'), user, [status])
  }
  expect((await (await api.as('newcomer')).get(`/api/cases/${caseId}`).expect(200)).body).toMatchObject({
    comments: false,
    mayComment: false,
  })
})

test('whoever is named and sees the comments is told, once; whoever does not see them cannot be named', async () => {
  const [head, mentor, me] = await Promise.all(
    ['headMinistry', 'mentor', 'hrMinistry'].map((user) => personOf(api, user)),
  )
  const { data } = (await hr.get(`/api/cases/${caseId}/comments/people`).expect(200)).body
  const offered: string[] = data.map(({ id }: { id: string }) => id)
  expect(offered).toEqual(expect.arrayContaining([head, mentor, me]))
  const { body } = await say(hr, 'look', { task, mentions: [head, head, me] }).expect(201)
  expect(body.data[0].mentions.map(({ id }: { id: string }) => id).sort()).toEqual([head, me].sort())
  expect(await noticesOf('headMinistry')).toEqual([
    { kind: 'mentioned', taskId: task, params: { comment: body.data[0].id } },
  ])
  expect(await noticesOf('hrMinistry')).toEqual([])
  for (const user of ['newcomer', 'developer', 'hrAkimat']) {
    const person = await personOf(api, user)
    expect(offered).not.toContain(person)
    expect((await say(hr, 'look', { mentions: [head, person] }).expect(422)).body).toMatchObject({
      errors: { 'mentions.1': 'unknownId' },
    })
    expect(await noticesOf(user)).toEqual([])
  }
})

test('of a restricted case only those whom it names and its parties are offered, read and write', async () => {
  await say(hr, 'before').expect(201)
  await api.database.sql(`update cases set "restrictedTo" = array[$2]::uuid[] where id = $1`, [
    caseId,
    await personOf(api, 'hrMinistry'),
  ])
  const head = await personOf(api, 'headMinistry')
  isProblem(await (await api.as('headMinistry')).get(`/api/cases/${caseId}/comments`), 'head', [404])
  isProblem(await say(hr, 'look', { mentions: [head] }), 'mention', [422])
  expect(await noticesOf('headMinistry')).toEqual([])
  expect(await read(await api.as('mentor'))).toHaveLength(1)
})

test('its author alone withdraws it: a mark stays, and the text is shown to nobody', async () => {
  const [{ id }] = (await say(hr, 'too early', { mentions: [await personOf(api, 'mentor')] }).expect(201)).body.data
  isProblem(await (await api.as('headMinistry')).post(`/api/comments/${id}/withdraw`).send({}), 'another', [404])
  isProblem(await (await api.as('hrAkimat')).post(`/api/comments/${id}/withdraw`).send({}), 'a stranger', [404])
  await hr.post(`/api/comments/${id}/withdraw`).send({}).expect(204)
  isProblem(await hr.post(`/api/comments/${id}/withdraw`).send({}), 'twice', [404])
  isProblem(await hr.post(`/api/comments/${randomUUID()}/withdraw`).send({}), 'unknown', [404])
  expect(await read(hr)).toMatchObject([{ id, text: null, mentions: [], mine: true }])
})

test('a comment has a length, and belongs to a task of its case', async () => {
  const other = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'supervisor') })
  const elsewhere = await arrangeTask(api.db, other, { role: 'hr', body: BODY })
  isProblem(await say(hr, ' \n\u200b '), 'empty', [422])
  isProblem(await say(hr, 'x'.repeat(4001)), 'long', [422])
  isProblem(await say(hr, 'x', { task: elsewhere }), 'another case', [422])
  isProblem(await say(hr, 'x', { mentions: Array.from({ length: 21 }, () => randomUUID()) }), 'many', [422])
  await say(hr, 'x'.repeat(4000)).expect(201)
})

test('in a closed case nobody says anything any more: what is to be kept is a note of the records service', async () => {
  await say(hr, 'before').expect(201)
  await api.db.case.update({ where: { id: caseId }, data: { status: 'closed' } })
  for (const user of ['hrMinistry', 'headMinistry', 'mentor'])
    isProblem(await say(await api.as(user), 'late'), user, [409])
  expect(await read(hr)).toMatchObject([{ text: 'before' }])
  expect((await hr.get(`/api/cases/${caseId}`).expect(200)).body).toMatchObject({ status: 'closed', mayComment: false })
})

describe('once the case is closed', () => {
  const close = () => api.db.case.update({ where: { id: caseId }, data: { status: 'closed' } })

  test('nothing that was said is withdrawn', async () => {
    const [{ id }] = (await say(hr, 'before').expect(201)).body.data
    await close()
    const refused = await hr.post(`/api/comments/${id}/withdraw`).send({})
    isProblem(refused, 'withdrawn', [409])
    expect(refused.body.code).toBe('caseClosed')
    isProblem(await (await api.as('headMinistry')).post(`/api/comments/${id}/withdraw`).send({}), 'another', [404])
    expect(await read(hr)).toMatchObject([{ text: 'before' }])
  })

  test('what was said before and is sent again under its key, because its answer was lost, is answered as it was', async () => {
    const key = randomUUID()
    const send = (text: string) => say(hr, text).set('Idempotency-Key', key)
    await send('before').expect(201)
    await close()
    expect((await send('before').expect(201)).body.data).toMatchObject([{ text: 'before' }])
    expect((await send('other').expect(422)).body.code).toBe('idempotencyKeyReused')
  })

  test('a comment or its withdrawal that came while it was being closed is refused', async () => {
    const [{ id }] = (await say(hr, 'before').expect(201)).body.data
    const codes: string[] = []
    const send = async (sent: PromiseLike<{ body: { code: string } }>) => codes.push((await sent).body.code)
    const { sending } = await api.db.sql.transaction(async (tx) => {
      await tx.run`update cases set status = 'closed' where id = ${caseId}::uuid`
      const both = [say(hr, 'late'), hr.post(`/api/comments/${id}/withdraw`).send({})].map(send)
      await eventually('both wait for the case, or are answered', async () => {
        const waiting = await api.database.sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )

        return waiting.length + codes.length >= both.length
      })

      return { sending: both }
    })
    await Promise.all(sending)
    expect(codes).toEqual(['caseClosed', 'caseClosed'])
    expect(await read(hr)).toMatchObject([{ text: 'before' }])
  })
})

test('who read them is in the access log before they leave', async () => {
  await say(hr, 'noted').expect(201)
  await read(await api.as('headMinistry'))
  expect(
    await api.database.sql(
      `select pieces, rows, door from access_log where cases @> array[$1]::uuid[] and "personId" = $2`,
      [caseId, await personOf(api, 'headMinistry')],
    ),
  ).toMatchObject([{ pieces: ['comments', 'course'], rows: ['head'], door: 'GET /api/cases/:id/comments' }])
})
