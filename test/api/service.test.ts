import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serveFigures } from '../../api/operations/figures'
import { ConfigError, readConfig, requireSignIn } from '../../api/config'
import { ROLES } from '../../workflows/kernel/contract'
import { AWAY, DEMO, arrangeCase, arrangeTask, isProblem, personOf, startApi, type Api } from './harness'

let api: Api
beforeAll(async () => {
  api = await startApi({ ...AWAY, workerPolled: (version) => Promise.resolve(version === '0.0.0') })
})
afterAll(() => api.close())

describe('the description', () => {
  test('is whole: every reference leads somewhere, every operation has a name of its own and answers', async () => {
    const { body } = await api.nobody().get('/openapi.json').expect(200)
    expect(body.openapi).toMatch(/^3\.1/)
    const text = JSON.stringify(body)
    for (const [, ref] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = (ref ?? '').split('/').reduce<Record<string, never> | undefined>((at, key) => at?.[key], body)
      expect([ref, found !== undefined]).toEqual([ref, true])
    }
    const operations = Object.values(
      body.paths as Record<string, Record<string, { operationId: string; responses: object }>>,
    ).flatMap((path) => Object.values(path))
    expect(new Set(operations.map((each) => each.operationId)).size).toBe(operations.length)
    for (const { responses } of operations)
      expect(Object.keys(responses).some((status) => /^[12]/.test(status))).toBe(true)
  })
  test('can be read, from here alone', async () => {
    const { text, headers } = await api.nobody().get('/docs').expect(200)
    expect(text).not.toMatch(/https?:\/\//)
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    expect(text).not.toContain('<script')
    const { body } = await api.nobody().get('/openapi.json').expect(200)
    for (const path of Object.keys(body.paths as object)) expect(text).toContain(` ${path}</code>`)
    for (const [, name] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${String(name)}"`)
  })
})

describe('signing in', () => {
  test('as anybody of the demonstration gives a session that ends', async () => {
    const { body: users } = await api.nobody().get('/api/demo-users').expect(200)
    expect(users.map((user: { id: string }) => user.id)).toEqual([...DEMO])
    const agent = api.nobody()
    await agent.get('/api/me').expect(401)
    const { body: me, headers } = await agent.post('/api/session').send({ user: 'hrMinistry' }).expect(200)
    expect(String(headers['set-cookie'])).toMatch(/^mansap=.*HttpOnly; SameSite=Lax/)
    expect(me).toMatchObject({ demo: true, developer: false, administrator: false })
    expect((await agent.get('/api/me').expect(200)).body).toEqual(me)
    await agent.delete('/api/session').expect(204)
    await agent.get('/api/me').expect(401)
  })
  test('gives a new session id', async () => {
    const agent = api.nobody()
    const first = await agent.post('/api/session').send({ user: 'hrMinistry' }).expect(200)
    const second = await agent.post('/api/session').send({ user: 'developer' }).expect(200)
    expect(String(second.headers['set-cookie'])).not.toBe(String(first.headers['set-cookie']))
    expect((await agent.get('/api/me')).body.developer).toBe(true)
  })
  test('as nobody known is refused', async () => {
    await api.nobody().post('/api/session').send({ user: 'nobody' }).expect(422)
  })
})

describe('the settings', () => {
  const env = { DATABASE_URL: 'postgres://x', SESSION_SECRET: 'x'.repeat(16) }
  test('of a demonstration need no secret', () => {
    expect(readConfig({ DATABASE_URL: 'postgres://x', MANSAP_DEMO: '1' })).toMatchObject({ demo: true, port: 3000 })
  })
  test.each([
    [{}, /Set DATABASE_URL/],
    [{ ...env, PORT: 'x' }, /PORT cannot be "x"/],
    [{ ...env, SESSION_SECRET: 'long enough for one, short' }, /SESSION_SECRET cannot be "…"/],
    [{ ...env, TEMPORAL_ADDRESS: 'nowhere' }, /TEMPORAL_ADDRESS/],
    [{ ...env, MANSAP_PAYLOAD_KEYS: '2026:short' }, /MANSAP_PAYLOAD_KEYS cannot be "…"/],
  ])('%j: one sentence', (given, sentence) => {
    expect(() => readConfig(given)).toThrow(ConfigError)
    expect(() => readConfig(given)).toThrow(sentence)
  })
  test('of production without an identity provider keep it from starting', () => {
    expect(() => requireSignIn(readConfig(env))).toThrow(/identity provider/)
  })
  test('of the API need a secret, of which there may be an older one', () => {
    expect(() => requireSignIn(readConfig({ DATABASE_URL: 'postgres://x' }))).toThrow(/Set SESSION_SECRET/)
    const SESSION_SECRET = 'the new one of today, the old one of May'
    expect(readConfig({ ...env, SESSION_SECRET }).sessionSecrets).toEqual([
      'the new one of today',
      'the old one of May',
    ])
  })
})

test('it is ready only when everything is', async () => {
  await api.nobody().get('/live').expect(200)
  expect((await api.nobody().get('/ready').expect(200)).body).toEqual({
    postgres: true,
    space: true,
    schema: true,
    temporal: true,
    worker: true,
    serving: true,
    why: [],
  })
  // a newer release is being brought in
  await api.database.sql(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', '', '2999_unknown', now())`,
  )
  await api.nobody().get('/ready').expect(200)
  await api.database.sql(`update _prisma_migrations set rolled_back_at = now() where migration_name like '%_init'`)
  expect((await api.nobody().get('/ready').expect(503)).body).toMatchObject({
    postgres: true,
    schema: false,
    why: ['The migrations of this version are not all applied.'],
  })
  await api.database.sql(`update _prisma_migrations set rolled_back_at = null`)
  expect(await api.database.sql(`select count(*)::int as n from numberings where register like 'ready%'`)).toEqual([
    { n: 0 },
  ])
})

test('figures name routes, not addresses', async () => {
  const hr = await api.as('hrMinistry')
  await hr.get('/api/tasks/counts').expect(200)
  const text = await api.service.metrics.text()
  expect(text).toContain('route="/api/tasks/counts"')
  expect(text).toContain('mansap_open_tasks')
})

test('figures count restricted cases, so they have an address of their own and are not on the port that people use', async () => {
  const people = await Promise.all(['hrMinistry', 'developer', 'administrator'].map((user) => api.as(user)))
  for (const each of [api.nobody(), ...people]) isProblem(await each.get('/metrics'), 'figures', [404])
  const figures = serveFigures('127.0.0.1:0', { text: () => Promise.resolve('mansap_open_tasks 1') })
  await once(figures, 'listening')
  const { port } = figures.address() as AddressInfo
  const ask = (path: string) => fetch(`http://127.0.0.1:${String(port)}${path}`)
  expect(await (await ask('/metrics')).text()).toBe('mansap_open_tasks 1')
  expect((await ask('/api/cases')).status).toBe(404)
  figures.close()
})

test('every other address is a page of the console', async () => {
  expect((await api.nobody().get('/tasks/1').expect(200)).text).toContain('console')
  await api.nobody().get('/assets/none.js').expect(404)
  await api.nobody().post('/tasks/1').expect(405)
})

test('words come in three languages', async () => {
  for (const locale of ['kk', 'ru', 'en']) await api.nobody().get(`/api/words/${locale}`).expect(200)
  await api.nobody().get('/api/words/de').expect(404)
})

describe('the calendar', () => {
  test('explains days and terms', async () => {
    const agent = await api.as('hrMinistry')
    const { body: days } = await agent
      .get('/api/calendar/days?from=2026-03-20&to=2026-03-26&profile=five-day')
      .expect(200)
    expect(days.profile).toBe('five-day')
    expect(days.days.find((day: { date: string }) => day.date === '2026-03-21').working).toBe(false)
    const { body: due } = await agent
      .get('/api/calendar/due?from=2026-08-31&value=3&unit=months&profile=five-day')
      .expect(200)
    expect(due.date).toBe('2026-11-30')
    expect(due.steps[0].code).toBe('starts')
    await agent.get('/api/calendar/days?from=2026-03-26&to=2026-03-20').expect(400)
    await agent.get('/api/calendar/days?from=1990-03-26&to=1990-03-27').expect(400)
    await agent.get('/api/calendar/due?from=9999-12-31&value=1000&unit=years').expect(400)
    await agent.get('/api/calendar/days?from=2026-03-20&to=2026-03-26&body=nowhere').expect(400)
  })

  test('a term counted back stops at the first day of the register, not a fixed stretch before it', async () => {
    const agent = await api.as('hrMinistry')
    const back = async (from: string, value: number, unit: string) =>
      agent.get(`/api/calendar/due?from=${from}&value=${value}&unit=${unit}&profile=five-day`)
    expect((await back('2015-02-25', -3, 'workingDays')).body).toMatchObject({ date: '2015-02-20' })
    expect((await back('2015-01-12', -2, 'workingDays')).body).toMatchObject({ date: '2015-01-08' })
    expect((await back('2016-01-20', -1, 'years')).body).toMatchObject({ date: '2015-01-20' })
    expect((await back('2015-02-10', -10, 'calendarDays')).body).toMatchObject({ date: '2015-01-30' })
    for (const [from, value] of [
      ['2015-01-05', -3],
      ['2014-12-31', -1],
      ['2014-12-31', 1],
    ] as const)
      expect(await back(from, value, 'workingDays')).toMatchObject({
        status: 400,
        body: { errors: { from: 'outsideCalendar' } },
      })
  })
  test('is kept by administrators, and open cases are told', async () => {
    const administrator = await api.as('administrator')
    const hr = await api.as('hrMinistry')
    await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })
    const swap = {
      date: '2027-05-03',
      kind: 'off',
      appliesTo: 'five-day',
      reason: 'test',
      confidence: 'D',
      source: 'test',
    }
    await hr.post('/api/register/swaps').send(swap).expect(403)
    const { body: row } = await administrator.post('/api/register/swaps').send(swap).expect(201)
    await administrator.post('/api/register/swaps').send(swap).expect(409)
    expect(await api.database.sql(`select kind, principal from commands`)).toEqual([
      { kind: 'recompute', principal: 'system' },
    ])
    const address = `/api/register/swaps/${encodeURIComponent(row.id)}`
    await administrator.patch(address).set('If-Match', '"1"').send({ reason: 'other' }).expect(200)
    await administrator.patch(address).set('If-Match', '"1"').send({ reason: 'third' }).expect(412)
    await administrator.patch(address).set('If-Match', '"2"').send({}).expect(422)
    await administrator.delete(address).set('If-Match', '"2"').expect(204)
    await administrator.get(address).expect(404)
  })

  test('refuses a swap that contradicts another of its day, entered or changed', async () => {
    const administrator = await api.as('administrator')
    const swap = { date: '2027-05-11', kind: 'off', appliesTo: 'all', reason: 'r', confidence: 'D', source: 's' }
    await administrator.post('/api/register/swaps').send(swap).expect(201)
    const opposite = { ...swap, kind: 'working', appliesTo: 'five-day' }
    const entered = await administrator.post('/api/register/swaps').send(opposite)
    isProblem(entered, 'a swap entered', [409])
    expect(entered.body.reason.code).toBe('register.contradicts')
    const { body: row } = await administrator
      .post('/api/register/swaps')
      .send({ ...opposite, date: '2027-05-12' })
      .expect(201)
    const address = `/api/register/swaps/${encodeURIComponent(row.id)}`
    const changed = await administrator.patch(address).set('If-Match', '"1"').send({ date: swap.date }).expect(409)
    expect(changed.body.reason.code).toBe('register.contradicts')
    expect((await administrator.get(address)).body).toEqual(row)
  })

  test('refuses a second day of a holiday that the law gives once a year, entered or changed', async () => {
    const administrator = await api.as('administrator')
    const { body: known } = await administrator.get('/api/register/holidays?nameKey=kurbanAit&year=2027').expect(200)
    const { id: _id, version: _version, unverified: _unverified, ...ait } = known.data[0]
    const entered = await administrator.post('/api/register/holidays').send({ ...ait, date: '2027-05-17' })
    isProblem(entered, 'a holiday entered', [409])
    expect(entered.body.reason.code).toBe('register.contradicts')
    const next = await administrator
      .post('/api/register/holidays')
      .send({ ...ait, date: '2028-05-05' })
      .expect(201)
    const address = `/api/register/holidays/${encodeURIComponent(next.body.id)}`
    const changed = await administrator.patch(address).set('If-Match', '"1"').send({ date: '2027-05-17' }).expect(409)
    expect(changed.body.reason.code).toBe('register.contradicts')
    expect((await administrator.get(address)).body).toEqual(next.body)
  })
})

describe('the register', () => {
  test('finds people by name, and tells birth dates to few', async () => {
    const hr = await api.as('hrMinistry')
    const { body: page } = await hr.get('/api/register/people?body=ministryFinance&perPage=3').expect(200)
    expect(page.data).toHaveLength(3)
    expect(page.data[0]).toHaveProperty('birthDate')
    const { body: elsewhere } = await hr.get('/api/register/people?body=civilServiceAgency&perPage=1').expect(200)
    expect(elsewhere.data).toEqual([])
    const surname = encodeURIComponent(page.data[0].surname.kk)
    expect((await hr.get(`/api/register/people?q=${surname}`).expect(200)).body.data.length).toBeGreaterThan(0)
    const ids = page.data.map((person: { id: string }) => `id=${person.id}`).join('&')
    expect((await hr.get(`/api/register/people?${ids}`).expect(200)).body.data).toHaveLength(3)
  })
  test('gives a role that counts from its first day', async () => {
    const administrator = await api.as('administrator')
    const person = await personOf(api, 'mentor')
    const entry = { person, role: 'developer', body: 'ministryFinance', from: '2020-01-01', to: null, basis: 'test' }
    await administrator
      .post('/api/register/roles')
      .send({ ...entry, to: '2019-01-01' })
      .expect(422)
    await administrator
      .post('/api/register/roles')
      .send({ ...entry, body: 'nowhere' })
      .expect(422)
    await administrator
      .post('/api/register/roles')
      .send({ ...entry, role: 'king' })
      .expect(422)
    await administrator.post('/api/register/roles').send(entry).expect(201)
    expect((await (await api.as('mentor')).get('/api/me')).body.developer).toBe(true)
    expect(ROLES).toContain('developer')
  })
})

describe('a page of the inbox', () => {
  test('says whether there is more, by claims and filters', async () => {
    const hr = await api.as('hrMinistry')
    const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })
    for (let i = 0; i < 3; i++) await arrangeTask(api.db, caseId, { role: 'hr', body: 'ministryFinance' })
    const { body: first } = await hr.get('/api/tasks?queue=unit&perPage=2').expect(200)
    expect(first.data).toHaveLength(2)
    expect(first.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false, end: expect.any(String) })
    expect(first.data[0].verbs).toEqual(['claim'])
    const { body: second } = await hr.get('/api/tasks?queue=unit&perPage=2&page=2').expect(200)
    expect(second.data).toHaveLength(1)
    const behind = `/api/tasks?queue=unit&perPage=2&after=${encodeURIComponent(first.pageInfo.end)}`
    expect((await hr.get(behind).expect(200)).body).toEqual(second)
    // a place in one order is none in another
    isProblem(await hr.get(`${behind}&sort=openedOn`), 'a place of another order', [400])
    const others = { team: 0, escalated: 0, snoozed: 0, done: 0 }
    expect((await hr.get('/api/tasks/counts').expect(200)).body).toEqual({
      todo: 3,
      mine: 0,
      unit: 3,
      ...others,
    })
    const { body: claimed } = await hr.post(`/api/tasks/${first.data[0].id}/claim`).send({ version: 1 }).expect(200)
    expect(claimed).toMatchObject({ state: 'reserved', version: 2 })
    expect(claimed.verbs).toEqual(expect.arrayContaining(['complete', 'release', 'delegate', 'start', 'ask']))
    expect((await hr.get('/api/tasks/counts').expect(200)).body).toEqual({
      todo: 3,
      mine: 1,
      unit: 2,
      ...others,
    })
    expect((await hr.get('/api/tasks?queue=unit&kind=other').expect(200)).body.data).toEqual([])
    const { body: found } = await hr.get(`/api/tasks?queue=mine&q=${claimed.caseNumber}&overdue=false`).expect(200)
    expect(found.data).toHaveLength(1)
  })
})

test('an idle connection is kept longer than a reverse proxy keeps its own, so that a request is not lost in a closing one', async () => {
  const answer = await api.nobody().get('/live').set('Connection', 'keep-alive')
  const seconds = Number(/timeout=(\d+)/.exec(answer.headers['keep-alive'] ?? '')?.[1])

  expect(seconds).toBeGreaterThan(60)
})
