/**
 * Every address that /openapi.json names, asked wrongly in every way we can think of: always a 4xx problem, and nothing in
 * the database is different afterwards.
 */
import { randomUUID } from 'node:crypto'
import net from 'node:net'
import { arrangeCase, arrangeTask, isProblem, personOf, snapshotOf, startApi, type Agent, type Api } from './harness'

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
}
interface Operation {
  parameters?: Parameter[]
  requestBody?: { content: object }
  security?: unknown[]
}
interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  operation: Operation
}

let api: Api
let routes: Route[]
let administrator: Agent
let hr: Agent
let stranger: Agent
/** an address of each route that names something there is */
const known: Record<string, string> = {}

beforeAll(async () => {
  api = await startApi()
  const { body } = await api.nobody().get('/openapi.json').expect(200)
  routes = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method as Route['method'], operation })),
  )
  administrator = await api.as('administrator')
  hr = await api.as('hrMinistry')
  stranger = await api.as('hrAkimat')
  const subject = await personOf(api, 'newcomer')
  const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject })
  const taskId = await arrangeTask(api.db, caseId, {
    role: 'hr',
    body: 'ministryFinance',
    state: 'reserved',
    assignee: await personOf(api, 'hrMinistry'),
  })
  Object.assign(known, { cases: caseId, tasks: taskId })
  for (const resource of [
    'regions',
    'bodies',
    'units',
    'positions',
    'people',
    'posts',
    'roles',
    'categories',
    'regimes',
    'terms',
    'rules',
    'holidays',
    'swaps',
  ]) {
    const { body: page } = await administrator.get(`/api/register/${resource}?perPage=1`).expect(200)
    known[`register/${resource}`] = page.data[0].id
  }
})
afterAll(() => api.close())

/** The address with ids of things there are. */
function addressOf({ path }: Route): string {
  const resource = /^\/api\/(register\/[\w-]+|\w+)\//.exec(path)?.[1] ?? ''

  return path
    .replace('{id}', encodeURIComponent(known[resource] ?? randomUUID()))
    .replace('{act}', 'recordAbsence')
    .replace('{process}', 'probation')
    .replace('{set}', 'set')
    .replace('{body}', 'ministryFinance')
    .replace('{locale}', 'kk')
    .replace('{address}', encodeURIComponent(`task:${known['tasks'] ?? ''}:complete`))
}

const STREAM = '/api/events'
const each = async (which: (route: Route) => boolean, ask: (route: Route) => Promise<void>) => {
  const before = await snapshotOf(api)
  for (const route of routes.filter(which)) await ask(route)
  expect(await snapshotOf(api)).toEqual(before)
}
const isApi = ({ path }: Route) => path.startsWith('/api/')
// what is no JSON is the bytes of a file, and has tests of its own
const isWrite = (route: Route) => 'application/json' in (route.operation.requestBody?.content ?? {})

test('the description names every kind of thing', () => {
  expect(routes.length).toBeGreaterThan(60)
})

test('nobody is told anything before signing in', () =>
  each(
    (route) => route.operation.security !== undefined,
    async (route) => {
      const agent = api.nobody()
      const ask = agent[route.method](addressOf(route))
      isProblem(await (isWrite(route) ? ask.send({}) : ask), `${route.method} ${route.path}`, [401])
    },
  ))

test.each([
  ['malformed JSON', '{"a":', [400]],
  ['no object', '[]', [400]],
  ['a number', '7', [400]],
  ['null', 'null', [400]],
  ['nothing', '', [400, 404, 422]],
  ['unknown fields', '{"unheardOf": 1}', [422, 404]],
  ['a poisoned prototype', '{"__proto__": {"admin": true}, "form": {"__proto__": 1}}', [422, 404]],
  ['a NUL', '{"version": 1, "form": {"a": "\\u0000"}, "user": "\\u0000", "remarks": "\\u0000"}', [422, 404]],
  ['half a character', '{"version": 1, "form": {"a": "\\ud800"}, "step": 1}', [422, 404]],
  ['an endless number', '{"version": 1e999, "step": 1e999, "form": {}, "value": 1e999}', [422, 404]],
  ['great depth', `{"form": ${'['.repeat(20_000)}${']'.repeat(20_000)}, "version": 1}`, [400, 422, 404]],
  [
    'wrong types',
    '{"version": "1", "step": true, "form": 5, "user": {}, "person": 1, "name": [], "from": 3}',
    [422, 404],
  ],
  [
    '30 February',
    '{"date": "2026-02-30", "from": "2026-02-30", "birthDate": "2026-02-30", "validFrom": "2026-02-30", "rehearsal": {"set": "x", "origin": "2026-02-30"}, "form": {"actDate": "2026-02-30"}, "version": 1}',
    [422, 404],
  ],
])('a body of %s is refused everywhere', (_what, body, statuses) =>
  each(isWrite, async (route) => {
    const ask = administrator[route.method](addressOf(route))
      .set('Content-Type', 'application/json')
      .set('If-Match', '"1"')
    // the administrator of one body does not see the cases of another: for him they are not there
    isProblem(await ask.send(body), `${route.method} ${route.path} ${body.slice(0, 60)}`, statuses)
  }),
)

test('a body that is no JSON, or too large, or unreadable, is refused everywhere', () =>
  each(isWrite, async (route) => {
    const ask = () => administrator[route.method](addressOf(route))
    isProblem(await ask().set('Content-Type', 'text/plain').send('x=1'), route.path, [415])
    isProblem(await ask().type('form').send('x=1'), route.path, [415])
    isProblem(await ask().send({ form: { text: 'x'.repeat(300_000) } }), route.path, [413])
    isProblem(await ask().set('Content-Type', 'application/json; charset=koi8-r').send('{}'), route.path, [415])
    isProblem(
      await ask().set('Content-Type', 'application/json').set('Content-Encoding', 'compress').send('{}'),
      route.path,
      [415],
    )
  }))

test('other sites are refused everywhere', () =>
  each(
    (route) => isApi(route) && route.method !== 'get',
    async (route) => {
      const ask = () => hr[route.method](addressOf(route))
      isProblem(await ask().set('Sec-Fetch-Site', 'cross-site').send({}), route.path, [403])
      isProblem(await ask().set('Sec-Fetch-Site', 'same-site').send({}), route.path, [403])
      isProblem(await ask().set('Origin', 'https://elsewhere.example').send({}), route.path, [403])
      isProblem(await ask().set('Origin', 'null').send({}), route.path, [403])
    },
  ))

const BAD_IDS = [
  '0',
  'x',
  '%00',
  '..%2f..%2fetc',
  'a'.repeat(5000),
  '%F0%9F%98%80',
  "'%20or%201=1",
  '%ED%A0%80',
  '%',
  'null',
  '__proto__',
  'constructor',
  randomUUID(),
]
test('an id of nothing is not found', () =>
  each(
    (route) => route.path.includes('{'),
    async (route) => {
      for (const bad of BAD_IDS) {
        const address = route.path.replace(/\{\w+\}/g, bad)
        const ask = administrator[route.method](address)
        const body = /verbs/.test(route.path)
          ? {}
          : { version: 1, form: {}, step: 1, person: randomUUID(), question: 'q', remarks: 'r' }
        isProblem(await (isWrite(route) ? ask.send(body) : ask), `${route.method} ${address}`)
      }
    },
  ))

test('what is another body’s is not there', () =>
  each(
    (route) => /^\/api\/(tasks|cases)\/\{id\}/.test(route.path),
    async (route) => {
      const query = route.path.endsWith('/refused') ? `?field=person&id=${randomUUID()}` : ''
      const ask = stranger[route.method](addressOf(route) + query)
      const body = { version: 1 }
      const extra = /complete/.test(route.path)
        ? { form: {} }
        : /return/.test(route.path)
          ? { remarks: 'r' }
          : /recuse/.test(route.path)
            ? { reason: 'r' }
            : /ask$/.test(route.path)
              ? { question: 'q', person: randomUUID() }
              : /assign|delegate/.test(route.path)
                ? { person: randomUUID() }
                : /snooze/.test(route.path)
                  ? { until: '2026-12-31' }
                  : {}
      const sent = /acts/.test(route.path)
        ? { step: 1, form: {} }
        : /comments/.test(route.path)
          ? { text: 'x' }
          : /additions/.test(route.path)
            ? { kind: 'note', form: {} }
            : { ...body, ...extra }
      isProblem(await (isWrite(route) ? ask.send(sent) : ask), `${route.method} ${route.path}`, [404])
    },
  ))

const BAD_QUERIES = [
  'unheardOf=1',
  'page=0',
  'page=-1',
  'page=x',
  'page=1e9',
  'after=x',
  'after=%7C%7C',
  'perPage=0',
  'perPage=101',
  'perPage=1&perPage=2',
  'sort=password',
  'q=%00',
  'q=%ED%A0%80',
  `q=${'x'.repeat(200)}`,
  'id=x',
  'from=2026-02-30',
  'rehearsal=',
  '__proto__=1',
  'page[$gt]=1',
  'q[]=1',
]
test('a query that makes no sense is refused', () =>
  each(
    (route) => route.method === 'get' && isApi(route) && route.path !== STREAM,
    async (route) => {
      for (const query of BAD_QUERIES) {
        const response = await administrator.get(`${addressOf(route)}?${query}`)
        // invalid UTF-8 is read as replacement characters, which are text
        if (query === 'q=%ED%A0%80' && response.status === 200) continue
        // a register whose ids are words has none of that word
        if (query === 'id=x' && response.status === 200 && response.body.data.length === 0) continue
        // a list in the order of ids that are words goes on behind that word
        const behind = (row: { id: string }) => row.id > 'x'
        if (query === 'after=x' && response.status === 200 && response.body.data.every(behind)) continue
        isProblem(response, `${route.path}?${query}`, [400, 403, 404])
      }
    },
  ))

test('a known address with another method says which it takes', () =>
  each(
    () => true,
    async ({ path }) => {
      const taken = routes.filter((route) => route.path === path).map((route) => route.method)
      for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
        if (taken.includes(method)) continue
        const address = addressOf({ path, method, operation: {} })
        const response = await administrator[method](address)
        // `counts` is an address of its own, and also would be an id of a task
        if (response.status === 404 && routes.some((route) => route.method === method && route.path.includes('{')))
          continue
        isProblem(response, `${method} ${path}`, [405])
        expect(response.headers['allow']).toBeTruthy()
      }
    },
  ))

test.each([
  '/api',
  '/api/',
  '/api/unheardOf',
  '/api/tasks/x/y/z',
  '/api/../api/x',
  '/api/register/passwords',
  '/docs/x',
  '/ready/x',
  '/openapi.json/x',
])('%s is not there', async (address) => {
  isProblem(await administrator.get(address), address, [404])
})

test('strange headers do no harm', async () => {
  const task = `/api/tasks/${known['tasks']}/complete`
  const body = { version: 1, form: {} }
  isProblem(await hr.post(task).set('Idempotency-Key', 'x'.repeat(201)).send(body), 'long key', [400])
  isProblem(await hr.post(task).set('Idempotency-Key', 'é').send(body), 'strange key', [400])
  isProblem(await api.nobody().get('/api/me').set('Cookie', 'mansap=s%3Ax.y; mansap=%00'), 'cookie', [401])
  const term = `/api/register/terms/${encodeURIComponent(known['register/terms'] ?? '')}`
  isProblem(await administrator.patch(term).send({ value: 3 }), 'no version', [428])
  isProblem(await administrator.patch(term).set('If-Match', '"99"').send({ value: 3 }), 'stale', [412])
  isProblem(await administrator.patch(term).set('If-Match', '*').send({ value: 3 }), 'star', [412])
  isProblem(await hr.patch(term).set('If-Match', '"1"').send({ value: 3 }), 'no administrator', [403])
})

test('what is no HTTP at all is answered and forgotten', async () => {
  const { port } = api.server.address() as net.AddressInfo
  for (const text of [
    'GET / HTTP/9\r\n\r\n',
    'nonsense\r\n\r\n',
    `GET /api/me HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
    'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
  ]) {
    const answer = await new Promise<string>((resolve) => {
      let told = ''
      const socket = net.connect(port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => (told += chunk.toString()))
      socket.on('close', () => resolve(told))
      socket.on('error', () => resolve(told))
    })
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d/)
  }
})
