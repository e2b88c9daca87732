/** Whom a case is kept from: people excluded from it, and, of a restricted case, all whom it does not name. */
import { randomUUID } from 'node:crypto'
import { askNextBodies } from '../../../api/operations/next-body'
import { verifyChain } from '../../../prisma/store/events'
import { wronglyHeldTasks } from '../../../prisma/store/tasks'
import { reconcile } from '../../../scripts/reconcile/reconcile'
import type { CaseId, PersonId } from '../../../workflows/kernel/contract'
import { processesOf } from '../../../workflows/kernel/process'
import { actor, casework, open, openTask, OPEN_TASK, say, type Casework, type Sent } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { sendStored } from '../../support/dispatching'
import {
  arrangeErrands,
  beginErrand,
  BODY,
  doer,
  DOER,
  errandLaw,
  ERRANDS,
  head,
  hr,
  id,
  MONDAY,
  newSubject,
  OTHER,
  otherHr,
} from '../../support/errands'

jest.setTimeout(60_000)

const [MEMBER, ALTERNATE] = [id(7), id(8)]
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
beforeEach(() => database.sql('delete from body_roles'))

async function inquest(rehearsal: string | null = 'tests', by = hr): Promise<CaseId> {
  const form = { witness: OTHER, members: [MEMBER], alternates: [ALTERNATE] }
  const subject = await newSubject(database)

  return (await open(work, { process: 'inquest', body: BODY, subject, on: MONDAY, by, form, rehearsal })).id
}
const row = () => work.db.case.findUniqueOrThrow({ where: { id: file } })
const tasks = (kind: string) => work.db.task.findMany({ where: { caseId: file, kind, state: OPEN_TASK } })
const events = async (...kinds: string[]) =>
  (await work.db.event.findMany({ where: { caseId: file, kind: { in: kinds } }, orderBy: { seq: 'asc' } })).map(
    ({ kind, actorId, params }) => ({ kind, actorId, people: (params as { people?: unknown }).people }),
  )
async function does(by: typeof hr, act: string, form: object = {}): Promise<Sent> {
  const { step } = await row()

  return say(work, file, 'act', by, { act, step, form: form as never })
}
const answers = async (by: typeof hr, kind: string, answer: object = {}): Promise<Sent> =>
  say(work, file, 'complete', by, { task: await openTask(work, file, kind), answer: answer as never })
const refused = (status: number, code: string, errors?: object) => ({
  ok: false,
  refusal: { status, reason: { code }, ...(errors && { errors }) },
})
const gives = (person: PersonId, role: string) =>
  work.db.bodyRole.create({
    data: { id: randomUUID(), personId: person, role, bodyKey: BODY, from: new Date('2020-01-01'), basis: 'test' },
  })
async function looks(): Promise<void> {
  await askNextBodies({ db: work.db, now: Date.now, processes: processesOf() })
  for (const sent of await sendStored(work, file)) expect(sent).toMatchObject({ state: 'done' })
}
async function isWhole(): Promise<void> {
  const { db, client, taskQueue } = work
  const { findings } = await reconcile({ db, client, taskQueue, mend: false, only: [file], pendingAfterS: 0 })
  // these tests send to the workflow itself, without commands, and roles without rows
  const ofRows = findings.filter(({ kind }) => !['commandMissing', 'contentLost', 'ownerless'].includes(kind))
  expect(ofRows).toEqual([])
  expect(await verifyChain(db, file)).toEqual({ ok: true })
}

test('a case that its contract restricts names who started it and who has a part in it, and nobody else acts in it by an office', async () => {
  file = await inquest()
  expect((await row()).restrictedTo).toEqual([hr.person, OTHER])
  expect(await events('caseRestricted')).toMatchObject([{ people: [hr.person, OTHER] }])
  expect(await tasks('look')).toMatchObject([{ restrictedTo: [hr.person, OTHER] }])
  expect(await does(otherHr, 'note')).toMatchObject(refused(403, 'policy.notNamed'))
  expect(await answers(otherHr, 'look', { keepFrom: [] })).toMatchObject(refused(403, 'policy.notNamed'))
  // who is asked by name is asked as ever
  expect(await answers(actor(MEMBER), 'vote', { vote: 'yes' })).toMatchObject({ ok: true })
  expect(await does(hr, 'note')).toMatchObject({ ok: true })
  await isWhole()
})

test('whoever is excluded in the course of a case holds no task of it, performs no act and loses his seat, which an alternate takes', async () => {
  file = await inquest()
  await does(hr, 'grant', { person: otherHr.person })
  await does(hr, 'grant', { person: head.person })
  expect(await answers(hr, 'look', { keepFrom: [otherHr.person, MEMBER] })).toMatchObject({ ok: true })
  expect((await row()).keptFrom).toEqual([otherHr.person, MEMBER])
  expect(await events('peopleExcluded')).toMatchObject([{ people: [otherHr.person, MEMBER] }])
  expect(await does(otherHr, 'note')).toMatchObject(refused(403, 'policy.excludedFromCase'))
  expect((await tasks('vote')).map(({ personId }) => personId)).toEqual([ALTERNATE])
  expect((await row()).commissions).toMatchObject([{ seats: [{ state: 'excluded' }, { member: ALTERNATE }] }])
  await answers(actor(ALTERNATE), 'vote', { vote: 'yes' })
  const [later] = await tasks('decide')
  expect(later).toMatchObject({ excluded: [otherHr.person, MEMBER], keptFrom: [otherHr.person, MEMBER] })
  expect(await answers(otherHr, 'decide')).toMatchObject(refused(403, 'policy.excluded'))
  expect(await does(hr, 'grant', { person: MEMBER })).toMatchObject(
    refused(422, 'form.invalid', { person: 'excluded' }),
  )
  await isWhole()
})

test('HR or the head restricts a case by hand, gives access, takes it back and lifts it; each stands in its file with who did it', async () => {
  file = await beginErrand(database, work)
  expect(await does(hr, 'grant', { person: head.person })).toMatchObject(refused(409, 'act.notNow'))
  expect(await does(doer, 'restrict', { people: [] })).toMatchObject(refused(403, 'policy.noRole'))
  expect(await does(hr, 'restrict', { people: [head.person] })).toMatchObject({ ok: true })
  expect((await row()).restrictedTo).toEqual([hr.person, head.person])
  expect(await does(otherHr, 'pause')).toMatchObject(refused(403, 'policy.notNamed'))
  expect(await answers(otherHr, 'right', { n: 1 })).toMatchObject(refused(403, 'policy.notNamed'))
  expect(await does(otherHr, 'grant', { person: otherHr.person })).toMatchObject(refused(403, 'policy.notNamed'))
  expect(await does(hr, 'restrict', { people: [] })).toMatchObject(refused(409, 'act.notNow'))
  expect(await does(hr, 'grant', { person: head.person })).toMatchObject(
    refused(422, 'form.invalid', { person: 'hasAccess' }),
  )
  expect(await does(hr, 'revokeAccess', { person: hr.person })).toMatchObject(
    refused(422, 'form.invalid', { person: 'yourself' }),
  )
  expect(await does(hr, 'grant', { person: otherHr.person })).toMatchObject({ ok: true })
  expect(await does(head, 'revokeAccess', { person: hr.person })).toMatchObject({ ok: true })
  expect(await answers(hr, 'right', { n: 1 })).toMatchObject(refused(403, 'policy.notNamed'))
  // a task addressed by name is his as ever
  expect(await answers(doer, 'left', { n: 1 })).toMatchObject({ ok: true })
  expect(await does(otherHr, 'lift')).toMatchObject({ ok: true })
  expect(await row()).toMatchObject({ restrictedTo: [] })
  expect(await answers(hr, 'right', { n: 1 })).toMatchObject({ ok: true })
  expect(await events('caseRestricted', 'accessGranted', 'accessRevoked', 'restrictionLifted')).toEqual([
    { kind: 'caseRestricted', actorId: hr.person, people: [hr.person, head.person] },
    { kind: 'accessGranted', actorId: hr.person, people: [otherHr.person] },
    { kind: 'accessRevoked', actorId: head.person, people: [hr.person] },
    { kind: 'restrictionLifted', actorId: otherHr.person, people: undefined },
  ])
  await isWhole()
})

test('a task in the hands of somebody whom a case no longer names goes back to its role', async () => {
  file = await beginErrand(database, work)
  await gives(otherHr.person, 'hr')
  const task = await openTask(work, file, 'right')
  await work.db.task.update({ where: { id: task }, data: { state: 'reserved', assigneeId: otherHr.person } })
  const held = async () => (await wronglyHeldTasks(work.db, MONDAY, 10)).map((each) => each.task)
  expect(await held()).not.toContain(task)
  await does(hr, 'restrict', { people: [] })
  expect(await held()).toContain(task)
})

test('a task of a restricted case that nobody named may do goes to the head of its body, whom the case names from then on', async () => {
  file = await inquest()
  await gives(head.person, 'head')
  await gives(otherHr.person, 'hr')
  await gives(hr.person, 'hr')
  const task = await openTask(work, file, 'look')
  await looks()
  expect((await row()).restrictedTo).toEqual([hr.person, OTHER])
  await database.sql(`update body_roles set "to" = current_date - 2 where "personId" = $1`, [hr.person])
  await looks()
  expect((await row()).restrictedTo).toEqual([hr.person, OTHER, head.person])
  expect(await events('headNamed')).toMatchObject([{ people: [head.person] }])
  expect(await work.db.task.findUniqueOrThrow({ where: { id: task } })).toMatchObject({ role: 'head', bodyKey: BODY })
  expect(await answers(head, 'look', { keepFrom: [] })).toMatchObject({ ok: true })
  await isWhole()
})

test('where there is no head, he is named as soon as there is one', async () => {
  file = await inquest()
  await looks()
  expect(await events('headNamed')).toEqual([])
  await gives(head.person, 'head')
  await looks()
  expect(await events('headNamed')).toMatchObject([{ people: [head.person] }])
})

test('numbers of restricted cases tell nothing of others, and those of others nothing of them', async () => {
  const numberOf = async (of: CaseId) => (await work.db.case.findUniqueOrThrow({ where: { id: of } })).number
  const begins = async () => {
    const subject = await newSubject(database)
    const form = { doer: DOER }

    return (await open(work, { process: 'errand', body: BODY, subject, on: MONDAY, by: hr, form, rehearsal: null })).id
  }
  const before = await numberOf(await begins())
  file = await inquest(null)
  expect(await numberOf(file)).toMatch(/^\d{4}-[0-9A-F]{12}$/)
  const [year, n] = before.split('-')
  expect(await numberOf(await begins())).toBe(`${String(year)}-${String(Number(n) + 1).padStart(6, '0')}`)
})
