/**
 * The floor behind a door: the same tasks, asked over HTTP by people with sessions. It has what any service of this kind cannot do
 * without (Express, JSON, a session in Postgres looked up for each request) and nothing more: no rights, no forms, no law.
 */
import { Client, Connection } from '@temporalio/client'
import connectPgSimple from 'connect-pg-simple'
import express from 'express'
import session from 'express-session'
import { Pool } from 'pg'
import type { Listed, Order, Worker } from '../system'
import { floorWorker } from './system'

const A_DAY_MS = 86_400_000

/** The name that a session holds. */
type Named = Partial<Record<'name', string>>
const nameOf = (request: express.Request): string | undefined => (request.session as Named).name

async function main(): Promise<void> {
  const {
    FLOOR_TEMPORAL: address = '',
    FLOOR_NAMESPACE: namespace = 'default',
    FLOOR_DATABASE: database = '',
    FLOOR_PORT: port = '',
  } = process.env
  const sql = new Pool({ connectionString: database, max: 10 })
  const connection = await Connection.connect({ address })
  const temporal = new Client({ connection, namespace })
  const app = express()
  app.use(express.json())
  app.use(
    session({
      store: new (connectPgSimple(session))({ pool: sql, createTableIfMissing: true, disableTouch: true }),
      secret: 'of a benchmark',
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', maxAge: A_DAY_MS },
    }),
  )
  app.post('/session', (request, response) => {
    Object.assign(request.session, { name: (request.body as { name: string }).name } satisfies Named)
    response.json({})
  })
  const asked = (request: express.Request): Worker => floorWorker(nameOf(request) ?? '', sql, temporal)
  app.use((request, response, next) => void (nameOf(request) === undefined ? response.sendStatus(401) : next()))
  app.get('/tasks', async (request, response) => {
    const { order } = request.query as { order: Order }
    response.json(await asked(request).list(order))
  })
  app.get('/tasks/after/:place', async (request, response) => {
    response.json(await asked(request).read(request.params.place))
  })
  app.post('/cases', async (request, response) => {
    const { rounds } = request.body as { rounds: number }
    response.json(await asked(request).start(rounds))
  })
  app.post('/tasks/:id/claim', async (request, response) => {
    response.json(await asked(request).claim(request.body as Listed))
  })
  app.post('/tasks/:id/complete', async (request, response) => {
    await asked(request).complete(request.body as Listed)
    response.json({})
  })
  // as the product: a client that waits longer than Node's five seconds must not lose its request
  app.listen(Number(port), '127.0.0.1').keepAliveTimeout = 75_000
  process.on('SIGTERM', () => process.exit(0))
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
