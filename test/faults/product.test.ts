/**
 * The whole product in a folder of its own, its parts killed at named points of a probation. Whatever dies: every answer that
 * was confirmed is in the file exactly once, every stored command comes to an outcome, and the case goes on.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client as Temporal, Connection } from '@temporalio/client'
import { Client as Postgres } from 'pg'
import type { CaseDetail, Me, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { verifyChain } from '../../prisma/store/events'
import { PARTS, type PartName } from '../../scripts/data-folder'
import { databaseUrl } from '../../scripts/postgres'
import { freePort, isAlive } from '../../scripts/processes'
import { Person, walk } from '../../scripts/walk'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { CaseId } from '../../workflows/kernel/contract'
import { eventually } from '../support/eventually'
import { startProduct, type ProductOptions, type RunningProduct } from '../support/product'
import { admitted } from '../support/updates'

jest.setTimeout(300_000)

/** Longer than any part needs to come back, and an activity that was lost with its worker to be tried again. */
const PATIENCE_MS = 120_000

let options: ProductOptions
let product: RunningProduct
let url: string
let db: Db
let hr: Person
let head: Person
let mentor: Person & { me: Me }
let newcomer: { id: string; position: string; from: string }

beforeAll(async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-faults-'))
  chmodSync(dataDir, 0o755)
  options = { dataDir, port: await freePort(), env: { LOG_LEVEL: 'warn' } }
  await start()
  const signedIn = (login: string) => Person.signedIn(product.baseUrl, login, PATIENCE_MS)
  hr = await signedIn('hrMinistry')
  head = await signedIn('headMinistry')
  mentor = await signedIn('mentor')
  const { me } = await signedIn('newcomer')
  const { post } = await hr.get<{ post: { from: string; position: { id: string } } }>(
    `/api/register/people/${me.person.id}`,
  )
  newcomer = { id: me.person.id, position: post.position.id, from: post.from }
})
afterAll(async () => {
  await db.$disconnect()
  await product.stop()
  rmSync(options.dataDir, { recursive: true, force: true })
})

// a test that failed halfway must not leave a part asleep
afterEach(() => {
  for (const part of PARTS) signal(part, 'SIGCONT')
})

async function start(): Promise<void> {
  product = await startProduct(options)
  const { postgres } = JSON.parse(readFileSync(path.join(options.dataDir, 'secrets.json'), 'utf8')) as {
    postgres: string
  }
  url = databaseUrl({ port: product.record().postgresPort, password: postgres }, 'mansap')
  db = createDb(url, 3)
}

// ---------------------------------------------------------------- what people do

const startBody = (speed = 0) => ({
  form: {
    person: newcomer.id,
    position: newcomer.position,
    appointedOn: newcomer.from,
    actNumber: '118-K',
    actDate: newcomer.from,
  },
  rehearsal: { set: `fault ${randomUUID()}`, origin: newcomer.from, speed },
})
const begin = async (speed = 0): Promise<CaseId> =>
  (await hr.send<{ caseId: CaseId }>('POST', '/api/processes/probation/cases', startBody(speed))).caseId

/** The open task of that kind, in this person's hands. */
async function held(who: Person, caseId: CaseId, kind: string): Promise<TaskDetail> {
  const { data } = await who.get<Page<TaskView>>(`/api/cases/${caseId}/tasks?perPage=100`)
  const task = data.find((each) => each.kind === kind && ['ready', 'reserved'].includes(each.state))
  if (!task) throw new Error(`no open task ${kind}`)
  if (task.state === 'ready') await who.claim(task)

  return who.get<TaskDetail>(`/api/tasks/${task.id}`)
}
const cancelForm = { ground: 'openedInError', reason: 'a test' }
const mentorForm = () => ({ mentor: mentor.me.person.id, order: '12-K' })
const complete = (who: Person, task: TaskDetail, form: Record<string, unknown>) =>
  who.send<TaskDetail>('POST', `/api/tasks/${task.id}/complete`, { version: task.version, form })

// ---------------------------------------------------------------- what befalls the product

const signal = (part: PartName, which: NodeJS.Signals) => {
  const pid = product.record().pids[part]
  if (pid !== undefined && isAlive(pid)) process.kill(pid, which)
}
const freeze = (part: PartName) => signal(part, 'SIGSTOP')
const stored = (taskId: string) =>
  eventually('the stored command', () => db.command.findFirst({ where: { taskId, state: 'stored' } }))

/** Takes locks that the record of a step will wait for; the answer gives them back. */
async function hold(text: string, values: readonly unknown[]): Promise<() => Promise<void>> {
  const client = new Postgres({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('begin')
  const { rowCount } = await client.query(text, [...values])
  expect(rowCount).toBeGreaterThan(0)

  return async () => {
    await client.query('rollback').catch(() => undefined)
    await client.end().catch(() => undefined)
  }
}
const holdCases = (...ids: CaseId[]) => hold('select 1 from cases where id = any($1) for update', [ids])
const waiting = (count: number) =>
  eventually('the records to wait', async () => {
    const rows = await db.$queryRaw<unknown[]>`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

    return rows.length >= count
  })
const stepsOf = (caseId: CaseId) => db.step.count({ where: { caseId } })

async function temporal<T>(ask: (client: Temporal) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: `127.0.0.1:${product.record().temporalPort}` })
  try {
    return await ask(new Temporal({ connection }))
  } finally {
    await connection.close()
  }
}
// ---------------------------------------------------------------- what must hold

/** Every command has an outcome, every answer that was taken is there once, and the file is whole. */
async function sound(caseId: CaseId): Promise<void> {
  await eventually(
    'an outcome for every command',
    async () => (await db.command.count({ where: { caseId, state: 'stored' } })) === 0,
  )
  const [file, commands, tasks, events, steps, clocks] = await Promise.all([
    db.case.findUniqueOrThrow({ where: { id: caseId } }),
    db.command.findMany({ where: { caseId } }),
    db.task.findMany({ where: { caseId } }),
    db.event.findMany({ where: { caseId } }),
    db.step.findMany({ where: { caseId }, orderBy: { n: 'asc' } }),
    db.clock.findMany({ where: { caseId } }),
  ])
  expect(await verifyChain(db, caseId)).toEqual({ ok: true })
  expect(steps.map(({ n }) => n)).toEqual(Array.from({ length: file.step }, (_, i) => i + 1))
  for (const { kind, state, taskId, contentId } of commands) {
    if (kind !== 'complete') continue
    const answered = tasks.filter((task) => task.answerContentId === contentId)
    expect(answered).toHaveLength(state === 'done' ? 1 : 0)
    if (state === 'done')
      expect(events.filter((event) => event.kind === 'taskCompleted' && event.taskId === taskId)).toHaveLength(1)
  }
  expect(tasks.filter(({ state }) => state === 'completed')).toHaveLength(
    commands.filter(({ kind, state }) => kind === 'complete' && state === 'done').length,
  )
  expect(events.filter(({ kind }) => kind === 'caseOpened')).toHaveLength(1)
  expect(events.filter(({ kind }) => kind === 'caseClosed')).toHaveLength(file.status === 'closed' ? 1 : 0)
  const open = tasks.filter(({ state }) => state !== 'completed' && state !== 'obsolete')
  expect(open.filter(({ state }) => state === 'completing')).toEqual([])
  if (file.status === 'open') {
    expect(open.length + clocks.length).toBeGreaterThan(0)
    for (const task of open) expect(task.personId ?? (task.role && task.bodyKey)).toBeTruthy()

    return
  }
  expect(open).toEqual([])
  const archive = await eventually('the archived history', () => db.historyArchive.findUnique({ where: { caseId } }))
  const { status, historyLength } = await temporal(({ workflow }) => workflow.getHandle(caseId).describe())
  expect({ status: status.name, events: archive.events }).toEqual({ status: 'COMPLETED', events: historyLength })
}

/** The case takes the next answer, and its end. */
async function goesOn(caseId: CaseId): Promise<void> {
  const goals = [{ goal: 'Learn', measure: 'A test', by: addDays(isoDate(newcomer.from), 30) }]
  await complete(mentor, await held(mentor, caseId, 'draftAdaptationPlan'), { goals })
  const { step } = await head.get<CaseDetail>(`/api/cases/${caseId}`)
  await head.send('POST', `/api/cases/${caseId}/acts/cancel`, { step, form: cancelForm })
  await sound(caseId)
}

// ---------------------------------------------------------------- the points

test('Temporal is away, and then everything dies at once: what was stored is done by the next start', async () => {
  const [told, unheard] = await Promise.all([begin(), begin()])
  const tasks = [await held(hr, told, 'appointMentor'), await held(hr, unheard, 'appointMentor')] as const
  freeze('temporal')
  const signIn = await fetch(`${product.baseUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'hrMinistry' }),
  })
  const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const accepted = await fetch(`${product.baseUrl}/api/tasks/${tasks[0].id}/complete`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ version: tasks[0].version, form: mentorForm() }),
  })
  expect(accepted.status).toBe(202)
  const address = accepted.headers.get('location') ?? ''
  expect(address).toMatch(/^\/api\/commands\//)

  // stored, and not yet heard of by anybody
  const answer = complete(hr, tasks[1], mentorForm())
  await stored(tasks[1].id)
  for (const part of PARTS) signal(part, 'SIGKILL')
  await product.crash()
  await db.$disconnect()
  await start()

  expect((await answer).state).toBe('completed')
  await eventually('the outcome', async () => (await hr.get<{ state: string }>(address)).state === 'done')
  for (const caseId of [told, unheard]) await goesOn(caseId)
})

test('worker and Temporal die after the commit of an answer, of the close of a case, and in the middle of a start', async () => {
  const [answered, closed] = await Promise.all([begin(), begin()])
  const task = await held(hr, answered, 'appointMentor')
  const [{ step }, before] = await Promise.all([head.get<CaseDetail>(`/api/cases/${closed}`), stepsOf(answered)])
  const releaseCases = await holdCases(answered, closed)
  const releaseNumbers = await hold(`select 1 from numberings where register like 'rehearsal/case/%' for update`, [])

  const answer = complete(hr, task, mentorForm())
  const cancelled = head.send<CaseDetail>('POST', `/api/cases/${closed}/acts/cancel`, {
    step,
    form: cancelForm,
  })
  const begun = begin()
  await waiting(3)
  freeze('temporal')
  await releaseCases()
  await eventually('both commits', async () => (await stepsOf(answered)) > before && (await stepsOf(closed)) > step)
  // nothing that the worker said since has been heard
  await product.kill('worker')
  await product.kill('temporal')
  await releaseNumbers()

  expect((await answer).state).toBe('completed')
  expect(await cancelled).toMatchObject({ status: 'closed', outcome: 'cancelled' })
  const started = await begun
  expect(await stepsOf(answered)).toBe(before + 1)
  for (const caseId of [answered, closed, started]) await sound(caseId)
  await complete(hr, await held(hr, started, 'appointMentor'), mentorForm())
  for (const caseId of [answered, started]) await goesOn(caseId)
})

test('worker and Temporal die before the workflow task of an answer completes', async () => {
  const caseId = await begin()
  const task = await held(hr, caseId, 'appointMentor')
  freeze('worker')
  const answer = complete(hr, task, mentorForm())
  const { id } = await stored(task.id)
  await eventually('the Update at Temporal', () => temporal((client) => admitted(client, caseId, id)))
  await product.kill('worker')
  await product.kill('temporal')
  expect((await answer).state).toBe('completed')
  await goesOn(caseId)
})

test('Postgres dies in the middle of a transaction; worker and API stay', async () => {
  const caseId = await begin()
  const task = await held(hr, caseId, 'appointMentor')
  await product.ready()
  const { worker, api } = product.record().pids
  const release = await holdCases(caseId)
  const answer = complete(hr, task, mentorForm())
  await waiting(1)
  await product.kill('postgres')
  await release()
  expect((await answer).state).toBe('completed')
  expect(product.record().pids).toMatchObject({ worker, api })
  await goesOn(caseId)
})

test('parts die at random during the walk, and while terms of a fast case pass', async () => {
  // a case day passes in half a second, so that there is time for the plan: nobody reviews, and the probation lapses
  const fast = await begin(172_800)
  const supervisor = await Person.signedIn(product.baseUrl, 'supervisor', PATIENCE_MS)
  await complete(hr, await held(hr, fast, 'appointMentor'), mentorForm())
  await complete(mentor, await held(mentor, fast, 'draftAdaptationPlan'), {
    goals: [{ goal: 'Learn', measure: 'A test', by: addDays(isoDate(newcomer.from), 30) }],
  })
  await complete(supervisor, await held(supervisor, fast, 'agreeAdaptationPlan'), {})

  const chance = seeded(20)
  const deaths: PartName[] = ['worker', 'temporal', 'api', 'postgres', 'worker', 'api']
  const killing: Promise<void>[] = []
  let told = 0
  const caseId = (await walk(
    product.baseUrl,
    (line) => {
      if (line.startsWith(' ')) return
      told += 1
      // every third step of the walk, a moment into the requests that follow it
      const part = told % 3 === 1 ? deaths.shift() : undefined
      if (part) killing.push(after(chance() * 300, () => product.kill(part)))
    },
    PATIENCE_MS,
  )) as CaseId
  await Promise.all(killing)
  expect(deaths).toEqual([])
  await product.ready()
  await sound(caseId)

  await eventually('the lapse', async () => (await hr.get<CaseDetail>(`/api/cases/${fast}`)).status === 'closed')
  expect(await hr.get<CaseDetail>(`/api/cases/${fast}`)).toMatchObject({
    outcome: 'passed',
    basis: { code: 'passed.lapse' },
  })
  await sound(fast)
})

/** The same numbers from 0 to 1 in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Kills that find the part dead already are no fault. */
const after = (ms: number, kill: () => Promise<void>): Promise<void> =>
  new Promise((resolve) =>
    setTimeout(
      () =>
        void kill()
          .catch(() => undefined)
          .then(resolve),
      ms,
    ),
  )
