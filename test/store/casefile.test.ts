/** A step as rows: written once however often and however near to one another it comes, and beside what people do meanwhile. */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { recordStep as recordWith, StepConflict } from '../../prisma/store/casefile'
import type { Db } from '../../prisma/store/db'
import { verifyChain } from '../../prisma/store/events'
import { answerUnderway } from '../../prisma/store/holds'
import type { BodyKey, CaseId, Instant, IsoDate, PersonId, TaskId } from '../../workflows/kernel/contract'
import type { OpenTask, Step } from '../../workflows/kernel/protocol/step'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { arrangeCase, arrangeTask } from '../api/harness'
import { commandOnItsWay, freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { at, openTask, stepOfCase } from '../support/steps'

const BODY = 'ministryFinance' as BodyKey
const templates = { processes, words: readWords() }
const recordStep = (db: Db, step: Step) => recordWith(db, step, templates)
const look = (task: TaskId, by: Instant) => database.db.sql.transaction((tx) => answerUnderway(tx, task, by))

let database: FreshDatabase
let person: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  const holder = await database.db.bodyRole.findFirstOrThrow({ where: { role: 'hr', bodyKey: BODY } })
  person = holder.personId as PersonId
})
afterAll(() => database.drop())

const stepOf = (id: CaseId, tasks: readonly OpenTask[], more: Partial<Step> = {}) => stepOfCase(id, person, tasks, more)

/** A case with one task in the hands of a person. */
async function underway(): Promise<{ id: CaseId; task: TaskId }> {
  const id = (await arrangeCase(database.db, { body: BODY, subject: person })) as CaseId
  const task = await arrangeTask(database.db, id, { role: 'hr', body: BODY, state: 'reserved', assignee: person })

  return { id, task: task as TaskId }
}

test('a reminder takes nothing from an answer that is being stored at that moment', async () => {
  const { id, task } = await underway()
  const storing = new Client({ connectionString: database.url })
  await storing.connect()
  await storing.query('begin')
  await storing.query(`update tasks set state = 'completing', "stateBefore" = state where id = $1`, [task])
  const recorded = recordStep(database.db, stepOf(id, [openTask(task, { reminded: true })]))
  await eventually('the step to wait for the row', async () => {
    const waiting = await database.sql(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )

    return waiting.length > 0
  })
  await storing.query('commit')
  await storing.end()
  await recorded
  expect(await database.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({
    state: 'completing',
    stateBefore: 'reserved',
    assigneeId: person,
    version: 1,
    reminded: true,
  })
})

test('the same step, again and twice at once, is written once', async () => {
  const { id, task } = await underway()
  const step = stepOf(id, [openTask(task, { reminded: true })])
  await Promise.all([recordStep(database.db, step), recordStep(database.db, step)])
  await recordStep(database.db, step)
  expect(await database.db.event.count({ where: { caseId: id } })).toBe(1)
  expect(await verifyChain(database.db, id)).toEqual({ ok: true })
})

test('another step of the same number is refused whole', async () => {
  const { id, task } = await underway()
  await recordStep(database.db, stepOf(id, [openTask(task)]))
  const other = stepOf(id, [openTask(task, { reminded: true })], { stage: 'reviewing' })
  await expect(recordStep(database.db, other)).rejects.toThrow(StepConflict)
  expect(await database.db.case.findUniqueOrThrow({ where: { id } })).toMatchObject({ stage: 'mentoring' })
  expect(await database.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({ reminded: false })
})

test('a suspended task that changes hands stays suspended, and then is whose it became', async () => {
  const { id, task } = await underway()
  const asked = { suspended: true }
  await recordStep(database.db, stepOf(id, [openTask(task, asked)]))
  const [toPerson, toOffice] = [{ for: { person } } as const, {}]
  await recordStep(database.db, stepOf(id, [openTask(task, { ...asked, ...toPerson })], { n: 3 }))
  const row = () => database.db.task.findUniqueOrThrow({ where: { id: task } })
  expect(await row()).toMatchObject({ state: 'suspended', role: null, assigneeId: person })
  await recordStep(database.db, stepOf(id, [openTask(task, toPerson)], { n: 4 }))
  expect(await row()).toMatchObject({ state: 'reserved', assigneeId: person })
  await recordStep(database.db, stepOf(id, [openTask(task, { ...asked, ...toOffice })], { n: 5 }))
  await recordStep(database.db, stepOf(id, [openTask(task, toOffice)], { n: 6 }))
  expect(await row()).toMatchObject({ state: 'ready', role: 'hr', assigneeId: null })
})

test('two answers of one moment may each issue a document of the same kind', async () => {
  const { id, task } = await underway()
  const documents = [randomUUID(), randomUUID()].map((each) => ({ id: each, kind: 'letter', facts: {} }))
  await recordStep(database.db, stepOf(id, [openTask(task)], { documents }))
  expect(await database.db.document.count({ where: { caseId: id, kind: 'letter' } })).toBe(2)
})

test.each(['complete', 'return', 'recuse'])('a %s that is stored and on its way holds a hard term', async (kind) => {
  const { id, task } = await underway()
  await commandOnItsWay(database, { case: id, task, kind, receivedAt: at })
  expect(await look(task, '2026-03-02T05:00:01.000Z' as Instant)).toBe(true)
  expect(await look(task, at)).toBe(false)
})

test('a task that changes hands leaves whoever had it, and its answer under way keeps it', async () => {
  const { id, task } = await underway()
  const toPerson = { for: { person } } as const
  await recordStep(database.db, stepOf(id, [openTask(task, toPerson)]))
  expect(await database.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({
    state: 'reserved',
    role: null,
    assigneeId: person,
    version: 2,
  })
  await database.sql(`update tasks set state = 'completing', "stateBefore" = 'reserved' where id = $1`, [task])
  await recordStep(database.db, stepOf(id, [openTask(task)], { n: 3 }))
  expect(await database.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({
    state: 'completing',
    stateBefore: 'ready',
    role: 'hr',
    assigneeId: null,
    version: 3,
  })
})

test('the post by virtue of which somebody is named is written beside him, and takes nothing from him', async () => {
  const { id, task } = await underway()
  const [byName, byPost] = [{ for: { person } } as const, { for: { person, servesIn: BODY } } as const]
  const row = () => database.db.task.findUniqueOrThrow({ where: { id: task } })
  await recordStep(database.db, stepOf(id, [openTask(task, byName)]))
  await database.sql(`update tasks set state = 'inProgress' where id = $1`, [task])
  await recordStep(database.db, stepOf(id, [openTask(task, byPost)], { n: 3 }))
  expect(await row()).toMatchObject({ state: 'inProgress', bodyKey: BODY, assigneeId: person, version: 2 })
})

test.each([
  ['is given to somebody else', { for: { role: 'hr', body: BODY } } as const],
  ['stands still no longer', { for: { role: 'head', body: BODY } } as const],
])('a task without a holder that %s has one', async (_what, more) => {
  const { id, task } = await underway()
  const of = { for: { role: 'head', body: BODY }, suspended: true } as const
  await recordStep(database.db, stepOf(id, [openTask(task, of)]))
  await database.sql(`update tasks set unheld = true where id = $1`, [task])
  await recordStep(database.db, stepOf(id, [openTask(task, of)], { n: 3 }))
  expect(await database.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({ unheld: true })
  await recordStep(database.db, stepOf(id, [openTask(task, more)], { n: 4 }))
  expect(await database.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({
    unheld: false,
    state: 'ready',
  })
})

test('a step of the release before, which says nothing of suspensions, leaves them as they are', async () => {
  const { id } = await underway()
  const suspensions = [
    {
      ...({ ground: 'illness', of: 'case', from: '2026-03-02' as IsoDate, at } as const),
      ...{ expected: null, to: '2026-03-04' as IsoDate },
    },
  ]
  await recordStep(database.db, stepOf(id, [], { suspensions }))
  await recordStep(database.db, stepOf(id, [], { n: 3 }))
  expect(await database.db.case.findUniqueOrThrow({ where: { id } })).toMatchObject({ step: 3, suspensions })
})
