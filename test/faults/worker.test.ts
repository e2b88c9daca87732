/** A worker that can no longer work ends, so that whoever watches it starts another; a history that is lost holds up no other. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import pino from 'pino'
import { keepArchiving } from '../../worker/archive'
import type { CaseId } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { casework, say, type Casework } from '../support/casework'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { arrangeErrands, beginErrand, ERRANDS, errandLaw, head } from '../support/errands'
import { eventually } from '../support/eventually'
import { testServers } from '../support/servers'

let database: FreshDatabase
let work: Casework

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  work = await casework(database.url, ERRANDS, errandLaw)
})
afterAll(async () => {
  await work.close()
  await database.drop()
})

test('a worker whose namespace is gone ends with an error', async () => {
  const root = path.join(__dirname, '..', '..')
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'worker', 'main.ts')], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: testServers().temporal.address,
      TEMPORAL_NAMESPACE: 'nowhere',
      MANSAP_DEMO: '1',
      LOG_LEVEL: 'silent',
    },
    stdio: 'ignore',
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const overdue = setTimeout(() => child.kill('SIGKILL'), 120_000)
  expect(await ended).toBe(1)
  clearTimeout(overdue)
})

test('a closed case whose history Temporal no longer has keeps no other from its archive', async () => {
  // as many lost ones as are looked at in one round, all closed before the one that can be archived
  for (let n = 0; n < 20; n += 1) {
    const id = await arrangeCase(database.db, { body: 'b', subject: head.person, status: 'closed' })
    await database.db.case.update({ where: { id }, data: { closedAt: new Date(0) } })
  }
  const worker = await work.work()
  const key: CaseId = await beginErrand(database, work)
  const { step } = await database.db.case.findUniqueOrThrow({ where: { id: key } })
  await say(work, key, 'act', head, { act: 'cancel', step, form: {} })
  const connection = await Connection.connect({ address: testServers().temporal.address })
  const client = new Client({ connection })
  const archiving = keepArchiving({ db: database.db, client, log: pino({ level: 'silent' }) })
  try {
    await eventually('the archive', () => database.db.historyArchive.findUnique({ where: { caseId: key } }))
  } finally {
    await archiving.stop()
    await worker.stop()
    await connection.close()
  }
})
