/** A running case goes to another body in one step: tasks, clocks and rights go with it, and past days keep their calendar. */
import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/activity'
import { pino } from 'pino'
import { createActivities } from '../../../activities'
import { askNextBodies } from '../../../api/operations/next-body'
import { storeRecompute } from '../../../prisma/store/commands'
import { verifyChain } from '../../../prisma/store/events'
import { caseCalendar } from '../../../prisma/store/opening'
import { stuckCases } from '../../../prisma/store/stuck'
import { reconcile } from '../../../scripts/reconcile/reconcile'
import type { Actor, BodyKey, CaseId, Instant, IsoDate, TaskId } from '../../../workflows/kernel/contract'
import { processesOf } from '../../../workflows/kernel/process'
import type { OpeningQuestion } from '../../../workflows/kernel/protocol/opening'
import type { Step } from '../../../workflows/kernel/protocol/step'
import { readWords } from '../../../workflows/words'
import { actor, advance, casework, open, openTask, say, type Casework, type Sent } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { sendStored } from '../../support/dispatching'
import { dyingWorker } from '../../support/dying'
import { eventually } from '../../support/eventually'
import { arrangeErrands, BODY, doer, DOER, errandLaw, ERRANDS, head, hr, id, newSubject } from '../../support/errands'

jest.setTimeout(120_000)

const THERE = 'c' as BodyKey
const hrThere = actor(id(7), ['hr', THERE])
const headThere = actor(id(8), ['head', THERE])
/** Monday */
const BEGINS = '2026-04-06' as IsoDate

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let file: CaseId
/** while it is a worker of a release that knew no handover: as Temporal says that it has no activity of a name */
let isOfBefore = false
let notTaken = 0
const recordedAsAny: Step[] = []

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  await arrangeErrands(database)
  await database.sql(
    `insert into state_bodies (key, kind, "regionKey", "nameKk", "nameRu", "nameEn", source) values ($1,'akimat-region','karaganda','в','в','c','test')`,
    [THERE],
  )
  const opening = async ({ body, on }: OpeningQuestion) => ({
    ...(await errandLaw.opening()),
    agency: 'civilServiceAgency' as BodyKey,
    daysOff: await caseCalendar(database.db, { body, on }),
  })
  const { record, recordHandover } = createActivities({
    db: database.db,
    log: pino({ level: 'silent' }),
    processes: processesOf(),
    words: readWords(),
    stores: {},
  })
  work = await casework(database.url, ERRANDS, {
    opening,
    record: (step) => {
      recordedAsAny.push(step)

      return record(step)
    },
    recordHandover: (step) => {
      if (!isOfBefore) return recordHandover(step)
      notTaken += 1
      throw ApplicationFailure.create({ type: 'NotFoundError', message: 'not registered on this Worker' })
    },
  })
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})
beforeEach(async () => {
  await database.sql('delete from body_days')
  file = await begins()
})

async function begins(): Promise<CaseId> {
  const subject = await newSubject(database)
  const form = { doer: DOER }

  return (await open(work, { process: 'errand', body: BODY, subject, on: BEGINS, by: hr, form })).id
}
const row = () => work.db.case.findUniqueOrThrow({ where: { id: file } })
const task = async (kind: string) => work.db.task.findUniqueOrThrow({ where: { id: await openTask(work, file, kind) } })
async function handsOver(by: Actor, to: string, receivedAt?: Instant): Promise<Sent> {
  const { step } = await row()

  return say(work, file, 'act', by, { act: 'handOver', step, form: { body: to }, ...(receivedAt && { receivedAt }) })
}
const answers = (by: Actor, of: TaskId, received: Date) =>
  say(work, file, 'complete', by, { task: of, answer: { n: 1 }, receivedAt: received.toISOString() as Instant })
const isOff = (body: string, date: string) =>
  database.sql(`insert into body_days values ($1::uuid, $2, $3::date, false, 'test')`, [randomUUID(), body, date])
const dueOf = async (kind: string) => {
  const { due } = (await task(kind)) as unknown as {
    due: { on: string; steps: readonly { code: string; days?: string[] }[] }
  }

  return { on: due.on, daysOff: due.steps.find(({ code }) => code === 'daysOff')?.days }
}
/** Sends what is stored for the case. */
async function isTold(): Promise<void> {
  for (const sent of await sendStored(work, file)) expect(sent).toMatchObject({ state: 'done' })
}
async function isWhole(): Promise<void> {
  const { db, client, taskQueue } = work
  const { findings } = await reconcile({ db, client, taskQueue, mend: false, only: [file], pendingAfterS: 0 })
  // these tests send to the workflow itself, without commands
  const ofRows = findings.filter(({ kind }) => kind !== 'commandMissing' && kind !== 'contentLost')
  expect(ofRows).toEqual([])
  expect(await verifyChain(db, file)).toEqual({ ok: true })
}
const refused = (status: number, code: string) => ({ ok: false, refusal: { status, reason: { code } } })

test('the head hands it over: tasks of roles, rights, the Agency and documents are those of the new body, and who is named stays', async () => {
  expect(await handsOver(hr, THERE)).toMatchObject(refused(403, 'policy.noRole'))
  expect(await handsOver(headThere, THERE)).toMatchObject(refused(403, 'policy.noRole'))
  expect(await handsOver(head, BODY)).toMatchObject({ ok: false, refusal: { errors: { body: 'sameBody' } } })
  expect(await handsOver(head, 'nowhere')).toMatchObject({ ok: false, refusal: { errors: { body: 'unknownId' } } })
  const { id: left } = await task('left')

  expect(await handsOver(head, THERE)).toMatchObject({ ok: true })
  expect(await row()).toMatchObject({
    bodyKey: THERE,
    agencyKey: 'civilServiceAgency.karaganda',
    setBodyKey: BODY,
    formerBodies: [{ body: BODY, agency: 'civilServiceAgency' }],
  })
  expect(await task('right')).toMatchObject({ role: 'hr', bodyKey: THERE, assigneeId: null, state: 'ready' })
  expect(await task('left')).toMatchObject({ id: left, personId: DOER, bodyKey: BODY, assigneeId: DOER })
  expect(await work.db.event.findFirstOrThrow({ where: { caseId: file, kind: 'handedOver' } })).toMatchObject({
    actorId: head.person,
    capacity: 'head',
    params: { from: BODY, body: THERE },
  })
  const told = await work.db.notice.findMany({ where: { caseId: file, bodyKey: THERE } })
  expect(told.map(({ kind }) => kind).sort()).toEqual(['caseHandedOver', 'taskOpened'])

  const pause = { act: 'pause', form: { from: '2026-04-10', to: '2026-04-10', because: 'absence' } }
  const paused = async (by: Actor) => say(work, file, 'act', by, { ...pause, step: (await row()).step })
  expect(await paused(hr)).toMatchObject(refused(403, 'policy.noRole'))
  expect(await paused(hrThere)).toMatchObject({ ok: true })

  const now = new Date()
  expect(await answers(hr, (await task('right')).id as TaskId, now)).toMatchObject(refused(403, 'policy.handedOver'))
  expect(await answers(hrThere, (await task('right')).id as TaskId, now)).toMatchObject({ ok: true })
  expect(await answers(doer, left as TaskId, now)).toMatchObject({ ok: true })
  expect(await task('approve')).toMatchObject({ role: 'hr', bodyKey: THERE })
  const approve = { task: await openTask(work, file, 'approve'), answer: { ok: true } }
  expect(await say(work, file, 'complete', hrThere, approve)).toMatchObject({ ok: true })
  expect(await work.db.document.findFirstOrThrow({ where: { caseId: file } })).toMatchObject({
    made: { issuer: THERE },
  })
  await isWhole()
})

test('the Agency that is competent hands it over, and no other body of the Agency', async () => {
  const central = actor(id(3), ['agency', 'civilServiceAgency'])
  const department = actor(id(3), ['agency', 'civilServiceAgency.karaganda'])
  expect(await handsOver(department, THERE)).toMatchObject(refused(403, 'policy.noRole'))
  expect(await handsOver(central, THERE)).toMatchObject({ ok: true })
  expect(await handsOver(central, BODY)).toMatchObject(refused(403, 'policy.noRole'))
  expect(await handsOver(department, BODY)).toMatchObject({ ok: true })
})

test('past days keep the calendar under which they passed: there and back, and when either calendar is corrected', async () => {
  await isOff(BODY, '2026-04-07')
  await isOff(THERE, '2026-04-08')
  file = await begins()
  expect(await dueOf('right')).toEqual({ on: '2026-04-10', daysOff: ['2026-04-07'] })
  await advance(work, file, hr, '2026-04-08')

  // the day of the handover is a day off there only
  expect(await handsOver(head, THERE)).toMatchObject({ ok: true })
  const both = { on: '2026-04-13', daysOff: ['2026-04-07', '2026-04-08', '2026-04-11', '2026-04-12'] }
  expect(await dueOf('right')).toEqual(both)
  await isWhole()
  await advance(work, file, hr, '2026-04-10')
  expect(await handsOver(headThere, BODY)).toMatchObject({ ok: true })
  expect(await row()).toMatchObject({ bodyKey: BODY, agencyKey: 'civilServiceAgency' })
  expect(await task('right')).toMatchObject({ role: 'hr', bodyKey: BODY })
  expect(await dueOf('right')).toEqual(both)

  await isOff(THERE, '2026-04-09')
  await isOff(THERE, '2026-04-10')
  await storeRecompute(work.db, THERE)
  await isTold()
  expect(await dueOf('right')).toEqual({
    on: '2026-04-14',
    daysOff: ['2026-04-07', '2026-04-08', '2026-04-09', '2026-04-11', '2026-04-12'],
  })
  await isWhole()
})

test('a week of six days becomes one of five, and what was a working Saturday stays one', async () => {
  await database.sql(`update state_bodies set "weekProfile" = 'six-day' where key = $1`, [BODY])
  try {
    const subject = await newSubject(database)
    const form = { doer: DOER }
    const opened = await open(work, {
      process: 'errand',
      body: BODY,
      subject,
      on: '2026-04-10' as IsoDate,
      by: hr,
      form,
    })
    file = opened.id
    expect((await dueOf('right')).on).toBe('2026-04-14')
    await advance(work, file, hr, '2026-04-13')
    expect(await handsOver(head, THERE)).toMatchObject({ ok: true })
    expect(await dueOf('right')).toEqual({ on: '2026-04-14', daysOff: ['2026-04-12'] })
    expect(await row()).toMatchObject({ clock: { profile: 'five-day' } })
  } finally {
    await database.sql(`update state_bodies set "weekProfile" = 'five-day' where key = $1`, [BODY])
  }
})

test('from now on its days begin by the clock of the new body, and those that had begun stay as they began', async () => {
  await database.sql(`update regions set timezone = 'Asia/Tokyo' where key = 'karaganda'`)
  try {
    const ends = await task('right')
    expect(ends).toMatchObject({ openedOn: new Date('2026-04-06') })
    expect(await handsOver(head, THERE)).toMatchObject({ ok: true })
    expect(await row()).toMatchObject({ clock: { zone: 'Asia/Tokyo' } })
    await advance(work, file, hr, '2026-04-07')
    // midnight in Tokyo
    expect(await row()).toMatchObject({ clock: { base: { case: '2026-04-06T15:00:00.000Z' } } })
  } finally {
    await database.sql(`update regions set timezone = 'Asia/Almaty' where key = 'karaganda'`)
  }
})

test('what was received before the handover is heard by the rights of then, what comes after is refused and told why', async () => {
  const { id: right } = await task('right')
  const handed = new Date()
  const at = (seconds: number) => new Date(handed.getTime() + seconds * 1000)
  expect(await handsOver(head, THERE, handed.toISOString() as Instant)).toMatchObject({ ok: true })
  expect(await answers(hr, right as TaskId, at(1))).toMatchObject(refused(403, 'policy.handedOver'))
  expect(await answers(hrThere, right as TaskId, at(-1))).toMatchObject(refused(403, 'policy.noRole'))
  expect(await answers(hr, right as TaskId, at(-1))).toMatchObject({ ok: true })
  expect(await work.db.task.findUniqueOrThrow({ where: { id: right } })).toMatchObject({
    state: 'completed',
    answeredById: hr.person,
  })
  await isWhole()
})

test('an act that was prepared before the handover is told that the case has changed', async () => {
  const { step } = await row()
  expect(await handsOver(head, THERE)).toMatchObject({ ok: true })
  const form = { from: '2026-04-10', to: '2026-04-10', because: 'absence' }
  expect(await say(work, file, 'act', hr, { act: 'pause', step, form })).toMatchObject(refused(412, 'case.changed'))
})

test('whoever is asked instead is asked anew in the new body, and what was found of the former body is not heard', async () => {
  const right = await openTask(work, file, 'right')
  const standIn = { task: right, by: { role: 'head' as const, body: BODY } }
  const tells = (body?: BodyKey) => say(work, file, 'eligible', hr, { tasks: [standIn], ...(body && { body }) })
  expect(await tells(BODY)).toMatchObject({ ok: true })
  expect(await task('right')).toMatchObject({ role: 'head', bodyKey: BODY })
  expect(await handsOver(head, THERE)).toMatchObject({ ok: true })
  expect(await task('right')).toMatchObject({ role: 'hr', bodyKey: THERE, standIn: null, escalatedTo: null })
  expect(await tells(BODY)).toMatchObject({ ok: true })
  expect(await task('right')).toMatchObject({ role: 'hr', bodyKey: THERE, standIn: null })

  await work.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: headThere.person,
      role: 'head',
      bodyKey: THERE,
      from: new Date('2020-01-01'),
      basis: 'test',
    },
  })
  await askNextBodies({ db: work.db, now: Date.now, processes: processesOf() })
  await isTold()
  expect(await task('right')).toMatchObject({ role: 'head', bodyKey: THERE })
  const stuck = { on: '2026-04-06' as IsoDate, now: new Date().toISOString() as Instant, rehearsals: true, limit: 10 }
  expect(await stuckCases(work.db, { ...stuck, only: [file] })).toEqual([])
})

test('an answer is under way, the worker dies with the handover recorded: the answer is heard, and once', async () => {
  const { id: right } = await task('right')
  const received = new Date()
  await worker.stop()
  const died = dyingWorker(database.url, work.taskQueue, 'handovers', 1)
  const handed = handsOver(head, THERE)
  expect(await died).toBe('SIGKILL')
  expect(await row()).toMatchObject({ bodyKey: THERE })
  worker = await work.work()
  expect(await handed).toMatchObject({ ok: true })
  expect(await answers(hr, right as TaskId, received)).toMatchObject({ ok: true })
  expect(await work.db.event.count({ where: { caseId: file, kind: 'handedOver' } })).toBe(1)
  expect(await work.db.event.count({ where: { caseId: file, kind: 'taskCompleted' } })).toBe(1)
  await isWhole()
})

test('a worker of the release before does not record a handover, which it would leave in its former body', async () => {
  isOfBefore = true
  const handed = handsOver(head, THERE)
  await eventually('the step to come back', async () => notTaken > 1)
  expect(await row()).toMatchObject({ bodyKey: BODY, step: 1 })
  isOfBefore = false
  expect(await handed).toMatchObject({ ok: true })
  expect(await row()).toMatchObject({ bodyKey: THERE })
  expect(recordedAsAny.flatMap(({ events }) => events).filter(({ kind }) => kind === 'handedOver')).toEqual([])
  await isWhole()
})
