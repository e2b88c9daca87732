/** The trail of a row over HTTP: every way of changing the register leaves one entry, and those who may change it read it. */
import { randomUUID } from 'node:crypto'
import type { changes } from '../../api/routes/register-shapes'
import { freshPosition } from '../support/positions'
import { type Agent, type Api, arrangeCase, isProblem, personOf, startApi } from './harness'

let api: Api
let administrator: Agent
let hr: Agent
beforeAll(async () => {
  api = await startApi()
  administrator = await api.as('administrator')
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

const name = { kk: 'a', ru: 'b', en: 'c' }
const BODIES: { readonly [R in keyof typeof changes]: object } = {
  bodies: { weekProfile: 'six-day' },
  units: { name },
  positions: { headsUnit: true },
  people: { birthDate: '1990-01-02' },
  posts: { endGround: 'transfer' },
  roles: { basis: 'order 5' },
  terms: { source: 'order 5' },
  rules: { source: 'order 5' },
  holidays: { source: 'order 5' },
  swaps: { source: 'order 5' },
  'body-days': { reason: 'order 5' },
}
const changesOf = (resource: string, id: string) => `/api/register/${resource}/${encodeURIComponent(id)}/changes`

test.each(Object.entries(BODIES))('of %s: who changed the row, and what', async (resource, body) => {
  if (resource === 'body-days') {
    const day = { body: 'ministryFinance', date: '2027-06-09', working: false, reason: 'r' }
    await administrator.post('/api/register/body-days').send(day).expect(201)
  }
  const { body: page } = await administrator.get(`/api/register/${resource}?perPage=1`).expect(200)
  const [row] = page.data
  const address = `/api/register/${resource}/${encodeURIComponent(row.id)}`
  const { body: before } = await administrator.get(changesOf(resource, row.id)).expect(200)
  const { body: now } = await administrator.patch(address).set('If-Match', `"${row.version}"`).send(body).expect(200)
  const { body: after } = await administrator.get(changesOf(resource, row.id)).expect(200)
  const [entry, ...earlier] = after.data
  expect(earlier).toEqual(before.data)
  const person = await personOf(api, 'administrator')
  expect(entry).toMatchObject({
    by: 'person',
    person: { id: person },
    capacity: 'administrator',
    case: null,
    before: { version: row.version },
    after: { version: now.version },
  })
  isProblem(await hr.get(changesOf(resource, row.id)), `the trail of ${resource}`, [403])
  isProblem(await api.nobody().get(changesOf(resource, row.id)), `the trail of ${resource}`, [401])
})

test('a change by a case names the case and its document to whoever finds it, and to nobody from whom it is kept', async () => {
  const { body: page } = await administrator.get('/api/register/units?perPage=1').expect(200)
  const [{ id }] = page.data
  const subject = await personOf(api, 'newcomer')
  const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject })
  const { number } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
  await api.database.sql(
    `insert into register_changes (register, "rowId", by, "caseId", "effectId", "documentId", "documentNumber")
     values ('units', $1, 'case', $2, 'e', $3, '7-K')`,
    [id, caseId, randomUUID()],
  )
  const told = async () => (await administrator.get(changesOf('units', id)).expect(200)).body.data[0]
  expect(await told()).toMatchObject({ by: 'case', case: number, document: '7-K' })
  await api.database.sql(`update cases set "restrictedTo" = array[$2::uuid] where id = $1`, [caseId, subject])
  expect(await told()).toMatchObject({ by: 'case', case: null, document: null })
})

test('a change that is refused leaves nothing', async () => {
  const { body: page } = await administrator.get('/api/register/units?perPage=1').expect(200)
  const [{ id }] = page.data
  const { body: before } = await administrator.get(changesOf('units', id)).expect(200)
  await administrator.patch(`/api/register/units/${id}`).set('If-Match', '"99"').send({ name }).expect(412)
  expect((await administrator.get(changesOf('units', id))).body).toEqual(before)
})

test('a row that is removed keeps its trail, and one that never was has none', async () => {
  const day = { body: 'ministryFinance', date: '2027-06-10', working: false, reason: 'r' }
  const { body: row } = await administrator.post('/api/register/body-days').send(day).expect(201)
  const address = `/api/register/body-days/${encodeURIComponent(row.id)}`
  await administrator.delete(address).set('If-Match', '"1"').expect(204)
  const { body: page } = await administrator.get(changesOf('body-days', row.id)).expect(200)
  expect(page.data).toMatchObject([
    { before: { reason: 'r' }, after: null },
    { before: null, after: { reason: 'r' } },
  ])
  isProblem(await administrator.get(changesOf('body-days', 'none:2027-01-01')), 'no such row', [404])
})

test('a post that would be held twice is refused in a sentence that names its holder', async () => {
  const [post] = await api.database
    .sql(`select later.id, later.version, later."positionId", p."surnameRu" as surname, p."givenRu" as given,
      earlier.id as earlier, earlier.version as was
    from posts later join people p on p.id = later."personId"
      join posts earlier on earlier."positionId" = later."positionId" and earlier."to" < later."from" limit 1`)
  const refused = await administrator
    .patch(`/api/register/posts/${String(post?.['earlier'])}`)
    .set('If-Match', `"${String(post?.['was'])}"`)
    .send({ to: null })
  isProblem(refused, 'a post held twice', [422])
  expect(refused.body).toMatchObject({
    code: 'positionHeld',
    params: { person: { ru: expect.any(String) }, position: { kk: expect.any(String) }, from: expect.any(String) },
  })
})

test('a role hangs on a post of its holder, and ends with it', async () => {
  const [mine] = await api.database.sql(
    `select id, "personId" as person, version from posts where "to" is null and "personId" not in (select "personId" from body_roles) limit 1`,
  )
  const [other] = await api.database.sql(`select id from posts where "personId" <> $1 limit 1`, [mine?.['person']])
  const role = {
    person: mine?.['person'],
    role: 'hr',
    body: 'ministryFinance',
    from: '2026-11-01',
    to: null,
    basis: 'b',
  }
  const wrong = await administrator.post('/api/register/roles').send({ ...role, post: other?.['id'] })
  isProblem(wrong, 'a role by the post of another', [422])
  expect(wrong.body.errors).toEqual({ post: 'notTheirPost' })
  const { body: given } = await administrator
    .post('/api/register/roles')
    .send({ ...role, post: mine?.['id'] })
    .expect(201)
  expect(given.post).toBe(mine?.['id'])
  const end = (to: string) =>
    administrator
      .patch(`/api/register/posts/${String(mine?.['id'])}`)
      .set('If-Match', `"${String(mine?.['version'])}"`)
      .send({ to })
  const early = await end('2026-10-31')
  isProblem(early, 'a post that ends before a role on it begins', [409])
  expect(early.body.reason.code).toBe('register.roleBeginsLater')
  await end('2026-11-30').expect(200)
  expect((await administrator.get(`/api/register/roles/${given.id}`)).body).toMatchObject({
    to: '2026-11-30',
    version: 2,
  })
})

describe('a role that hangs on a post is not held beyond it', () => {
  const role = { role: 'hr', body: 'ministryFinance', basis: 'b' }
  let post: { id: string; version: number }
  let holder: string
  afterEach(async () => {
    await api.database.sql(`delete from body_roles where basis = 'b'`)
    await api.database.sql(`delete from posts where id = $1`, [post.id])
  })
  beforeEach(async () => {
    holder = randomUUID()
    await api.database.sql(
      `insert into people (id, "surnameKk", "surnameRu", "surnameEn", "givenKk", "givenRu", "givenEn", sex, "birthDate")
      values ($1, 'a', 'b', 'c', 'd', 'e', 'f', 'f', '1990-01-01')`,
      [holder],
    )
    const [made] = await api.database.sql(
      `insert into posts (id, "personId", "positionId", "from", "to", "endGround")
      values ($1, $2, $3, '2026-02-01', '2026-06-30', 'ownWish') returning id, version`,
      [randomUUID(), holder, await freshPosition(api.db, 'ministryFinance')],
    )
    post = made as typeof post
  })
  const enter = (from: string, to: string | null, on: string | null = post.id) =>
    administrator.post('/api/register/roles').send({ ...role, person: holder, from, to, post: on })
  const change = (of: { id: string; version: number }, said: object) =>
    administrator
      .patch(`/api/register/roles/${of.id}`)
      .set('If-Match', `"${String(of.version)}"`)
      .send(said)

  test.each([
    ['later', '2026-02-01', '2026-07-01', { to: 'afterPost' }],
    ['without an end', '2026-02-01', null, { to: 'afterPost' }],
    ['earlier', '2026-01-31', '2026-06-30', { from: 'beforePost' }],
  ])('when it is entered or changed: %s', async (_what, from, to, errors) => {
    const trail = () => api.db.registerChange.count()
    const before = await trail()
    expect((await enter(from, to).expect(422)).body.errors).toEqual(errors)
    expect(await trail()).toBe(before)
    const { body: given } = await enter('2026-02-01', '2026-06-30').expect(201)
    expect((await change(given, { from, to }).expect(422)).body.errors).toEqual(errors)
    // nor does a role come to hang on a post that is shorter
    const { body: free } = await enter(from, to, null).expect(201)
    expect((await change(free, { post: post.id }).expect(422)).body.errors).toEqual(errors)
    expect(await trail()).toBe(before + 2)
    await change(given, { from: '2026-03-01', to: '2026-05-31' }).expect(200)
  })

  test('when the post begins later', async () => {
    await enter('2026-02-01', '2026-05-31').expect(201)
    const { body } = await administrator
      .patch(`/api/register/posts/${post.id}`)
      .set('If-Match', `"${String(post.version)}"`)
      .send({ from: '2026-02-02' })
      .expect(409)
    expect(body.reason.code).toBe('register.roleBeginsEarlier')
  })

  test('when the post is cut at the same time', async () => {
    for (let n = 0; n < 8; n += 1) {
      const { body: given } = await enter('2026-02-01', '2026-03-31').expect(201)
      const { version } = await api.db.post.findUniqueOrThrow({ where: { id: post.id } })
      const cut = administrator
        .patch(`/api/register/posts/${post.id}`)
        .set('If-Match', `"${String(version)}"`)
        .send({ to: n % 2 === 0 ? '2026-04-30' : '2026-06-30' })
      await Promise.all([cut, change(given, { to: '2026-06-30' }), enter('2026-02-01', '2026-06-30')])
      const beyond = await api.database.sql(
        `select 1 from body_roles r join posts p on p.id = r."postId" where p.id = $1 and coalesce(r."to", 'infinity') > p."to"`,
        [post.id],
      )
      expect(beyond).toEqual([])
    }
  })
})
