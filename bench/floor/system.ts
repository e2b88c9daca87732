/** The floor as a system under load: Temporal's client for starts and decisions, single statements for list and claim. */
import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation } from '@temporalio/client'
import type { Client } from '@temporalio/client'
import type { Pool } from 'pg'
import { HttpSession, Unexpected } from '../http'
import { PAGE } from '../system'
import type { Listed, System, Worker } from '../system'
import { FLOOR_DATABASE, FLOOR_QUEUE } from './messages'
import type { Decision, FloorInput } from './messages'
import { CLAIM, LIST, LIST_AFTER, MIDDLE, SCHEMA } from './sql'

const OFFICE = 'hr'

interface Place {
  readonly sql: Pool
  readonly temporal: Client
  readonly people: number
}

/** Makes the floor's tables and its people, who are names. */
export async function floorSystem({ sql, temporal, people }: Place): Promise<System> {
  await sql.query(SCHEMA)

  return {
    name: 'floor',
    database: FLOOR_DATABASE,
    workers: Array.from({ length: people }, (_, n) => floorWorker(`bench${String(n)}`, sql, temporal)),
    fill: (waiting) => fill(sql, waiting),
    middle: async () => (await sql.query<{ id: string }>(MIDDLE, [OFFICE])).rows[0]?.id ?? '',
    open: async (caseId) => {
      const { rows } = await sql.query<Row>(`${TASKS} where case_id = $1 and state = 'open' order by id`, [caseId])

      return rows.map(listed)
    },
    fellDue: async (cases) => {
      const { rows } = await sql.query<{ caseId: string; at: Date }>(
        `select case_id as "caseId", at from audit where what = 'fell due' and case_id = any($1)`,
        [cases],
      )

      return new Map(rows.map(({ caseId, at }) => [caseId, at.getTime()]))
    },
    settled: () => Promise.resolve(),
    events: async (caseId) => (await temporal.workflow.getHandle(caseId).describe()).historyLength,
    close: () => Promise.resolve(),
  }
}

/** The same floor, asked by people with sessions at its door: as much of it as W1 and W2 ask. */
export async function doorSystem(floor: System, baseUrl: string): Promise<System> {
  const sessions: HttpSession[] = []
  const workers = await Promise.all(
    floor.workers.map(async (inside): Promise<Worker> => {
      const session = new HttpSession(baseUrl)
      sessions.push(session)
      await session.post('/session', { name: inside.name })

      return {
        name: inside.name,
        start: (rounds) => session.post<string>('/cases', { rounds }),
        convene: () => Promise.reject(new Error('no commission is asked at the door')),
        list: (order) => session.get<Listed[]>(`/tasks?order=${order}`),
        read: (place) => session.get(`/tasks/after/${encodeURIComponent(place)}`),
        claim: (task) => session.post<Listed>(`/tasks/${task.id}/claim`, task),
        complete: async (task) => void (await session.post(`/tasks/${task.id}/complete`, task)),
      }
    }),
  )

  return {
    ...floor,
    name: 'door',
    workers,
    close: () => {
      for (const session of sessions) session.close()

      return Promise.resolve()
    },
  }
}

interface Beginning {
  readonly tasks: number
  readonly seats?: number
  readonly dueAt?: number | undefined
}

/** A start as the floor knows it, answered when its first task is in the list. */
async function begin(temporal: Client, { tasks, seats = 1, dueAt }: Beginning): Promise<string> {
  const id = randomUUID()
  const form = formOf(dueAt ?? Date.now() + 3 * DAY_MS)
  const startWorkflowOperation = new WithStartWorkflowOperation<(input: FloorInput) => Promise<string>>('floor', {
    workflowId: id,
    taskQueue: FLOOR_QUEUE,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ tasks, seats, office: OFFICE, alarm: dueAt !== undefined, form }],
  })
  await temporal.workflow.executeUpdateWithStart('begin', { startWorkflowOperation, args: [] })

  return id
}

const DAY_MS = 86_400_000
const formOf = (dueAt: number): FloorInput['form'] => ({
  person: randomUUID(),
  position: randomUUID(),
  kind: 'promotion',
  grade: 'B',
  salary: 412_500,
  permanent: true,
  share: 0.75,
  requestedOn: new Date().toISOString().slice(0, 10),
  grounds: 'Three years in the post, evidence attached and checked.',
  dueAt: new Date(dueAt).toISOString(),
})

const ANSWERS: Readonly<Record<string, Decision['answer']>> = {
  review: { decision: 'approve', score: 7, comment: 'Looks fine, evidence attached and checked.' },
  confirm: { outcome: 'done' },
  vote: { vote: 'grant', opinion: 'Well earned.' },
  announce: { event: 'At the meeting of the ministry.' },
}

/** One who works at the floor. */
export function floorWorker(name: string, sql: Pool, temporal: Client): Worker {
  return {
    name,
    start: (rounds, dueAt) => begin(temporal, { tasks: 2 * rounds, dueAt }),
    convene: (members) => begin(temporal, { tasks: members.length + 1, seats: members.length }),
    list: async (order) => {
      const { rows } = await sql.query<Row>({ ...LIST[order], values: [OFFICE, PAGE[order]] })

      return rows.map(listed)
    },
    read: async (place) => {
      const { rows } = await sql.query<Row>({ ...LIST_AFTER, values: [OFFICE, PAGE.due, place] })

      return { tasks: rows.length, end: rows.at(-1)?.id ?? null }
    },
    claim: async (task) => {
      const { rowCount } = await sql.query({ ...CLAIM, values: [task.id, name] })
      if (rowCount !== 1) throw new Unexpected('another has claimed it')

      return task
    },
    complete: async (task) => {
      const decision: Decision = { task: task.id, by: name, answer: ANSWERS[task.kind] ?? {} }
      await temporal.workflow.getHandle(task.caseId).executeUpdate<void, [Decision]>('complete', { args: [decision] })
    },
  }
}

const TASKS = 'select id, case_id as "caseId", name from task'
const listed = ({ id, caseId, name: kind }: Row): Listed => ({ id, caseId, kind, version: 1, holder: null })

interface Row {
  readonly id: string
  readonly caseId: string
  readonly name: string
}

async function fill(sql: Pool, waiting: number): Promise<void> {
  await sql.query(`delete from task where id like 'backlog:%'`)
  await sql.query(
    `insert into task (id, case_id, name, office, due_at, opened_at)
     select 'backlog:' || n, 'backlog', 'review', $1, now() + interval '60 days' + (n % 60) * interval '1 day' + n * interval '1 second',
       now() - interval '1 year'
     from generate_series(1, $2::int) n`,
    [OFFICE, waiting],
  )
  await sql.query('vacuum analyze task')
}
