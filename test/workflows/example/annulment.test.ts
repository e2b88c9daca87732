/** The result of a commendation is annulled by a later case: its file stays, its entry in the roll of honour is taken back. */
import { randomUUID } from 'node:crypto'
import { createActivities } from '../../../activities'
import { annulmentOf } from '../../../prisma/store/annulments'
import { casesOfList, endsOf } from '../../../prisma/store/case-lists'
import { verifyChain } from '../../../prisma/store/events'
import type { CaseId, EffectId, ListId, PersonId } from '../../../workflows/kernel/contract'
import type { TakeEffect } from '../../../workflows/kernel/protocol/activities'
import { advance, open, openTask, say, type Casework } from '../../support/casework'
import { commendations, COMMENDATIONS, proposer, SITTING, voteFor, type Proposal } from '../../support/commendations'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { asViewer } from '../../support/viewers'
import { dyingWorker, stoppedWorker } from '../../support/dying'
import { readWords } from '../../../workflows/words'
import { pino } from 'pino'

jest.setTimeout(300_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let propose: ReturnType<typeof proposer>

beforeAll(async () => {
  database = await freshDatabase()
  work = await commendations(database)
  propose = proposer(database, work)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const NOBODY = asViewer({ person: randomUUID() as PersonId, grants: [] })
const file = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const annulled = (id: CaseId) => annulmentOf(work.db, NOBODY, id)
/** What the servant has in the roll of honour, as the set of the tests sees it. */
const inRoll = async (of: Proposal): Promise<number> =>
  activities().commendationsOf({ person: of.servant.person }, { rehearsal: 'tests', setBody: of.body })
const activities = () =>
  createActivities({
    db: work.db,
    log: pino({ level: 'silent' }),
    words: readWords(),
    ...COMMENDATIONS,
  }) as ReturnType<typeof createActivities> & {
    commendationsOf(question: object, set: object): Promise<number>
  }

/** A commendation that was granted, with an entry in the roll. */
async function granted(): Promise<Proposal> {
  const proposal = await propose(true, { roll: true })
  await voteFor(work, proposal)
  await advance(work, proposal.id, proposal.hr, '2026-03-30')
  expect(await file(proposal.id)).toMatchObject({ outcome: 'granted' })
  expect(await inRoll(proposal)).toBe(1)

  return proposal
}

/** Begins a case by which another is annulled. */
async function revoke(of: Proposal, annuls: CaseId, more: { aboutCase?: CaseId | null } = {}): Promise<CaseId> {
  const { body, servant, hr } = of
  const opened = await open(work, {
    ...{ process: 'revocation', body, subject: servant.person, on: SITTING, by: hr },
    form: { person: servant.person, case: annuls, ground: 'unworthy' },
    aboutCase: annuls,
    ...more,
  })
  expect(opened.outcome.result).toBe('started')

  return opened.id
}
const decide = async (of: Proposal, id: CaseId, revokes = true) =>
  say(work, id, 'complete', of.head, { task: await openTask(work, id, 'decide'), answer: { revokes } })
const publish = async (of: Proposal, id: CaseId) =>
  say(work, id, 'complete', of.hr, { task: await openTask(work, id, 'publish'), answer: {} })
const cancel = async (of: Proposal, id: CaseId) =>
  say(work, id, 'act', of.head, { act: 'cancel', step: (await file(id)).step, form: {} })
const revoked = async (of: Proposal, annuls: CaseId): Promise<CaseId> => {
  const id = await revoke(of, annuls)
  await decide(of, id)
  await publish(of, id)
  expect(await file(id)).toMatchObject({ outcome: 'revoked' })

  return id
}
const ended = async (id: CaseId, code: string) =>
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'upheld', basis: { code } })

test('the closed file stays; the entry in the roll and the count of the servant are taken back', async () => {
  const commendation = await granted()
  const before = await file(commendation.id)
  const by = await revoked(commendation, commendation.id)
  expect(await annulled(commendation.id)).toMatchObject({ by: { id: by }, on: SITTING, ground: 'unworthy' })
  expect(await inRoll(commendation)).toBe(0)
  expect(await file(commendation.id)).toEqual(before)
  expect(await verifyChain(work.db, commendation.id)).toEqual({ ok: true })
  const events = await work.db.event.findMany({
    where: { caseId: by, kind: { in: ['effectTaken', 'effectUndone', 'revoked'] } },
    orderBy: { seq: 'asc' },
  })
  expect(events.map(({ params }) => params)).toEqual([
    { effect: 'annul', case: commendation.id },
    { effect: 'enterInRoll', case: commendation.id },
    { all: 0 },
  ])
})

describe('what cannot be annulled, and the reason that the case hears', () => {
  test('a case that is still open', async () => {
    const proposal = await propose(true)
    const id = await revoke(proposal, proposal.id)
    await decide(proposal, id)
    await ended(id, 'annul.open')
    expect(await annulled(proposal.id)).toBeNull()
  })

  test('one that was cancelled, and one that did not begin', async () => {
    const proposal = await propose(true)
    await cancel(proposal, proposal.id)
    for (const annuls of [proposal.id, randomUUID() as CaseId]) {
      const id = await revoke(proposal, annuls)
      await decide(proposal, id)
      await ended(id, 'annul.noResult')
    }
  })

  test('one of another set of rehearsals', async () => {
    const commendation = await granted()
    await work.db.case.update({ where: { id: commendation.id }, data: { rehearsal: 'others' } })
    const id = await revoke(commendation, commendation.id)
    await decide(commendation, id)
    await ended(id, 'annul.otherSet')
  })

  test('one that this case is not about', async () => {
    const commendation = await granted()
    const id = await revoke(commendation, commendation.id, { aboutCase: null })
    await decide(commendation, id)
    await ended(id, 'annul.notLinked')
  })

  test('one that is annulled already', async () => {
    const commendation = await granted()
    const by = await revoked(commendation, commendation.id)
    const id = await revoke(commendation, commendation.id)
    await decide(commendation, id)
    await ended(id, 'annul.already')
    expect(await annulled(commendation.id)).toMatchObject({ by: { id: by } })
  })
})

test('of cases that annul the same at the same moment exactly one does, and the others hear why not', async () => {
  const commendation = await granted()
  const ids = await Promise.all([1, 2, 3].map(() => revoke(commendation, commendation.id)))
  await Promise.all(ids.map((id) => decide(commendation, id)))
  const open = await work.db.case.findMany({ where: { id: { in: ids }, status: 'open' } })
  expect(open).toHaveLength(1)
  expect(await annulled(commendation.id)).toMatchObject({ by: { id: open[0]?.id } })
  for (const id of ids.filter((each) => each !== open[0]?.id)) await ended(id, 'annul.already')
  expect(await inRoll(commendation)).toBe(0)
})

test('a case that is cancelled after it annulled gives the result back, and the entry with it', async () => {
  const commendation = await granted()
  const id = await revoke(commendation, commendation.id)
  await decide(commendation, id)
  expect(await inRoll(commendation)).toBe(0)
  await cancel(commendation, id)
  expect(await file(id)).toMatchObject({ outcome: 'cancelled' })
  expect(await annulled(commendation.id)).toBeNull()
  expect(await inRoll(commendation)).toBe(1)
  // another case may annul it now
  await revoked(commendation, commendation.id)
  expect(await inRoll(commendation)).toBe(0)
})

test('a case that is cancelled after taking back was refused undoes nothing of that', async () => {
  const commendation = await granted()
  const id = await revoke(commendation, commendation.id)
  // an effect of another set is not taken back
  await database.sql(`update effects set rehearsal = 'others' where "caseId" = $1`, [commendation.id])
  await decide(commendation, id)
  const takenBack = () => work.db.effect.findFirstOrThrow({ where: { caseId: id, name: 'takeBack' } })
  expect(await takenBack()).toMatchObject({ state: 'refused' })
  await cancel(commendation, id)
  const undone = await work.db.event.findMany({ where: { caseId: id, kind: 'effectUndone' } })
  expect(undone.map(({ params }) => params)).toEqual([{ effect: 'annul' }])
  expect(await takenBack()).toMatchObject({ state: 'refused' })
})

test('an annulment is annulled, and so is that: the result stands, and stands no more', async () => {
  const commendation = await granted()
  const first = await revoked(commendation, commendation.id)
  const second = await revoked(commendation, first)
  expect(await annulled(first)).toMatchObject({ by: { id: second } })
  expect(await annulled(commendation.id)).toBeNull()
  expect(await inRoll(commendation)).toBe(1)
  await revoked(commendation, second)
  expect(await annulled(first)).toBeNull()
  expect(await annulled(commendation.id)).toMatchObject({ by: { id: first } })
  expect(await inRoll(commendation)).toBe(0)
})

test('an annulment that reaches the store after it was taken back does nothing', async () => {
  const commendation = await granted()
  const id = await revoke(commendation, commendation.id)
  await decide(commendation, id)
  await cancel(commendation, id)
  for (const effect of await work.db.effect.findMany({ where: { caseId: id } })) {
    const late: TakeEffect = {
      ...{ effect: effect.id as EffectId, name: effect.name, case: id, on: SITTING },
      ...{ request: effect.request, rehearsal: 'tests', setBody: commendation.body },
    }
    expect(await activities().takeEffect(late)).toEqual({ taken: false, reason: { code: 'effect.undone' } })
  }
  expect(await annulled(commendation.id)).toBeNull()
  expect(await inRoll(commendation)).toBe(1)
})

describe('with a worker that dies', () => {
  test('when the annulment is committed and nobody has heard of it: it is done once, and the case goes on', async () => {
    const commendation = await granted()
    const id = await revoke(commendation, commendation.id)
    await worker.stop()
    const dying = dyingWorker(database.url, work.taskQueue, 'annuls', 1)
    const decided = decide(commendation, id)
    expect(await dying).toBe('SIGKILL')
    worker = await work.work()
    expect(await decided).toMatchObject({ ok: true })
    await publish(commendation, id)
    expect(await file(id)).toMatchObject({ outcome: 'revoked' })
    expect(await annulled(commendation.id)).toMatchObject({ by: { id } })
    expect(await inRoll(commendation)).toBe(0)
  })

  test('when another case annuls the same: one does, and the other hears why not', async () => {
    const commendation = await granted()
    const ids = await Promise.all([1, 2].map(() => revoke(commendation, commendation.id)))
    await worker.stop()
    const dying = dyingWorker(database.url, work.taskQueue, 'annuls', 1)
    const decided = Promise.all(ids.map((id) => decide(commendation, id)))
    expect(await dying).toBe('SIGKILL')
    worker = await work.work()
    for (const sent of await decided) expect(sent).toMatchObject({ ok: true })
    const { by } = (await annulled(commendation.id)) ?? {}
    const [winner, loser] = by?.id === ids[0] ? ids : [...ids].reverse()
    expect(await file(winner!)).toMatchObject({ id: by?.id, status: 'open', stage: 'publishing' })
    await ended(loser!, 'annul.already')
    expect(await inRoll(commendation)).toBe(0)
  })
})

test('one that a worker which stood still commits after it was taken back does nothing', async () => {
  const commendation = await granted()
  const id = await revoke(commendation, commendation.id)
  await worker.stop()
  const late = stoppedWorker(database.url, work.taskQueue, 'lateAnnulments')
  try {
    const decided = decide(commendation, id)
    await late.stopped
    expect(await annulled(commendation.id)).toBeNull()
    worker = await work.work()
    expect(await decided).toMatchObject({ ok: true })
    expect(await annulled(commendation.id)).toMatchObject({ by: { id } })
    await cancel(commendation, id)
    expect(await annulled(commendation.id)).toBeNull()
    expect(await late.goOn()).toEqual({ taken: false, reason: { code: 'effect.undone' } })
    expect(await annulled(commendation.id)).toBeNull()
    expect(await inRoll(commendation)).toBe(1)
  } finally {
    late.end()
  }
})

test('what cannot be done again is a task for HR, and the result stands all the same', async () => {
  const commendation = await granted()
  const id = await revoke(commendation, commendation.id)
  await decide(commendation, id)
  // nobody can be entered twice under one effect
  const [entry] = await work.db.effect.findMany({ where: { caseId: commendation.id, name: 'enterInRoll' } })
  await work.db.sql.run`insert into register_rows (id, register, "bodyKey", key, fields)
    values (${entry?.id}::uuid, 'example-roll', 'elsewhere', 'x', '{}')`
  await cancel(commendation, id)
  expect(await openTask(work, id, 'mendUndo')).toBeDefined()
  expect(await annulled(commendation.id)).toBeNull()
  await work.db.sql.run`delete from register_rows where id = ${entry?.id}::uuid`
})

test('lists of cases count an annulled one by itself, and name it', async () => {
  const [kept, taken] = [await granted(), await granted()]
  await revoked(taken, taken.id)
  const list = randomUUID() as ListId
  for (const { id } of [kept, taken])
    await database.sql(
      `insert into commands (id, "caseId", "listId", kind, principal, key, digest, actor, payload, "receivedAt", state)
       values (gen_random_uuid(), $1, $2, 'start', 'x', gen_random_uuid(), '', '{}', '{}', now(), 'done')`,
      [id, list],
    )
  expect(await endsOf(work.db, { list })).toEqual({ total: 2, refused: 0, open: 0, ends: { granted: 1 }, annulled: 1 })
  expect(await casesOfList(work.db, { list })).toEqual([
    { case: kept.id, end: 'granted' },
    { case: taken.id, end: 'granted', annulled: true },
  ])
})
