/** The whole request pipeline on one screen. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { pinoHttp } from 'pino-http'
import { actorOf } from '../prisma/store/accounts'
import { refuseOtherSites } from './auth/csrf'
import { identify } from './auth/session'
import { Problem, errorHandler } from './http/problems'
import { Routes, type AnswerCheck } from './http/route'
import { additionRoutes } from './routes/additions'
import { calendarRoutes } from './routes/calendar'
import { caseRoutes } from './routes/cases'
import { checkRoutes } from './routes/check'
import { commentRoutes } from './routes/comments'
import { dayRoutes } from './routes/day'
import { documentRoutes } from './routes/documents'
import { draftRoutes } from './routes/drafts'
import { fileRoutes } from './routes/files'
import { letterRoutes } from './routes/letters'
import { noticeRoutes } from './routes/notices'
import { operationRoutes } from './routes/operations'
import { ownRegisterRoutes } from './routes/own-registers'
import { processRoutes } from './routes/processes'
import { registerRoutes } from './routes/register'
import { sessionRoutes } from './routes/session'
import { taskRoutes } from './routes/tasks'
import { taskVerbRoutes } from './routes/verbs'
import { viewerOf } from '../workflows/kernel/law/sight'
import { today } from './service/today'
import type { Service } from './service/service'

export interface Edge {
  readonly sessions: readonly RequestHandler[]
  /** folder of the built console */
  readonly consoleDir: string
  /** tests: answers are checked against their schemas, and by this */
  readonly check?: AnswerCheck
}

const BODY_LIMIT = '256kb'

/** The application, ready to be listened on. It constructs nothing that reaches the world. */
export function createApp(service: Service, edge: Edge): Express {
  const { log, metrics, draining } = service
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  // answers of the API are not kept by anybody; files have tags of their own
  app.set('etag', false)

  app.use(metrics.requests)
  app.use((_request, response, next) => {
    // a client that kept its connection would come back on it when nobody listens any more
    if (draining.aborted) response.set('Connection', 'close')
    next()
  })
  app.use((request, _response, next) => {
    if (request.headers.host === undefined && request.httpVersion !== '1.0') throw Problem.for('malformed')
    next()
  })
  app.use(
    pinoHttp({ logger: log, genReqId: () => randomUUID(), autoLogging: { ignore: isProbe }, serializers: SERIALIZERS }),
  )
  app.use(security)
  app.use('/api', noStore)
  app.use('/api', refuseOtherSites)
  app.use('/api', express.json({ limit: BODY_LIMIT, strict: false }))
  app.use('/api', ...edge.sessions)

  addRoutes(app, service, edge).close()

  consoleFiles(app, edge.consoleDir)
  app.use(errorHandler(log))

  return app
}

/** Every route of the API. */
export function addRoutes(app: Express, service: Service, { check }: Pick<Edge, 'check'>): Routes {
  const { db, now } = service
  const routes = new Routes(app, {
    identify,
    actorOf: async (person) => {
      const on = today(now())
      const actor = await actorOf(db, person, on)

      return actor && { actor, viewer: viewerOf(actor, service.processes.tables), today: on }
    },
    accessLog: service.accessLog,
    check: check ?? null,
  })
  sessionRoutes(routes, service)
  processRoutes(routes, service)
  caseRoutes(routes, service)
  taskRoutes(routes, service)
  taskVerbRoutes(routes, service)
  dayRoutes(routes, service)
  draftRoutes(routes, service)
  fileRoutes(routes, service)
  commentRoutes(routes, service)
  additionRoutes(routes, service)
  documentRoutes(routes, service)
  checkRoutes(routes, service)
  noticeRoutes(routes, service)
  letterRoutes(routes, service)
  registerRoutes(routes, service)
  ownRegisterRoutes(routes, service)
  calendarRoutes(routes, service)
  operationRoutes(routes, service)

  return routes
}

const isProbe = (request: { url?: string | undefined }): boolean => /^\/(live|ready|assets)/.test(request.url ?? '')

/** Nothing of a person enters the log: no cookies, no query strings, no bodies. */
const SERIALIZERS = {
  req: (request: { id: unknown; method: unknown; url: string }) => ({
    id: request.id,
    method: request.method,
    path: request.url.split('?')[0],
  }),
  res: (response: { statusCode: unknown }) => ({ status: response.statusCode }),
}

/** MUI writes its styles into the page as it runs, hence inline styles; scripts come from here only. */
const security = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'self'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
    },
  },
  // whether to insist on TLS is for whoever terminates it
  strictTransportSecurity: false,
  crossOriginEmbedderPolicy: false,
  xFrameOptions: { action: 'sameorigin' },
})

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}

const NOT_CONSOLE = /^\/(api|docs|live|ready|metrics|openapi\.json)(\/|$)/

/** A file that is not there; ids of register rows have dots too (`/rules/probation.applies:R1`). */
const FILE = /\.(?:js|css|map|json|html|txt|ico|png|svg|webmanifest|woff2?)$/

/** The console's files; every other address that a browser opens is a page of it. */
function consoleFiles(app: Express, folder: string): void {
  app.use(express.static(folder, { index: 'index.html', setHeaders: cacheForever }))
  app.use((request, response) => {
    const page = path.join(folder, 'index.html')
    if (NOT_CONSOLE.test(request.path)) throw Problem.for('notFound')
    if (request.method !== 'GET' && request.method !== 'HEAD') throw Problem.for('methodNotAllowed')
    if (FILE.test(request.path) || !existsSync(page)) throw Problem.for('notFound')
    response.set('Cache-Control', 'no-cache').sendFile(page)
  })
}

/** Vite names these files by their content. */
function cacheForever(response: { setHeader: (name: string, value: string) => unknown }, file: string): void {
  const named = file.includes(`${path.sep}assets${path.sep}`)
  response.setHeader('Cache-Control', named ? 'public, max-age=31536000, immutable' : 'no-cache')
}
