/** Roles and posts end on a day. From the day after, their holder is nobody to every list, verb and command. */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { sweepOffices } from '../../api/operations/office-sweep'
import { today } from '../../api/service/today'
import { verifyChain } from '../../prisma/store/events'
import type { CaseId, IsoDate } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { example } from '../example/process'
import { arrangeCase, arrangeTask, keepDraft, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'

let api: Api
let hr: Agent
let otherHr: Agent
let head: Agent
let mentor: Agent
let supervisor: Agent
let me: string
let caseId: string

const TODAY = today(Date.now())
const YESTERDAY = addDays(TODAY, -1)

beforeAll(async () => {
  api = await startApi(undefined, { processes: processesOf(...processes.all, example) })
  // a colleague in the same service, who is there for the whole test
  const other = await api.db.post.findFirstOrThrow({
    where: {
      to: null,
      position: { bodyKey: BODY, headsBody: false, headsUnit: false },
      person: { accounts: { none: { demoAs: { not: null } } }, roles: { none: {} } },
    },
  })
  await api.db.account.create({ data: { id: 'otherHr', personId: other.personId, demoAs: 'hrMinistry' } })
  await role(other.personId, 'hr')
  ;[hr, otherHr, head, mentor, supervisor] = (await Promise.all(
    ['hrMinistry', 'otherHr', 'headMinistry', 'mentor', 'supervisor'].map((user) => api.as(user)),
  )) as [Agent, Agent, Agent, Agent, Agent]
  me = await personOf(api, 'hrMinistry')
})
afterAll(() => api.close())

beforeEach(async () => {
  caseId = await arrangeCase(api.db, {
    body: BODY,
    subject: await personOf(api, 'newcomer'),
    parties: { supervisor: await personOf(api, 'supervisor'), mentor: await personOf(api, 'mentor') },
  })
})
afterEach(async () => {
  await api.database.sql('truncate cases, tasks, events, commands, contents, form_drafts cascade')
  await api.database.sql(`update body_roles set "to" = null`)
  await api.database.sql(`update posts set "to" = null, "endGround" = null where "endGround" = 'test'`)
})

const role = (person: string, name: string) =>
  api.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: person,
      role: name,
      bodyKey: BODY,
      from: new Date('2020-01-01'),
      basis: 'test',
    },
  })
const endRole = (person: string, lastDay: IsoDate = YESTERDAY) =>
  api.database.sql(`update body_roles set "to" = $2::date where "personId" = $1::uuid`, [person, lastDay])
const endPost = (person: string, lastDay: IsoDate = YESTERDAY) =>
  api.database.sql(
    `update posts set "to" = $2::date, "endGround" = 'test' where "personId" = $1::uuid and "to" is null`,
    [person, lastDay],
  )
const takeUpPost = (person: string) =>
  api.database.sql(`update posts set "to" = null where "personId" = $1::uuid and "endGround" = 'test'`, [person])
const sweep = () => sweepOffices(api.service)
const listed = async (agent: Agent, queue: string) =>
  ((await agent.get(`/api/tasks?queue=${queue}`).expect(200)).body.data as { id: string }[]).map(({ id }) => id)
const page = async (agent: Agent, id: string) => (await agent.get(`/api/tasks/${id}`).expect(200)).body
const send = (agent: Agent, id: string, verb: string, body: object) =>
  agent.post(`/api/tasks/${id}/${verb}`).send({ version: 1, ...body })
const row = (id: string) => api.db.task.findUniqueOrThrow({ where: { id } })
const held = (state = 'reserved', more: Partial<Parameters<typeof arrangeTask>[2]> = {}) =>
  arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state, assignee: me, ...more })

const EVERY_VERB: readonly (readonly [string, object])[] = [
  ['claim', {}],
  ['start', {}],
  ['release', {}],
  ['complete', { form: { mentor: randomUUID() } }],
  ['return', { remarks: 'r' }],
  ['ask', { person: randomUUID(), question: 'q' }],
  ['withdrawQuestion', {}],
  ['delegate', { person: randomUUID() }],
  ['recuse', { reason: 'r' }],
]

describe('the holder of a role whose last day is over', () => {
  test('finds his task in no list of his own, and no verb', async () => {
    const task = await held()
    expect(await listed(hr, 'mine')).toEqual([task])
    await endRole(me)
    expect(await listed(hr, 'mine')).toEqual([])
    expect((await hr.get('/api/tasks/counts').expect(200)).body).toMatchObject({ mine: 0 })
  })

  test('is told why of the task that he can still read, and every command is refused', async () => {
    await api.database.sql(
      `update cases set parties = parties || jsonb_build_object('mentor', $2::text) where id = $1::uuid`,
      [caseId, me],
    )
    const task = await held()
    await endRole(me)
    expect(await page(hr, task)).toMatchObject({ verbs: [], capacities: [], refusal: { code: 'policy.noRole' } })
    for (const [verb, body] of EVERY_VERB) {
      const refused = await send(hr, task, verb, body)
      expect([verb, refused.status, refused.body.reason?.code]).toEqual([verb, 403, 'policy.noRole'])
    }
    await keepDraft(hr, `task:${task}:complete`, { person: me, form: {} }).expect(403)
    expect(await row(task)).toMatchObject({ state: 'reserved', version: 1 })
  })

  test('finds neither task nor case any more, unless he has a part in it', async () => {
    const task = await held()
    await endRole(me)
    await hr.get(`/api/tasks/${task}`).expect(404)
    await hr.get(`/api/cases/${caseId}`).expect(404)
    for (const [verb, body] of EVERY_VERB)
      expect([verb, (await send(hr, task, verb, body)).status]).toEqual([verb, 404])
    await keepDraft(hr, `task:${task}:complete`, { person: me, form: {} }).expect(404)
    expect(await row(task)).toMatchObject({ state: 'reserved', version: 1 })
  })

  test.each(['reserved', 'inProgress'])('loses a task that is %s to those who have the role', async (state) => {
    const task = await held(state)
    await endRole(me)
    expect(await listed(otherHr, 'unit')).toEqual([])
    expect(await sweep()).toBe(1)
    expect(await row(task)).toMatchObject({ state: 'ready', assigneeId: null, version: 2 })
    expect(await listed(otherHr, 'unit')).toEqual([task])
    expect(await listed(hr, 'unit')).toEqual([])
    const events = await api.db.event.findMany({ where: { caseId } })
    expect(events).toMatchObject([
      { kind: 'task.free', actorId: null, capacity: null, taskId: task, params: { from: me } },
    ])
    expect(await verifyChain(api.db, caseId as CaseId)).toEqual({ ok: true })
    await otherHr.post(`/api/tasks/${task}/claim`).send({ version: 2 }).expect(200)
    expect(await sweep()).toBe(0)
    expect(await listed(otherHr, 'mine')).toEqual([task])
  })

  test('has until the end of his last day', async () => {
    const task = await held()
    await endRole(me, TODAY)
    expect(await sweep()).toBe(0)
    expect(await listed(hr, 'mine')).toEqual([task])
    await send(hr, task, 'release', {}).expect(200)
  })

  test('with a role in another body has none in this', async () => {
    const task = await held()
    await endRole(me)
    await api.db.bodyRole.create({
      data: {
        id: randomUUID(),
        personId: me,
        role: 'hr',
        bodyKey: 'ministryHealth',
        from: new Date('2020-01-01'),
        basis: '',
      },
    })
    expect(await listed(hr, 'mine')).toEqual([])
    expect(await sweep()).toBe(1)
    await api.database.sql(`delete from body_roles where basis = ''`)
    expect((await row(task)).state).toBe('ready')
  })

  test('whose answer was sent in time keeps its task until it has an outcome', async () => {
    const task = await held('reserved', { kind: 'acknowledge' })
    await send(hr, task, 'complete', { form: {} }).expect(202)
    await endRole(me)
    expect(await sweep()).toBe(0)
    expect(await row(task)).toMatchObject({ state: 'completing', assigneeId: me, unheld: false })
    // refused after all, it is back in his hands, and so in nobody's
    await api.database.sql(`update tasks set state = 'reserved' where id = $1::uuid`, [task])
    expect(await sweep()).toBe(1)
  })

  test('leaves a task that stands still to whoever has the role: the question is taken back by them', async () => {
    const task = await held('suspended', { stateBefore: 'inProgress' })
    const asked = await arrangeTask(api.db, caseId, {
      kind: 'answerQuestion',
      person: await personOf(api, 'mentor'),
      state: 'reserved',
      assignee: await personOf(api, 'mentor'),
      questionOf: task,
    })
    await endRole(me)
    await sweep()
    expect(await row(task)).toMatchObject({ state: 'suspended', stateBefore: 'ready', assigneeId: null, unheld: true })
    expect(await listed(otherHr, 'escalated')).toEqual([task])
    expect((await page(otherHr, task)).verbs).toEqual(['withdrawQuestion'])
    await send(otherHr, task, 'withdrawQuestion', { version: 2 }).expect(202)
    expect((await row(asked)).state).toBe('reserved')
  })

  test('is not given a task by anybody', async () => {
    const task = await held('ready', { assignee: null })
    const other = await personOf(api, 'otherHr')
    await endRole(other)
    const assigned = await send(head, task, 'assign', { person: other }).expect(422)
    expect(assigned.body).toMatchObject({ errors: { person: 'mayNotHold' }, reason: { code: 'policy.noRole' } })
    await send(hr, task, 'claim', {}).expect(200)
    await send(hr, task, 'delegate', { version: 2, person: other }).expect(422)
    await endRole(other, TODAY)
    await send(hr, task, 'delegate', { version: 2, person: other }).expect(200)
  })
})

test('a task in the hands of somebody who was excluded from it since is freed as well', async () => {
  const task = await held('reserved', { excluded: [me] })
  expect(await listed(hr, 'mine')).toEqual([])
  expect((await page(hr, task)).verbs).toEqual([])
  expect(await sweep()).toBe(1)
  expect(await listed(otherHr, 'unit')).toEqual([task])
})

test('whoever looks at the list hears that a task was freed', async () => {
  const task = await held()
  await endRole(me)
  const listener = new Client({ connectionString: api.database.url })
  await listener.connect()
  await listener.query('listen mansap')
  const heard = new Promise<string | undefined>((resolve) =>
    listener.once('notification', ({ payload }) => resolve(payload)),
  )
  await sweep()
  expect(JSON.parse((await heard) ?? '')).toEqual({ topic: 'tasks', ids: [task] })
  await listener.end()
})

describe('a person named by virtue of a post', () => {
  const named = async (user: string, servesIn: string | null = BODY, kind = 'agreeAdaptationPlan') => {
    const person = await personOf(api, user)

    return {
      person,
      task: await arrangeTask(api.db, caseId, {
        kind,
        person,
        ...(servesIn === null ? {} : { body: servesIn }),
        state: 'reserved',
        assignee: person,
      }),
    }
  }

  test.each(['supervisor', 'mentor'])('%s: once it has ended is nobody to list, verb and command', async (user) => {
    const { person, task } = await named(user)
    const agent = user === 'mentor' ? mentor : supervisor
    expect(await listed(agent, 'mine')).toEqual([task])
    expect((await page(agent, task)).verbs).toContain('complete')
    await endPost(person)
    expect(await listed(agent, 'mine')).toEqual([])
    expect(await page(agent, task)).toMatchObject({ verbs: [], refusal: { code: 'policy.leftOffice' } })
    for (const [verb, body] of EVERY_VERB) {
      const refused = await send(agent, task, verb, body)
      expect([verb, refused.status, refused.body.reason?.code]).toEqual([verb, 403, 'policy.leftOffice'])
    }
    await keepDraft(agent, `task:${task}:complete`, { person, form: {} }).expect(403)
    expect(await row(task)).toMatchObject({ state: 'reserved', version: 1, assigneeId: person })
  })

  test('leaves a task that HR and the head of the body are shown, with why', async () => {
    const { person, task } = await named('supervisor')
    await sweep()
    expect(await listed(otherHr, 'escalated')).toEqual([])
    await endPost(person)
    await sweep()
    for (const agent of [hr, otherHr, head]) {
      expect(await listed(agent, 'escalated')).toEqual([task])
      expect(await page(agent, task)).toMatchObject({ unheld: true, assignee: { id: person } })
    }
    expect((await hr.get('/api/tasks/counts').expect(200)).body).toMatchObject({ escalated: 1 })
    for (const user of ['hrAkimat', 'agencyOfficer', 'mentor'])
      expect(await listed(await api.as(user), 'escalated')).toEqual([])
    await takeUpPost(person)
    await sweep()
    expect(await listed(hr, 'escalated')).toEqual([])
    expect(await page(supervisor, task)).toMatchObject({ unheld: false, refusal: null })
  })

  test('whose task is also overdue is shown once', async () => {
    const { person, task } = await named('supervisor')
    await api.database.sql(
      `update tasks set escalated = true, "escalatedTo" = jsonb_build_object('role', 'head', 'body', $2::text) where id = $1::uuid`,
      [task, BODY],
    )
    await endPost(person)
    await sweep()
    expect(await listed(head, 'escalated')).toEqual([task])
  })

  test('acts on the last day', async () => {
    const { person, task } = await named('supervisor')
    await endPost(person, TODAY)
    await sweep()
    expect(await listed(supervisor, 'mine')).toEqual([task])
    await send(supervisor, task, 'start', {}).expect(200)
  })

  test('who serves in another body now is not in this one', async () => {
    const { task } = await named('supervisor', 'ministryHealth')
    expect(await listed(supervisor, 'mine')).toEqual([])
    expect((await page(supervisor, task)).verbs).toEqual([])
  })

  test('whom the case is about stays its addressee wherever he goes', async () => {
    const { person, task } = await named('newcomer', null, 'acknowledge')
    const newcomer = await api.as('newcomer')
    await endPost(person)
    await sweep()
    expect(await listed(newcomer, 'mine')).toEqual([task])
    await send(newcomer, task, 'complete', { form: {} }).expect(202)
  })
})

describe('who is named in a form is in office on that day', () => {
  const act = (name: string, form: object) => hr.post(`/api/cases/${caseId}/acts/${name}`).send({ step: 1, form })

  test('a mentor', async () => {
    const person = await personOf(api, 'mentor')
    const task = await held()
    await endPost(person)
    const refused = await send(hr, task, 'complete', { form: { mentor: person } }).expect(422)
    expect(refused.body.errors).toEqual({ mentor: 'notInOffice' })
    expect(await api.db.command.count()).toBe(0)
    await takeUpPost(person)
    await endPost(person, TODAY)
    // on his last day it is for the rules of the process to say whether he may be the mentor
    const { body } = await send(hr, task, 'complete', { form: { mentor: person } })
    expect(body.errors).not.toEqual({ mentor: 'notInOffice' })
  })

  test.each([
    ['replaceMentor', (person: string) => ({ mentor: person, reason: 'r' }), 'mentor'],
    [
      'moveToOtherPost',
      (person: string) => ({ position: '', duties: 'same', supervisor: person, from: TODAY, reason: 'r' }),
      'supervisor',
    ],
  ])('whom the act %s names', async (name, formOf, field) => {
    await api.database.sql(`update cases set stage = 'running' where id = $1::uuid`, [caseId])
    const person = await personOf(api, 'mentor')
    const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
    await endPost(person)
    const form = formOf(person)
    const { body } = await act(name, { ...form, ...('position' in form && { position: post.positionId }) }).expect(422)
    expect(body.errors).toEqual({ [field]: 'notInOffice' })
  })

  test('who is asked a question', async () => {
    const person = await personOf(api, 'mentor')
    const task = await held()
    await endPost(person)
    const refused = await send(hr, task, 'ask', { person, question: 'q' }).expect(422)
    expect(refused.body.errors).toEqual({ person: 'notInOffice' })
    await takeUpPost(person)
    await send(hr, task, 'ask', { person, question: 'q' }).expect(202)
    const { payload } = await api.db.command.findFirstOrThrow()
    expect(payload).toMatchObject({ person, servesIn: BODY, capacity: 'hr' })
  })

  test('who is named at the start of a case, in a list too; on a day of a rehearsal that lies before as well', async () => {
    const person = await personOf(api, 'newcomer')
    const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
    const [chair, member] = [await personOf(api, 'mentor'), await personOf(api, 'supervisor')]
    await endPost(member)
    const form = {
      person,
      position: post.positionId,
      chair,
      members: [chair, member],
      alternates: [],
      sitting: TODAY,
      proposedByHead: true,
      grounds: 'g',
    }
    const start = (more: object) => hr.post('/api/processes/example/cases').send({ form, ...more })
    expect((await start({}).expect(422)).body.errors).toEqual({ 'members.1': 'notInOffice' })
    const rehearsal = { set: 'before', origin: addDays(TODAY, -20) }
    expect((await start({ rehearsal }).expect(422)).body.errors).toEqual({ 'members.1': 'notInOffice' })
  })
})

describe('a person of two capacities', () => {
  let file: string
  beforeEach(async () => {
    file = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
    await api.database.sql(`update cases set process = 'example', version = 1, stage = 'hearing' where id = $1::uuid`, [
      file,
    ])
  })
  afterEach(() => api.database.sql(`delete from body_roles where basis = 'second'`))

  const second = (name: string) =>
    api.db.bodyRole.create({
      data: {
        id: randomUUID(),
        personId: me,
        role: name,
        bodyKey: BODY,
        from: new Date('2020-01-01'),
        basis: 'second',
      },
    })
  const move = (body: object) =>
    hr.post(`/api/cases/${file}/acts/moveSitting`).send({ step: 1, form: { sitting: TODAY, reason: 'r' }, ...body })
  const capacitiesOf = async () =>
    ((await hr.get(`/api/cases/${file}`).expect(200)).body.acts as { act: string; capacities: string[] }[]).find(
      ({ act }) => act === 'moveSitting',
    )?.capacities

  test('is asked in which he performs an act, and it is sent', async () => {
    await second('head')
    expect(await capacitiesOf()).toEqual(['hr', 'head'])
    const asked = await move({}).expect(422)
    expect(asked.body).toMatchObject({ code: 'capacityRequired', capacities: ['hr', 'head'] })
    expect(await api.db.command.count()).toBe(0)
    await move({ capacity: 'head' }).expect(202)
    expect((await api.db.command.findFirstOrThrow()).payload).toMatchObject({ capacity: 'head' })
  })

  test('of one is not asked', async () => {
    expect(await capacitiesOf()).toEqual(['hr'])
    await move({}).expect(202)
    expect((await api.db.command.findFirstOrThrow()).payload).toMatchObject({ capacity: 'hr' })
  })

  test('does not act in one that is not his, or that has ended', async () => {
    expect((await move({ capacity: 'head' }).expect(403)).body.reason).toEqual({ code: 'policy.notThisCapacity' })
    await second('head')
    await api.database.sql(`update body_roles set "to" = $1::date where basis = 'second'`, [YESTERDAY])
    await move({ capacity: 'head' }).expect(403)
    await move({ capacity: 'self' }).expect(403)
    await move({ capacity: 'king' }).expect(403)
    await move({ capacity: 'hr' }).expect(202)
  })

  test('says so under one key: another capacity is another request', async () => {
    await second('head')
    const key = randomUUID()
    await move({ capacity: 'hr' }).set('Idempotency-Key', key).expect(202)
    await move({ capacity: 'head' }).set('Idempotency-Key', key).expect(422)
  })

  test('answers a task in that for which it is, and in no other', async () => {
    await second('head')
    const task = await held('reserved', { kind: 'acknowledge' })
    expect(await page(hr, task)).toMatchObject({ capacities: ['hr'] })
    await send(hr, task, 'complete', { form: {}, capacity: 'head' }).expect(403)
    await send(hr, task, 'complete', { form: {}, capacity: 'hr' }).expect(202)
  })

  test('is told for each body in which capacities he may start a case', async () => {
    const { body } = await hr.get('/api/processes').expect(200)
    const found = (body as { name: string; startableIn: object[] }[]).find(({ name }) => name === 'probation')
    expect(found?.startableIn).toMatchObject([{ key: BODY, capacities: ['hr'] }])
  })
})
