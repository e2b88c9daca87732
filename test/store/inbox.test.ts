import { dayOf, loadRows, loadsOf, soonOfOthers } from '../../prisma/store/day'
import { createDb, type Db } from '../../prisma/store/db'
import {
  answeredTasks,
  inbox,
  inboxCounts,
  missedTasks,
  taskById,
  tasksOfCase,
  usualSort,
  type InboxQuery,
  type Queue,
} from '../../prisma/store/inbox'
import { parseCursor, TASK_SORTS, type PageCursor, type TaskSort } from '../../prisma/store/order'
import type { Actor, BodyKey, PersonId, TaskId } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { planOfStatement, rowsRead, type Plan } from '../support/plans'
import { asViewer } from '../support/viewers'
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
  const [me, servant] = await db.person.findMany({ orderBy: { id: 'asc' }, take: 2 })
  if (!me || !servant) throw new Error('the register has people')
  const { id } = me
  hr = {
    person: id as PersonId,
    grants: [
      { role: 'hr', body: BODY },
      { role: 'head', body: BODY },
    ],
  }
  const caseId = await arrangeCase(db, { body: BODY, subject: servant.id })
  // for two roles; many end at one instant, some have only a date, some no term at all; every second one was answered, and of the
  // others every second was brought before a role
  await db.sql.run`
    insert into tasks (id, "caseId", process, kind, state, "formVersion", role, "bodyKey", excluded, "openedAt", "openedOn",
      "dueOn", "dueAt", "openedStep", "answeredById", "answeredAt", "answeredOn", escalated, "escalatedTo")
    select gen_random_uuid(), ${caseId}::uuid, 'probation', 'appointMentor', case when n % 2 = 0 then 'ready' else 'completed' end,
      1, case when n % 3 = 0 then 'head' else 'hr' end, ${BODY}, '{}', now() - (n % 700) * interval '1 hour', current_date,
      case when n % 11 > 0 then current_date + n % 30 - 15 end,
      case when n % 11 > 1 then date_trunc('day', now()) + (n % 30 - 15) * interval '1 day' end, 1,
      case when n % 2 = 1 then ${id}::uuid end, case when n % 2 = 1 then now() - (n % 900) * interval '1 hour' end, current_date,
      n % 4 = 0, case when n % 4 = 0 then jsonb_build_object('role', case when n % 8 = 0 then 'head' else 'hr' end, 'body', ${BODY}::text) end
    from generate_series(1, ${WAITING * 2}::int) n`
  await db.sql.run`analyze tasks`
})
afterAll(async () => {
  await db.$disconnect()
  await database.drop()
})

type Asked = Omit<InboxQuery, 'page' | 'perPage'>

const pageOf = (asked: Asked, page = 1, perPage = 100) => inbox(db, asViewer(hr), { ...asked, page, perPage })

/** As a client gives back what it was given. */
function givenBack(end: string | null, { queue, sort = usualSort(queue) }: Pick<Asked, 'queue' | 'sort'>): PageCursor {
  const cursor = end === null ? null : parseCursor(end, sort)
  if (!cursor) throw new Error(`no cursor: ${String(end)}`)

  return cursor
}

async function walk(asked: Asked): Promise<string[]> {
  const seen: string[] = []
  let after: PageCursor | undefined
  for (;;) {
    const { data, pageInfo, end } = await pageOf({ ...asked, after })
    expect(pageInfo.hasPreviousPage).toBe(after !== undefined)
    seen.push(...data.map(({ id }) => id))
    if (!pageInfo.hasNextPage) return seen
    after = givenBack(end, asked)
  }
}

describe.each([
  ['todo', WAITING],
  ['unit', WAITING],
  ['done', WAITING],
  ['escalated', WAITING / 2],
] as const)('%s', (queue, count) => {
  test.each(TASK_SORTS)('by %s, page behind page, is the same as page by number', async (sort) => {
    const walked = await walk({ queue, sort })
    expect(walked).toHaveLength(count)
    expect(new Set(walked).size).toBe(count)
    for (const page of [2, 17, count / 100]) {
      const { data } = await pageOf({ queue, sort }, page)
      expect(data.map(({ id }) => id)).toEqual(walked.slice((page - 1) * 100, page * 100))
    }
  })

  test('with a filter', async () => {
    const walked = await walk({ queue, overdue: true })
    const { data } = await pageOf({ queue, overdue: true }, 2)
    expect(walked.length).toBeGreaterThan(0)
    expect(walked.length).toBeLessThan(count)
    expect(data.map(({ id }) => id)).toEqual(walked.slice(100, 200))
  })
})

test.each([
  ['is taken by somebody', `state = 'reserved', "assigneeId" = (select min(id::text)::uuid from people)`],
  ['is given a later date', `"dueAt" = now() + interval '3 years', "dueOn" = current_date + 1095`],
  ['has its clock held', `"dueAt" = null`],
])('when the last task of a page %s, the next page is what it was', async (_what, change) => {
  const { data: first, end } = await pageOf({ queue: 'unit' })
  const { data: second } = await pageOf({ queue: 'unit' }, 2)
  const last = first.at(-1)
  await database.sql(`create table before as select * from tasks where id = $1`, [last?.id])
  await database.sql(`update tasks set ${change} where id = $1`, [last?.id])
  const { data } = await pageOf({ queue: 'unit', after: givenBack(end, { queue: 'unit' }) })
  await database.sql(`delete from tasks where id = $1`, [last?.id])
  await database.sql(`insert into tasks select * from before`)
  await database.sql(`drop table before`)
  expect(data.map(({ id }) => id)).toEqual(second.map(({ id }) => id))
})

const ID = 'b7b0f0a0-0000-4000-8000-000000000000'
test.each<[TaskSort, string]>([
  ['dueOn', ID],
  ['dueOn', `2026-03-02T05:00:00.000Z|${ID}`],
  ['dueOn', `2026-13-02T05:00:00.000Z|2026-03-02|${ID}`],
  ['dueOn', `2026-03-02T05:00:00.000Z|2026-02-30|${ID}`],
  ['dueOn', `2026-03-02T05:00:00.000Z|2026-03-02|${ID}|${ID}`],
  ['openedOn', `now()|${ID}`],
  ['openedOn', `0000-01-01T00:00:00.000Z|${ID}`],
  ['openedOn', `+010000-01-01T00:00:00.000Z|${ID}`],
  ['openedOn', '2026-03-02T05:00:00.000Z|1'],
  ['answeredAt', ''],
])('in the order %s there is no cursor %s', (sort, text) => {
  expect(parseCursor(text, sort)).toBeNull()
})

const planOf = (ask: (db: Db) => Promise<unknown>) => planOfStatement(db, database.url, ask)
/** Rows of tasks that Postgres takes into its hands. */
const read = (plan: Plan): number => rowsRead(plan, 'tasks')

const PER_PAGE = 25
test.each([
  ['unit', 'dueOn'],
  ['unit', '-dueOn'],
  ['unit', 'openedOn'],
  ['unit', '-openedOn'],
  ['todo', 'dueOn'],
  ['escalated', 'dueOn'],
  ['done', 'answeredAt'],
  ['done', '-answeredAt'],
] as const)('a page of %s by %s reads a few rows per line, wherever it begins', async (queue, sort) => {
  const { end } = await pageOf({ queue, sort }, 20)
  const first = read(await planOf((of) => inbox(of, asViewer(hr), { queue, sort, page: 1, perPage: PER_PAGE })))
  const after = givenBack(end, { queue, sort })
  const far = read(await planOf((of) => inbox(of, asViewer(hr), { queue, sort, page: 1, perPage: PER_PAGE, after })))
  // one of each role and line to put them in order, each line once more with all that is shown of it, and the task that the viewer holds
  for (const rows of [first, far]) {
    expect(rows).toBeGreaterThan(PER_PAGE)
    expect(rows).toBeLessThan(6 * PER_PAGE)
  }
})

test('the start of a day reads a few rows of each part, and of what others have to do, however many wait', async () => {
  const viewer = asViewer(hr)
  const asked = loadsOf(viewer)
  // what is not due before this week ends is passed over for a day at most: until it has ended in the place of the case
  expect(read(await planOf((of) => dayOf(of, viewer)))).toBeLessThan(2_000)
  expect(read(await planOf((of) => soonOfOthers(of, viewer, asked)))).toBeLessThan(2_000)
  for (const each of asked) {
    const { rows, whole } = await loadRows(db, viewer, each)
    expect(whole).toBe(false)
    expect(rows.reduce((sum, { open }) => sum + open, 0)).toBeLessThanOrEqual(1_001)
  }
})

test('how many wait is counted to a thousand, by the rows of the queue, and nothing is read for a role that has none', async () => {
  expect(await inboxCounts(db, asViewer(hr))).toEqual({
    ...{ todo: 1001, mine: 0, unit: 1001, team: 0, escalated: 1001, snoozed: 0, done: 1001 },
  })
  expect(await inboxCounts(db, asViewer(hr), { queues: ['done', 'mine'] })).toEqual({ done: 1001, mine: 0 })
  const counted = (grants: Actor['grants'], queues?: readonly Queue[]) =>
    planOf((of) => inboxCounts(of, asViewer({ ...hr, grants }), { queues }))
  expect(read(await counted([{ role: 'developer', body: BODY }], ['escalated', 'team']))).toBe(0)
  // a thousand and one of each of two roles
  expect(read(await counted(hr.grants, ['escalated']))).toBeLessThan(2_500)
  expect(read(await counted(hr.grants, ['done']))).toBeLessThan(1_500)
})

const NO_CASE = '00000000-0000-4000-8000-000000000000'
const NO_TASK = '00000000-0000-4000-8000-000000000000' as TaskId

test('what is asked of the tasks of one case reads those of no other', async () => {
  const viewer = asViewer(hr)
  const small = await arrangeCase(db, { body: BODY, subject: null })
  await db.sql.run`
    with other as (
      insert into cases (id, number, process, version, "regimeId", "bodyKey", "agencyKey", stage, status, clock, "startedById", "startedOn", "openedAt")
      select gen_random_uuid(), '2020-' || lpad(n::text, 6, '0'), process, version, "regimeId", "bodyKey", "agencyKey", stage, status, clock,
        "startedById", "startedOn", "openedAt" from cases cross join generate_series(1, 3000) n where id = ${small}::uuid returning id)
    insert into tasks (id, "caseId", process, kind, state, "formVersion", role, "bodyKey", excluded, "openedAt", "openedOn", "openedStep")
    select gen_random_uuid(), id, 'probation', 'review', 'ready', 1, 'hr', ${BODY}, '{}', now(), current_date, 1 from other`
  await db.sql.run`analyze tasks, cases`
  for (const ask of [
    (of: Db) => tasksOfCase(of, viewer, small, { page: 1, perPage: PER_PAGE }),
    (of: Db) => answeredTasks(of, viewer, small, NO_TASK),
    (of: Db) => missedTasks(of, viewer, small, ['review']),
  ])
    expect(read(await planOf(ask))).toBeLessThan(50)
})

test('what is asked again is not planned again', async () => {
  const one = createDb(database.url, 1)
  try {
    const viewer = asViewer(hr)
    for (let time = 0; time < 2; time++) {
      await inbox(one, viewer, { queue: 'todo', page: 1, perPage: PER_PAGE })
      await taskById(one, viewer, NO_TASK)
      await tasksOfCase(one, viewer, NO_CASE, { page: 1, perPage: PER_PAGE })
      await answeredTasks(one, viewer, NO_CASE, null)
    }
    const kept = await one.sql.rows<{ plans: number }>`
      select generic_plans::int as plans from pg_prepared_statements where statement ~ 'tasks' and statement !~ 'pg_prepared'`
    expect(kept).toEqual(Array.from({ length: 4 }, () => ({ plans: 2 })))
  } finally {
    await one.$disconnect()
  }
})
