/**
 * Who sees what of the registers, held against an oracle of its own: what the table in doc/registers.md means, worked out from rows of the
 * database for each of the people of the sample and for somebody who is no servant.
 */
import { randomUUID } from 'node:crypto'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

let api: Api
beforeAll(async () => {
  api = await startApi()
  await citizen()
  await officerOfCapital()
})
afterAll(() => api.close())

const CITIZEN = 'citizen'
/** Somebody with an account and neither post nor role. */
async function citizen(): Promise<void> {
  const names = {
    surnameKk: 'Азамат',
    surnameRu: 'Азамат',
    surnameEn: 'Azamat',
    givenKk: 'Ә',
    givenRu: 'А',
    givenEn: 'A',
  }
  const { id } = await api.db.person.create({
    data: { id: randomUUID(), ...names, sex: 'f', birthDate: new Date('1991-02-03') },
  })
  await api.db.account.create({ data: { id: CITIZEN, personId: id, demoAs: 'newcomer', order: 99 } })
}

const OFFICER_OF_CAPITAL = 'agencyOfficerCapital'
/** Somebody of the department of the Agency where the central bodies are, for which it is not competent. */
async function officerOfCapital(): Promise<void> {
  const { personId } = await api.db.bodyRole.findFirstOrThrow({
    where: { role: 'agency', bodyKey: 'civilServiceAgency.astana', to: null },
    orderBy: { id: 'asc' },
  })
  await api.db.account.create({ data: { id: OFFICER_OF_CAPITAL, personId, demoAs: 'agencyOfficer', order: 98 } })
}

const VIEWERS = [
  'hrMinistry',
  'headMinistry',
  'mentor',
  'newcomer',
  'hrAkimat',
  'agencyOfficer',
  'agencyOfficerRegion',
  OFFICER_OF_CAPITAL,
  'developer',
  'administrator',
  CITIZEN,
]

// ------------------------------------------------------------------ the oracle

interface Facts {
  readonly id: string
  readonly grants: readonly { role: string; body: string }[]
  readonly serves: readonly string[]
}
async function factsOf(user: string): Promise<Facts> {
  const id = await personOf(api, user)
  const roles = await api.db.bodyRole.findMany({ where: { personId: id, to: null } })
  const posts = await api.db.post.findMany({ where: { personId: id, to: null }, include: { position: true } })

  return {
    id,
    grants: roles.map(({ role, bodyKey }) => ({ role, body: bodyKey })),
    serves: posts.map(({ position }) => position.bodyKey),
  }
}
type Level = 'nothing' | 'name' | 'public' | 'all'

/** What somebody is shown of what belongs to a body (null: to none) and is about a person (null: about nobody). */
async function means(
  { id, grants, serves }: Facts,
  { body, person, least }: { readonly body: string | null; readonly person: string | null; readonly least: Level },
  colleague: Level,
): Promise<Level> {
  const has = (role: string, where: string | null) =>
    grants.some((grant) => grant.role === role && grant.body === where)
  if (person === id || grants.some(({ role }) => role === 'administrator')) return 'all'
  if (grants.some((grant) => grant.role === 'agency' && grant.body === 'civilServiceAgency')) return 'all'
  if (body === null) return least
  const { kind, regionKey } = await api.db.stateBody.findUniqueOrThrow({ where: { key: body } })
  const department = `civilServiceAgency.${regionKey}`
  if (has('hr', body) || has('head', body)) return 'all'
  if (kind !== 'central' && kind !== 'agency' && department !== body && has('agency', department)) return 'all'
  if (serves.includes(body) || grants.some((grant) => grant.body === body)) return colleague

  return least
}

/** Rows of some bodies, each with what it is about. */
const BODIES = [
  'ministryFinance',
  'akimat.karaganda',
  'civilServiceAgency',
  'civilServiceAgency.karaganda',
  'akimat.almatyCity',
]
interface Sampled {
  readonly id: string
  readonly body: string | null
  readonly person: string | null
}
async function sampled(register: string): Promise<Sampled[]> {
  const some: Sampled[] = []
  for (const body of BODIES) {
    const posts = await api.db.post.findMany({
      where: { to: null, position: { bodyKey: body } },
      take: 3,
      orderBy: { id: 'asc' },
    })
    const roles = await api.db.bodyRole.findMany({
      where: { bodyKey: body, to: null },
      take: 3,
      orderBy: { id: 'asc' },
    })
    if (register === 'people') some.push(...posts.map((post) => ({ id: post.personId, body, person: post.personId })))
    if (register === 'posts') some.push(...posts.map((post) => ({ id: post.id, body, person: post.personId })))
    if (register === 'positions')
      some.push(...posts.map((post) => ({ id: post.positionId, body, person: post.personId })))
    if (register === 'roles') some.push(...roles.map((role) => ({ id: role.id, body, person: role.personId })))
  }
  for (const user of VIEWERS) {
    const id = await personOf(api, user)
    const post = await api.db.post.findFirst({ where: { personId: id, to: null }, include: { position: true } })
    if (register === 'people') some.push({ id, body: post?.position.bodyKey ?? null, person: id })
    if (register === 'posts' && post) some.push({ id: post.id, body: post.position.bodyKey, person: id })
    if (register === 'positions' && post) some.push({ id: post.positionId, body: post.position.bodyKey, person: id })
  }

  return [...new Map(some.map((row) => [row.id, row])).values()]
}

/** Least and colleague's level by register, and the columns that only `all` shows, or `public`. */
const MEANT: Readonly<
  Record<
    string,
    { readonly least: Level; readonly colleague: Level; readonly public: string[]; readonly all: string[] }
  >
> = {
  people: { least: 'name', colleague: 'public', public: ['post'], all: ['sex', 'birthDate', 'email'] },
  positions: { least: 'public', colleague: 'all', public: [], all: ['holder'] },
  posts: { least: 'nothing', colleague: 'public', public: [], all: ['endGround'] },
  roles: { least: 'nothing', colleague: 'public', public: [], all: ['basis', 'post'] },
}

const idsIn = async (agent: Agent, address: string): Promise<string[]> => {
  const { body } = await agent.get(address).expect(200)

  return (body.data as { id: string }[]).map(({ id }) => id)
}

describe.each(Object.entries(MEANT))('of %s', (register, meant) => {
  test.each(VIEWERS)(
    '%s is shown what the table says: a row alone, among others by id, and in the list',
    async (user) => {
      const facts = await factsOf(user)
      const agent = await api.as(user)
      const rows = await sampled(register)
      const levels = new Map<string, Level>()
      for (const row of rows) levels.set(row.id, await means(facts, { ...row, least: meant.least }, meant.colleague))
      const shows = (id: string) => levels.get(id) ?? 'nothing'
      for (const { id } of rows) {
        const answer = await agent.get(`/api/register/${register}/${id}`)
        const level = shows(id)
        expect([id, answer.status]).toEqual([id, level === 'nothing' ? 404 : 200])
        if (level === 'nothing') continue
        const columns = Object.keys(answer.body as object)
        for (const column of meant.all) expect([column, columns.includes(column)]).toEqual([column, level === 'all'])
        for (const column of meant.public)
          expect([column, columns.includes(column)]).toEqual([column, level !== 'name'])
      }
      const asked = rows.map(({ id }) => `id=${id}`).join('&')
      const byId = await idsIn(agent, `/api/register/${register}?perPage=100&${asked}`)
      expect(byId.sort()).toEqual(rows.flatMap(({ id }) => (shows(id) === 'nothing' ? [] : [id])).sort())
      // a list without ids has nobody of whom only the name is shown
      for (const body of BODIES) {
        const listed = await idsIn(agent, `/api/register/${register}?perPage=100&body=${body}`)
        for (const row of rows) {
          if (row.body !== body || !listed.includes(row.id)) continue
          expect([row.id, ['public', 'all']]).toEqual([row.id, expect.arrayContaining([shows(row.id)])])
        }
        const seen = rows.filter((row) => row.body === body && ['public', 'all'].includes(shows(row.id)))
        if (listed.length < 100) expect(listed).toEqual(expect.arrayContaining(seen.map(({ id }) => id)))
      }
    },
  )
})

// ------------------------------------------------------------------ filters, orders and search

const shown = (rows: readonly Record<string, unknown>[], column: string) => rows.every((row) => column in row)

describe('a list is ordered, filtered and searched by what is shown of its rows', () => {
  test.each([
    ['people', 'sort=birthDate', 'birthDate'],
    ['people', 'sort=-birthDate', 'birthDate'],
    ['people', 'body=ministryFinance', 'post'],
    ['people', 'appointedSince=2000-01-01', 'post'],
    ['posts', 'endGround=transfer', 'endGround'],
  ])('%s?%s has only rows of which everybody is shown %s', async (register, query, column) => {
    for (const user of VIEWERS) {
      const { body } = await (await api.as(user)).get(`/api/register/${register}?perPage=100&${query}`).expect(200)
      expect([user, shown(body.data, column)]).toEqual([user, true])
    }
  })

  test('also among people whose ids are known: a birth date, a body and a position cannot be tried out', async () => {
    const strangers = (await sampled('people')).filter(({ body }) => body === 'civilServiceAgency')
    const asked = strangers.map(({ id }) => `id=${id}`).join('&')
    const mentor = await api.as('mentor')
    for (const query of ['', '&q=', '&sort=name.ru'])
      expect(
        await idsIn(mentor, `/api/register/people?perPage=100&${asked}${query === '&q=' ? '' : query}`),
      ).toHaveLength(strangers.length)
    for (const query of ['&sort=birthDate', '&body=civilServiceAgency', '&appointedSince=2000-01-01'])
      expect(await idsIn(mentor, `/api/register/people?perPage=100&${asked}${query}`)).toEqual([])
    const [stranger] = strangers
    expect(await idsIn(mentor, `/api/register/positions?person=${stranger!.id}`)).toEqual([])
    expect(await idsIn(mentor, `/api/register/posts?person=${stranger!.id}`)).toEqual([])
    expect(await idsIn(mentor, `/api/register/roles?person=${stranger!.id}`)).toEqual([])
  })

  test('the trail of a row is an administrator’s, who is shown every column', async () => {
    for (const user of VIEWERS) {
      const id = await personOf(api, 'mentor')
      const { status } = await (await api.as(user)).get(`/api/register/people/${id}/changes`)
      expect([user, status]).toEqual([user, user === 'administrator' ? 200 : 403])
    }
  })
})

// ------------------------------------------------------------------ whom a form lets one name

describe('whoever fills in a form finds whom it lets him name', () => {
  const asks = async (user: string) => {
    const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })

    return arrangeTask(api.db, caseId, {
      kind: 'agreeAdaptationPlan',
      state: 'reserved',
      person: await personOf(api, user),
      assignee: await personOf(api, user),
    })
  }
  const found = async (user: string, who: string, form: string) =>
    (
      await idsIn(
        await api.as(user),
        `/api/register/people?perPage=100&body=akimat.karaganda&form=${encodeURIComponent(form)}`,
      )
    ).includes(await personOf(api, who))

  test('a question: whoever is in office anywhere, name and post and no more', async () => {
    const form = `task:${await asks('supervisor')}:ask`
    expect(await found('supervisor', 'hrAkimat', form)).toBe(true)
    const id = await personOf(api, 'hrAkimat')
    const { body } = await (await api.as('supervisor')).get(`/api/register/people?id=${id}&form=${form}`).expect(200)
    expect(Object.keys(body.data[0])).toContain('post')
    expect(Object.keys(body.data[0])).not.toContain('birthDate')
    // for choosing alone: nothing may be tried out
    expect(
      await idsIn(await api.as('supervisor'), `/api/register/people?sort=birthDate&id=${id}&form=${form}`),
    ).toEqual([])
  })

  test('not without the form, nor with a form of somebody else, of a task that is done, or that does not exist', async () => {
    const task = await asks('supervisor')
    expect(await found('supervisor', 'hrAkimat', `start:none:ministryFinance`)).toBe(false)
    expect(await found('mentor', 'hrAkimat', `task:${task}:ask`)).toBe(false)
    await api.db.task.update({ where: { id: task }, data: { state: 'completed' } })
    expect(await found('supervisor', 'hrAkimat', `task:${task}:ask`)).toBe(false)
    expect(await found('supervisor', 'hrAkimat', `task:${randomUUID()}:ask`)).toBe(false)
  })

  test('a form that names people of its body lets nobody of another be found', async () => {
    const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })
    expect(await found('hrMinistry', 'hrAkimat', `act:${caseId}:replaceMentor`)).toBe(false)
    const hr = await api.as('hrMinistry')
    const mentor = await personOf(api, 'mentor')
    const all = `/api/register/people?perPage=100&id=${mentor}&body=ministryFinance`
    expect(await idsIn(hr, `${all}&form=act:${caseId}:replaceMentor`)).toEqual([mentor])
  })
})

describe('whoever guesses the id of a person whom he is not shown is answered as if there were none', () => {
  let caseId: string
  let task: string
  let free: string
  let step: number
  let start: object
  beforeAll(async () => {
    caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })
    // a part in another case names nobody in this one
    await arrangeCase(api.db, {
      ...{ body: 'akimat.karaganda', subject: await personOf(api, 'agencyOfficer') },
      parties: { mentor: await personOf(api, 'hrAkimat') },
    })
    const supervisor = await personOf(api, 'supervisor')
    const held = { kind: 'agreeAdaptationPlan', state: 'reserved', person: supervisor, assignee: supervisor } as const
    task = await arrangeTask(api.db, caseId, held)
    free = await arrangeTask(api.db, caseId, { role: 'hr', body: 'ministryFinance' })
    step = (await api.db.case.update({ where: { id: caseId }, data: { stage: 'running' } })).step
    const post = await api.db.post.findFirstOrThrow({ where: { personId: await personOf(api, 'newcomer'), to: null } })
    const appointedOn = post.from.toISOString().slice(0, 10)
    start = { position: post.positionId, appointedOn, actNumber: '1', actDate: appointedOn }
  })

  /** Of another body: no form of this one lets him be named. */
  const elsewhere = () => personOf(api, 'hrAkimat')
  /** In no office: no form lets him be named. */
  const inNoOffice = () => personOf(api, CITIZEN)
  type Asks = (id: string) => readonly [method: 'get' | 'post', address: string, body?: object]

  test.each<[string, string, () => Promise<string>, Asks]>([
    [
      'an act',
      'hrMinistry',
      elsewhere,
      (mentor) => ['post', `/api/cases/${caseId}/acts/replaceMentor`, { step, form: { mentor, reason: 'x' } }],
    ],
    [
      'whom an act refuses',
      'hrMinistry',
      elsewhere,
      (id) => ['get', `/api/cases/${caseId}/acts/replaceMentor/refused?field=mentor&id=${id}`],
    ],
    [
      'a question',
      'supervisor',
      inNoOffice,
      (person) => ['post', `/api/tasks/${task}/ask`, { version: 1, person, question: 'x' }],
    ],
    [
      'whom a question refuses',
      'supervisor',
      inNoOffice,
      (id) => ['get', `/api/tasks/${task}/ask/refused?field=person&id=${id}`],
    ],
    [
      'a task handed over',
      'headMinistry',
      elsewhere,
      (person) => ['post', `/api/tasks/${free}/assign`, { version: 1, person }],
    ],
    [
      'whom handing over refuses',
      'headMinistry',
      elsewhere,
      (id) => ['get', `/api/tasks/${free}/assign/refused?field=person&id=${id}`],
    ],
    [
      'a start',
      'hrMinistry',
      elsewhere,
      (person) => ['post', '/api/processes/probation/cases', { form: { ...start, person } }],
    ],
    [
      'whom a start refuses',
      'hrMinistry',
      elsewhere,
      (id) => ['get', `/api/processes/probation/start/refused?body=ministryFinance&field=person&id=${id}`],
    ],
  ])('%s', async (_, user, hidden, asks) => {
    const agent = await api.as(user)
    const answer = async (id: string) => {
      const [method, address, body] = asks(id)
      const { status, text } = await (body ? agent[method](address).send(body) : agent[method](address))

      return { status, text: text.replaceAll(id, 'ID') }
    }
    const [guessed, absent] = [await answer(await hidden()), await answer(randomUUID())]
    expect(guessed).toEqual(absent)
    expect([200, 422]).toContain(guessed.status)
  })
})

test('the menu has the registers of which there is a list', async () => {
  const registers = async (user: string): Promise<string[]> =>
    (await (await api.as(user)).get('/api/me').expect(200)).body.registers
  const law = [
    'regions',
    'bodies',
    'units',
    'positions',
    'categories',
    'regimes',
    'rules',
    'terms',
    'holidays',
    'swaps',
    'body-days',
  ]
  expect((await registers(CITIZEN)).sort()).toEqual([...law].sort())
  for (const user of ['mentor', 'hrMinistry', 'administrator'])
    expect((await registers(user)).sort()).toEqual([...law, 'people', 'posts', 'roles'].sort())
})

test('whoever is no servant finds himself, and nobody else in a list', async () => {
  const agent = await api.as(CITIZEN)
  const own = await personOf(api, CITIZEN)
  expect(await idsIn(agent, '/api/register/people?perPage=100')).toEqual([own])
  expect((await agent.get(`/api/register/people/${own}`).expect(200)).body.birthDate).toBe('1991-02-03')
  expect(await idsIn(agent, '/api/register/posts?perPage=100')).toEqual([])
  expect(await idsIn(agent, '/api/register/roles?perPage=100')).toEqual([])
  // nor by a form that names people, which is for staff to fill in
  const held = { kind: 'appointMentor', state: 'reserved', person: own, assignee: own }
  const task = await arrangeTask(api.db, await arrangeCase(api.db, { body: 'ministryFinance', subject: null }), held)
  expect(await idsIn(agent, `/api/register/people?perPage=100&form=task:${task}:ask`)).toEqual([own])
})
