import { request as ask, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { httpServer } from './server'

const REQUEST_MS = 150
let server: Server
beforeAll(async () => {
  // answers a request with a body once that has arrived, and any other bit by bit for longer than a request may take
  const app = httpServer(
    (request, response) => {
      if (request.method === 'POST') request.resume().on('end', () => response.end('whole'))
      else {
        response.write('first')
        setTimeout(() => response.end(' last'), 3 * REQUEST_MS)
      }
    },
    { requestMs: REQUEST_MS },
  )
  server = app
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** Sends the first half of a body, and the rest much later; answers what came back, or that the connection was cut. */
const slowly = (method: string, path: string): Promise<string> =>
  new Promise((resolve) => {
    const { port } = server.address() as AddressInfo
    const sent = ask({ port, host: '127.0.0.1', method, path, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(text))
      response.on('error', () => resolve('cut'))
    })
    sent.on('error', () => resolve('cut'))
    if (method !== 'POST') sent.end()
    else {
      sent.write('half')
      void sleep(3 * REQUEST_MS).then(() => sent.end('half'))
    }
  })

test('a request that stops in the middle frees its connection', async () => {
  expect(await slowly('POST', '/api/session')).toBe('cut')
  expect(await slowly('POST', '/api/filesystem')).toBe('cut')
})

test('the bytes of a file may take longer than any other body', async () => {
  expect(await slowly('POST', '/api/files?name=a.pdf')).toBe('whole')
})

test('a request that has arrived may be answered for as long as it takes', async () => {
  expect(await slowly('GET', '/api/events')).toBe('first last')
})
