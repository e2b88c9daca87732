/** What somebody puts off for himself: by whom it is hidden, until when, and what brings it back. */
import { dayOf } from '../../prisma/store/day'
import { createDb, type Db } from '../../prisma/store/db'
import { inbox, inboxCounts, type Queue } from '../../prisma/store/inbox'
import { parseCursor } from '../../prisma/store/order'
import { putOff, takeBack } from '../../prisma/store/snoozes'
import type { Actor, BodyKey, Instant, IsoDate, PersonId, TaskId } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { arrangeCase, arrangeTask } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { asViewer } from '../support/viewers'

const BODY = 'ministryFinance' as BodyKey
const today = new Date().toISOString().slice(0, 10) as IsoDate
const day = (days: number): IsoDate => addDays(today, days)

let database: FreshDatabase
let db: Db
let me: Actor
let colleague: Actor
let caseId: string
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  db = createDb(database.url, 3)
  const [one, other, servant] = await db.person.findMany({ orderBy: { id: 'asc' }, take: 3 })
  if (!one || !other || !servant) throw new Error('the register has people')
  const grants = [{ role: 'hr', body: BODY }] as const
  me = { person: one.id as PersonId, grants }
  colleague = { person: other.id as PersonId, grants }
  caseId = await arrangeCase(db, { body: BODY, subject: servant.id })
})
afterAll(async () => {
  await db.$disconnect()
  await database.drop()
})
beforeEach(() => database.sql('truncate tasks, task_snoozes'))

/** A task of HR that falls due in ten days. */
async function task(more: Parameters<typeof arrangeTask>[2] = {}): Promise<TaskId> {
  const id = await arrangeTask(db, caseId, { role: 'hr', body: BODY, ...more })
  await database.sql(`update tasks set "dueOn" = $2::date, "dueAt" = ($2::date + 1)::timestamptz where id = $1`, [
    id,
    day(10),
  ])

  return id as TaskId
}
const snooze = (
  id: TaskId,
  { until = day(3), by = me, version = 1 }: { until?: IsoDate; by?: Actor; version?: number } = {},
) => putOff(db, { task: id, person: by.person, version, until, returnsAt: `${until}T00:00:00.000Z` as Instant })
const inQueue = async (queue: Queue, of: Actor = me): Promise<string[]> =>
  (await inbox(db, asViewer(of), { queue, page: 1, perPage: 25 })).data.map(({ id }) => id)
const ofDay = async (): Promise<string[]> =>
  (await dayOf(db, asViewer(me))).flatMap(({ tasks }) => tasks.map(({ id }) => id))

test.each([
  ['in his hands', 'mine', { state: 'reserved' }],
  ['of his unit', 'unit', {}],
] as const)(
  'a task %s that is put off stands in its queue alone, and comes back when it is taken back',
  async (_what, queue, more) => {
    const id = await task({ ...more, ...(queue === 'mine' && { assignee: me.person }) })
    expect(await ofDay()).toEqual([id])
    expect(await snooze(id)).toBeNull()
    for (const each of ['todo', queue] as const) expect(await inQueue(each)).toEqual([])
    expect(await inQueue('snoozed')).toEqual([id])
    expect(await ofDay()).toEqual([])
    expect(await inboxCounts(db, asViewer(me))).toMatchObject({ todo: 0, [queue]: 0, snoozed: 1 })
    const { data } = await inbox(db, asViewer(me), { queue: 'snoozed', page: 1, perPage: 25 })
    expect(data[0]?.snoozedUntil).toBe(day(3))
    await takeBack(db, { task: id, person: me.person })
    expect(await inQueue('todo')).toEqual([id])
    expect(await inQueue('snoozed')).toEqual([])
  },
)

test('a colleague sees the task as before', async () => {
  const id = await task()
  await snooze(id)
  expect(await inQueue('unit', colleague)).toEqual([id])
  expect(await inQueue('snoozed', colleague)).toEqual([])
})

test.each([
  ['its day has come', `update task_snoozes set "returnsAt" = now() - interval '1 second' where "taskId" = $1`],
  ['its term comes nearer than the day', `update tasks set "dueOn" = current_date + 2 where id = $1`],
  ['it closes before the day', `update tasks set "closesOn" = current_date + 2 where id = $1`],
  ['it changes hands or state', `update tasks set version = version + 1 where id = $1`],
])('it is back when %s', async (_what, change) => {
  const id = await task()
  await snooze(id)
  expect(await inQueue('todo')).toEqual([])
  await database.sql(change, [id])
  expect(await inQueue('todo')).toEqual([id])
  expect(await inQueue('snoozed')).toEqual([])
  expect(await ofDay()).toEqual([id])
})

test('what went to somebody else is no longer in the queue of what is put off', async () => {
  const id = await task({ state: 'reserved', assignee: me.person })
  await snooze(id)
  await database.sql(`update tasks set "assigneeId" = $2 where id = $1`, [id, colleague.person])
  expect(await inQueue('snoozed')).toEqual([])
})

test('nobody puts it off past its term, nor by a statement of his own', async () => {
  const id = await task()
  expect(await snooze(id, { until: day(10) })).toBeNull()
  expect(await snooze(id, { until: day(11) })).toBe('stale')
  await expect(
    database.sql(`update task_snoozes set until = $2::date where "taskId" = $1`, [id, day(11)]),
  ).rejects.toThrow('past its term')
})

test.each([
  ['stale', { version: 2 }, {}],
  ['stale', {}, { state: 'suspended' }],
  ['completing', {}, { state: 'completing' }],
  ['tooLate', {}, { state: 'completed' }],
] as const)('it says that it is %s', async (why, asked, more) => {
  expect(await snooze(await task(more), asked)).toBe(why)
})

test('the queue is in the order of the days, page behind page, and what arrives or leaves meanwhile neither doubles nor loses a row', async () => {
  const ids: TaskId[] = []
  for (let n = 1; n <= 6; n += 1) {
    const id = await task()
    await snooze(id, { until: day(n) })
    ids.push(id)
  }
  const pageAfter = (after?: string) => {
    const place = after === undefined ? null : parseCursor(after, 'snoozedUntil')

    return inbox(db, asViewer(me), { queue: 'snoozed', page: 1, perPage: 2, ...(place && { after: place }) })
  }
  const first = await pageAfter()
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
  await takeBack(db, { task: ids[0] as TaskId, person: me.person })
  const between = await task()
  await snooze(between, { until: day(1) })
  const second = await pageAfter(first.end ?? '')
  expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4))
  const later = await task()
  await snooze(later, { until: day(9) })
  const third = await pageAfter(second.end ?? '')
  expect(third.data.map(({ id }) => id)).toEqual(ids.slice(4, 6))
  expect((await pageAfter(third.end ?? '')).data.map(({ id }) => id)).toEqual([later])
})

test('the team: what others have in hand by a role of the person, and by any in the body that he heads', async () => {
  const head: Actor = { person: colleague.person, grants: [{ role: 'head', body: BODY }] }
  const third = (await db.person.findFirstOrThrow({ where: { id: { notIn: [me.person, colleague.person] } } })).id
  const ofHr = await task({ state: 'reserved', assignee: third })
  const ofRecords = await task({ state: 'reserved', assignee: third, role: 'records' })
  await task({ state: 'reserved', assignee: third, body: 'akimat.karaganda' })
  await task()
  const own = await task({ state: 'reserved', assignee: me.person })
  expect(await inQueue('team')).toEqual([ofHr])
  expect((await inQueue('team', head)).sort()).toEqual([ofHr, ofRecords, own].sort())
  await database.sql(`update cases set "restrictedTo" = array[$2]::uuid[] where id = $1`, [caseId, third])
  expect(await inQueue('team')).toEqual([])
  await database.sql(`update cases set "restrictedTo" = null where id = $1`, [caseId])
})

describe('search', () => {
  const found = async (q: string): Promise<number> =>
    (await inbox(db, asViewer(me), { queue: 'todo', q, page: 1, perPage: 25 })).data.length
  beforeEach(async () => {
    const { subjectId } = await db.case.findUniqueOrThrow({ where: { id: caseId } })
    await database.sql(
      `update people set "surnameKk" = 'Үкіәһмеғ', "surnameRu" = 'Иванова', "surnameEn" = 'Qydyrbai', "givenKk" = 'Өңұқ' where id = $1`,
      [subjectId],
    )
    await task()
  })

  test.each([
    ['in Kazakh', 'Үкіәһмеғ'],
    ['in Kazakh, in small letters and in part', 'кіәһм'],
    ['on a Russian keyboard', 'Укиахмег'],
    ['in part on a Russian keyboard', 'онук'],
    ['with some Kazakh letters', 'укіахмег'],
    ['in Russian', 'ИВАНОВА'],
    ['in Latin', 'qydyrbai'],
    ['by two words of two alphabets', 'qydyr онук'],
  ])('finds a person %s', async (_how, typed) => {
    expect(await found(typed)).toBe(1)
  })

  test.each(['Укиахмек', 'онюк', 'иваноба', 'qydyrbei', 'хх'])('does not find %s', async (typed) => {
    expect(await found(typed)).toBe(0)
  })

  test('finds a case by its number', async () => {
    const { number } = await db.case.findUniqueOrThrow({ where: { id: caseId } })
    expect(await found(number)).toBe(1)
    expect(await found(number.toLowerCase())).toBe(1)
  })
})
