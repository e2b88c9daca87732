/** The last person who may do a task is gone: the case is told at once, and who is asked instead; and when somebody may again. */
import { randomUUID } from 'node:crypto'
import { askNextBodies } from '../../api/operations/next-body'
import { sweepOffices } from '../../api/operations/office-sweep'
import { today } from '../../api/service/today'
import type { Addressee } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'
const YESTERDAY = addDays(today(Date.now()), -1)

let api: Api
let administrator: Agent
let head: string
let caseId: string

beforeAll(async () => {
  api = await startApi()
  administrator = await api.as('administrator')
  head = await personOf(api, 'headMinistry')
})
afterAll(() => api.close())
beforeEach(async () => {
  caseId = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
})
afterEach(async () => {
  await api.database.sql('truncate cases, tasks, events, commands, contents, form_drafts cascade')
  await api.database.sql(`delete from body_roles where basis = 'test'`)
  await api.database.sql(`update body_roles set "to" = null`)
})

const ended = (role: string) =>
  api.database.sql(`update body_roles set "to" = $3::date where role = $1 and "bodyKey" = $2`, [role, BODY, YESTERDAY])
const told = async () =>
  (await api.db.command.findMany({ where: { kind: 'eligible' }, orderBy: { receivedAt: 'asc' } })).map(
    ({ caseId: of, payload, state }) => ({ of, state, tasks: (payload as { tasks: unknown }).tasks }),
  )
const heard = () => api.database.sql(`update commands set state = 'done'`)
const standIn = (task: string, by: Addressee | null, own: Addressee = { role: 'hr', body: BODY as never }) =>
  api.database.sql(
    `update tasks set "standIn" = $2::jsonb, role = coalesce($3, role), "bodyKey" = coalesce($4, "bodyKey") where id = $1`,
    [task, JSON.stringify({ for: own, by }), by?.role ?? null, by?.role === undefined ? null : by.body],
  )

test('an administrator ends the last role of a body: when he is answered, the case has been told whom to ask', async () => {
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
  const other = await arrangeTask(api.db, caseId, { role: 'head', body: BODY })
  const rows = await api.db.bodyRole.findMany({ where: { role: 'hr', bodyKey: BODY, to: null } })
  for (const row of rows) {
    expect(await told()).toEqual([])
    await administrator
      .patch(`/api/register/roles/${row.id}`)
      .set('If-Match', `"${String(row.version)}"`)
      .send({ to: YESTERDAY })
      .expect(200)
  }
  expect(await told()).toEqual([{ of: caseId, state: 'stored', tasks: [{ task, by: { role: 'head', body: BODY } }] }])
  expect((await api.db.task.findUniqueOrThrow({ where: { id: other } })).state).toBe('ready')
})

test('a role that ends by its day is found without anybody’s doing, once, however many look', async () => {
  await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
  await ended('hr')
  await Promise.all([sweepOffices(api.service), sweepOffices(api.service)])
  await sweepOffices(api.service)
  expect(await told()).toHaveLength(1)
})

test('whoever is excluded is nobody to the task: with the last one, another is asked, and not the head if he is excluded as well', async () => {
  const holders = await api.db.bodyRole.findMany({ where: { role: 'hr', bodyKey: BODY } })
  const task = await arrangeTask(api.db, caseId, {
    role: 'hr',
    body: BODY,
    excluded: holders.map(({ personId }) => personId),
  })
  expect(await askNextBodies(api.service)).toBe(1)
  expect(await told()).toMatchObject([{ tasks: [{ task, by: { role: 'head', body: BODY } }] }])
  await api.database.sql(`delete from commands`)
  await api.database.sql(`update tasks set excluded = excluded || $1::text`, [head])
  await askNextBodies(api.service)
  expect(await told()).not.toMatchObject([{ tasks: [{ by: { role: 'head', body: BODY } }] }])
})

test('where nobody is above either, the case is told so, once', async () => {
  const task = await arrangeTask(api.db, caseId, { role: 'head', body: BODY })
  await api.database.sql(`update body_roles set "to" = $1::date where role = 'head'`, [YESTERDAY])
  await askNextBodies(api.service)
  expect(await told()).toMatchObject([{ tasks: [{ task, by: null }] }])
  await heard()
  await standIn(task, null, { role: 'head', body: BODY as never })
  expect(await askNextBodies(api.service)).toBe(0)
})

test('a task of a named person stays his: that he has left is said, and nobody else is asked', async () => {
  const person = await personOf(api, 'mentor')
  const task = await arrangeTask(api.db, caseId, {
    person,
    body: 'ministryHealth',
    state: 'reserved',
    assignee: person,
  })
  const excluded = await arrangeTask(api.db, caseId, {
    person,
    excluded: [person],
    state: 'reserved',
    assignee: person,
  })
  await arrangeTask(api.db, caseId, { person, state: 'reserved', assignee: person })
  await askNextBodies(api.service)
  const [news] = await told()
  expect(news?.tasks).toEqual(
    expect.arrayContaining([
      { task, by: null },
      { task: excluded, by: null },
    ]),
  )
})

test('somebody has the role again: the task goes back, unless whoever was asked has taken it up', async () => {
  const [free, claimed] = [
    await arrangeTask(api.db, caseId, { role: 'hr', body: BODY }),
    await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state: 'reserved', assignee: head }),
  ]
  await ended('hr')
  await standIn(free, { role: 'head', body: BODY as never })
  await standIn(claimed, { role: 'head', body: BODY as never })
  expect(await askNextBodies(api.service)).toBe(0)
  await administrator
    .post('/api/register/roles')
    .send({ person: await personOf(api, 'mentor'), role: 'hr', body: BODY, from: YESTERDAY, to: null, basis: 'test' })
    .expect(201)
  expect(await told()).toMatchObject([{ of: caseId, tasks: [{ task: free, by: { role: 'hr', body: BODY } }] }])
  await heard()
  // once he has put it back, it goes as well
  await api.database.sql(`update tasks set state = 'ready', "assigneeId" = null where id = $1`, [claimed])
  await api.database.sql(`update tasks set "standIn" = null, role = 'hr' where id = $1`, [free])
  await askNextBodies(api.service)
  expect((await told()).at(-1)).toMatchObject({ tasks: [{ task: claimed, by: { role: 'hr', body: BODY } }] })
})

test('whoever was asked instead is gone as well: the next is asked', async () => {
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
  await ended('hr')
  await ended('head')
  await standIn(task, { role: 'head', body: BODY as never })
  const { key: parentKey } = await api.db.stateBody.findFirstOrThrow({ where: { key: { not: BODY } } })
  await api.database.sql(`update state_bodies set "parentKey" = $2 where key = $1`, [BODY, parentKey])
  await api.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: head,
      role: 'hr',
      bodyKey: parentKey,
      from: new Date('2020-01-01'),
      basis: 'test',
    },
  })
  await askNextBodies(api.service)
  expect(await told()).toMatchObject([{ tasks: [{ task, by: { role: 'hr', body: parentKey } }] }])
})

test('the page of a task says why somebody else was asked', async () => {
  const [hr, mentor] = [{ role: 'hr', body: BODY as never } as const, await personOf(api, 'mentor')]
  const agent = await api.as('headMinistry')
  const said = async (task: string) => (await agent.get(`/api/tasks/${task}`).expect(200)).body.standsInFor
  const holders = (await api.db.bodyRole.findMany({ where: { role: 'hr', bodyKey: BODY } })).map((row) => row.personId)
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, excluded: holders })
  expect(await said(task)).toBeNull()
  await standIn(task, { role: 'head', body: BODY as never }, hr)
  expect(await said(task)).toMatchObject({ role: 'hr', person: null, body: { key: BODY }, why: 'allExcluded' })
  await api.database.sql(`update tasks set excluded = '{}' where id = $1`, [task])
  expect(await said(task)).toMatchObject({ why: null })
  await ended('hr')
  expect(await said(task)).toMatchObject({ role: 'hr', why: 'nobodyHolds' })

  const named = await arrangeTask(api.db, caseId, { person: mentor, body: 'ministryHealth', excluded: [mentor] })
  await standIn(named, null, { person: mentor as never, servesIn: 'ministryHealth' as never })
  expect(await said(named)).toMatchObject({ role: null, person: { id: mentor }, why: 'excluded' })
  await api.database.sql(`update tasks set excluded = '{}' where id = $1`, [named])
  expect(await said(named)).toMatchObject({ body: { key: 'ministryHealth' }, why: 'leftOffice' })
})

test('an answer on its way, a question, and a closed case ask nobody', async () => {
  await ended('hr')
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state: 'completing' })
  await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state: 'obsolete' })
  await arrangeTask(api.db, caseId, { person: head, excluded: [head], state: 'reserved', questionOf: task })
  const closed = await arrangeCase(api.db, { body: BODY, subject: head, status: 'closed' })
  await arrangeTask(api.db, closed, { role: 'hr', body: BODY })
  expect(await askNextBodies(api.service)).toBe(0)
})

test('the consent of the Agency in a case that is restricted to the head who proposes it goes to the head of the Agency, not to him', async () => {
  const agency = 'civilServiceAgency'
  const officer = await personOf(api, 'agencyOfficer')
  await api.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: officer,
      role: 'head',
      bodyKey: agency,
      from: new Date('2020-01-01'),
      basis: 'test',
    },
  })
  await api.db.case.update({ where: { id: caseId }, data: { restrictedTo: [head] } })
  const task = await arrangeTask(api.db, caseId, { kind: 'agreeDismissal', role: 'agency', body: agency })
  await askNextBodies(api.service)
  expect(await told()).toEqual([
    {
      of: caseId,
      state: 'stored',
      tasks: [{ task, by: { role: 'head', body: agency }, heads: expect.arrayContaining([officer]) }],
    },
  ])
})
