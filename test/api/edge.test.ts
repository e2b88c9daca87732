/** What anybody may send from outside is bounded, costs little, and is answered: long questions, many streams, far dates, no HTTP. */
import http from 'node:http'
import net from 'node:net'
import { eventually } from '../support/eventually'
import { allLeaves, given, takes } from './fields-of-routes'
import { isProblem, personOf, startApi, type Agent, type Api } from './harness'

let api: Api
let hr: Agent
beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

describe('without signing in', () => {
  const days = (from: string, to: string) => api.nobody().get(`/api/calendar/days?from=${from}&to=${to}`)

  test('a question about the calendar is about a year at most, and its answer is short', async () => {
    const { text } = await days('2026-01-01', '2027-02-04').expect(200)
    expect(text.length).toBeLessThan(40_000)
    for (const to of ['2027-02-06', '2041-01-01']) {
      const answer = await days('2026-01-01', to)
      isProblem(answer, to, [400])
      expect(answer.body.errors).toEqual({ to: 'tooLong' })
    }
  })

  test('a term of the calendar leads fifteen years away at most', async () => {
    const due = (value: number, unit: string) =>
      api.nobody().get(`/api/calendar/due?from=2026-01-12&value=${value}&unit=${unit}`)
    for (const [value, unit] of [
      [1000, 'years'],
      [-1000, 'years'],
      [16, 'years'],
      [1000, 'months'],
    ] as const)
      isProblem(await due(value, unit), `${value} ${unit}`, [400])
    expect((await due(1000, 'workingDays').expect(200)).body.date).toMatch(/^20/)
  })

  test('figures are worked out once for all who ask within some seconds', async () => {
    const ask = () => api.service.metrics.text()
    const first = await ask()
    const others = await Promise.all(Array.from({ length: 16 }, ask))
    expect(others.every((text) => text === first)).toBe(true)
  })
})

describe('streams', () => {
  test('a session has a few, one more is refused, and one that ends makes room', async () => {
    const cookieOf = async () => {
      const signedIn = await api.nobody().post('/api/session').send({ user: 'hrMinistry' }).expect(200)

      return String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
    }
    const open = (cookie: string) =>
      new Promise<{ status: number; type: string; end: () => void }>((resolve, reject) => {
        const request = http.get(`${api.url}/api/events`, { headers: { cookie }, agent: false }, (response) => {
          resolve({
            status: response.statusCode ?? 0,
            type: String(response.headers['content-type']),
            end: () => request.destroy(),
          })
        })
        request.on('error', reject)
      })
    const [mine, another] = await Promise.all([cookieOf(), cookieOf()])
    const streams = await Promise.all(Array.from({ length: 20 }, () => open(mine)))
    const [held, refused] = [200, 429].map((code) => streams.filter(({ status }) => status === code))
    expect([held?.length, refused?.length]).toEqual([8, 12])
    expect(refused?.[0]?.type).toContain('application/problem+json')
    const other = await open(another)
    expect(other.status).toBe(200)

    held?.[0]?.end()
    const next = await eventually('room for one more', async () => {
      const stream = await open(mine)

      return stream.status === 200 ? stream : null
    })
    for (const { end } of [...streams, other, next]) end()
  })
})

describe('dates that no calendar reaches', () => {
  test('are refused in every field of every route and form that takes a date', () => {
    const dates = allLeaves(api.service).filter((leaf) => takes(leaf, '2026-11-27') && !takes(leaf, 'ministryFinance'))
    expect(dates.length).toBeGreaterThan(40)
    for (const leaf of dates)
      for (const far of ['0001-01-01', '0020-05-01', '1899-12-31', '2200-01-01', '7522-01-01', '9999-12-31'])
        expect([leaf.at, far, given(leaf, far)]).toEqual([leaf.at, far, 'refused'])
  })

  test('a rehearsal does not begin on one', async () => {
    const person = await personOf(api, 'newcomer')
    const { positionId } = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
    const form = { person, position: positionId, appointedOn: '2026-11-02', actNumber: '1', actDate: '2026-11-02' }
    for (const origin of [
      '0001-01-01',
      '0099-12-31',
      '1900-01-01',
      '1920-05-01',
      '2014-12-31',
      '2200-01-01',
      '9999-12-31',
    ]) {
      const rehearsal = { set: `far ${origin}`, origin }
      const answer = await hr.post('/api/processes/probation/cases').send({ form, rehearsal })
      isProblem(answer, origin, [422])
      expect(answer.body.errors).toEqual({ 'rehearsal.origin': 'outsideCalendar' })
    }
    expect(await api.db.rehearsalSet.count()).toBe(0)
  })

  test.each(['0001-01-01', '0020-01-01', '1899-12-31', '2200-01-01', '7522-06-01', '9999-12-31'])(
    'no calendar is told of %s',
    async (day) => {
      isProblem(await hr.get(`/api/calendar/days?from=${day}&to=${day}`), day, [400])
      isProblem(await hr.get(`/api/calendar/due?from=${day}&value=1&unit=months`), day, [400])
    },
  )
})

describe('what is no request is answered with a problem', () => {
  const told = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const { port } = api.server.address() as net.AddressInfo
      let answer = ''
      const socket = net.connect(port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (chunk) => (answer += chunk.toString()))
      socket.on('close', () => resolve(answer))
      socket.on('error', () => resolve(answer))
    })
  const isAnswer = (answer: string, status: number, code: string) => {
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toContain(`HTTP/1.1 ${status} `)
    expect(head).toContain('application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ status, code })
  }

  test.each([
    [
      'an address beyond the limit',
      `GET /api/me?q=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'addressTooLong',
    ],
    [
      'headers beyond the limit',
      `GET /api/me HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
      431,
      'addressTooLong',
    ],
    ['another version', 'GET / HTTP/9\r\n\r\n', 400, 'malformed'],
    ['nonsense', 'nonsense\r\n\r\n', 400, 'malformed'],
    ['a length that is none', 'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400, 'malformed'],
    ['an unheard-of method', 'BREW /api/me HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed'],
    ['no host', 'GET /api/me HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed'],
    ['a way to elsewhere', 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'methodNotAllowed'],
    [
      'an expectation',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 2\r\n\r\n{}',
      400,
      'malformed',
    ],
  ])('%s', async (_what, text, status, code) => isAnswer(await told(text), status, code))

  test.each([
    '/%',
    '/%E0%A4%A',
    '/assets/%',
    '/assets/%00',
    '/docs/files/%E0',
    '/api/%',
    '/api/tasks/%E0%A4%A',
    '/api/register/terms/%C0%AF',
    '/api/calendar/days?from=%E0%A4%A',
    '/api/cases?q=%',
  ])('a percent sign that encodes nothing: %s', async (address) => {
    const answer = await told(`GET ${address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer).not.toMatch(/^HTTP\/1.1 5/)
    // a page of the console may have any address; all else is a problem
    if (!answer.startsWith('HTTP/1.1 200')) expect(answer).toContain('application/problem+json')
    else expect(address.startsWith('/api')).toBe(false)
  })

  test('nothing falls into the middle of an answer that is under way', async () => {
    const { port } = api.server.address() as net.AddressInfo
    const signedIn = await api.nobody().post('/api/session').send({ user: 'hrMinistry' }).expect(200)
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
    const answer = await new Promise<string>((resolve) => {
      let heard = ''
      const socket = net.connect(port, '127.0.0.1', () =>
        socket.write(`GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`),
      )
      socket.on('data', (chunk) => {
        const before = heard
        heard += chunk.toString()
        if (!before.includes('retry:') && heard.includes('retry:')) socket.write('nonsense\r\n\r\n')
      })
      socket.on('close', () => resolve(heard))
      socket.on('error', () => undefined)
    })
    expect(answer).toContain('retry: 3000')
    expect(answer).not.toContain('problem+json')
  })
})
