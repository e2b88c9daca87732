/**
 * `npm run bench:looks`: what the access log costs. The same API on the same database with the log and without it, in alternating
 * blocks of one run, so that whatever disturbs the machine disturbs both: a page of the inbox, the page of a task, and a claim, asked over
 * HTTP by one person and by many at once. PostgreSQL writes to disk as in production. Writes `bench/results/looks-*`; ends with 1 when a
 * share is above the goal.
 */
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import pino from 'pino'
import { createApp } from '../api/app'
import { createSessions } from '../api/auth/session'
import { accessLogOf, type AccessLog } from '../api/http/access-log'
import { httpServer } from '../api/http/server'
import { createMetrics } from '../api/service/metrics'
import { PayloadKeys } from '../api/service/payload-keys'
import type { Service } from '../api/service/service'
import { createDb, type Db } from '../prisma/store/db'
import { fileStoreInPostgres } from '../prisma/store/file-store'
import { processStores } from '../prisma/store/process-stores'
import { processes } from '../workflows/registry'
import { readWords } from '../workflows/words'
import { HttpSession } from './http'
import { withPostgres } from './own-postgres'
import { originNow, writeResult } from './result-file'
import { median, quantile } from './statistics'

const GOAL = 1.05
const BODY = 'ministryFinance'
const CASES = 4000
const ROUNDS = Number(process.env['ROUNDS'] ?? 12)
const IN_A_BLOCK = 160
const say = (line: string): void => console.log(line)

const NO_LOG: AccessLog = { add: () => Promise.resolve() }
const away = () => Promise.reject(new Error('there is no engine here'))

/** Cases of one body, each with a task that waits for its HR. */
const fill = async (db: Db): Promise<void> => {
  await db.sql.run`
    insert into cases (id, number, process, version, "regimeId", "bodyKey", "subjectId", "agencyKey", stage, status, clock, "startedById",
      "startedOn", "openedAt", facts)
    select gen_random_uuid(), '2026-' || lpad(n::text, 6, '0'), 'probation', 3, 'R4', ${BODY}, p.id, 'civilServiceAgency', 'mentoring',
      'open', jsonb_build_object('zone', 'Asia/Almaty', 'profile', 'five-day', 'speed', 1,
        'base', jsonb_build_object('case', now(), 'real', now())), p.id, current_date, now() - n * interval '1 minute',
      '{"startsOn": "2026-10-01", "absences": []}'
    from generate_series(1, ${CASES}::int) n cross join lateral (select id from people order by id limit 1 offset n % 50) p`
  await db.sql.run`
    insert into tasks (id, "caseId", process, kind, state, "formVersion", role, "bodyKey", excluded, "openedAt", "openedOn", "dueOn", "dueAt",
      "openedStep")
    select gen_random_uuid(), id, 'probation', 'appointMentor', 'ready', 1, 'hr', ${BODY}, '{}', "openedAt", current_date, current_date + 3,
      now() + interval '3 days', 1 from cases`
  await db.$executeRawUnsafe('vacuum analyze')
}

/** An API on a port of its own; answers with sessions of one person signed in so many times. */
async function serve(service: Service, people: number): Promise<{ sessions: HttpSession[]; stop: () => void }> {
  const signing = createSessions(service.db, ['a secret of the benchmark'], service.log)
  const server = httpServer(createApp(service, { sessions: signing.handlers, consoleDir: __dirname }))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const sessions = Array.from({ length: people }, () => new HttpSession(url))
  for (const session of sessions) await session.post('/api/session', { user: 'hrMinistry' })

  return {
    sessions,
    stop: () => {
      server.closeAllConnections()
      server.close()
      signing.close()
    },
  }
}

type Work = (session: HttpSession, task: string) => Promise<unknown>
const WORK: Readonly<Record<string, Work>> = {
  list: (session) => session.get('/api/tasks?queue=unit'),
  page: (session, task) => session.get(`/api/tasks/${task}`),
  claim: (session, task) => session.post(`/api/tasks/${task}/claim`, { version: 1 }),
}

/** Milliseconds of each request of a block, done by all sessions together. */
async function block(sessions: readonly HttpSession[], work: Work, tasks: string[]): Promise<number[]> {
  const took: number[] = []
  let left = IN_A_BLOCK
  await Promise.all(
    sessions.map(async (session) => {
      while (left-- > 0) {
        const task = tasks.pop() ?? ''
        const asked = performance.now()
        await work(session, task)
        took.push(performance.now() - asked)
      }
    }),
  )

  return took
}

interface Figure {
  readonly what: string
  readonly people: number
  /** median of the rounds: the median with the log, and its share of that without */
  readonly withLog: number
  readonly share: number
  readonly low: number
  readonly high: number
}

async function measure(db: Db, service: Service, people: number): Promise<Figure[]> {
  const [withLog, without] = await Promise.all([
    serve({ ...service, accessLog: accessLogOf(db) }, people),
    serve({ ...service, accessLog: NO_LOG }, people),
  ])
  const figures: Figure[] = []
  for (const [what, work] of Object.entries(WORK)) {
    const rounds: { log: number; none: number }[] = []
    // the first round only makes plans
    for (let round = 0; round <= ROUNDS; round++) {
      const rows = await db.sql.rows<{ id: string }>`
        select id from tasks where state = 'ready' order by random() limit ${2 * (IN_A_BLOCK + people)}`
      const tasks = rows.map(({ id }) => id)
      const halves = { log: NaN, none: NaN }
      const order = round % 2 === 0 ? (['log', 'none'] as const) : (['none', 'log'] as const)
      for (const half of order)
        halves[half] = quantile(await block((half === 'log' ? withLog : without).sessions, work, tasks), 0.5)
      await db.sql.run`update tasks set state = 'ready', "assigneeId" = null, version = 1 where state = 'reserved'`
      if (round > 0) rounds.push(halves)
    }
    const shares = rounds.map(({ log, none }) => log / none)
    const rounded = (value: number) => Math.round(value * 1000) / 1000
    const figure: Figure = {
      ...{ what, people, withLog: rounded(median(rounds.map(({ log }) => log))), share: rounded(median(shares)) },
      ...{ low: rounded(quantile(shares, 0.25)), high: rounded(quantile(shares, 0.75)) },
    }
    figures.push(figure)
    say(
      `${what}, ${String(people)} at once: ${String(figure.withLog)} ms, ${String(figure.share)} of that without the log`,
    )
  }
  withLog.stop()
  without.stop()

  return figures
}

const main = (): Promise<void> =>
  withPostgres({ name: 'looks', durable: true }, async (url) => {
    const db = createDb(url)
    const service: Service = {
      ...{ db, processes, stores: processStores, words: readWords(), accessLog: NO_LOG, keys: new PayloadKeys([]) },
      ...{ files: fileStoreInPostgres(db), scanner: null, uploads: { quota: { files: 1, bytes: 1 }, unusedMs: 1 } },
      ...{ log: pino({ level: 'silent' }), metrics: createMetrics(db), now: Date.now, demo: true, version: '0.0.0' },
      ...{ draining: new AbortController().signal, answerWithinMs: 8000 },
      engine: {
        send: away,
        history: away,
        wakes: away,
        failures: away,
        workerPolled: away,
        close: () => Promise.resolve(),
      },
      mail: null,
      live: { stream: () => false, onCommand: () => undefined, close: () => Promise.resolve() },
    }
    try {
      const origin = originNow()
      await fill(db)
      const before = os.loadavg()[0] ?? 0
      const figures = [...(await measure(db, service, 1)), ...(await measure(db, service, 16))]
      const load = [before, os.loadavg()[0] ?? 0]
      const entries = await db.sql.rows<{ commits: number; entries: number }>`
        select count(distinct xmin::text)::int as commits, count(*)::int as entries from access_log`
      const result = { ...origin, load, rounds: ROUNDS, goal: GOAL, figures, ...entries[0] }
      say(`Written: ${writeResult('looks', result)}`)
      process.exitCode = figures.every(({ share }) => share <= GOAL) ? 0 : 1
    } finally {
      await db.$disconnect()
    }
  })

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
