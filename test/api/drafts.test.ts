/** What somebody has typed into a form and not sent: kept for him alone, by versions, until it is sent or forgotten. */
import { randomUUID } from 'node:crypto'
import { DRAFTS_KEPT_DAYS, DRAFTS_OF_ONE_PERSON, forgetDrafts } from '../../prisma/store/drafts'
import { eventually } from '../support/eventually'
import { arrangeCase, arrangeTask, isProblem, keepDraft, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

const BODY = 'ministryFinance'
const START = `start:probation:${BODY}`

let api: Api
let hr: Agent
let otherBody: Agent
let me: string
let task: string
let act: string

beforeAll(async () => {
  api = await startWorkedApi({})
  hr = await api.as('hrMinistry')
  otherBody = await api.as('hrAkimat')
  me = await personOf(api, 'hrMinistry')
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.database.sql('truncate form_drafts')
  const caseId = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
  task = `task:${await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state: 'reserved', assignee: me })}:complete`
  act = `act:${caseId}:recordAbsence`
})

const at = (address: string) => `/api/drafts/${encodeURIComponent(address)}`
const read = async (agent: Agent, address: string) => (await agent.get(at(address)).expect(200)).body
const keep = (address: string, form: object, version = 0, writer = 'one') =>
  keepDraft(hr, address, { person: me, form, version, writer })
const discard = (address: string, version: number) => hr.delete(at(address)).set('If-Match', `"${String(version)}"`)
const NOTHING = { version: 0, form: null, savedAt: null }

describe('what a person has typed', () => {
  test('comes back on every kind of form, as it was typed, whatever it is', async () => {
    const form = { mentor: '', any: [{ thing: 1 }], text: 'Әділ — "x"\n' }
    for (const address of [task, task.replace('complete', 'return'), act, START]) {
      expect(await read(hr, address)).toEqual(NOTHING)
      await keep(address, form).expect(200)
      expect(await read(hr, address)).toMatchObject({ version: 1, form, savedAt: expect.any(String) })
    }
  })

  test('is seen by nobody else who may fill in the same form', async () => {
    const head = await api.as('headMinistry')
    const role = { personId: await personOf(api, 'headMinistry'), bodyKey: BODY, role: 'hr' }
    await api.db.bodyRole.create({
      data: { ...role, id: randomUUID(), from: new Date('2020-01-01'), basis: 'a test' },
    })
    for (const address of [act, START]) {
      await keep(address, { text: 'mine' }).expect(200)
      expect(await read(head, address)).toEqual(NOTHING)
    }
  })

  test('is refused under the name of somebody who is not signed in any more', async () => {
    const before = await personOf(api, 'hrAkimat')
    isProblem(await keepDraft(hr, START, { person: before, form: { text: 'of another' } }), 'another', [401])
    expect(await read(hr, START)).toEqual(NOTHING)
  })

  test('has a size, and a number', async () => {
    isProblem(await keep(task, { text: 'x'.repeat(70_000) }), 'size', [413])
    await api.database.sql(
      `insert into form_drafts select 'act:' || n || ':x', $1::uuid, 1, '', '{}', now() from generate_series(1, $2::int) n`,
      [me, DRAFTS_OF_ONE_PERSON - 1],
    )
    await keep(task, { text: 'the last' }).expect(200)
    isProblem(await keep(act, { text: 'one too many' }), 'number', [413])
    await keep(task, { text: 'the last, changed' }, 1).expect(200)
  })

  test('is forgotten when nobody has gone on with it for long', async () => {
    const now = Date.now()
    await keep(task, { text: 'old' }).expect(200)
    await keep(act, { text: 'new' }).expect(200)
    const old = new Date(now - (DRAFTS_KEPT_DAYS + 1) * 24 * 60 * 60 * 1000)
    await api.db.formDraft.updateMany({ where: { address: task }, data: { savedAt: old } })
    expect(await forgetDrafts(api.db, now)).toBe(1)
    expect(await read(hr, task)).toEqual(NOTHING)
    expect(await read(hr, act)).toMatchObject({ form: { text: 'new' } })
  })
})

test('what was typed for a task or a case that has ended is forgotten, however it ended, and nothing else', async () => {
  const now = Date.now()
  const one = (state: 'completed' | 'obsolete' | 'suspended') =>
    arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state })
  const caseId = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
  const ended = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
  await api.db.case.update({ where: { id: ended }, data: { status: 'closed' } })
  const gone = [
    `task:${await one('completed')}:complete`,
    `task:${await one('obsolete')}:return`,
    `act:${ended}:recordAbsence`,
  ]
  const staying = [`task:${await one('suspended')}:complete`, task, act, START, 'enter:swaps']
  await api.db.formDraft.createMany({
    data: [...gone, ...staying].map((address) => ({
      address,
      personId: me,
      version: 1,
      writer: 'one',
      form: { text: address },
      savedAt: new Date(now),
    })),
  })
  expect(await forgetDrafts(api.db, now)).toBe(gone.length)
  const left = await api.db.formDraft.findMany({ select: { address: true } })
  expect(left.map(({ address }) => address).sort()).toEqual([...staying].sort())
})

describe('two windows of one person', () => {
  test('never overwrite each other: the later is told both texts, and chooses', async () => {
    await keep(task, { text: 'first' }, 0, 'one').expect(200)
    const { body } = await keep(task, { text: 'second' }, 0, 'two').expect(412)
    expect(body).toMatchObject({ code: 'stale', draft: { version: 1, form: { text: 'first' } } })
    expect(await read(hr, task)).toMatchObject({ form: { text: 'first' } })
    await keep(task, { text: 'second' }, body.draft.version, 'two').expect(200)
    await keep(task, { text: 'first, again' }, 1, 'one').expect(412)
    isProblem(await discard(task, 1), 'discard', [412])
    expect(await read(hr, task)).toMatchObject({ version: 2, form: { text: 'second' } })
  })

  test('of many that save at once one is first, and all others hear of it', async () => {
    const windows = ['a', 'b', 'c', 'd', 'e']
    const answers = await Promise.all(windows.map((name) => keep(task, { text: name }, 0, name)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412])
  })

  test('do not contradict each other where they say the same, nor a window itself whose answer was lost', async () => {
    await keep(task, { text: 'same' }, 0, 'one').expect(200)
    expect((await keep(task, { text: 'same' }, 0, 'two').expect(200)).body).toMatchObject({ version: 1 })
    await keep(task, { text: 'more' }, 1, 'two').expect(200)
    await keep(task, { text: 'more still' }, 1, 'two').expect(200)
    expect(await read(hr, task)).toMatchObject({ version: 3, form: { text: 'more still' } })
  })

  test('hear that the text was discarded in the other', async () => {
    await keep(task, { text: 'first' }).expect(200)
    expect((await discard(task, 1).expect(200)).body).toMatchObject({ version: 2, form: null })
    const { body } = await keep(task, { text: 'typed on' }, 1, 'two').expect(412)
    expect(body.draft).toMatchObject({ version: 2, form: null })
    await discard(task, 1).expect(200)
    isProblem(await hr.put(at(task)).send({ form: {}, person: me, writer: 'x' }), 'version', [428])
    isProblem(await hr.delete(at(task)), 'version', [428])
  })
})

describe('a form of a register', () => {
  let administrator: Agent
  let person: string
  const NEW = 'enter:swaps'
  const swap = {
    date: '2031-04-05',
    kind: 'off',
    appliesTo: 'all',
    reason: 'A test',
    confidence: 'S',
    source: 'A test',
  }
  const kept = (address: string, form: object, version = 0) =>
    keepDraft(administrator, address, { person, form, version, writer: 'one' })
  beforeAll(async () => {
    administrator = await api.as('administrator')
    person = await personOf(api, 'administrator')
  })

  test('keeps what an administrator typed until the row is entered or changed, and not when that was refused', async () => {
    await kept(NEW, swap).expect(200)
    isProblem(await administrator.post('/api/register/swaps').send({ ...swap, kind: 'x' }), 'refused', [400, 422])
    expect(await read(administrator, NEW)).toMatchObject({ form: swap })
    const row = (await administrator.post('/api/register/swaps').send(swap).expect(201)).body
    expect(await read(administrator, NEW)).toMatchObject({ version: 2, form: null })

    const change = `change:swaps:${row.id}`
    const patch = (version: number) =>
      administrator
        .patch(`/api/register/swaps/${row.id}`)
        .set('If-Match', `"${String(version)}"`)
        .send({ reason: 'Another' })
    await kept(change, { reason: 'Another' }).expect(200)
    isProblem(await patch(row.version + 1), 'stale', [412])
    expect(await read(administrator, change)).toMatchObject({ form: { reason: 'Another' } })
    await patch(row.version).expect(200)
    expect(await read(administrator, change)).toMatchObject({ version: 2, form: null })
  })

  test('has a draft in every register that takes rows or changes, and for administrators only', async () => {
    const { body: openapi } = await administrator.get('/openapi.json').expect(200)
    const paths: Record<string, object> = openapi.paths
    const addresses: string[] = []
    for (const [path, verbs] of Object.entries(paths)) {
      const [, register = '', one = ''] = /^\/api\/register\/([^/]+)(\/.+)?$/.exec(path) ?? []
      if ('post' in verbs && register !== '') addresses.push(`enter:${register}`)
      if (!('patch' in verbs) || one === '') continue
      if (register === 'swaps' || register === 'body-days') continue
      const { data } = (await administrator.get(`/api/register/${register}?perPage=1`).expect(200)).body
      addresses.push(`change:${register}:${String(data[0].id ?? data[0].key)}`)
    }
    expect(addresses.length).toBeGreaterThan(10)
    for (const address of addresses) {
      await kept(address, { text: 'typed' }).expect(200)
      expect(await read(administrator, address)).toMatchObject({ form: { text: 'typed' } })
      isProblem(await hr.get(at(address)), address, [403])
    }
    for (const address of [
      'enter:people',
      'enter:toString',
      'change:regions:x',
      'change:swaps:unheardOf',
      'change:people:x',
    ])
      isProblem(await administrator.get(at(address)), address, [404])
  })
})

test('only who may fill a form in has a draft of it, and only of what there is', async () => {
  const stranger = await personOf(api, 'hrAkimat')
  const refused = async (address: string, status: number) => {
    isProblem(await otherBody.get(at(address)), address, [status])
    isProblem(await keepDraft(otherBody, address, { person: stranger, form: {} }), address, [status])
    isProblem(await otherBody.delete(at(address)).set('If-Match', '"1"'), address, [status])
  }
  await refused(task, 404)
  await refused(act, 404)
  await refused(START, 403)
  for (const address of [
    'start:unheardOf:ministryFinance',
    'start:constructor:ministryFinance',
    act.replace('recordAbsence', 'unheardOf'),
    act.replace('recordAbsence', 'toString'),
    task.replace('complete', 'claim'),
    `task:${randomUUID()}:complete`,
    'unheardOf:x:y',
    'task',
  ])
    isProblem(await hr.get(at(address)), address, [403, 404])
  const upper = task.replace(/[0-9a-f-]{36}/, (id) => id.toUpperCase())
  await keep(upper, { text: 'one task, one draft' }).expect(200)
  expect(await read(hr, task)).toMatchObject({ form: { text: 'one task, one draft' } })
})

test('what was typed is forgotten as it is sent, for a start, an answer and an act, and not when it was refused', async () => {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const appointedOn = post.from.toISOString().slice(0, 10)
  const form = { person, position: post.positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn }
  const rehearsal = { set: randomUUID(), origin: appointedOn }
  const start = () => hr.post('/api/processes/probation/cases').send({ form, rehearsal })
  const forgotten = (address: string) =>
    eventually(`${address} is forgotten`, async () => (await read(hr, address)).form === null)

  await keep(START, { form }).expect(200)
  const { caseId } = (await start().expect(201)).body
  await forgotten(START)
  expect(await read(hr, START)).toMatchObject({ version: 2 })

  // a second probation of the same person
  await keep(START, { form }, 2).expect(200)
  await start().expect(200)
  expect(await read(hr, START)).toMatchObject({ version: 3, form: { form } })

  const absence = { from: appointedOn, to: appointedOn, kind: 'illness', document: 'Certificate 1' }
  const ofAct = `act:${caseId}:recordAbsence`
  await keep(ofAct, absence).expect(200)
  const { step } = (await hr.get(`/api/cases/${caseId}`).expect(200)).body
  await hr.post(`/api/cases/${caseId}/acts/recordAbsence`).send({ step, form: absence }).expect(200)
  await forgotten(ofAct)

  const { data } = (await hr.get(`/api/cases/${caseId}/tasks`).expect(200)).body
  const { version } = (await hr.post(`/api/tasks/${data[0].id}/claim`).send({ version: data[0].version }).expect(200))
    .body
  const mentor = { mentor: await personOf(api, 'mentor') }
  const ofTask = `task:${data[0].id}:complete`
  await keep(ofTask, mentor).expect(200)
  await keep(ofTask.replace('complete', 'ask'), { text: 'A question' }).expect(200)
  await hr.post(`/api/tasks/${data[0].id}/complete`).send({ version, form: mentor }).expect(200)
  expect(await api.db.formDraft.findMany({ where: { address: ofTask } })).toMatchObject([{ form: null }])
  isProblem(await keep(ofTask, mentor), 'closed', [409])
})
