/** The person whom a case is about does no task of it by an office: of no process that is installed, and of no kind. */
import { randomUUID } from 'node:crypto'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { askNextBodies } from '../../api/operations/next-body'
import { sweepOffices } from '../../api/operations/office-sweep'
import { example } from '../example/process'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'
const SERVED = processesOf(...processes.all, example)
const KINDS = Object.entries(SERVED.current).flatMap(([process, { contract }]) =>
  Object.keys(contract.tasks).map((kind) => ({ process, kind })),
)

let api: Api
let subject: Agent
let colleague: Agent
let head: Agent
let me: string
let other: string

beforeAll(async () => {
  api = await startApi(undefined, { processes: SERVED })
  const theirs = await api.db.person.findFirstOrThrow({
    where: {
      posts: { some: { to: null, position: { bodyKey: BODY, headsBody: false, headsUnit: false } } },
      accounts: { none: { demoAs: { not: null } } },
      roles: { none: {} },
    },
  })
  await api.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: theirs.id,
      role: 'hr',
      bodyKey: BODY,
      from: new Date('2020-01-01'),
      basis: 'test',
    },
  })
  await api.db.account.create({ data: { id: 'colleague', personId: theirs.id, demoAs: 'hrMinistry' } })
  ;[subject, colleague, head] = (await Promise.all(
    ['hrMinistry', 'colleague', 'headMinistry'].map((user) => api.as(user)),
  )) as [Agent, Agent, Agent]
  ;[me, other] = [await personOf(api, 'hrMinistry'), theirs.id]
})
afterAll(() => api.close())
afterEach(() => api.database.sql('truncate cases, tasks, events, commands, contents, form_drafts cascade'))

const listed = async (agent: Agent, queue: string) =>
  ((await agent.get(`/api/tasks?queue=${queue}`).expect(200)).body.data as { id: string }[]).map(({ id }) => id)
const send = async (agent: Agent, id: string, verb: string, body: object = {}) =>
  (await agent.post(`/api/tasks/${id}/${verb}`).send({ version: 1, ...body })).status

/** A task of HR of that kind, in a case about HR himself. */
async function own({ process, kind }: (typeof KINDS)[number], assignee: string | null = null): Promise<string> {
  const { version } = SERVED.current[process]!.contract
  const id = await arrangeCase(api.db, { body: BODY, subject: me, process, version })
  const state = assignee === null ? 'ready' : 'reserved'

  return arrangeTask(api.db, id, { ...{ process, kind, state, assignee }, role: 'hr', body: BODY })
}

test.each(KINDS)('$process: $kind', async (of) => {
  const free = await own(of)
  const [ofHis, ofColleague] = [await own(of, me), await own(of, other)]
  expect(await listed(subject, 'unit')).toEqual([])
  expect(await listed(subject, 'mine')).toEqual([])
  expect(await listed(colleague, 'unit')).toEqual([free])
  expect([403, 404]).toContain(await send(subject, free, 'claim'))
  for (const [verb, body] of [
    ['start', {}],
    ['complete', { form: {} }],
    ['return', { remarks: 'r' }],
    ['delegate', { person: other }],
  ] as const)
    expect([verb, [403, 404].includes(await send(subject, ofHis, verb, body))]).toEqual([verb, true])
  expect(await send(colleague, ofColleague, 'delegate', { person: me })).toBe(422)
  expect(await send(head, free, 'assign', { person: me })).toBe(422)
  const rows = await api.db.task.findMany({ where: { id: { in: [free, ofColleague] } }, orderBy: { version: 'asc' } })
  expect(new Set(rows.map(({ assigneeId, version }) => [assigneeId, version].join(' ')))).toEqual(
    new Set([' 1', `${other} 1`]),
  )
})

const ANY = { process: 'probation', kind: 'appointMentor' }

test('a head hands out no task in his own case', async () => {
  const id = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'headMinistry') })
  const task = await arrangeTask(api.db, id, { role: 'hr', body: BODY })
  expect([403, 404]).toContain(await send(head, task, 'assign', { person: other }))
})

test('what he had taken up before goes back to its role', async () => {
  const id = await own(ANY, me)
  await sweepOffices(api.service)
  expect(await api.db.task.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'ready', assigneeId: null })
})

test('where nobody else has the role, the next is asked', async () => {
  await api.database.sql(`update body_roles set "to" = '2020-01-02' where role = 'hr' and "personId" <> $1::uuid`, [me])
  const task = await own(ANY)
  await askNextBodies(api.service)
  const [told] = await api.db.command.findMany({ where: { kind: 'eligible' } })
  expect(told?.payload).toMatchObject({ tasks: [{ task, by: { role: 'head', body: BODY } }] })
})
