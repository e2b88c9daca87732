/** What somebody is shown of a case is written down before he is shown it, and whom the case is about reads it. */
import { addLooks, keepMonths, type Look } from '../../prisma/store/access-log'
import { today } from '../../api/service/today'
import { accessLogOf } from '../../api/http/access-log'
import type { CaseId, PersonId } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeDocuments, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'
import { shownCases } from './shown-cases'

const BODY = 'ministryFinance'
const USERS = ['hrMinistry', 'headMinistry', 'mentor', 'newcomer', 'developer', 'administrator', 'hrAkimat'] as const
type User = (typeof USERS)[number]

let api: Api
let agents: Record<User, Agent>
let people: Record<User, string>
let caseId: string
let other: string
let task: string

const everyUser = async <T>(of: (user: User) => Promise<T>): Promise<Record<User, T>> =>
  Object.fromEntries(await Promise.all(USERS.map(async (user) => [user, await of(user)] as const))) as Record<User, T>

beforeAll(async () => {
  api = await startApi()
  agents = await everyUser(api.as)
  people = await everyUser((user) => personOf(api, user))
})
afterAll(() => api.close())

beforeEach(async () => {
  const parties = { mentor: people.mentor }
  caseId = await arrangeCase(api.db, { body: BODY, subject: people.newcomer, parties })
  other = await arrangeCase(api.db, { body: BODY, subject: people.mentor })
  task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
  const facts = JSON.stringify({ startsOn: '2026-10-01', absences: [] })
  await api.database.sql('update cases set facts = $1::jsonb', [facts])
})
afterEach(() => api.database.sql('truncate cases, tasks, access_log cascade'))

interface Entry {
  readonly personId: string
  readonly kind: string
  readonly door: string
  readonly rows: string[]
  readonly pieces: string[]
  readonly cases: string[]
}
const entries = async (): Promise<Entry[]> =>
  (await api.database.sql(
    'select "personId", kind, door, rows, pieces, cases::text[] from access_log order by at, id',
  )) as unknown as Entry[]

/** What is asked for, by whom, with the rows of the table by which he sees it and the pieces that he is shown. */
const DOORS: readonly (readonly [string, User, readonly string[], readonly string[]])[] = [
  ['/api/cases/:id', 'hrMinistry', ['hr'], ['answers', 'course', 'identity']],
  ['/api/cases/:id', 'mentor', ['mentor'], ['course', 'identity']],
  ['/api/cases/:id', 'developer', ['developer'], ['course']],
  ['/api/cases/:id', 'administrator', ['administrator'], ['course']],
  ['/api/cases/:id', 'newcomer', ['subject'], ['course', 'identity']],
  ['/api/cases/:id/events', 'hrMinistry', ['hr'], ['course']],
  ['/api/cases/:id/tasks', 'hrMinistry', ['hr'], ['course', 'identity']],
  ['/api/cases/:id/answers', 'hrMinistry', ['hr'], ['answer:start', 'course']],
  ['/api/cases/:id/documents', 'hrMinistry', ['hr'], ['course']],
  ['/api/cases/:id/history', 'developer', ['developer'], ['course', 'technical']],
  ['/api/cases/:id/history', 'administrator', ['administrator'], ['course', 'technical']],
  ['/api/cases/:id/readers', 'headMinistry', ['head'], ['readers']],
  ['/api/tasks/:task', 'hrMinistry', ['holder', 'hr'], ['course', 'identity']],
]

test.each(DOORS)('%s, asked by %s, leaves one entry', async (path, user, rows, pieces) => {
  if (path !== '/api/tasks/:task') await api.database.sql(`update tasks set state = 'obsolete'`)
  await agents[user].get(path.replace(':id', caseId).replace(':task', task)).expect(200)
  const [entry, ...more] = await entries()
  expect(more).toEqual([])
  expect(entry).toEqual({
    personId: people[user],
    kind: 'staff',
    door: `GET ${path.replace(':task', ':id')}`,
    rows,
    pieces,
    cases: [caseId],
  })
})

test('a page of a list leaves one entry for all cases of which the same is shown, and none for those on other pages', async () => {
  const third = await arrangeCase(api.db, { body: BODY, subject: people.mentor, rehearsal: 'set' })
  await agents.headMinistry.get('/api/cases').expect(200)
  const [page, ...more] = await entries()
  expect(more).toEqual([])
  expect(page).toMatchObject({ door: 'GET /api/cases', rows: ['head'], pieces: ['course', 'identity'] })
  expect([...(page?.cases ?? [])].sort()).toEqual([caseId, other].sort())
  expect(page?.cases).not.toContain(third)
  await agents.headMinistry.get('/api/cases?perPage=1').expect(200)
  expect((await entries()).at(-1)?.cases).toHaveLength(1)
})

test('the inbox, and what is done with a task, name the case of the task and in what capacity it was shown', async () => {
  await agents.hrMinistry.get('/api/tasks?queue=unit').expect(200)
  await agents.hrMinistry.post(`/api/tasks/${task}/claim`).send({ version: 1 }).expect(200)
  expect(await entries()).toMatchObject([
    { door: 'GET /api/tasks', rows: ['holder', 'hr'], cases: [caseId] },
    { door: 'POST /api/tasks/:id/claim', rows: ['holder', 'hr'], cases: [caseId] },
  ])
})

test('whoever is asked a question sees the case by holding it', async () => {
  const asked = await arrangeTask(api.db, caseId, {
    kind: 'question',
    person: people.hrAkimat,
    assignee: people.hrAkimat,
  })
  await agents.hrAkimat.get(`/api/tasks/${asked}`).expect(200)
  expect(await entries()).toMatchObject([{ personId: people.hrAkimat, rows: ['holder'], cases: [caseId] }])
})

test('whoever answered a question and sees no more of its case reads it as that', async () => {
  const answered = await arrangeTask(api.db, caseId, {
    ...{ kind: 'question', state: 'completed', person: people.hrAkimat, answeredBy: people.hrAkimat },
  })
  await agents.hrAkimat.get(`/api/tasks/${answered}`).expect(200)
  expect(await entries()).toMatchObject([{ personId: people.hrAkimat, rows: ['answerer'], cases: [caseId] }])
})

test('a page of documents has the kinds that are shown, and its entry names them', async () => {
  await arrangeDocuments(api.db, caseId, ['mentorOrder', 'agencyReply', 'adaptationPlan'])
  // those that he is not shown take no place on it
  const { body } = await agents.mentor.get(`/api/cases/${caseId}/documents?perPage=2`).expect(200)
  expect(body.data.map(({ kind }: { kind: string }) => kind)).toEqual(['mentorOrder', 'adaptationPlan'])
  expect(body.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: false })
  expect(await entries()).toMatchObject([
    { rows: ['mentor'], pieces: ['course', 'document:adaptationPlan', 'document:mentorOrder'] },
  ])
})

test('whoever moves a set is noted for what he sees of each of its cases', async () => {
  const [speed, now] = [0, new Date()]
  await api.db.rehearsalSet.create({
    data: {
      bodyKey: BODY,
      name: 'a set',
      origin: now,
      speed,
      caseAt: now,
      realAt: now,
      startedById: people.hrMinistry,
    },
  })
  await api.db.case.update({ where: { id: caseId }, data: { rehearsal: 'a set', setBodyKey: BODY } })
  // where its cases are already
  const to = today(Date.now())
  await agents.hrMinistry.post(`/api/rehearsals/${BODY}/a%20set/advance`).send({ to }).expect(200)
  expect(await entries()).toMatchObject([{ rows: ['holder', 'hr'], pieces: ['exists'], cases: [caseId] }])
})

const step = async () => (await api.db.case.findUniqueOrThrow({ where: { id: caseId } })).step
const act = (form: object) => async () => ({
  address: `/api/cases/${caseId}/acts/recordAbsence`,
  body: { step: await step(), form },
})
const onTask = (verb: string, body: object) => () => ({
  address: `/api/tasks/${task}/${verb}`,
  body: { version: 1, ...body },
})

test.each([
  ['an act with fields that need correcting', 'hrMinistry', 422, ['course'], act({ from: 'never' })],
  ['an act that is not his', 'mentor', 403, ['exists'], act({})],
  [
    'an act of a stale page',
    'hrMinistry',
    412,
    ['course'],
    async () => ({ ...(await act({})()), body: { step: 99, form: {} } }),
  ],
  ['an answer to a task that is not in hand', 'hrMinistry', 409, ['exists'], onTask('complete', { form: {} })],
  ['a task handed to nobody', 'headMinistry', 422, ['exists'], () => onTask('assign', { person: caseId })()],
  ['a verb that is not his', 'mentor', 403, ['exists'], onTask('claim', {})],
] as const)(
  '%s is refused, and leaves an entry: the refusal is an answer about the case',
  async (_, user, status, pieces, asked) => {
    const { address, body } = await asked()
    await agents[user].post(address).send(body).expect(status)
    expect(await entries()).toMatchObject([{ personId: people[user], pieces, cases: [caseId] }])
  },
)

test.each(['history', 'readers'])(
  '%s that is not shown leaves an entry: whoever asked found the case',
  async (part) => {
    await agents.hrMinistry.get(`/api/cases/${caseId}/${part}`).expect(403)
    expect(await entries()).toMatchObject([
      { door: `GET /api/cases/:id/${part}`, rows: ['holder', 'hr'], pieces: ['exists'] },
    ])
  },
)

test('a text that was typed into a form of a case leaves an entry when it is shown again, and none when it is kept', async () => {
  for (const address of [`task:${task}:complete`, `act:${caseId}:recordAbsence`]) {
    const keep = (writer: string, version: number) =>
      agents.hrMinistry
        .put(`/api/drafts/${address}`)
        .set('If-Match', `"${String(version)}"`)
        .send({ form: { document: `typed in ${writer}` }, person: people.hrMinistry, writer })
    await keep('one', 0).expect(200)
    expect(await entries()).toEqual([])
    await agents.hrMinistry.get(`/api/drafts/${address}`).expect(200)
    await keep('another', 0).expect(412)
    await agents.hrMinistry.delete(`/api/drafts/${address}`).set('If-Match', '"0"').expect(412)
    expect((await entries()).map(({ door, cases }) => [door, cases])).toEqual([
      ['GET /api/drafts/:address', [caseId]],
      ['PUT /api/drafts/:address', [caseId]],
      ['DELETE /api/drafts/:address', [caseId]],
    ])
    await api.database.sql('truncate access_log')
  }
})

test('what is not found, or shows nothing of a case, leaves no entry', async () => {
  await agents.hrAkimat.get(`/api/cases/${caseId}`).expect(404)
  await agents.hrMinistry.get(`/api/drafts/task:${task}:complete`).expect(200)
  await agents.hrMinistry.get('/api/tasks/counts').expect(200)
  await agents.hrAkimat.get('/api/cases').expect(200)
  expect(await entries()).toEqual([])
})

test('nothing is shown when it cannot be written down, by no door', async () => {
  await api.database.sql(
    `create function refuse_entry() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
  )
  await api.database.sql(
    'create trigger unwritable before insert on access_log for each row execute function refuse_entry()',
  )
  try {
    const doors = [...new Set(DOORS.map(([path, user]) => `${user} ${path}`))].map((each) => each.split(' '))
    for (const [user, path] of [...doors, ['hrMinistry', '/api/cases'], ['hrMinistry', '/api/tasks?queue=todo']]) {
      const address = String(path).replace(':id', caseId).replace(':task', task)
      const { body } = await agents[user as User].get(address).expect(503)
      expect(body).toEqual({
        type: 'urn:mansap:problem:notLogged',
        title: expect.any(String),
        status: 503,
        code: 'notLogged',
      })
    }
    // a refusal did nothing; what was done says so, and nothing more
    const state = async () => (await api.db.task.findUniqueOrThrow({ where: { id: task } })).state
    const refused = await agents.hrMinistry.post(`/api/tasks/${task}/claim`).send({ version: 9 }).expect(503)
    expect([refused.body.code, await state()]).toEqual(['notLogged', 'ready'])
    const claimed = await agents.hrMinistry.post(`/api/tasks/${task}/claim`).send({ version: 1 }).expect(503)
    expect([claimed.body.code, await state()]).toEqual(['handledNotLogged', 'reserved'])
    expect(JSON.stringify(claimed.body)).not.toContain(caseId)
    // an answer that shows nothing of a case is given
    await agents.hrMinistry.get('/api/tasks/counts').expect(200)
  } finally {
    await api.database.sql('drop trigger unwritable on access_log')
    await api.database.sql('drop function refuse_entry')
  }
  expect(await entries()).toEqual([])
  await agents.hrMinistry.get(`/api/cases/${caseId}`).expect(200)
})

test('the person concerned reads who looked at his case, in what capacity, when and what; and so it is known that he did', async () => {
  const before = Date.now()
  await agents.hrMinistry.get(`/api/cases/${caseId}`).expect(200)
  await agents.headMinistry.get('/api/cases').expect(200)
  await agents.mentor.get(`/api/cases/${caseId}/tasks`).expect(200)
  const read = () => agents.newcomer.get(`/api/cases/${caseId}/readers`).expect(200)
  const { body } = await read()
  const told = (readers: { person: { id: string }; as: string[]; door: string; at: string }[]) =>
    readers.map(({ person, as, door }) => [person.id, as, door])
  expect(told(body.data)).toEqual([
    [people.mentor, ['mentor'], 'GET /api/cases/:id/tasks'],
    [people.headMinistry, ['head'], 'GET /api/cases'],
    [people.hrMinistry, ['holder', 'hr'], 'GET /api/cases/:id'],
  ])
  for (const { at } of body.data) expect(new Date(at).getTime()).toBeGreaterThanOrEqual(before - 1000)
  // of the other case on the page of the list nothing is said
  expect(JSON.stringify(body)).not.toContain(other)
  const [latest] = (await read()).body.data
  expect(latest).toMatchObject({ person: { id: people.newcomer }, as: ['subject'], pieces: ['readers'] })
  const page = await agents.headMinistry.get(`/api/cases/${caseId}/readers?perPage=2&page=2`).expect(200)
  expect(page.body.data).toHaveLength(2)
  expect(page.body.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true })
})

test('who looked is read by whom the case is about, the head of the body and the Agency; others are refused or find no such case', async () => {
  const statuses = await everyUser(async (user) => (await agents[user].get(`/api/cases/${caseId}/readers`)).status)
  expect(statuses).toEqual({
    ...{ newcomer: 200, headMinistry: 200 },
    ...{ hrMinistry: 403, mentor: 403, developer: 403, administrator: 403 },
    ...{ hrAkimat: 404 },
  })
})

test('an answer that shows a case of which nothing is noted, or notes one that it does not show, fails its test', async () => {
  const spec = { method: 'get', path: '/api/somewhere', summary: '', responses: {}, open: false } as const
  const look = {
    person: people.mentor as PersonId,
    kind: 'staff',
    onBehalfOf: null,
    door: '',
    rows: [],
    pieces: [],
  } as const
  const of = (shown: string, noted: string) =>
    shownCases(api.db)({
      ...{ spec, params: {}, reply: { body: { data: [{ taskOrCase: shown }] } } },
      looks: [{ ...look, cases: [noted as CaseId] }],
    })
  await of(caseId, caseId)
  await of(task, caseId)
  await expect(of(other, caseId)).rejects.toThrow(`shown and not noted: ${other}; noted and not shown: ${caseId}`)
})

describe('the log itself', () => {
  const look = (n: number): Look => ({
    ...{ person: people.hrMinistry as PersonId, kind: 'staff', onBehalfOf: null, door: `GET /${String(n)}` },
    ...{ rows: ['hr'], pieces: ['course'], cases: [caseId as CaseId] },
  })
  const commits = async () => (await api.database.sql('select distinct xmin::text from access_log')).length

  test('what concurrent requests show is written with one commit, and each waits for its own', async () => {
    const log = accessLogOf(api.db)
    await Promise.all(Array.from({ length: 30 }, (_, n) => log.add([look(n)])))
    expect(await entries()).toHaveLength(30)
    expect(await commits()).toBe(2)
    await log.add([look(31)])
    expect(await entries()).toHaveLength(31)
  })

  test('a commit that fails is told to each who waited for it, and the next is tried', async () => {
    const log = accessLogOf(api.db)
    const bad = log.add([{ ...look(1), person: 'nobody' as PersonId }])
    const good = log.add([look(2)])
    await expect(bad).rejects.toThrow()
    await good
    expect(await entries()).toMatchObject([{ door: 'GET /2' }])
  })

  test('entries are neither changed nor deleted', async () => {
    await addLooks(api.db, [look(1)])
    await expect(api.database.sql(`update access_log set rows = '{}'`)).rejects.toThrow('neither changed nor deleted')
    await expect(api.database.sql('delete from access_log')).rejects.toThrow('neither changed nor deleted')
  })

  test('it does not wait for a case that somebody has locked', async () => {
    await api.db.sql.transaction(async (tx) => {
      await tx.run`select 1 from cases where id = ${caseId}::uuid for update`
      await addLooks(api.db, [look(1)])
    })
    expect(await entries()).toHaveLength(1)
  })

  test('there is a table for this month and the next, made once; an entry of a month without one is kept all the same', async () => {
    const tables = async () =>
      (await api.database.sql(`select relname from pg_class where relname ~ '^access_log_\\d{4}_\\d\\d$'`)).length
    const there = await tables()
    expect(there).toBeGreaterThanOrEqual(4)
    expect(await keepMonths(api.db, 3)).toBe(0)
    expect(await keepMonths(api.db, 5)).toBe(2)
    expect(await tables()).toBe(there + 2)
    await api.database.sql(
      `insert into access_log (at, "personId", kind, door, rows, pieces, cases) values (now() + interval '7 months', $1, 'staff', '', '{}', '{}', $2::uuid[])`,
      [people.mentor, [caseId]],
    )
    expect(await api.database.sql('select tableoid::regclass::text as kept from access_log')).toEqual([
      { kept: 'access_log_rest' },
    ])
    // a month with entries elsewhere stays as it is, and those after it are made
    expect(await keepMonths(api.db, 8)).toBe(2)
  })
})
