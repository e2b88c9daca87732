/**
 * The drill: a backup is made while people work, the machine is lost, and the backup is restored on another. Every answer that
 * was confirmed by the moment of the backup is in the file once, and every case goes on.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CaseDetail, Me, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { verifyChain } from '../../prisma/store/events'
import { backUp, copyDataFolder } from '../../scripts/backup/backup'
import { freePort, isAlive } from '../../scripts/processes'
import type { Report } from '../../scripts/reconcile/reconcile'
import { runningIn } from '../../scripts/running'
import { Person } from '../../scripts/walk'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { CaseId } from '../../workflows/kernel/contract'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'

jest.setTimeout(400_000)

const PATIENCE_MS = 120_000
const root = path.join(__dirname, '..', '..')
const place = mkdtempSync(path.join(tmpdir(), 'mansap-drill-'))
chmodSync(place, 0o755)
const [first, backup, second] = ['first', 'backup', 'second'].map((name) => path.join(place, name)) as [
  string,
  string,
  string,
]
let product: RunningProduct | undefined

afterAll(async () => {
  await product?.stop()
  rmSync(place, { recursive: true, force: true })
})

const start = async (dataDir: string) =>
  (product = await startProduct({ dataDir, port: await freePort(), env: { LOG_LEVEL: 'warn' } }))

/** Runs a command of the product as an operator would, who stops it once it says `until`. */
const operator = (script: string, args: readonly string[], dataDir: string, until?: string) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const running = execFile(
      process.execPath,
      ['--import', 'tsx', path.join(root, 'scripts', script), ...args],
      {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'development', MANSAP_DATA: dataDir },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}`.trim() }),
    )
    running.stdout?.on('data', (said) => {
      if (until !== undefined && String(said).includes(until)) running.kill('SIGTERM')
    })
  })
const restore = (from: string, into: string, until?: string) =>
  operator('backup/main.ts', ['restore', from], into, until)

// ---------------------------------------------------------------- people at work

interface Staff {
  readonly hr: Person
  readonly mentor: Person & { me: Me }
  readonly newcomer: { id: string; position: string; from: string }
}

async function staff(baseUrl: string): Promise<Staff> {
  const hr = await Person.signedIn(baseUrl, 'hrMinistry', PATIENCE_MS)
  const { me } = await Person.signedIn(baseUrl, 'newcomer', PATIENCE_MS)
  const { post } = await hr.get<{ post: { from: string; position: { id: string } } }>(
    `/api/register/people/${me.person.id}`,
  )

  return {
    hr,
    mentor: await Person.signedIn(baseUrl, 'mentor', PATIENCE_MS),
    newcomer: { id: me.person.id, position: post.position.id, from: post.from },
  }
}

const begin = async ({ hr, newcomer }: Staff): Promise<CaseId> => {
  const { id, position, from } = newcomer
  const form = { person: id, position, appointedOn: from, actNumber: '118-K', actDate: from }
  const rehearsal = { set: `drill ${randomUUID()}`, origin: from, speed: 0 }

  return (await hr.send<{ caseId: CaseId }>('POST', '/api/processes/probation/cases', { form, rehearsal })).caseId
}

/** Answers the open task of that kind; gives its id once the answer is confirmed. */
async function answer(who: Person, caseId: CaseId, kind: string, form: Record<string, unknown>): Promise<string> {
  const { data } = await who.get<Page<TaskView>>(`/api/cases/${caseId}/tasks?perPage=100`)
  const task = data.find((each) => each.kind === kind && ['ready', 'reserved'].includes(each.state))
  if (!task) throw new Error(`no open task ${kind}`)
  if (task.state === 'ready') await who.claim(task)
  const { version } = await who.get<TaskDetail>(`/api/tasks/${task.id}`)
  await who.send('POST', `/api/tasks/${task.id}/complete`, { version, form })

  return task.id
}
const appointed = (people: Staff) => ({ mentor: people.mentor.me.person.id, order: '12-K' })
const plan = ({ newcomer }: Staff) => ({
  goals: [{ goal: 'Learn', measure: 'A test', by: addDays(isoDate(newcomer.from), 30) }],
})

/** Several people work without a pause until told to stop; what was confirmed to them is noted as it comes. */
function load(people: Staff): { confirmed: { cases: Set<CaseId>; tasks: Set<string> }; stop: () => Promise<void> } {
  const confirmed = { cases: new Set<CaseId>(), tasks: new Set<string>() }
  let working = true
  const lanes = Array.from({ length: 4 }, async () => {
    while (working) {
      const caseId = await begin(people)
      confirmed.cases.add(caseId)
      confirmed.tasks.add(await answer(people.hr, caseId, 'appointMentor', appointed(people)))
      if (working) confirmed.tasks.add(await answer(people.mentor, caseId, 'draftAdaptationPlan', plan(people)))
    }
  })

  return {
    confirmed,
    stop: async () => {
      working = false
      await Promise.all(lanes)
    },
  }
}

// ---------------------------------------------------------------- the drill

test('a machine is lost after a backup under load: what was confirmed by its moment is in the file once', async () => {
  const before = await start(first)
  const people = await staff(before.baseUrl)
  const { confirmed, stop } = load(people)
  await eventually('some work', () => confirmed.tasks.size >= 8)
  const promised = { cases: new Set<CaseId>(), tasks: new Set<string>() }
  await backUp({
    databaseUrl: runningIn(first).databaseUrl,
    into: backup,
    copyTemporal: copyDataFolder(first),
    productVersion: 'drill',
    reached: async (point) => {
      if (point === 'moment') {
        for (const id of confirmed.cases) promised.cases.add(id)
        for (const id of confirmed.tasks) promised.tasks.add(id)
      } else
        await eventually('more answers while the rows are copied', () => confirmed.tasks.size > promised.tasks.size + 3)
    },
  })
  await stop()
  expect(await restore(backup, first)).toMatchObject({ code: 1, output: expect.stringContaining('already runs') })
  const { pids } = before.record()
  await before.crash()
  // with the launcher gone, its guard may have ended one already
  for (const pid of Object.values(pids)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')

  expect(await restore(backup, second)).toMatchObject({ code: 0 })
  const after = await start(second)
  const seen = await operator('reconcile/main.ts', ['--mend', '--json'], second)
  const report = JSON.parse(seen.output) as Report
  expect(report).toMatchObject({ whole: true })
  expect(report.looked.cases).toBeGreaterThanOrEqual(promised.cases.size)

  const db = createDb(runningIn(second).databaseUrl, 3)
  try {
    await sound(db, promised)
    // and they go on
    const again = await staff(after.baseUrl)
    for (const task of await db.task.findMany({ where: { state: { in: ['ready', 'reserved'] } } })) {
      if (task.kind === 'appointMentor') await answer(again.hr, task.caseId as CaseId, task.kind, appointed(again))
      if (task.kind === 'draftAdaptationPlan') await answer(again.mentor, task.caseId as CaseId, task.kind, plan(again))
    }
    expect(await again.hr.get<CaseDetail>(`/api/cases/${[...promised.cases][0] ?? ''}`)).toMatchObject({
      status: 'open',
    })
    expect(JSON.parse((await operator('reconcile/main.ts', ['--json'], second)).output)).toMatchObject({ findings: [] })
  } finally {
    await db.$disconnect()
  }
})

async function sound(db: Db, promised: { cases: Set<CaseId>; tasks: Set<string> }): Promise<void> {
  await eventually(
    'an outcome for every command',
    async () => (await db.command.count({ where: { state: 'stored' } })) === 0,
  )
  for (const id of promised.tasks) {
    const task = await db.task.findUniqueOrThrow({ where: { id } })
    expect(task).toMatchObject({ state: 'completed', answerContentId: expect.any(String) })
    expect(await db.content.count({ where: { id: task.answerContentId ?? '' } })).toBe(1)
    expect(await db.event.count({ where: { caseId: task.caseId, taskId: id, kind: 'taskCompleted' } })).toBe(1)
  }
  for (const id of promised.cases) {
    expect(await db.event.count({ where: { caseId: id, kind: 'caseOpened' } })).toBe(1)
    expect(await verifyChain(db, id)).toEqual({ ok: true })
    expect(
      await db.task.count({ where: { caseId: id, state: { in: ['ready', 'reserved', 'inProgress', 'completing'] } } }),
    ).toBeGreaterThan(0)
  }
}

describe('refused with one sentence, and nothing is made:', () => {
  const third = path.join(place, 'third')
  const spoilt = path.join(place, 'spoilt')
  afterEach(() => rmSync(spoilt, { recursive: true, force: true }))

  test.each([
    ['a file that was changed', 'table.cases.jsonl.gz', /damaged: table\.cases\.jsonl\.gz/],
    ['the Temporal file cut short', 'temporal.db', /damaged: temporal\.db/],
    ['a manifest that cannot be read', 'manifest.json', /damaged: its manifest\.json/],
  ])('%s', async (_what, name, says) => {
    cpSync(backup, spoilt, { recursive: true })
    const whole = readFileSync(path.join(spoilt, name))
    writeFileSync(path.join(spoilt, name), whole.subarray(0, whole.length - 20))
    const { code, output } = await restore(spoilt, third)
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(says) })
  })

  test('a backup that was cut off', async () => {
    cpSync(backup, spoilt, { recursive: true })
    rmSync(path.join(spoilt, 'manifest.json'))
    expect(await restore(spoilt, third)).toMatchObject({ code: 1, output: expect.stringContaining('cut off') })
  })

  test('a newer version of the product', async () => {
    cpSync(backup, spoilt, { recursive: true })
    const file = path.join(spoilt, 'manifest.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    manifest.migrations.push({ name: '29990101000000_later', checksum: '' })
    writeFileSync(file, JSON.stringify(manifest))
    expect(await restore(spoilt, third)).toMatchObject({ code: 1, output: expect.stringContaining('newer version') })
    expect(readdirSync(third)).toEqual([])
  })

  test('a restore that is stopped half way', async () => {
    const into = path.join(place, 'stopped')
    const { code, output } = await restore(backup, into, 'Making the database')
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('the folder is empty again') })
    expect(readdirSync(into)).toEqual([])
  })

  test('a folder in which a restore was killed', async () => {
    const into = path.join(place, 'killed')
    mkdirSync(into)
    writeFileSync(path.join(into, 'restoring'), '')
    expect(await restore(backup, into)).toMatchObject({ code: 1, output: expect.stringContaining('was cut off') })
    expect(readdirSync(into)).toEqual(['restoring'])
  })

  test('a folder that holds data', async () => {
    expect(await restore(backup, first)).toMatchObject({
      code: 1,
      output: expect.stringContaining('holds data already'),
    })
  })

  test('a backup into a folder that holds something', async () => {
    expect(await operator('backup/main.ts', ['backup', backup], second)).toMatchObject({
      code: 1,
      output: expect.stringContaining('not empty'),
    })
  })
})
