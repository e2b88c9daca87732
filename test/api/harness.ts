/** The API on a database of its own, asked over HTTP as people of the sample register. */
import { fileStoreInPostgres } from '../../prisma/store/file-store'
import { processStores } from '../../prisma/store/process-stores'
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import pino from 'pino'
import supertest, { type Response } from 'supertest'
import { createApp } from '../../api/app'
import { createSessions } from '../../api/auth/session'
import { accessLogOf } from '../../api/http/access-log'
import { httpServer } from '../../api/http/server'
import { audienceOf } from '../../api/service/audience'
import { listen, type StreamLimits } from '../../api/service/live'
import { createMetrics } from '../../api/service/metrics'
import { PayloadKeys } from '../../api/service/payload-keys'
import type { Service } from '../../api/service/service'
import type { Engine } from '../../api/service/temporal'
import { readWords } from '../../workflows/words'
import { createDb, type Db } from '../../prisma/store/db'
import { processes } from '../../workflows/registry'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { shownCases } from './shown-cases'

/** An engine that is away: whatever is sent has no outcome. */
export const AWAY: Engine = {
  send: () => Promise.resolve({ result: 'unknown', why: 'away' }),
  history: () => Promise.resolve(null),
  wakes: () => Promise.resolve(undefined),
  failures: () => Promise.resolve(undefined),
  workerPolled: () => Promise.reject(new Error('away')),
  close: () => Promise.resolve(),
}

export type Agent = ReturnType<typeof supertest.agent>

export interface Api {
  readonly database: FreshDatabase
  readonly db: Db
  readonly service: Service
  readonly server: Server
  readonly url: string
  /** somebody who is signed in */
  readonly as: (user: string) => Promise<Agent>
  /** nobody */
  readonly nobody: () => Agent
  readonly close: () => Promise<void>
}

export async function startApi(
  engine: Engine = AWAY,
  more: Partial<Service> = {},
  streams: Partial<StreamLimits> = {},
  consoleDir = path.join(__dirname, 'console'),
): Promise<Api> {
  const database = await freshDatabase({ register: true })
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
  const db = createDb(database.url, 5)
  const live = listen(database.url, log, audienceOf({ db, processes, now: Date.now, ...more }), streams)
  const sessions = createSessions(db, ['a secret of the tests'], log)
  const service: Service = {
    db,
    accessLog: accessLogOf(db),
    engine,
    live,
    mail: null,
    log,
    processes,
    metrics: createMetrics(db),
    words: readWords(),
    stores: processStores,
    files: fileStoreInPostgres(db),
    scanner: null,
    uploads: { quota: { files: 50, bytes: 500 * 1024 * 1024 }, unusedMs: 24 * 3600 * 1000 },
    demo: true,
    version: '0.0.0',
    now: Date.now,
    draining: new AbortController().signal,
    keys: new PayloadKeys([]),
    answerWithinMs: 300,
    ...more,
  }
  const check = shownCases(db)
  const server = httpServer(createApp(service, { sessions: sessions.handlers, consoleDir, check }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    database,
    db,
    service,
    server,
    url,
    nobody: () => supertest.agent(url),
    as: async (user) => {
      const agent = supertest.agent(url)
      await agent.post('/api/session').send({ user }).expect(200)

      return agent
    },
    close: async () => {
      await live.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await engine.close()
      sessions.close()
      await db.$disconnect()
      await database.drop()
    },
  }
}

/** Keeps what a person has typed into the form at an address, made from a version of its draft. */
export const keepDraft = (
  agent: Agent,
  address: string,
  { person, form, version = 0, writer = 'one' }: { person: string; form: object; version?: number; writer?: string },
) =>
  agent
    .put(`/api/drafts/${encodeURIComponent(address)}`)
    .set('If-Match', `"${String(version)}"`)
    .send({ form, person, writer })

export const DEMO = [
  'hrMinistry',
  'headMinistry',
  'supervisor',
  'mentor',
  'newcomer',
  'agencyOfficer',
  'recordsMinistry',
  'hrAkimat',
  'agencyOfficerRegion',
  'appealSecretary',
  'appealChair',
  'appealMemberFirst',
  'appealMemberSecond',
  'developer',
  'administrator',
] as const

export const personOf = async (api: Api, user: string): Promise<string> =>
  (await api.db.account.findUniqueOrThrow({ where: { id: user } })).personId

/** A case of a body with one task, as if a workflow had recorded it. */
export async function arrangeCase(
  db: Db,
  file: {
    readonly body: string
    readonly subject: string | null
    readonly position?: string
    readonly aboutBody?: string
    readonly aboutCase?: string
    readonly agency?: string
    /** who has which part */
    readonly parties?: Readonly<Record<string, string | null>>
    /** absent: probation */
    readonly process?: string
    readonly version?: number
    readonly stage?: string
    readonly rehearsal?: string | null
    readonly status?: 'open' | 'closed'
    readonly keptFrom?: readonly string[]
    readonly restrictedTo?: readonly string[] | null
    /** absent: any */
    readonly id?: string
  },
): Promise<string> {
  const { id = randomUUID(), process = 'probation' } = file
  const now = new Date()
  await db.case.create({
    data: {
      id,
      number: `T-${id.slice(0, 13)}`,
      process,
      version: file.version ?? processes.current[process]!.contract.version,
      regimeId: 'current',
      bodyKey: file.body,
      agencyKey: file.agency ?? 'civilServiceAgency',
      subjectId: file.subject,
      positionId: file.position ?? null,
      aboutBodyKey: file.aboutBody ?? null,
      aboutCaseId: file.aboutCase ?? null,
      parties: file.parties ?? {},
      people: [file.subject, ...Object.values(file.parties ?? {})].filter((person) => person !== null),
      stage: file.stage ?? 'mentoring',
      status: file.status ?? 'open',
      clock: {
        zone: 'Asia/Almaty',
        profile: 'five-day',
        speed: 1,
        base: { case: now.toISOString(), real: now.toISOString() },
      },
      rehearsal: file.rehearsal ?? null,
      keptFrom: [...(file.keptFrom ?? [])],
      step: 1,
      startedById: file.subject,
      startedOn: now,
      openedAt: now,
    },
  })
  if (file.restrictedTo)
    await db.sql.run`update cases set "restrictedTo" = ${[...file.restrictedTo]}::uuid[] where id = ${id}::uuid`

  return id
}

const bodyOfCase = async (db: Db, id: string) =>
  (await db.case.findUniqueOrThrow({ where: { id }, select: { bodyKey: true } })).bodyKey

export async function arrangeTask(
  db: Db,
  caseId: string,
  task: {
    /** absent: probation */
    readonly process?: string
    readonly kind?: string
    readonly state?: string
    readonly role?: string
    readonly body?: string
    readonly person?: string
    readonly assignee?: string | null
    readonly excluded?: readonly string[]
    readonly version?: number
    readonly rehearsal?: string | null
    readonly stateBefore?: string | null
    readonly questionOf?: string
    readonly answeredBy?: string | null
    readonly escalatedTo?: { readonly role: string; readonly body: string }
    readonly unheld?: boolean
  },
): Promise<string> {
  const id = randomUUID()
  const now = new Date()
  await db.task.create({
    data: {
      id,
      caseId,
      process: task.process ?? 'probation',
      kind: task.kind ?? 'appointMentor',
      state: task.state ?? 'ready',
      stateBefore: task.stateBefore ?? null,
      version: task.version ?? 1,
      formVersion: 1,
      role: task.role ?? null,
      elsewhere: task.role !== undefined && task.body !== (await bodyOfCase(db, caseId)),
      bodyKey: task.body ?? null,
      personId: task.person ?? null,
      assigneeId: task.assignee ?? null,
      excluded: [...(task.excluded ?? [])],
      openedAt: now,
      openedOn: now,
      openedStep: 1,
      rehearsal: task.rehearsal ?? null,
      questionOf: task.questionOf ?? null,
      ...(task.escalatedTo && { escalated: true, escalatedTo: { ...task.escalatedTo } }),
      unheld: task.unheld ?? false,
      ...(task.answeredBy && { answeredById: task.answeredBy, answeredAt: now, answeredOn: now, answeredStep: 1 }),
    },
  })

  return id
}

/** Documents of a case, issued one after another, each with nothing but its number. */
export async function arrangeDocuments(db: Db, caseId: string, kinds: readonly string[]): Promise<void> {
  for (const [n, kind] of kinds.entries())
    await db.document.create({
      data: {
        id: randomUUID(),
        caseId,
        kind,
        number: `D-${randomUUID()}`,
        issuedOn: new Date(),
        step: n + 1,
        made: {},
      },
    })
}

const TABLES = [
  'cases',
  'tasks',
  'commands',
  'contents',
  'events',
  'form_drafts',
  'body_roles',
  'holidays',
  'day_swaps',
  'body_days',
  'people',
  'terms',
]
/** Digests of the tables that a request might change. */
export const snapshotOf = async (api: Api): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    await Promise.all(
      TABLES.map(async (table) => [
        table,
        (await api.database.sql(`select md5(string_agg(t::text, '|' order by t::text)) as h from ${table} t`))[0]?.[
          'h'
        ],
      ]),
    ),
  )

/** Throws unless the answer is a 4xx problem, of one of these statuses if any are named. */
export const isProblem = (response: Response, what: string, statuses?: readonly number[]): void => {
  const told = `${what} → ${response.status} ${response.text.slice(0, 200)}`
  if (response.status < 400 || response.status >= 500) throw new Error(told)
  if (statuses && !statuses.includes(response.status)) throw new Error(`${told}, not ${statuses.join(' or ')}`)
  if (!response.headers['content-type']?.startsWith('application/problem+json')) throw new Error(`${told}: no problem`)
  expect(response.body).toMatchObject({ status: response.status, code: expect.any(String), title: expect.any(String) })
}
