/** A date that moves after something was done by it: HR looks again, once; and a history that grows long is noticed, once. */
import type { CaseId } from '../../../workflows/kernel/contract'
import { openIncidents } from '../../../prisma/store/incidents'
import { casework, open, openTask, say, type Casework } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { arrangeErrands, BODY, errandLaw, ERRANDS, head, hr, MONDAY, SUBJECT } from '../../support/errands'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }

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

async function begin(): Promise<CaseId> {
  const form = { takes: [], packs: [] }
  const { id } = await open(work, { process: 'outing', body: BODY, subject: SUBJECT, on: MONDAY, by: hr, form })

  return id
}
const file = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const act = async (id: CaseId, name: string, form: object = {}, by = hr) =>
  expect(await say(work, id, 'act', by, { act: name, step: (await file(id)).step, form: form as never })).toMatchObject(
    { ok: true },
  )
const answer = async (id: CaseId, kind: string) =>
  expect(await say(work, id, 'complete', hr, { task: await openTask(work, id, kind), answer: {} })).toMatchObject({
    ok: true,
  })
const tasks = async (id: CaseId) =>
  (await work.db.task.findMany({ where: { caseId: id } })).map((row) => `${row.kind} ${row.state}`).sort()
/** What HR is asked to look at again. */
const asked = async (id: CaseId) =>
  (await work.db.task.findMany({ where: { caseId: id, kind: 'reconsider' } })).map(({ about }) => about)
const delay = (id: CaseId, from: string, to: string) => act(id, 'delay', { from, to, because: 'absence' })

/** A month from 2 March; the journey is done by its end. */
async function travelled(): Promise<CaseId> {
  const id = await begin()
  await answer(id, 'pack')
  await answer(id, 'travel')

  return id
}
const about = (after: string) => ({
  code: 'reconsider',
  params: { clock: 'trip', before: '2026-04-02', after, task: 'travel', on: '2026-03-02' },
})

test('a correction before anything was done by the date asks nobody', async () => {
  const id = await begin()
  await delay(id, '2026-03-10', '2026-03-12')
  expect(await asked(id)).toEqual([])
})

test('a correction afterwards asks HR once, with both ends and what was done; a further one changes the question', async () => {
  const id = await travelled()
  await delay(id, '2026-03-10', '2026-03-12')
  expect(await asked(id)).toEqual([about('2026-04-05')])
  // the same again moves nothing
  await delay(id, '2026-03-10', '2026-03-12')
  await delay(id, '2026-03-16', '2026-03-17')
  expect(await asked(id)).toEqual([about('2026-04-07')])
  expect(await tasks(id)).toEqual(['pack completed', 'reconsider ready', 'travel completed', 'unpack ready'])
})

test('the story goes on meanwhile, and the case closes when the question is answered', async () => {
  const id = await travelled()
  await delay(id, '2026-03-10', '2026-03-12')
  await answer(id, 'unpack')
  expect(await file(id)).toMatchObject({ status: 'open' })
  await answer(id, 'reconsider')
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'home' })
})

test('once answered it is not asked again, until the end moves again', async () => {
  const id = await travelled()
  await delay(id, '2026-03-10', '2026-03-12')
  await answer(id, 'reconsider')
  await delay(id, '2026-03-10', '2026-03-12')
  expect(await asked(id)).toHaveLength(1)
  await delay(id, '2026-03-16', '2026-03-17')
  expect(await asked(id)).toHaveLength(2)
})

test('what lies after the end moves nothing, and a date that moves back withdraws the question', async () => {
  const id = await travelled()
  await delay(id, '2026-05-10', '2026-05-12')
  expect(await asked(id)).toEqual([])
  await delay(id, '2026-03-10', '2026-03-12')
  // corrected: the absence lay in May as well
  await delay(id, '2026-03-10', '2026-03-09')
  expect(await tasks(id)).toEqual(['pack completed', 'reconsider obsolete', 'travel completed', 'unpack ready'])
})

test('a suspension that began afterwards corrects nothing, and what is corrected later is counted without it', async () => {
  const id = await travelled()
  await act(id, 'suspend', { ground: 'storm' })
  expect(
    await say(work, id, 'act', hr, { act: 'advance', step: (await file(id)).step, form: { to: '2026-03-09' } }),
  ).toMatchObject({ ok: true })
  await act(id, 'resume', { ground: 'storm' })
  const { endsOn } = await work.db.clock.findFirstOrThrow({ where: { caseId: id, name: 'trip' } })
  expect(endsOn.toISOString().slice(0, 10)).toBe('2026-04-09')
  await delay(id, '2026-05-10', '2026-05-12')
  expect(await asked(id)).toEqual([])
  await delay(id, '2026-03-10', '2026-03-12')
  expect(await asked(id)).toEqual([about('2026-04-05')])
})

test('a cancelled case has nothing to look at again', async () => {
  const id = await travelled()
  await delay(id, '2026-03-10', '2026-03-12')
  await act(id, 'cancel', {}, head)
  expect(await file(id)).toMatchObject({ status: 'closed', outcome: 'cancelled' })
  expect(await tasks(id)).toEqual(['pack completed', 'reconsider obsolete', 'travel completed', 'unpack obsolete'])
})

test('a history that grows long is told to the developers once, and the case goes on', async () => {
  const id = await begin()
  for (let n = 0; n < 12; n += 1) await act(id, 'repack')
  expect(await work.db.event.count({ where: { caseId: id, kind: 'longHistory' } })).toBe(1)
  expect(await work.db.notice.findMany({ where: { caseId: id, kind: 'longHistory' } })).toMatchObject([
    { role: 'developer' },
  ])
  expect((await openIncidents(work.db)).filter(({ caseId }) => caseId === id)).toMatchObject([
    { kind: 'longHistory', times: 1 },
  ])
  await answer(id, 'pack')
  expect(await file(id)).toMatchObject({ stage: 'away' })
})

test('a case that has taken many messages is an incident; then it hears people only, and at last nobody', async () => {
  const id = await begin()
  const recompute = () => say(work, id, 'recompute', hr, {})
  const full = { refusal: { status: 409, reason: { code: 'case.full' } } }
  const incidents = async () => (await openIncidents(work.db)).filter(({ caseId }) => caseId === id)
  const many = async () => (await incidents()).filter(({ kind }) => kind === 'manyMessages')
  // the start was the first
  for (let n = 2; n < 15; n += 1) expect(await recompute()).toMatchObject({ ok: true })
  expect(await many()).toEqual([])
  expect(await recompute()).toMatchObject({ ok: true })
  expect(await many()).toMatchObject([{ times: 1 }])
  expect(await work.db.notice.count({ where: { caseId: id, kind: 'manyMessages' } })).toBe(1)
  expect(await recompute()).toMatchObject({ ok: true })
  await act(id, 'repack')
  expect(await recompute()).toMatchObject(full)
  await act(id, 'repack')
  await act(id, 'repack')
  const { step } = await file(id)
  expect(await say(work, id, 'act', hr, { act: 'repack', step, form: {} })).toMatchObject(full)
  expect(await many()).toMatchObject([{ times: 1 }])
})
