/** The last person who may do a task leaves: the case says so, asks the next body up, hears it, and has its task back with a successor. */
import { randomUUID } from 'node:crypto'
import { askNextBodies } from '../../../api/operations/next-body'
import { verifyChain } from '../../../prisma/store/events'
import { reconcile } from '../../../scripts/reconcile/reconcile'
import type { CaseId, PersonId } from '../../../workflows/kernel/contract'
import { processesOf } from '../../../workflows/kernel/process'
import { actor, advance, casework, openTask, OPEN_TASK, say, type Casework } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { sendStored } from '../../support/dispatching'
import { arrangeErrands, beginErrand, BODY, errandLaw, ERRANDS, head, hr, id, otherHr } from '../../support/errands'

const ABOVE = 'a'
const higherHr = actor(id(7), ['hr', ABOVE])

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let file: CaseId

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  await database.sql(
    `insert into state_bodies (key, kind, "regionKey", "nameKk", "nameRu", "nameEn", source) values ($1,'central','r','а','а','a','test')`,
    [ABOVE],
  )
  await database.sql(`update state_bodies set "parentKey" = $1 where key = $2`, [ABOVE, BODY])
  work = await casework(database.url, ERRANDS, errandLaw)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})
beforeEach(async () => {
  await database.sql('delete from body_roles')
  file = await beginErrand(database, work)
})

const gives = (person: PersonId, role: string, body: string) =>
  work.db.bodyRole.create({
    data: { id: randomUUID(), personId: person, role, bodyKey: body, from: new Date('2020-01-01'), basis: 'test' },
  })
const takes = (person: PersonId) =>
  database.sql(`update body_roles set "to" = current_date - 2 where "personId" = $1`, [person])

/** What the API does after a change of the register, and every few seconds: looks, and sends what the case is told. */
async function looks(): Promise<void> {
  await askNextBodies({ db: work.db, now: Date.now, processes: processesOf() })
  for (const sent of await sendStored(work, file))
    expect(sent).toMatchObject({ state: 'done', outcome: { result: 'done' } })
}
const right = () => work.db.task.findFirstOrThrow({ where: { caseId: file, kind: 'right', state: OPEN_TASK } })
const said = async (task: string) =>
  (await work.db.event.findMany({ where: { caseId: file, taskId: task }, orderBy: { seq: 'asc' } }))
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'taskReminded')

test('the last HR leaves: the file says so, the head is asked; he leaves: HR of the body above is asked, and answers', async () => {
  await gives(hr.person, 'hr', BODY)
  await gives(head.person, 'head', BODY)
  await gives(higherHr.person, 'hr', ABOVE)
  const task = await openTask(work, file, 'right')
  await looks()
  expect(await said(task)).toEqual(['taskOpened'])

  await takes(hr.person)
  await looks()
  const standIn = { for: { role: 'hr', body: BODY }, by: { role: 'head', body: BODY } }
  expect(await right()).toMatchObject({
    id: task,
    role: 'head',
    bodyKey: BODY,
    escalated: true,
    escalatedTo: standIn.by,
    standIn,
  })
  expect(await said(task)).toEqual(['taskOpened', 'nobodyEligible', 'taskReassigned'])
  expect(await work.db.notice.findFirstOrThrow({ where: { taskId: task, role: 'head' } })).toMatchObject({
    kind: 'taskOpened',
    bodyKey: BODY,
  })
  const answer = { task, answer: { n: 1 } }
  expect(await say(work, file, 'complete', hr, answer)).toMatchObject({ ok: false, refusal: { status: 403 } })

  await takes(head.person)
  await looks()
  await looks()
  expect(await right()).toMatchObject({
    role: 'hr',
    bodyKey: ABOVE,
    standIn: { ...standIn, by: { role: 'hr', body: ABOVE } },
  })
  expect(await said(task)).toEqual([
    'taskOpened',
    'nobodyEligible',
    'taskReassigned',
    'nobodyEligible',
    'taskReassigned',
  ])

  expect(await say(work, file, 'complete', higherHr, answer)).toMatchObject({ ok: true })
  expect(await work.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({
    state: 'completed',
    answeredById: higherHr.person,
  })
  expect(await verifyChain(work.db, file)).toEqual({ ok: true })
})

test('a successor has the task again, with its dates as they were', async () => {
  await gives(higherHr.person, 'hr', ABOVE)
  const [before, task] = [await right(), await openTask(work, file, 'right')]
  await looks()
  expect(await right()).toMatchObject({ bodyKey: ABOVE, dueOn: before.dueOn })
  await gives(otherHr.person, 'hr', BODY)
  await looks()
  expect(await right()).toMatchObject({
    role: 'hr',
    bodyKey: BODY,
    escalated: false,
    standIn: null,
    dueOn: before.dueOn,
  })
  expect((await said(task)).slice(-2)).toEqual(['eligibleAgain', 'taskReassigned'])
  expect(await say(work, file, 'complete', otherHr, { task, answer: { n: 1 } })).toMatchObject({ ok: true })
})

test('nobody anywhere: the file says so once, and the task waits where it was', async () => {
  const task = await openTask(work, file, 'right')
  await looks()
  await looks()
  expect(await said(task)).toEqual(['taskOpened', 'nobodyAnywhere'])
  expect(await right()).toMatchObject({ role: 'hr', bodyKey: BODY, escalated: false, standIn: { by: null } })
  await gives(otherHr.person, 'hr', BODY)
  await looks()
  expect(await said(task)).toEqual(['taskOpened', 'nobodyAnywhere', 'eligibleAgain'])
})

test('reminders and what is overdue go to whoever is asked, and the rows are what the workflow says', async () => {
  await gives(higherHr.person, 'hr', ABOVE)
  const task = await openTask(work, file, 'right')
  await looks()
  await advance(work, file, hr, '2026-03-10')
  const notices = await work.db.notice.findMany({ where: { taskId: task }, orderBy: { at: 'asc' } })
  expect(notices.map(({ kind, bodyKey }) => [kind, bodyKey])).toEqual([
    ['taskOpened', BODY],
    ['taskOpened', ABOVE],
    ['taskReminder', ABOVE],
    ['taskOverdue', BODY],
  ])
  const { db, client, taskQueue } = work
  const { findings } = await reconcile({ db, client, taskQueue, mend: false, only: [file], pendingAfterS: 0 })
  expect(findings.filter(({ kind }) => kind === 'differs')).toEqual([])
})
