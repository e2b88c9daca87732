import { createDb, Prisma, type Db } from '../../prisma/store/db'
import { inbox, TASK_SORTS, type InboxQuestion } from '../../prisma/store/inbox'
import type { BodyKey, PersonId, TaskId } from '../../workflows/kernel/contract'
import type { Actor } from '../../workflows/kernel/messages'
import { arrangeCase } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'

/** A long inbox is walked page by page: nothing is left out, nothing comes twice, and no page costs more than the first. */

const BODY = 'ministryFinance' as BodyKey
const WAITING = 6000

let database: FreshDatabase
let db: Db
let hr: Actor
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  db = createDb(database.url, 3)
  const { id } = await db.person.findFirstOrThrow({ orderBy: { id: 'asc' } })
  hr = { person: id as PersonId, grants: [{ role: 'hr', body: BODY }] }
  const caseId = await arrangeCase(db, { body: BODY, subject: id })
  // many end at one instant, some have only a date, some have no term at all; every second one was answered
  await db.sql.run`
    insert into tasks (id, "caseId", process, kind, state, "formVersion", role, "bodyKey", excluded, "openedAt", "openedOn",
      "dueOn", "dueAt", "openedStep", "answeredById", "answeredAt", "answeredOn")
    select gen_random_uuid(), ${caseId}::uuid, 'probation', 'appointMentor', case when n % 2 = 0 then 'ready' else 'completed' end,
      1, 'hr', ${BODY}, '{}', now() - (n % 700) * interval '1 hour', current_date,
      case when n % 11 > 0 then current_date + n % 30 end,
      case when n % 11 > 1 then date_trunc('day', now()) + (n % 30) * interval '1 day' end, 1,
      case when n % 2 = 1 then ${id}::uuid end, case when n % 2 = 1 then now() - (n % 900) * interval '1 hour' end, current_date
    from generate_series(1, ${WAITING * 2}::int) n`
  await db.sql.run`analyze tasks`
})
afterAll(async () => {
  await db.$disconnect()
  await database.drop()
})

type Asked = Omit<InboxQuestion, 'page' | 'perPage'>

const pageOf = (asked: Asked, page = 1, perPage = 100) => inbox(db, hr, { ...asked, page, perPage })

async function walk(asked: Asked): Promise<string[]> {
  const seen: string[] = []
  let after: TaskId | undefined
  for (let page = 1; ; page += 1) {
    const { data, pageInfo } = await inbox(db, hr, { ...asked, after, page, perPage: 100 })
    seen.push(...data.map(({ id }) => id))
    after = data.at(-1)?.id
    expect(pageInfo.hasPreviousPage).toBe(page > 1)
    if (!pageInfo.hasNextPage) return seen
  }
}

describe.each(['unit', 'done'] as const)('%s', (queue) => {
  test.each(TASK_SORTS)('by %s, page behind page, is the same as page by number', async (sort) => {
    const walked = await walk({ queue, sort })
    expect(new Set(walked).size).toBe(WAITING)
    for (const page of [2, 31, 60]) {
      const { data } = await pageOf({ queue, sort }, page)
      expect(data.map(({ id }) => id)).toEqual(walked.slice((page - 1) * 100, page * 100))
    }
  })
})

test('a task that somebody takes between two pages moves nobody else', async () => {
  const { data: first } = await pageOf({ queue: 'unit' })
  const { data: second } = await pageOf({ queue: 'unit' }, 2)
  const last = first.at(-1)?.id
  await db.sql.run`update tasks set state = 'reserved', "assigneeId" = ${hr.person}::uuid where id = ${last}::uuid`
  const { data } = await pageOf({ queue: 'unit', after: last })
  await db.sql.run`update tasks set state = 'ready', "assigneeId" = null where id = ${last}::uuid`
  expect(data.map(({ id }) => id)).toEqual(second.map(({ id }) => id))
})

test('behind a task that there never was is nothing', async () => {
  const { data, pageInfo } = await pageOf({ queue: 'unit', after: 'b7b0f0a0-0000-4000-8000-000000000000' as TaskId })
  expect(data).toEqual([])
  expect(pageInfo.hasNextPage).toBe(false)
})

interface Plan {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** Rows of tasks that Postgres takes into its hands for a page. */
async function read(question: InboxQuestion): Promise<number> {
  let plan: Plan | undefined
  const explained: Db['sql'] = {
    ...db.sql,
    rows: async <Row>(parts: TemplateStringsArray, ...values: readonly unknown[]) => {
      const { text, values: given } = Prisma.sql(parts, ...values)
      const [row] = await db.sql.ask<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
        `explain (analyze, format json) ${text}`,
        given,
      )
      plan = row?.['QUERY PLAN'][0]?.Plan

      return [] as Row[]
    },
  }
  await inbox(Object.create(db, { sql: { value: explained } }) as Db, hr, question)
  const count = (node: Plan): number =>
    (node['Relation Name'] === 'tasks'
      ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
      : 0) + (node.Plans ?? []).reduce((sum, inner) => sum + count(inner), 0)

  return plan ? count(plan) : NaN
}

test.each([
  ['unit', 'dueOn'],
  ['unit', '-dueOn'],
  ['unit', 'openedOn'],
  ['unit', '-openedOn'],
  ['done', 'answeredAt'],
  ['done', '-answeredAt'],
] as const)('a page of %s by %s reads no more for what stands before it', async (queue, sort) => {
  const { data } = await pageOf({ queue, sort }, 40)
  const [first, far] = [
    await read({ queue, sort, page: 1, perPage: 25 }),
    await read({ queue, sort, page: 160, perPage: 25, after: data.at(-1)?.id }),
  ]
  expect(first).toBeGreaterThan(25)
  // the task it begins behind is looked up, once for each part of the order
  expect(far).toBeLessThanOrEqual(first + 3)
})
