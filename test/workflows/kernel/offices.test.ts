/** In which office somebody acts: whether he still has it, and which of several, is decided by the validator and written down. */
import type { Actor, BodyKey, Capacity, CaseId } from '../../../workflows/kernel/contract'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { casework, openTask, say, type Casework } from '../../support/casework'
import { arrangeErrands, beginErrand, BODY, doer, errandLaw, ERRANDS, head, hr, OTHER } from '../../support/errands'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let file: CaseId

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  work = await casework(database.url, ERRANDS, errandLaw)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})
beforeEach(async () => {
  file = await beginErrand(database, work)
})

const serving = (who: Actor, ...posts: string[]): Actor => ({ ...who, posts: posts as BodyKey[] })
const refused = (code: string) => ({ ok: false, refusal: { status: 403, reason: { code } } })
const lastEvent = (kind: string) =>
  work.db.event.findFirstOrThrow({ where: { caseId: file, kind }, orderBy: { seq: 'desc' } })

describe('a person named by virtue of a post', () => {
  const answer = async (by: Actor) =>
    say(work, file, 'complete', by, { task: await openTask(work, file, 'left'), answer: { n: 1 } })

  test('has a task that says in which body', async () => {
    const row = await work.db.task.findFirstOrThrow({ where: { caseId: file, kind: 'left' } })
    expect(row).toMatchObject({ role: null, personId: doer.person, bodyKey: BODY, assigneeId: doer.person })
  })

  test('may not answer once it has ended', async () => {
    expect(await answer(serving(doer))).toMatchObject(refused('policy.leftOffice'))
    expect(await answer(serving(doer, 'another body'))).toMatchObject(refused('policy.leftOffice'))
    expect(await answer(serving(doer, BODY))).toMatchObject({ ok: true })
    expect(await lastEvent('taskCompleted')).toMatchObject({ capacity: 'self' })
  })

  test('may not ask, and may not take a question back', async () => {
    const task = await openTask(work, file, 'left')
    const ask = (by: Actor) => say(work, file, 'ask', by, { task, person: OTHER, servesIn: BODY })
    expect(await ask(serving(doer))).toMatchObject(refused('policy.leftOffice'))
    expect(await ask(serving(doer, BODY))).toMatchObject({ ok: true })
    expect(await lastEvent('questionAsked')).toMatchObject({ capacity: 'self' })
    const question = await openTask(work, file, 'answerQuestion')
    const withdraw = (by: Actor) => say(work, file, 'withdrawQuestion', by, { task: question })
    expect(await withdraw(serving(doer))).toMatchObject(refused('policy.leftOffice'))
    expect(await withdraw(serving(doer, BODY))).toMatchObject({ ok: true })
  })

  test('who was asked a question may not answer it once he has left', async () => {
    await say(work, file, 'ask', doer, { task: await openTask(work, file, 'left'), person: OTHER, servesIn: BODY })
    const question = await openTask(work, file, 'answerQuestion')
    const reply = (by: Actor) => say(work, file, 'complete', by, { task: question, answer: null })
    const other: Actor = { person: OTHER, grants: [] }
    expect(await reply(serving(other))).toMatchObject(refused('policy.leftOffice'))
    expect(await reply(serving(other, BODY))).toMatchObject({ ok: true })
    expect(await lastEvent('questionAnswered')).toMatchObject({ capacity: 'self' })
  })

  test('who was asked for himself answers wherever he is', async () => {
    await say(work, file, 'ask', doer, { task: await openTask(work, file, 'left'), person: OTHER })
    const question = await openTask(work, file, 'answerQuestion')
    const reply = { task: question, answer: null }
    expect(await say(work, file, 'complete', serving({ person: OTHER, grants: [] }), reply)).toMatchObject({ ok: true })
  })

  test('is not asked where he serves in a message of the release before', async () => {
    expect(await answer(doer)).toMatchObject({ ok: true })
  })
})

describe('a person of two capacities', () => {
  const both: Actor = { ...hr, grants: [...hr.grants, { role: 'head', body: BODY }] }
  const pause = async (by: Actor, capacity?: Capacity) => {
    const { step } = await work.db.case.findUniqueOrThrow({ where: { id: file } })
    const form = { from: '2026-03-10', to: '2026-03-11', because: 'absence' }

    return say(work, file, 'act', by, { act: 'pause', step, form, ...(capacity && { capacity }) })
  }

  test.each<Capacity>(['hr', 'head'])('acts as %s when he says so, and the file tells', async (capacity) => {
    expect(await pause(both, capacity)).toMatchObject({ ok: true })
    expect(await lastEvent('actPerformed')).toMatchObject({ capacity, actorId: both.person })
  })

  test('does not act in one that is not his', async () => {
    for (const capacity of ['agency', 'self', 'developer'] as const)
      expect(await pause(both, capacity)).toMatchObject(refused('policy.notThisCapacity'))
    expect(await pause(head, 'hr')).toMatchObject(refused('policy.notThisCapacity'))
    expect(await pause(head, 'head')).toMatchObject({ ok: true })
  })

  test('acts in the first by a message of the release before', async () => {
    expect(await pause(both)).toMatchObject({ ok: true })
    expect(await lastEvent('actPerformed')).toMatchObject({ capacity: 'hr' })
  })

  test('answers a task of a role by that role alone', async () => {
    const task = await openTask(work, file, 'right')
    const answer = (capacity: Capacity) => say(work, file, 'complete', both, { task, answer: { n: 1 }, capacity })
    expect(await answer('head')).toMatchObject(refused('policy.notThisCapacity'))
    expect(await answer('hr')).toMatchObject({ ok: true })
    expect(await lastEvent('taskCompleted')).toMatchObject({ capacity: 'hr' })
  })

  test('returns and puts questions in one of his as well', async () => {
    const left = { task: await openTask(work, file, 'left'), answer: { n: 1 } }
    await say(work, file, 'complete', doer, left)
    await say(work, file, 'complete', both, { task: await openTask(work, file, 'right'), answer: { n: 1 } })
    const task = await openTask(work, file, 'approve')
    expect(await say(work, file, 'return', both, { task, capacity: 'head' })).toMatchObject(
      refused('policy.notThisCapacity'),
    )
    expect(await say(work, file, 'return', both, { task, capacity: 'hr' })).toMatchObject({ ok: true })
    expect(await lastEvent('taskReturned')).toMatchObject({ capacity: 'hr' })
  })
})
