/** A suspended case through the API: what its page says, what is refused and how, what stays, and to whom the ground is shown. */
import path from 'node:path'
import type { CaseDetail, EventView, TaskDetail, TaskView } from '../../api/shapes/views'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { example } from '../example/process'
import { enterExampleLaw } from '../example/register'
import { keepDraft, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(180_000)

let api: Api
let hr: Agent
let head: Agent
let supervisor: Agent
let caseId: string

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.resolve(__dirname, '../example/workflows.ts'),
    more: {
      processes: processesOf(...processes.all, example),
      words: readWords(path.resolve(__dirname, '../../workflows'), path.resolve(__dirname, '..')),
    },
  })
  await enterExampleLaw(api.db)
  hr = await api.as('hrMinistry')
  head = await api.as('headMinistry')
  supervisor = await api.as('supervisor')
  caseId = await begin()
})
afterAll(() => api.close())

/** A proposal of the newcomer that his supervisor recommends; its chair has the account `chair`. */
async function begin(): Promise<string> {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({
    where: { personId: person, to: null },
    include: { position: true },
  })
  const known = (await api.db.account.findMany({ where: { demoAs: { not: null } } })).map(({ personId }) => personId)
  const colleagues = await api.db.post.findMany({
    where: { to: null, position: { bodyKey: post.position.bodyKey }, personId: { notIn: [person, ...known] } },
    orderBy: { id: 'asc' },
    take: 3,
  })
  const members = colleagues.map(({ personId }) => personId)
  await api.db.account.create({ data: { id: 'chair', personId: members[0] ?? '', demoAs: 'mentor' } })
  const started = await hr.post('/api/processes/example/cases').send({
    form: {
      ...{ person, position: post.positionId, chair: members[0], members, alternates: [] },
      ...{ sitting: addedTo(today(), 60), proposedByHead: false, grounds: 'Long service' },
    },
  })
  if (started.status !== 201) throw new Error(started.text)

  return started.body.caseId
}

const today = (): string => new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10)
const addedTo = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
const page = async (agent: Agent): Promise<CaseDetail> =>
  (await agent.get(`/api/cases/${caseId}`).expect(200)).body as CaseDetail
const acts = async (agent: Agent): Promise<string[]> => (await page(agent)).acts.map(({ act }) => act)
const act = async (agent: Agent, name: string, form: object) =>
  agent.post(`/api/cases/${caseId}/acts/${name}`).send({ step: (await page(agent)).step, form })
const task = async (agent: Agent): Promise<TaskDetail> => {
  const { id } = await api.db.task.findFirstOrThrow({ where: { caseId, kind: 'recommend' } })

  return (await agent.get(`/api/tasks/${id}`).expect(200)).body as TaskDetail
}
const form = { recommendation: 'She deserves it.' }

/** The grounds that an official cannot choose now, and why. */
const refused = async (agent: Agent) =>
  (await page(agent)).acts.find((each) => each.act === 'suspend')?.offer.refused['ground'] ?? null

test('what the rules of the process say against a ground is said where it is offered, and by the case', async () => {
  const { stage } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
  await api.db.case.update({ where: { id: caseId }, data: { stage: 'announcing' } })
  expect(await refused(hr)).toEqual({ illness: 'votedAlready', inquiry: 'groundNotYours' })
  await api.db.case.update({ where: { id: caseId }, data: { stage } })
})

test('a ground is offered where its rule provides for it, with those who may', async () => {
  const offered = (await page(hr)).acts.find((each) => each.act === 'suspend')
  expect(offered?.form).toMatchObject({
    properties: { ground: { enum: ['illness', 'leave', 'papers', 'inquiry'], 'x-words': 'because' } },
  })
  expect(await acts(hr)).not.toContain('resume')
  expect(await refused(hr)).toEqual({ inquiry: 'groundNotYours' })
  expect(await refused(head)).toEqual({ leave: 'groundNotYours', papers: 'groundNotYours' })
  const form = { ground: 'illness', expectedUntil: today(), reason: 'x' }
  expect((await act(hr, 'suspend', form)).body).toMatchObject({ status: 422, errors: { expectedUntil: 'past' } })
  expect((await act(hr, 'suspend', { ...form, ground: 'inquiry' })).status).toBe(403)
})

test('its page says since when, on what ground and rule, until when that is expected, and who ends it', async () => {
  const before = await task(supervisor)
  await keepDraft(supervisor, `task:${before.id}:complete`, {
    person: await personOf(api, 'supervisor'),
    form,
  }).expect(200)
  const until = addedTo(today(), 9)
  const asked = { ground: 'illness', expectedDays: 10, expectedUnit: 'calendarDays', reason: 'She is ill.' }
  expect((await act(hr, 'suspend', asked)).status).toBe(200)

  const standing = {
    ...{ ground: 'illness', of: 'case', from: today(), to: null, expected: until, days: 1 },
    ...{ rule: { source: 'example', confidence: 'D', unverified: true }, endsItself: false, endedBy: ['hr', 'head'] },
  }
  expect((await page(hr)).suspensions).toEqual([standing])
  // its date moves on, and says why
  const { due } = await task(hr)
  expect(due?.steps.find(({ code }) => code === 'paused')).toMatchObject({
    pauses: [{ from: today(), to: today(), because: 'illness', open: true }],
  })
})

test('its tasks are not answered: the refusal says so, and the draft stays', async () => {
  const shown = await task(supervisor)
  expect(shown).toMatchObject({ state: 'suspended', verbs: [] })
  const reason = { code: 'case.suspendedUntil', params: { since: today(), until: addedTo(today(), 9) } }
  expect(shown.refusal).toEqual(reason)
  const refused = await supervisor.post(`/api/tasks/${shown.id}/complete`).send({ version: shown.version, form })
  expect(refused.body).toMatchObject({ status: 409, reason })
  const { body } = await supervisor.get(`/api/drafts/${encodeURIComponent(`task:${shown.id}:complete`)}`).expect(200)
  expect(body).toMatchObject({ form })
})

test('of its acts only those are offered and done that its ground lets go on, that end it, and what may be done to any case', async () => {
  const offered = await acts(hr)
  expect(offered).toEqual(expect.arrayContaining(['moveSitting', 'suspend', 'resume', 'restrict']))
  expect(offered).not.toContain('withdrawProposal')
  expect(await acts(head)).toContain('cancel')
  expect((await act(hr, 'withdrawProposal', { reason: 'x' })).body).toMatchObject({
    status: 409,
    reason: { code: 'case.suspendedUntil' },
  })
  const again = { ground: 'illness', reason: 'x' }
  expect((await act(hr, 'suspend', again)).body).toMatchObject({ status: 422, errors: { ground: 'suspendedAlready' } })
})

test('what stands still is not overdue, in no list', async () => {
  const { id, dueOn, dueAt } = await api.db.task.findFirstOrThrow({ where: { caseId, kind: 'recommend' } })
  const past = '2026-01-05'
  const due = JSON.stringify({ on: '2026-01-05', steps: [] })
  const [kept] = await api.database.sql('select due from tasks where id = $1', [id])
  await api.database.sql(`update tasks set "dueOn" = $2::date, "dueAt" = $2::timestamptz, due = $3 where id = $1`, [
    id,
    past,
    due,
  ])
  const listed = async (filter: string): Promise<TaskView | undefined> => {
    const { body } = await supervisor.get(`/api/tasks?queue=mine&perPage=100${filter}`).expect(200)

    return (body as { data: TaskView[] }).data.find((row) => row.id === id)
  }
  expect(await listed('&overdue=true')).toBeUndefined()
  expect(await listed('&overdue=false')).toMatchObject({ state: 'suspended', due: { overdue: false } })
  await api.database.sql(`update tasks set "dueOn" = $2, "dueAt" = $3, due = $4 where id = $1`, [
    ...[id, dueOn, dueAt, JSON.stringify(kept?.['due'])],
  ])
})

test('whoever sees the course of the case and not why its clocks stand still reads no ground', async () => {
  const chair = await api.as('chair')
  const { suspensions } = await page(chair)
  expect(suspensions).toMatchObject([{ ground: null, rule: null, from: today() }])
  const { body } = await chair.get(`/api/cases/${caseId}/events?perPage=100`).expect(200)
  const told = (body as { data: EventView[] }).data.find(({ kind }) => kind === 'suspended')
  expect(told?.params).toEqual({ since: today() })
})

test('it goes on: the task is back with whoever had it', async () => {
  expect((await act(head, 'resume', { ground: 'illness', reason: 'She is back.' })).status).toBe(200)
  expect((await page(hr)).suspensions).toMatchObject([{ to: addedTo(today(), -1), days: 0 }])
  const { id, version } = await task(supervisor)
  expect(await task(supervisor)).toMatchObject({ state: 'reserved', refusal: null })
  await supervisor.post(`/api/tasks/${id}/complete`).send({ version, form }).expect(200)
})
