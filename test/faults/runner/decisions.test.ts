import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Book, Caller } from './decisions'

type Answer = readonly [status: number, code: string]

let server: Server
const answers: Answer[] = []

beforeAll(async () => {
  server = createServer((_request, response) => {
    const [status, code] = answers.shift() ?? [500, 'internal']
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

async function told(...given: Answer[]): Promise<string> {
  answers.splice(0, answers.length, ...given)
  const { port } = server.address() as AddressInfo
  const caller = new Caller('a', 'a', [`http://127.0.0.1:${port}`], new Book(), () => true)

  return (await caller.decide({ kind: 'act', path: '/', body: {} })).told
}

test('whoever gives up after being told that nothing was stored was told so', async () => {
  await expect(told([503, 'unavailable'])).resolves.toBe('notStored')
})

test.each(['handledNotLogged', 'notLogged'])('%s says that what was sent is kept: it is not given up', async (code) => {
  await expect(told([503, code], [200, ''])).resolves.toBe('confirmed')
  await expect(told([503, code], [503, 'unavailable'])).resolves.toBe('unknown')
})
