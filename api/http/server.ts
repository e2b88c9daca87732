/** The HTTP server of the API: the times that hold for its connections, and an answer to what is no request that a route could read. */
import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem, type ProblemCode } from './problems'

/**
 * Longer than a reverse proxy keeps a connection that nobody uses (60 s is common): whoever reuses one that this side is just closing
 * gets an error for a request that never arrived.
 */
const KEEP_ALIVE_MS = 75_000
/** A client that stops in the middle of its request frees its connection. */
const REQUEST_MS = 60_000
/** Two hundred megabytes over a connection of a megabit a second. */
const UPLOAD_MS = 30 * 60_000
/** Where the body of a request is the bytes of a file. */
const UPLOADS = /^\/api\/files(\?|$)/

/** What Node's parser stumbled over, as a problem; all else is malformed. */
const BROKEN: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'addressTooLong',
  ERR_HTTP_REQUEST_TIMEOUT: 'timedOut',
}

/** `requestMs`: for a request to arrive whole; `uploadMs`: for one whose body is a file. */
export function httpServer(
  app: RequestListener,
  { requestMs = REQUEST_MS, uploadMs = UPLOAD_MS }: { readonly requestMs?: number; readonly uploadMs?: number } = {},
): Server {
  // the application refuses a request that names no host, with a problem
  const server = createServer({ requireHostHeader: false }, app)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.requestTimeout = uploadMs
  /** connections on which an answer is under way: another would fall into the middle of it */
  const answering = new WeakSet<Duplex>()
  server.prependListener('request', (request, response) => {
    const { socket } = request
    answering.add(socket)
    response.once('close', () => answering.delete(socket))
    if (UPLOADS.test(request.url ?? '')) return
    // one that has arrived may be answered for as long as it takes: a stream of changes never ends
    const timer = setTimeout(() => request.complete || socket.destroy(), requestMs).unref()
    response.once('close', () => clearTimeout(timer))
  })
  const refuse = (socket: Duplex, code: ProblemCode): void => {
    if (!socket.writable || answering.has(socket)) socket.destroy()
    else socket.end(answerOf(code), () => socket.destroy())
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuse(socket, BROKEN[error.code ?? ''] ?? 'malformed')
  })
  // nothing here is a way to elsewhere
  server.on('connect', (_request, socket) => refuse(socket, 'methodNotAllowed'))
  server.on('checkExpectation', ({ socket }) => refuse(socket, 'malformed'))

  return server
}

/** A problem as the bytes of an answer: there is no response to write to. */
function answerOf(code: ProblemCode): string {
  const { body } = Problem.for(code)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ]

  return `${head.join('\r\n')}\r\n\r\n${text}`
}
