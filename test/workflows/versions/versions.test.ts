/** A case is run, shown and answered by the version it began under, for life; new cases begin under the newest. */
import { randomUUID } from 'node:crypto'
import { NativeConnection, Worker } from '@temporalio/worker'
import path from 'node:path'
import { connectEngine } from '../../../api/service/temporal'
import { bundleWorkflows } from '../../../worker/bundle'
import { createWorker } from '../../../worker/main'
import { unservedCases } from '../../../worker/served'
import { processesOf, type Processes } from '../../../workflows/kernel/process'
import { workflowType } from '../../../workflows/kernel/protocol/messages'
import * as served from '../../../workflows'
import { processes } from '../../../workflows/registry'
import { personOf, startApi, type Agent, type Api } from '../../api/harness'
import { refuseMoves, strayMovesIn } from '../../support/moves'
import { testServers } from '../../support/servers'
import { v1, v2 } from './processes'

/** What the API serves; a release replaces it. */
let release: Processes = processesOf(v1)
const serving: Processes = {
  get current() {
    return release.current
  },
  get all() {
    return release.all
  },
  get limits() {
    return release.limits
  },
  get tables() {
    return release.tables
  },
  get roles() {
    return release.roles
  },
  of: (name, version) => release.of(name, version),
  keyOf: (name, version) => release.keyOf(name, version),
}
const taskQueue = `versions-${randomUUID()}`
const bundles = ['before', 'after'].map((name) => bundleWorkflows(path.join(__dirname, `${name}.ts`)))
let api: Api
let native: NativeConnection
let hr: Agent
let worker: Worker
let working: Promise<void>

async function work(bundle: Promise<{ code: string }> | undefined): Promise<void> {
  if (!bundle) throw new Error('no bundle')
  worker = await createWorker({
    db: api.db,
    log: api.service.log,
    connection: native,
    namespace: 'default',
    taskQueue,
    version: '0.0.0',
    bundle: await bundle,
  })
  working = worker.run()
}
async function rest(): Promise<void> {
  worker.shutdown()
  await working
}

beforeAll(async () => {
  const { address } = testServers().temporal
  api = await startApi(connectEngine({ address, namespace: 'default', taskQueue }), {
    answerWithinMs: 100_000,
    processes: serving,
  })
  native = await NativeConnection.connect({ address })
  hr = await api.as('hrMinistry')
  await work(bundles[0])
})
afterAll(async () => {
  await rest()
  const stray = await strayMovesIn(api.db)
  await native.close()
  await api.close()
  refuseMoves(stray)
})

async function begin(): Promise<string> {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const { body } = await hr
    .post('/api/processes/chore/cases')
    .send({ form: { person, position: post.positionId }, rehearsal: { set: `set ${randomUUID()}` } })
    .expect(201)

  return body.caseId
}
const fileOf = async (id: string) => (await hr.get(`/api/cases/${id}`).expect(200)).body
/** The open task of a case, taken up by HR. */
async function openTask(id: string, kind: string) {
  const { body } = await hr.get(`/api/cases/${id}/tasks`).expect(200)
  const task = body.data.find((each: { kind: string; state: string }) => each.kind === kind && each.state === 'ready')
  if (!task) throw new Error(`no open task ${kind}`)

  await hr.post(`/api/tasks/${task.id}/claim`).send({ version: task.version }).expect(200)

  return (await hr.get(`/api/tasks/${task.id}`).expect(200)).body
}
async function answer(id: string, kind: string, form: object, status = 200): Promise<void> {
  const task = await openTask(id, kind)
  await hr.post(`/api/tasks/${task.id}/complete`).send({ version: task.version, form }).expect(status)
}

test('a case begun before a release goes on as it began; a new one follows the new version', async () => {
  const old = await begin()
  await rest()
  release = processesOf(v1, v2)
  await work(bundles[1])
  const fresh = await begin()
  expect(await fileOf(old)).toMatchObject({ version: 1, process: 'chore@1' })
  expect(await fileOf(fresh)).toMatchObject({ version: 2, process: 'chore' })

  for (const id of [old, fresh]) await answer(id, 'sweep', {})
  // nothing is inspected in the old one, and its report has the old form
  const report = await openTask(old, 'report')
  expect(Object.keys(report.form.properties)).toEqual(['rooms'])
  const refused = await hr
    .post(`/api/tasks/${report.id}/complete`)
    .send({ version: report.version, form: { clean: 'very' } })
    .expect(422)
  expect(refused.body.errors).toEqual({ rooms: 'required', clean: 'unknown' })
  await hr
    .post(`/api/tasks/${report.id}/complete`)
    .send({ version: report.version, form: { rooms: 3 } })
    .expect(200)

  await answer(fresh, 'inspect', {})
  await answer(fresh, 'report', { clean: 'very' })
  expect(await fileOf(old)).toMatchObject({ status: 'closed', basis: { code: 'swept' } })
  expect(await fileOf(fresh)).toMatchObject({ status: 'closed', basis: { code: 'inspected' } })

  const workflowBundle = await bundles[1]
  if (!workflowBundle) throw new Error('no bundle')
  for (const id of [old, fresh]) {
    const history = await api.service.engine.history(id as never)
    await expect(Worker.runReplayHistory({ workflowBundle }, history, id)).resolves.toBeUndefined()
  }
})

test('the processes a person may start are the current ones; the others are described under a name of their own', async () => {
  release = processesOf(v1, v2)
  const { body } = await hr.get('/api/processes').expect(200)
  expect(
    body.map((each: { name: string; current: boolean; startableIn: unknown[] }) => [
      each.name,
      each.current,
      each.startableIn.length > 0,
    ]),
  ).toEqual([
    ['chore', true, true],
    ['chore@1', false, false],
  ])
})

test('a worker that lacks the version of an open case does not start, and says which', async () => {
  release = processesOf(v1, v2)
  const id = await begin()
  expect(await unservedCases(api.db, release)).toEqual([])
  expect(await unservedCases(api.db, processesOf(v1))).toEqual([
    expect.stringMatching(/^\d+ open case\(s\) run by version 2 of chore, which this release does not serve/),
  ])
  await answer(id, 'sweep', {})
})

test('every version that the API offers has a workflow of its name, and beside them only what runs once a day is served', () => {
  const offered = processes.all.map(({ contract }) => workflowType(contract.name, contract.version))
  expect(Object.keys(served).sort()).toEqual([...offered, 'daily'].sort())
})
