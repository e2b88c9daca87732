/** The product as a system under load: people with sessions, who start, list, claim and complete over HTTP. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Pool } from 'pg'
import type { Page, TaskView } from '../api/shapes/views'
import { cursorAfter, type Ordered } from '../prisma/store/order'
import { HttpSession, Unexpected } from './http'
import { PAGE } from './system'
import type { Listed, Order, System, Worker } from './system'

export const PRODUCT_DATABASE = 'mansap'

/** The body whose requests are reviewed. */
const BODY = 'ministryFinance'
const LISTS: Readonly<Record<Order, string>> = {
  due: `/api/tasks?queue=unit&perPage=${String(PAGE.due)}&sort=dueOn`,
  newest: `/api/tasks?queue=unit&perPage=${String(PAGE.newest)}&sort=-openedOn`,
}

interface Place {
  readonly baseUrl: string
  readonly sql: Pool
  readonly temporal: Client
  readonly people: number
}

/** Makes the people and terms that the request needs, and signs the people in. */
export async function productSystem({ baseUrl, sql, temporal, people }: Place): Promise<System> {
  await arrange(sql, people)
  const subjects = await subjectsOf(sql)
  const workers = await Promise.all(
    Array.from({ length: people }, (_, n) => signedIn(baseUrl, nameOf(n), subjects, (n * 7) % subjects.length)),
  )

  return {
    name: 'product',
    database: PRODUCT_DATABASE,
    workers,
    fill: (waiting) => fill(sql, waiting),
    middle: async () => {
      const { rows } = await sql.query<Ordered>(
        `select id, "dueAt", "dueOn"::text, "openedAt", "answeredAt" from tasks where state = 'ready' and "bodyKey" = $1
         order by coalesce("dueAt", 'infinity'), coalesce("dueOn", 'infinity'), id
         offset (select count(*) / 2 from tasks where state = 'ready' and "bodyKey" = $1) limit 1`,
        [BODY],
      )
      const [task] = rows
      if (!task) throw new Error('nothing waits')

      return cursorAfter(task, 'dueOn')
    },
    open: async (caseId) => {
      const { rows } = await sql.query<Listed>(
        `select t.id, t."caseId", t.kind, t.version, a.id as holder from tasks t left join accounts a on a."personId" = t."personId"
         where t."caseId" = $1 and t.state in ('ready', 'reserved') order by t.id`,
        [caseId],
      )

      return rows
    },
    fellDue: async (cases) => {
      const { rows } = await sql.query<{ caseId: string; at: Date }>(
        `select s."caseId", s."recordedAt" as at from steps s join events e on e."caseId" = s."caseId" and e.step = s.n
         where e.kind = 'taskOverdue' and s."caseId" = any($1::uuid[])`,
        [cases],
      )

      return new Map(rows.map(({ caseId, at }) => [caseId, at.getTime()]))
    },
    settled: () => archived(sql),
    events: async (caseId) => (await temporal.workflow.getHandle(caseId).describe()).historyLength,
    close: async () => workers.forEach((worker) => worker.leave()),
  }
}

const nameOf = (n: number): string => `bench${String(n)}`
const numberOf = (name: string): number => Number(name.slice('bench'.length))
const personOf = (n: number): string => `b0000000-0000-4000-8000-${String(n).padStart(12, '0')}`

async function arrange(sql: Pool, people: number): Promise<void> {
  for (let n = 0; n < people; n += 1) {
    await sql.query(
      `insert into people (id, "surnameKk", "surnameRu", "surnameEn", "givenKk", "givenRu", "givenEn", sex, "birthDate")
       values ($1, 'Өлшеуші', 'Измеритель', 'Measurer', $2, $2, $2, 'f', '1990-01-01') on conflict do nothing`,
      [personOf(n), String(n)],
    )
    await sql.query(`insert into accounts (id, "personId", "demoAs") values ($1, $2, $1) on conflict do nothing`, [
      nameOf(n),
      personOf(n),
    ])
    await sql.query(
      `insert into body_roles (id, "personId", role, "bodyKey", "from", basis) values ($1, $1, 'hr', $2, '2020-01-01', 'bench') on conflict do nothing`,
      [personOf(n), BODY],
    )
  }
  for (const [key, days] of [
    ['request.review', 1],
    ['request.confirm', 30],
  ] as const)
    await sql.query(
      `insert into terms (id, key, process, "nameKk", "nameRu", "nameEn", value, unit, "regimeId", confidence, source)
       values ($1, $1, 'request', $1, $1, $1, $2, 'calendar days', '*', 'D', 'bench') on conflict do nothing`,
      [key, days],
    )
}

interface Subject {
  readonly person: string
  readonly position: string
}
async function subjectsOf(sql: Pool): Promise<readonly Subject[]> {
  const { rows } = await sql.query<Subject>(
    `select p."personId" as person, p."positionId" as position from posts p join positions o on o.id = p."positionId"
     where o."bodyKey" = $1 and p."to" is null order by p.id`,
    [BODY],
  )

  return rows
}

interface Started {
  readonly result: string
  readonly caseId: string
}

async function signedIn(
  baseUrl: string,
  name: string,
  subjects: readonly Subject[],
  first: number,
): Promise<Worker & { leave(): void }> {
  const session = new HttpSession(baseUrl)
  await session.post('/api/session', { user: name })
  let next = first
  const today = new Date().toISOString().slice(0, 10)

  return {
    name,
    start: async (rounds, dueAt) => {
      next = (next + 1) % subjects.length
      const { result, caseId } = await session.post<Started>('/api/processes/request/cases', {
        form: {
          ...subjects[next],
          rounds,
          kind: 'promotion',
          grade: 'B',
          salary: 412_500,
          permanent: true,
          share: 0.75,
          requestedOn: today,
          grounds: 'Three years in the post, evidence attached and checked.',
        },
        ...(dueAt === undefined ? {} : { rehearsal: endingAt(dueAt) }),
      })
      if (result !== 'started') throw new Unexpected(`a start was answered ${result}`)

      return caseId
    },
    convene: async (members) => {
      next = (next + 1) % subjects.length
      const people = members.map((member) => personOf(numberOf(member.name)))
      const { result, caseId } = await session.post<Started>('/api/processes/example/cases', {
        form: {
          ...subjects[next],
          chair: people[0],
          members: people,
          alternates: [],
          sitting: today,
          proposedByHead: true,
          grounds: 'Ten years of service without a remark.',
        },
      })
      if (result !== 'started') throw new Unexpected(`a start was answered ${result}`)

      return caseId
    },
    list: async (order) => (await session.get<Page<TaskView>>(LISTS[order])).data.map(listed),
    read: async (place) => {
      const { data, pageInfo } = await session.get<Page<TaskView>>(`${LISTS.due}&after=${encodeURIComponent(place)}`)

      return { tasks: data.length, end: pageInfo.end ?? null }
    },
    claim: async (task) => {
      const { version } = await session.post<Claimed>(`/api/tasks/${task.id}/claim`, { version: task.version })

      return { ...task, version }
    },
    complete: async ({ id, version, kind }) => {
      await session.post(`/api/tasks/${id}/complete`, { version, form: ANSWERS[kind] })
    },
    leave: () => session.close(),
  }
}

/** A Tuesday: the one calendar day of the review ends with the Wednesday after it, 39 hours after nine in the morning. */
const TUESDAY = '2026-03-03'
const TERM_MS = 39 * 3_600_000

/** A case whose clock runs so fast that its first term ends at that moment; a set has one speed, so each is a set of its own. */
const endingAt = (dueAt: number) => ({
  set: `terms ${randomUUID()}`,
  origin: TUESDAY,
  speed: TERM_MS / (dueAt - Date.now()),
})

interface Claimed {
  readonly version: number
}
const listed = ({ id, caseId, kind, version }: TaskView): Listed => ({ id, caseId, kind, version, holder: null })

const ANSWERS: Readonly<Record<string, unknown>> = {
  review: { decision: 'approve', score: 7, comment: 'Looks fine, evidence attached and checked.' },
  confirm: { outcome: 'done' },
  vote: { vote: 'grant', opinion: 'Well earned.' },
  announce: { event: 'At the meeting of the ministry.' },
}

const BACKLOG_CASES = 100

/** Rows of waiting tasks on cases that are rows too: they are listed like any other, and nobody can complete them. */
async function fill(sql: Pool, waiting: number): Promise<void> {
  const known = await sql.query<{ n: number }>(`select count(*)::int as n from cases where number like 'B-%'`)
  if (known.rows[0]?.n === 0) {
    const [subject] = await subjectsOf(sql)
    for (let n = 0; n < BACKLOG_CASES; n += 1)
      await sql.query(
        `insert into cases (id, number, process, version, "regimeId", "bodyKey", "subjectId", "positionId", stage, status, "agencyKey",
           clock, "startedById", "startedOn", "openedAt")
         values ($1, $2, 'request', 1, 'R4', $3, $4, $5, 'reviewing', 'open', 'agency', $6, $4, current_date, now() - interval '1 year')`,
        [
          randomUUID(),
          `B-${String(n)}`,
          BODY,
          subject?.person,
          subject?.position,
          JSON.stringify({ zone: 'Asia/Almaty', profile: 'five-day', speed: 1, base: EPOCH }),
        ],
      )
  }
  const { rows } = await sql.query<{ n: number }>(
    `select count(*)::int as n from tasks where state = 'ready' and "caseId" in (select id from cases where number like 'B-%')`,
  )
  const missing = waiting - (rows[0]?.n ?? 0)
  if (missing > 0)
    // due after anything that the load opens, so that what can be completed stands on the first pages
    await sql.query(
      `insert into tasks (id, "caseId", process, kind, state, "formVersion", role, "bodyKey", excluded, "openedAt", "openedOn", "dueOn", "dueAt",
         due, "openedStep")
       select gen_random_uuid(), c.id, 'request', 'review', 'ready', 1, 'hr', $1, '{}', now() - interval '1 year', current_date - 365,
         current_date + 60 + n % 60, now() + interval '60 days' + (n % 60) * interval '1 day' + n * interval '1 second',
         jsonb_build_object('on', (current_date + 60 + n % 60)::text, 'steps', '[]'::jsonb), 1
       from generate_series(1, $2::int) n join (select id, row_number() over (order by id) - 1 as i from cases where number like 'B-%') c
         on c.i = n % ${String(BACKLOG_CASES)}`,
      [BODY, missing],
    )
  if (missing < 0)
    await sql.query(
      `delete from tasks where id in (select t.id from tasks t join cases c on c.id = t."caseId" where c.number like 'B-%' limit $1)`,
      [-missing],
    )
  await sql.query('vacuum analyze tasks')
}
const EPOCH = { case: '2026-01-01T04:00:00.000Z', real: '2026-01-01T04:00:00.000Z' }

/** Histories of closed cases are archived a little later: that is part of what a case costs, and must not disturb who comes next. */
async function archived(sql: Pool): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { rows } = await sql.query<{ n: number }>(
      `select count(*)::int as n from cases c where c.status = 'closed' and not exists (select 1 from history_archives h where h."caseId" = c.id)`,
    )
    if (rows[0]?.n === 0) return
    await sleep(200)
  }
  throw new Unexpected('closed cases are not archived after a minute')
}
