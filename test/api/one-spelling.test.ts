/**
 * An id, a key and the name of a set have one spelling inside: every field of every route and form that takes one is tried with
 * others, and gives the canonical one or refuses. The fields are found in the route list, so that a new route is tried too.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { allLeaves, given, takes, type Leaf } from './fields-of-routes'
import { arrangeCase, arrangeTask, isProblem, personOf, startApi, type Agent, type Api } from './harness'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const ID = '01890c5e-abcd-4def-8abc-0123456789ab'
const KEY = 'ministryFinance'
/** What people write; it names nothing. */
const FREE_TEXT = [
  'q',
  'after',
  'user',
  'remarks',
  'reason',
  'question',
  'source',
  'basis',
  // of a flag: the name of the act that brought it into force
  'act',
  'kk',
  'ru',
  'en',
  // of a file
  'name',
  // names of sets, tried below
  'set',
  'rehearsal',
]
/** What somebody types off a paper, or a scanner reads: the page says itself that it names nothing. */
const OF_CHECK = ['get /check.code', 'get /check.sha256', 'get /check.locale']
const fieldOf = (at: string): string => at.slice(at.lastIndexOf('.') + 1)

const isContent = ({ schema }: Leaf): boolean => schema.meta()?.['x-content'] === true

const OTHER_IDS = [
  ID.toUpperCase(),
  `{${ID}}`,
  ` ${ID}`,
  `${ID}\n`,
  `\u00a0${ID}`,
  `urn:uuid:${ID}`,
  ID.replaceAll('-', ''),
  ID.replace('a', 'a\u0301'),
  ID.replace('0', '\uff10'),
]
const OTHER_KEYS = [
  ` ${KEY}`,
  `${KEY} `,
  `${KEY}\n`,
  `{${KEY}}`,
  `${KEY}\u0301`,
  KEY.replace('m', '\uff4d'),
  `${KEY}\u200b`,
]

test('every field that takes an id gives its one spelling, or refuses', () => {
  const ids = allLeaves(api.service).filter((leaf) => takes(leaf, ID) && !takes(leaf, KEY))
  expect(ids.length).toBeGreaterThan(60)
  const strays = ids.flatMap((leaf) =>
    OTHER_IDS.map((other) => [leaf.at, other, given(leaf, other)] as const).filter(
      ([, , found]) => found !== 'refused' && found !== ID,
    ),
  )
  expect(strays).toEqual([])
  for (const leaf of ids) expect(given(leaf, ID.toUpperCase())).toBe(ID)
})

test('every field that takes a key takes no other spelling of it', () => {
  const keys = allLeaves(api.service).filter((leaf) => takes(leaf, KEY) && !takes(leaf, 'two words'))
  expect(keys.length).toBeGreaterThan(20)
  const strays = keys.flatMap((leaf) =>
    OTHER_KEYS.map((other) => [leaf.at, other, given(leaf, other)] as const).filter(
      ([, , found]) => found !== 'refused' && found !== KEY,
    ),
  )
  expect(strays).toEqual([])
})

test('a field that takes any text is known to name nothing', () => {
  const free = allLeaves(api.service).filter((leaf) => takes(leaf, 'two words') && !isContent(leaf))
  expect(free.map(({ at }) => at).filter((at) => !FREE_TEXT.includes(fieldOf(at)))).toEqual(OF_CHECK)
})

test('the name of a set is the same however its letters are composed and its blanks are put', () => {
  const sets = allLeaves(api.service).filter(
    ({ at, schema }) => /\.(set|rehearsal)$/.test(at) && !(schema instanceof z.ZodLiteral),
  )
  expect(sets.length).toBeGreaterThan(4)
  for (const leaf of sets)
    for (const other of ['Ё бой', ' Ё бой ', 'Е\u0308 бои\u0306', 'Ё  бой'])
      expect([leaf.at, given(leaf, other)]).toEqual([leaf.at, 'Ё бой'])
})

describe('over HTTP', () => {
  let head: Agent
  let hr: Agent
  let administrator: Agent
  let hrPerson: string
  let headPerson: string
  const known: Record<string, string> = {}
  beforeAll(async () => {
    ;[head, hr, administrator] = await Promise.all([
      api.as('headMinistry'),
      api.as('hrMinistry'),
      api.as('administrator'),
    ])
    ;[hrPerson, headPerson] = await Promise.all([personOf(api, 'hrMinistry'), personOf(api, 'headMinistry')])
    const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })
    const taskId = await arrangeTask(api.db, caseId, { role: 'hr', body: 'ministryFinance' })
    Object.assign(known, { cases: caseId, tasks: taskId })
    for (const resource of [
      'units',
      'positions',
      'people',
      'posts',
      'roles',
      'bodies',
      'regimes',
      'rules',
      'terms',
      'holidays',
    ]) {
      const { body } = await administrator.get(`/api/register/${resource}?perPage=1`).expect(200)
      known[`register/${resource}`] = body.data[0].id
    }
  })
  const taskOf = async (task: Parameters<typeof arrangeTask>[2]) => arrangeTask(api.db, known['cases'] ?? '', task)

  test('an address with an id in another spelling is the same address, or none', async () => {
    const { body } = await api.nobody().get('/openapi.json').expect(200)
    const addresses = Object.entries(body.paths as Record<string, Record<string, unknown>>).flatMap(
      ([path, methods]) => {
        const resource = /^\/api\/(register\/[\w-]+|\w+)\/\{id\}/.exec(path)?.[1] ?? ''

        return 'get' in methods && known[resource] !== undefined ? [{ path, id: known[resource] }] : []
      },
    )
    expect(addresses.length).toBeGreaterThan(12)
    for (const { path, id } of addresses) {
      const at = (spelled: string) => hr.get(path.replace('{id}', encodeURIComponent(spelled)))
      const canonical = await at(id)
      for (const other of [id.toUpperCase(), `{${id}}`, ` ${id}`, `${id} `, `${id}\u0301`]) {
        if (other === id) continue
        const answer = await at(other)
        if (answer.status === canonical.status)
          expect([path, other, answer.body]).toEqual([path, other, canonical.body])
        else isProblem(answer, `${path} ${other}`, [400, 404])
      }
    }
  })

  test('who is excluded from a task is not assigned it, however his id is written', async () => {
    const id = await taskOf({ role: 'hr', body: 'ministryFinance', excluded: [hrPerson] })
    for (const person of [hrPerson, hrPerson.toUpperCase()]) {
      const answer = await head.post(`/api/tasks/${id}/assign`).send({ version: 1, person })
      isProblem(answer, person, [422])
      expect(answer.body.errors).toEqual({ person: 'mayNotHold' })
    }
    expect(await api.database.sql('select "assigneeId" from tasks where id = $1', [id])).toEqual([{ assigneeId: null }])
  })

  test('nor is it handed over to him', async () => {
    const colleague = randomUUID()
    await api.database.sql(
      `insert into body_roles (id, "personId", role, "bodyKey", "from", basis) values ($1, $2, 'hr', 'ministryFinance', '2020-01-01', 'test')`,
      [colleague, headPerson],
    )
    const id = await taskOf({
      role: 'hr',
      body: 'ministryFinance',
      state: 'reserved',
      assignee: hrPerson,
      excluded: [headPerson],
    })
    const delegate = (person: string) => hr.post(`/api/tasks/${id}/delegate`).send({ version: 1, person })
    for (const person of [headPerson, headPerson.toUpperCase()]) isProblem(await delegate(person), person, [422])
    await api.database.sql('delete from body_roles where id = $1', [colleague])
  })

  test('a person entered in the register in another spelling is that person', async () => {
    const role = { role: 'hr', body: 'ministryFinance', from: '2026-01-01', to: null, basis: 'a test' }
    const { body } = await administrator
      .post('/api/register/roles')
      .send({ ...role, person: hrPerson.toUpperCase() })
      .expect(201)
    expect(body.person.id).toBe(hrPerson)
    for (const other of [`{${hrPerson}}`, ` ${hrPerson}`])
      isProblem(await administrator.post('/api/register/roles').send({ ...role, person: other }), other, [422])
    for (const other of ['MINISTRYFINANCE', ' ministryFinance', 'ministryFinance\u0301'])
      isProblem(
        await administrator.post('/api/register/roles').send({ ...role, person: hrPerson, body: other }),
        other,
        [422],
      )
  })

  test('a person and a position named in a form in another spelling are those', async () => {
    const person = await personOf(api, 'newcomer')
    const { positionId } = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
    const form = { appointedOn: '2026-11-02', actNumber: '1', actDate: '2026-11-02' }
    const start = (who: string, where: string) =>
      hr
        .post('/api/processes/probation/cases')
        .send({ form: { ...form, person: who, position: where }, rehearsal: { set: 'spelling' } })
    const canonical = await start(person, positionId)
    const shouted = await start(person.toUpperCase(), positionId.toUpperCase())
    expect([shouted.status, shouted.body.errors]).toEqual([canonical.status, canonical.body.errors])
    const payloads = await api.database.sql(`select payload::text as text from commands where kind = 'start'`)
    expect(payloads.filter(({ text }) => String(text).includes(person.toUpperCase()))).toEqual([])
    isProblem(await start(`{${person}}`, positionId), 'braces', [422])
    isProblem(await start(person, ` ${positionId}`), 'a blank', [422])
  })
})
