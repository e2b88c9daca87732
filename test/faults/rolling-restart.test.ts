/** A release is brought in while people work: each process is replaced in turn, and nobody is refused. */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Me, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { verifyChain } from '../../prisma/store/events'
import { startProduction, type NodeService, type Production } from '../../scripts/production'
import { Person } from '../../scripts/walk'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { CaseId } from '../../workflows/kernel/contract'
import { startBalancer, type Balancer } from '../support/balancer'
import { eventually } from '../support/eventually'

jest.setTimeout(600_000)

/** At each moment one API process has a worker of its own version beside it. */
const ORDER: readonly NodeService[] = ['worker-1', 'api-1', 'api-2', 'worker-2']

let folder: string
let production: Production
let balancer: Balancer
let db: Db
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-rolling-'))
  chmodSync(folder, 0o755)
  const variables = { DRAIN_SECONDS: '5', LOG_LEVEL: 'warn' }
  production = await startProduction({ folder, say: () => undefined, variables })
  balancer = await startBalancer(production.apis)
  db = createDb(production.databaseUrl, 2)
})
afterAll(async () => {
  await db.$disconnect()
  await balancer.close()
  await production.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What a person was told is done. */
interface Decision {
  readonly caseId: CaseId
  readonly taskId: string
}

/** HR opens cases and appoints mentors, the mentor drafts plans, until they are told to stop. */
async function work(confirmed: Decision[], go: { on: boolean }): Promise<void> {
  const [hr, mentor, newcomer] = await Promise.all(
    ['hrMinistry', 'mentor', 'newcomer'].map((login) => Person.signedIn(balancer.url, login)),
  )
  const { post } = await hr!.get<{ post: { from: string; position: { id: string } } }>(
    `/api/register/people/${newcomer!.me.person.id}`,
  )
  const answer = async (who: Person & { me: Me }, caseId: CaseId, kind: string, form: Record<string, unknown>) => {
    const { data } = await who.get<Page<TaskView>>(`/api/cases/${caseId}/tasks?perPage=100`)
    const task = data.find((each) => each.kind === kind)!
    if (task.state === 'ready') await who.claim(task)
    const { version } = await who.get<TaskDetail>(`/api/tasks/${task.id}`)
    const done = await who.send<TaskDetail>('POST', `/api/tasks/${task.id}/complete`, { version, form })
    expect(done.state).toBe('completed')
    confirmed.push({ caseId, taskId: task.id })
  }
  while (go.on) {
    const { caseId } = await hr!.send<{ caseId: CaseId }>('POST', '/api/processes/probation/cases', {
      form: {
        person: newcomer!.me.person.id,
        position: post.position.id,
        appointedOn: post.from,
        actNumber: '118-K',
        actDate: post.from,
      },
      rehearsal: { set: `rolling ${randomUUID()}`, origin: post.from, speed: 0 },
    })
    await answer(hr!, caseId, 'appointMentor', { mentor: mentor!.me.person.id, order: '12-K' })
    const goals = [{ goal: 'Learn', measure: 'A test', by: addDays(isoDate(post.from), 30) }]
    await answer(mentor!, caseId, 'draftAdaptationPlan', { goals })
  }
}

const isReady = (api: string) =>
  fetch(`${api}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

test('two workers and two API processes are replaced in turn: no request is refused, no decision lost or doubled', async () => {
  const confirmed: Decision[] = []
  const go = { on: true }
  const people = Promise.all([work(confirmed, go), work(confirmed, go), work(confirmed, go)])
  // somebody whose request fails must not wait for the rest of the test to say so
  let failed: unknown
  people.catch((error: unknown) => {
    failed = error
  })
  const more = async (count: number) => {
    const enough = confirmed.length + count
    await eventually('more decisions', () => confirmed.length >= enough || failed !== undefined, 120_000)
    if (failed !== undefined) throw new Error(`somebody was refused: ${balancer.refused.join('; ')}`, { cause: failed })
  }

  await more(3)
  // a console that listens for changes must not hold up the end of its process
  const listening = await Promise.all(
    production.apis.map(async (api) => {
      const signIn = await fetch(`${api}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'hrMinistry' }),
      })
      const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? ''
      const stream = await fetch(`${api}/api/events`, { headers: { cookie } })

      return { text: stream.text().catch(() => 'broken off') }
    }),
  )
  const first = { ...production.pids() }
  for (const name of ORDER) {
    const api = production.apis[ORDER.filter((each) => each.startsWith('api')).indexOf(name)]
    const ending = production.end(name)
    if (api !== undefined) {
      await eventually(`${name} to say that it stops`, async () => (await fetch(`${api}/ready`)).status === 503)
      // whoever has not heard it yet is served, and told not to come back on this connection
      const served = await fetch(`${api}/api/demo-users`)
      expect([served.status, served.headers.get('connection')]).toEqual([200, 'close'])
    }
    await ending
    await more(2)
    await production.startAgain(name)
    if (api !== undefined) await eventually(`${name} to be ready`, () => isReady(api), 120_000)
    await more(2)
  }
  go.on = false
  await people

  expect(balancer.refused).toEqual([])
  for (const name of ORDER) expect(production.pids()[name]).not.toBe(first[name])
  for (const api of production.apis) expect(balancer.answered.get(api)).toBeGreaterThan(0)
  for (const { text } of listening) expect(await text).not.toBe('broken off')

  await eventually(
    'an outcome for every command',
    async () => (await db.command.count({ where: { state: 'stored' } })) === 0,
  )
  for (const { taskId } of confirmed) {
    expect(await db.task.findUniqueOrThrow({ where: { id: taskId }, select: { state: true } })).toEqual({
      state: 'completed',
    })
    expect(await db.event.count({ where: { taskId, kind: 'taskCompleted' } })).toBe(1)
  }
  const tasks = await db.task.count({ where: { state: 'completed' } })
  expect(tasks).toBe(confirmed.length)
  for (const caseId of new Set(confirmed.map((each) => each.caseId)))
    expect(await verifyChain(db, caseId)).toEqual({ ok: true })
})
