/** The API process: constructs everything, listens, and drains when it is told to stop. */
import { createServer } from 'node:http'
import pino from 'pino'
import { createDb } from '../prisma/store/db'
import { processes as registered } from '../workflows/registry'
import { createApp } from './app'
import { createSessions } from './auth/session'
import { ConfigError, readConfig, requireIdentityProvider, type Config } from './config'
import { startDispatcher } from './dispatch'
import { listen } from './live'
import { createMetrics } from './metrics'
import type { Service } from './service'
import { connectEngine } from './temporal'
import { readWords } from './words'

const DRAIN_MS = 10_000

function settings(): Config {
  try {
    const config = readConfig()
    requireIdentityProvider(config)

    return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

/** Serves these processes until the process is told to stop. */
export function serveApi(processes: Service['processes'], words: Service['words'] = readWords()): void {
  const config = settings()
  const log = pino({ level: config.logLevel, base: { process: 'api', version: config.version } })
  const db = createDb(config.databaseUrl)
  const live = listen(config.databaseUrl, log)
  const engine = connectEngine(config.temporal)
  const sessions = createSessions(config.databaseUrl, config.sessionSecret, log)
  const service: Service = {
    db,
    engine,
    live,
    log,
    processes,
    metrics: createMetrics(db),
    words,
    demo: config.demo,
    version: config.version,
    now: Date.now,
    answerWithinMs: 8000,
  }
  const dispatcher = startDispatcher(service)
  const server = createServer(createApp(service, { sessions: sessions.handlers, consoleDir: config.consoleDir }))
  // a client that stops in the middle of its request frees its connection
  server.requestTimeout = 60_000
  server.on('error', (error) => {
    process.stderr.write(`The API cannot listen on ${config.host}:${config.port}: ${error.message}\n`)
    process.exit(1)
  })
  server.listen(config.port, config.host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : config.port
    log.info({ port }, 'listening')
    process.send?.({ listening: port })
  })

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    // what is under way may finish; what is stored will be sent by whoever starts next
    setTimeout(() => process.exit(0), DRAIN_MS).unref()
    const closed = new Promise((resolve) => server.close(resolve))
    await live.close()
    server.closeIdleConnections()
    await Promise.all([closed, dispatcher.stop()])
    await Promise.allSettled([engine.close(), sessions.close(), db.$disconnect()])
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

if (require.main === module) serveApi(registered)
