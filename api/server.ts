/** The API process: constructs everything, listens, and drains when it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { createDb } from '../prisma/store/db'
import { fileStoreOf, whyNotKeptThere } from '../prisma/store/file-store-s3'
import { processStores } from '../prisma/store/process-stores'
import { processes as registered } from '../workflows/registry'
import { createApp } from './app'
import { createSessions } from './auth/session'
import { ConfigError, readConfig, requireSignIn, type Config } from './config'
import { serveFigures } from './operations/figures'
import { httpServer } from './http/server'
import { startAccessLogMonths } from './operations/access-log-months'
import { startAuditRoots } from './operations/audit-root'
import { startDispatcher } from './operations/dispatcher'
import { startLetters } from './operations/letters'
import { startFileRounds } from './operations/unused-files'
import type { Rounds } from './operations/rounds'
import { startOfficeSweep } from './operations/office-sweep'
import { startHeldCases } from './operations/held-cases'
import { startStuckCases } from './operations/stuck-cases'
import { startUnheardFailures } from './operations/unheard-failures'
import { audienceOf } from './service/audience'
import { listen } from './service/live'
import { connectMail } from './service/mail'
import { createMetrics } from './service/metrics'
import { PayloadKeys } from './service/payload-keys'
import type { Service } from './service/service'
import { connectEngine } from './service/temporal'
import { accessLogOf } from './http/access-log'
import { readWords } from '../workflows/words'

/** Longer than a request waits for Temporal. */
const FINISH_MS = 10_000
/** How long after a database that was away is asked again. */
const ASK_AGAIN_MS = 1000

function settings(): Config {
  try {
    const config = readConfig()
    requireSignIn(config)

    return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

/** Serves these processes until the process is told to stop. */
export function serveApi(
  processes: Service['processes'],
  words: Service['words'] = readWords(),
  stores: Service['stores'] = processStores,
): void {
  const config = settings()
  const log = pino({ level: config.logLevel, base: { process: 'api', version: config.version } })
  const db = createDb(config.databaseUrl)
  const live = listen(config.databaseUrl, log, audienceOf({ db, processes, now: Date.now }))
  const keys = new PayloadKeys(config.payloadKeys)
  const engine = connectEngine({ ...config.temporal, keys })
  const sessions = createSessions(db, config.sessionSecrets, log)
  const mail = config.mail && connectMail(config.mail)
  const draining = new AbortController()
  const service: Service = {
    db,
    accessLog: accessLogOf(db),
    engine,
    keys,
    live,
    mail,
    log,
    processes,
    metrics: createMetrics(db),
    words,
    stores,
    files: fileStoreOf(db, config.filesInS3),
    // an installation that has one constructs it here
    scanner: null,
    uploads: config.uploads,
    demo: config.demo,
    publicUrl: config.publicUrl,
    version: config.version,
    draining: draining.signal,
    now: Date.now,
    answerWithinMs: 8000,
  }
  const dispatcher = startDispatcher(service)
  const officeSweep = startOfficeSweep(service)
  const auditRoots = startAuditRoots(service)
  const stuckCases = startStuckCases(service)
  const heldCases = startHeldCases(service)
  const unheardFailures = startUnheardFailures(service)
  const accessLogMonths = startAccessLogMonths(service)
  const letters = startLetters(service)
  let fileRounds: Rounds | null = null
  const server = httpServer(createApp(service, { sessions: sessions.handlers, consoleDir: config.consoleDir }))
  const figures = config.metricsAddress === undefined ? null : serveFigures(config.metricsAddress, service.metrics)
  const cannotListen = (where: string) => (error: Error) => {
    process.stderr.write(`The API cannot listen on ${where}: ${error.message}\n`)
    process.exit(1)
  }
  figures?.on('error', cannotListen(String(config.metricsAddress)))
  server.on('error', cannotListen(`${config.host}:${config.port}`))
  const listening = () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : config.port
    log.info({ port }, 'listening')
    process.send?.({ listening: port })
  }
  /** Ends the process when files are kept elsewhere; false: the database did not say. */
  const filesAreThere = async (): Promise<boolean> => {
    try {
      const sentence = await whyNotKeptThere(db, config.filesInS3)
      if (sentence === null) return true
      process.stderr.write(`${sentence}\n`)
      process.exit(1)
    } catch (error) {
      log.warn({ err: error }, 'the database did not say where files are kept')

      return false
    }
  }
  const start = async () => {
    let known = await filesAreThere()
    // a database that is away keeps nobody from hearing so
    server.listen(config.port, config.host, listening)
    for (; !known && !draining.signal.aborted; known = await filesAreThere()) await sleep(ASK_AGAIN_MS)
    if (!draining.signal.aborted) fileRounds = startFileRounds(service)
  }
  void start()

  const stop = async () => {
    if (draining.signal.aborted) return
    // from now on /ready says no and every answer ends its connection; whoever shares out requests has this long to notice
    draining.abort()
    await sleep(config.drainMs)
    // what is under way may finish; what is stored will be sent by whoever starts next
    setTimeout(() => process.exit(0), FINISH_MS).unref()
    const closed = new Promise((resolve) => server.close(resolve))
    await live.close()
    server.closeIdleConnections()
    figures?.close()
    figures?.closeAllConnections()
    await Promise.all([
      closed,
      dispatcher.stop(),
      officeSweep.stop(),
      auditRoots.stop(),
      stuckCases.stop(),
      heldCases.stop(),
      unheardFailures.stop(),
      accessLogMonths.stop(),
      letters.stop(),
      fileRounds?.stop(),
    ])
    sessions.close()
    mail?.close()
    await Promise.allSettled([engine.close(), db.$disconnect()])
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

if (require.main === module) serveApi(registered)
