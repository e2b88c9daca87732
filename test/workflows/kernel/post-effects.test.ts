/** What a real case does to posts while its worker dies or stands still: done once, and never after it was taken back. */
import { verifyChain } from '../../../prisma/store/events'
import type { CaseId, IsoDate, PersonId, PositionId } from '../../../workflows/kernel/contract'
import { openTask, say, type Casework } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { dyingWorker, stoppedWorker } from '../../support/dying'
import { arrangeErrands, head, hr, newSubject } from '../../support/errands'
import { freshPosition } from '../../support/positions'
import { begin, relays } from '../../support/relays'
import type { Script } from './relay'

jest.setTimeout(300_000)

const FIRST = '2026-03-02' as IsoDate
const LAST = '2026-05-29' as IsoDate
const NEXT = '2026-05-30' as IsoDate

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let position: PositionId
let holder: PersonId
let successor: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  await arrangeErrands(database)
  work = await relays(database)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})
beforeEach(async () => {
  position = await freshPosition(work.db, 'ministryFinance')
  holder = await newSubject(database)
  successor = await newSubject(database)
})

const begins = (script: Script): Promise<CaseId> => begin(database, work, script, [], { rehearsal: null })
const file = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const came = async (id: CaseId) => ((await file(id)).facts as unknown as { came: readonly string[] }).came
const works = async (id: CaseId) =>
  expect(await say(work, id, 'complete', hr, { task: await openTask(work, id, 'work'), answer: {} })).toMatchObject({
    ok: true,
  })
async function cancels(id: CaseId): Promise<void> {
  const { step } = await file(id)
  expect(await say(work, id, 'act', head, { act: 'cancel', step, form: {} })).toMatchObject({ ok: true })
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'cancelled' })
}
/** Who holds the position, from when and until when. */
const posts = async () =>
  (
    await database.sql(
      `select "personId", "from"::text, "to"::text from posts where "positionId" = $1 order by "from"`,
      [position],
    )
  ).map((row) => [row['personId'], row['from'], row['to']])
/** What the trail says was done by the case, last what was taken back. */
const trail = async (id: CaseId) =>
  (
    await database.sql(
      `select before is null as made, after is null as removed from register_changes where "caseId" = $1 order by seq`,
      [id],
    )
  ).map(({ made, removed }) => (made === true ? 'made' : removed === true ? 'removed' : 'changed'))
const effects = async () => (await work.db.effect.findMany({ orderBy: { seq: 'asc' } })).map(({ state }) => state)

/** A post that somebody has held since the first day, without an end. */
async function isHeld(): Promise<void> {
  const id = await begins([{ appoint: 'a', person: holder, position, from: FIRST }, { work: true }])
  await works(id)
  expect(await posts()).toEqual([[holder, FIRST, null]])
}

test('an appointment that a worker which stood still commits after it was taken back does nothing', async () => {
  await worker.stop()
  const before = await effects()
  const late = stoppedWorker(database.url, work.taskQueue, 'lateAppointments')
  try {
    const begun = begins([{ appoint: 'a', person: holder, position, from: FIRST }, { work: true }])
    await late.stopped
    expect(await effects()).toEqual(before)
    worker = await work.work()
    const id = await begun
    expect(await posts()).toEqual([[holder, FIRST, null]])
    await cancels(id)
    expect(await posts()).toEqual([])
    expect(await late.goOn()).toEqual({ taken: false, reason: { code: 'effect.undone' } })
    expect(await posts()).toEqual([])
    expect(await effects()).toEqual([...before, 'undone'])
    expect(await trail(id)).toEqual(['made', 'removed'])
    expect(await verifyChain(work.db, id)).toEqual({ ok: true })
  } finally {
    late.end()
  }
})

test('a post ends on the day another would begin in it, and the worker dies in between: every day is held once', async () => {
  await isHeld()
  await worker.stop()
  const died = dyingWorker(database.url, work.taskQueue, 'ends', 1)
  const begun = begins([
    { endPost: { person: holder, position }, on: LAST },
    { appoint: 'b', person: successor, position, from: LAST },
    { appoint: 'c', person: successor, position, from: NEXT },
    { work: true },
  ])
  expect(await died).toBe('SIGKILL')
  expect(await posts()).toEqual([[holder, FIRST, LAST]])
  worker = await work.work()
  const id = await begun
  expect(await came(id)).toEqual(['endPost', 'register.positionHeld', 'appoint'])
  expect(await posts()).toEqual([
    [holder, FIRST, LAST],
    [successor, NEXT, null],
  ])
  expect(await trail(id)).toEqual(['changed', 'made'])
  await cancels(id)
  expect(await posts()).toEqual([[holder, FIRST, null]])
  expect(await trail(id)).toEqual(['changed', 'made', 'removed', 'changed'])
})
