/**
 * A story that goes round without an end ends each worker that takes it up (Node 20), or a part of its work after seconds (Node 24):
 * other cases go on, its own says that it stands still, and goes on by itself once the code is mended. The worker is a process of its
 * own, as in the product: what the story does to it must not be done to the test.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time'
import { startDispatcher } from '../../api/operations/dispatcher'
import type { Rounds } from '../../api/operations/rounds'
import { noteUnheard } from '../../api/operations/unheard-failures'
import { connectEngine } from '../../api/service/temporal'
import { storyFailure } from '../../prisma/store/incidents'
import { startScript, Supervisor } from '../../scripts/children'
import { reconcile } from '../../scripts/reconcile/reconcile'
import type { CaseId } from '../../workflows/kernel/contract'
import { processesOf } from '../../workflows/kernel/process'
import { personOf, startApi, type Agent, type Api } from '../api/harness'
import { stall } from '../api/stall/process'
import { eventually } from '../support/eventually'
import { testServers } from '../support/servers'

jest.setTimeout(400_000)

const namespace = `endless-${randomUUID()}`
const folder = mkdtempSync(path.join(tmpdir(), 'mansap-endless-'))
const supervisor = new Supervisor(
  () => undefined,
  () => undefined,
)
let connection: Connection
let api: Api
let dispatcher: Rounds
let hr: Agent

/** Starts the worker of a release; whenever it dies it is started again. */
const work = (release: 'workflow' | 'mended') =>
  supervisor.start('worker', (spawned) =>
    startScript(
      {
        script: path.join(__dirname, '..', 'api', 'stall', 'worker.ts'),
        folder,
        env: {
          RELEASE: release,
          DATABASE_URL: api.database.url,
          TEMPORAL_ADDRESS: testServers().temporal.address,
          TEMPORAL_NAMESPACE: namespace,
          MANSAP_DEMO: '1',
        },
        logFile: path.join(folder, 'worker.log'),
        onWarning: () => undefined,
      },
      spawned,
    ),
  )

beforeAll(async () => {
  const { address } = testServers().temporal
  connection = await Connection.connect({ address })
  // a task queue of its own: that of the product in a namespace that nobody else uses
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  })
  const place = { address, namespace }
  await eventually('the namespace', async () => {
    await connection.workflowService.listWorkflowExecutions({ namespace })

    return true
  })
  api = await startApi(connectEngine(place), { processes: processesOf(stall), answerWithinMs: 3000 })
  dispatcher = startDispatcher(api.service)
  hr = await api.as('hrMinistry')
  await work('workflow')
})
afterAll(async () => {
  await supervisor.stop()
  await dispatcher.stop()
  await api.close()
  await connection.close()
  rmSync(folder, { recursive: true, force: true })
})

async function started(): Promise<CaseId> {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const { body } = await hr.post('/api/processes/stall/cases').send({
    form: { person, position: post.positionId, fails: 'nowhere' },
    rehearsal: { set: `set ${randomUUID()}` },
  })
  const { caseId } = body as { caseId: CaseId }
  await eventually('the case', () => api.db.task.findFirst({ where: { caseId } }))

  return caseId
}
async function answered(caseId: CaseId, fails: 'endless' | 'nowhere'): Promise<void> {
  const { body: tasks } = await hr.get(`/api/cases/${caseId}/tasks`).expect(200)
  const [{ id, version }] = tasks.data
  const { body: task } = await hr.post(`/api/tasks/${id}/claim`).send({ version }).expect(200)
  const from = new Date().toISOString().slice(0, 10)
  await hr.post(`/api/tasks/${id}/complete`).send({ version: task.version, form: { fails, from } })
}
const outcome = async (id: CaseId) => (await api.db.case.findUniqueOrThrow({ where: { id } })).outcome
async function goesToItsEnd(): Promise<void> {
  const other = await started()
  await answered(other, 'nowhere')
  await eventually('the end of another case', async () => (await outcome(other)) === 'gone')
}

test('other cases go on, its own says why it stands still, and goes on by itself once the code is mended', async () => {
  const caseId = await started()
  await answered(caseId, 'endless')
  await goesToItsEnd()
  await eventually('the incident', async () => {
    await noteUnheard(api.service, null)

    return (await storyFailure(api.db, caseId)) !== null
  })
  await goesToItsEnd()

  const cause = expect.stringMatching(/without an end|execution timed out/)
  const developer = await api.as('developer')
  const { body: page } = await developer.get(`/api/cases/${caseId}`).expect(200)
  expect(page.standstill).toEqual({
    since: expect.any(String),
    details: expect.objectContaining({ process: 'stall', version: 1, cause, line: null }),
  })
  expect((await hr.get(`/api/cases/${caseId}`).expect(200)).body.standstill).not.toBeNull()
  expect(await api.service.metrics.text()).toContain('mansap_incidents{kind="storyFailed"} 1')
  const client = new Client({ connection, namespace })
  const { findings } = await reconcile({ db: api.db, client, mend: false, only: [caseId] })
  expect(findings).toContainEqual(
    expect.objectContaining({ kind: 'storyFailed', says: expect.stringContaining('stall version 1 failed: ') }),
  )

  await supervisor.end('worker')
  await work('mended')
  await eventually('the end of the case', async () => (await outcome(caseId)) === 'gone')
  expect(await storyFailure(api.db, caseId)).toBeNull()
  expect(await api.db.incident.count({ where: { kind: 'storyFailed', resolvedAt: null } })).toBe(0)
})
