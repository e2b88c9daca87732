/** The HTTP server of the API, with the times that hold for its connections. */
import { createServer, type RequestListener, type Server } from 'node:http'

/**
 * Longer than a reverse proxy keeps a connection that nobody uses (60 s is common): whoever reuses one that this side is just closing
 * gets an error for a request that never arrived.
 */
const KEEP_ALIVE_MS = 75_000
/** A client that stops in the middle of its request frees its connection. */
const REQUEST_MS = 60_000

export function httpServer(app: RequestListener): Server {
  const server = createServer(app)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.requestTimeout = REQUEST_MS

  return server
}
