/**
 * `npm run bench:links -- [stages] [--cases 2000]`: a case of the example opens 2,000 certificates and knows how each ended, once
 * undisturbed and once with the worker killed five times; what is told while fifty receivers hang; and a message carried by the
 * dispatcher beside one carried by an activity of the sender. Brings up servers of its own and removes them; writes
 * `bench/results/links-*`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { Engine } from '../api/service/temporal'
import type { Actor, CaseId, CommandId, TaskId } from '../workflows/kernel/contract'
import { TASK_QUEUE } from '../workflows/kernel/protocol/messages'
import { bundleWorkflows } from '../worker/bundle'
import { OPEN_TASK, say, type Casework } from '../test/support/casework'
import { commendations, proposer, teamIn, voteFor } from '../test/support/commendations'
import { freshDatabase, type FreshDatabase } from '../test/support/database'
import { dispatch } from '../test/support/dispatching'
import { arrangeErrands } from '../test/support/errands'
import { begin, relays } from '../test/support/relays'
import { killTestServers, startTestServers, type TestServers } from '../test/support/servers'
import type { Script } from '../test/workflows/kernel/relay'
import { provenance } from './machine'
import { quantile } from './statistics'
import type { Message } from './process/carrier'

const CASES = 2000
/** where on the way of all certificates, each begun, printed and handed over, the worker is killed; not among the first and last hundred */
const KILLED_AT = [0.15, 0.25, 0.5, 0.75, 0.9]
/** so many people print and hand over at once */
const PEOPLE = 4
const HANGING = 50
const MESSAGES = 200
const print = (line: string): void => console.log(line)
const rounded = (n: number): number => Math.round(n * 10) / 10

/** A worker in a process of its own, that may be killed. */
class KillableWorker {
  private child: ChildProcess
  killed = 0

  constructor(private readonly begin: () => ChildProcess) {
    this.child = begin()
  }

  kill(): void {
    this.killed += 1
    this.child.kill('SIGKILL')
    this.child = this.begin()
  }

  end(): void {
    this.child.kill('SIGKILL')
  }

  /** Memory that it holds, in megabytes. */
  get megabytes(): number {
    try {
      const [, kilobytes = '0'] =
        /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(this.child.pid)}/status`, 'utf8')) ?? []

      return Math.round(Number(kilobytes) / 1024)
    } catch {
      return 0
    }
  }
}

const script = (name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, '..', 'test', name), ...args], {
    stdio: 'ignore',
    env,
  })

/** The worker of the product, with its settings, that serves the example too. */
const productWorker = ({ database, servers }: Stage): KillableWorker =>
  new KillableWorker(() =>
    script(path.join('example', 'worker.ts'), [], {
      ...process.env,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: servers.temporal.address,
      LOG_LEVEL: 'fatal',
    }),
  )

/** A worker of the relays, which are cases of tests. */
const relayWorker = ({ database, work, servers }: Stage): KillableWorker =>
  new KillableWorker(() =>
    script(path.join('support', 'dying-worker.ts'), [
      ...[database.url, servers.temporal.address, work.taskQueue],
      ...['sends', String(Number.MAX_SAFE_INTEGER)],
    ]),
  )

interface Stage {
  readonly database: FreshDatabase
  readonly work: Casework
  readonly servers: TestServers
}

async function staged<T>(
  servers: TestServers,
  arrange: (database: FreshDatabase) => Promise<Casework>,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const database = await freshDatabase()
  const work = await arrange(database)
  try {
    return await play({ database, work, servers })
  } finally {
    await work.close()
    await database.drop()
  }
}

async function arrangeRelays(database: FreshDatabase): Promise<Casework> {
  await arrangeErrands(database)

  return relays(database)
}

const eventsOf = async (work: Casework, id: CaseId): Promise<number> =>
  (await work.client.workflow.getHandle(id).fetchHistory()).events?.length ?? 0
const longest = async (work: Casework, ids: readonly string[]): Promise<number> => {
  let most = 0
  for (const id of ids) most = Math.max(most, await eventsOf(work, id as CaseId))

  return most
}

const CERTIFICATES = { process: 'certificate' }

/** People print all that waits for it, then hand all over, until the case that opened them is over. */
async function handOver(work: Casework, by: Actor, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const tasks = await work.db.task.findMany({
      where: { ...CERTIFICATES, state: OPEN_TASK },
      orderBy: [{ kind: 'desc' }, { id: 'asc' }],
      take: 100,
    })
    const each = async (): Promise<void> => {
      for (let task = tasks.pop(); task; task = tasks.pop())
        // one whose worker was killed meanwhile is done again as long as it is open
        await say(work, task.caseId as CaseId, 'complete', by, { task: task.id as TaskId, answer: {} }).catch(
          () => undefined,
        )
    }
    if (tasks.length === 0) await sleep(100)
    await Promise.all(Array.from({ length: PEOPLE }, each))
  }
}

/** How much longer each of the last took than each of the first; a quarter where there are fewer than four hundred. */
function pace(moments: readonly Date[]) {
  const at = moments.map((moment) => moment.getTime())
  const ends = Math.min(100, Math.floor(at.length / 4))
  const took = (from: number, to: number) => ((at[to] ?? 0) - (at[from] ?? 0)) / (to - from)
  const [first, last] = [took(0, ends - 1), took(at.length - ends, at.length - 1)]

  return { first: rounded(first), last: rounded(last), ratio: Math.round((last / first) * 100) / 100 }
}

/** A commendation of the example opens a certificate for each of a team, tells each its day, and ends when all have been handed over. */
async function many(stage: Stage, cases: number, killedAt: readonly number[]) {
  const { database, work } = stage
  const worker = productWorker(stage)
  const dispatcher = dispatch(work, database.url)
  const propose = proposer(database, work)
  const proposal = await propose(true, { certificate: 'team' }, ({ body }) => teamIn(work, body, cases))
  const opener = proposal.id
  await voteFor(work, proposal)
  await proposal.answers('announce', proposal.hr, {})
  const startedAt = Date.now()
  const memory: number[] = []
  let over = false
  let handing: Promise<void> | null = null
  for (;;) {
    memory.push(worker.megabytes)
    const { status } = await work.db.case.findUniqueOrThrow({ where: { id: opener } })
    if (status === 'closed') break
    const [begun, printed, handed, untold] = await Promise.all([
      work.db.case.count({ where: CERTIFICATES }),
      work.db.task.count({ where: { ...CERTIFICATES, kind: 'print', state: 'completed' } }),
      work.db.case.count({ where: { ...CERTIFICATES, status: 'closed' } }),
      work.db.command.count({ where: { listId: { not: null }, state: 'stored' } }),
    ])
    // all are open at once: nobody prints before each knows its day
    if (begun === cases && untold === 0) handing ??= handOver(work, proposal.hr, () => over)
    const way = (begun + printed + handed) / (3 * cases)
    if (way > (killedAt[worker.killed] ?? 1)) {
      print(`${String(begun)} begun, ${String(printed)} printed, ${String(handed)} handed over: the worker is killed`)
      worker.kill()
    }
    await sleep(500)
  }
  const seconds = (Date.now() - startedAt) / 1000
  over = true
  await handing
  const { params } = await work.db.event.findFirstOrThrow({ where: { caseId: opener, kind: 'certificatesEnded' } })
  const ended = await work.db.case.findMany({ where: { ...CERTIFICATES, status: 'closed' }, select: { id: true } })
  // by the real clock: that of the cases is held
  const begun = await work.db.command.findMany({
    where: { kind: 'start', listId: { not: null } },
    orderBy: { finishedAt: 'asc' },
    select: { finishedAt: true },
  })
  const closing = await work.db.step.groupBy({
    by: ['caseId'],
    where: { caseId: { in: ended.map(({ id }) => id) } },
    _max: { recordedAt: true },
  })
  const moments = (dates: readonly (Date | null)[]) =>
    dates.flatMap((date) => date ?? []).sort((a, b) => a.getTime() - b.getTime())
  worker.end()
  await dispatcher.stop()
  const sample = ended.filter((_, n) => n % Math.ceil(cases / 40) === 0).map(({ id }) => id)

  return {
    cases,
    killed: worker.killed,
    seconds: rounded(seconds),
    msPerCase: {
      begun: pace(moments(begun.map(({ finishedAt }) => finishedAt))),
      ended: pace(moments(closing.map(({ _max }) => _max.recordedAt))),
    },
    openerKnows: params,
    lost: cases - ended.length,
    links: await work.db.caseLink.count({ where: { fromId: opener } }),
    events: { opener: await eventsOf(work, opener), longestOfFortyOpened: await longest(work, sample) },
    workerMegabytes: { highest: Math.max(...memory), atTheEnd: memory.at(-1) ?? 0 },
  }
}

/** Messages between other cases, in milliseconds from being stored to having an outcome, while so many receivers hang. */
async function beside(stage: Stage, hanging: number) {
  const { database, work } = stage
  const worker = relayWorker(stage)
  const hung = new Set<CaseId>()
  const hang =
    (send: Engine['send']): Engine['send'] =>
    async (command, waitMs) => {
      if (!hung.has(command.caseId) || command.kind === 'start') return send(command, waitMs)
      await sleep(waitMs)

      return { result: 'unknown', why: 'it hangs' }
    }
  const dispatcher = dispatch(work, database.url, hang)
  const opens = Array.from({ length: hanging }, (_, n) => `h${String(n)}`)
  const waiting =
    hanging > 0
      ? await begin(database, work, [
          ...opens.map((open) => ({ open, as: 'left' as const, script: [{ work: true as const }] })),
          { heard: 1 },
          ...opens.map((tell) => ({ tell, n: 1 })),
          { work: true },
        ])
      : null
  const settled = async () => {
    while ((await work.db.command.count({ where: { state: 'stored', caseId: { notIn: [...hung] } } })) > 0)
      await sleep(50)
  }
  await settled()
  if (waiting) {
    for (const { toId } of await work.db.caseLink.findMany({ where: { fromId: waiting } })) hung.add(toId as CaseId)
    await tell(work, waiting)
  }
  const tells: Script = Array.from({ length: 20 }, (_, n) => [{ tell: 'b', n: n + 1 }, { reply: true as const }]).flat()
  const ids: CaseId[] = []
  for (let n = 0; n < 4; n += 1)
    ids.push(await begin(database, work, [{ open: 'b', script: [{ heard: 20 }] }, { reply: true }, ...tells]))
  for (const id of ids)
    while ((await work.db.case.findUniqueOrThrow({ where: { id } })).status !== 'closed') await sleep(100)
  const rows = await work.db.command.findMany({ where: { kind: 'act', senderId: { in: ids } } })
  const ms = rows.map(({ receivedAt, finishedAt }) => (finishedAt?.getTime() ?? 0) - receivedAt.getTime())
  const underway = await work.db.command.count({ where: { state: 'stored', caseId: { in: [...hung] } } })
  hung.clear()
  worker.end()
  await dispatcher.stop()

  return {
    hanging: underway,
    messages: ms.length,
    p50: quantile(ms, 0.5),
    p95: quantile(ms, 0.95),
    most: Math.max(...ms),
  }
}

/** One message to a case, as if another had told it. */
async function tell(work: Casework, to: CaseId): Promise<void> {
  const command = randomUUID() as CommandId
  await work.client.workflow.getHandle(to).executeUpdate('act', { updateId: command, args: [actOf(to, command, 1)] })
}
const actOf = (to: CaseId, command: CommandId, n: number): Message => ({
  command,
  actor: { case: to, parts: ['opener'] },
  receivedAt: new Date().toISOString(),
  content: { id: command, hash: 'x' },
  act: 'hear',
  form: { from: to, n },
  people: {},
})

/** The same messages to the same kind of case, carried one after the other by either. */
async function carried(stage: Stage) {
  const { database, work, servers } = stage
  const worker = relayWorker(stage)
  const dispatcher = dispatch(work, database.url)
  const receiver: Script = [{ heard: MESSAGES }]
  const tells = Array.from({ length: MESSAGES }, (_, n) => ({ tell: 'b', n: n + 1 }))
  const a = await begin(database, work, [{ open: 'b', script: receiver }, { reply: true }, ...tells, { ended: 'b' }])
  while ((await work.db.case.findUniqueOrThrow({ where: { id: a } })).status !== 'closed') await sleep(50)
  const acts = await work.db.command.findMany({ where: { kind: 'act', senderId: a }, orderBy: { seq: 'asc' } })
  const began = acts[0]?.receivedAt.getTime() ?? 0
  const dispatcherMs = ((acts.at(-1)?.finishedAt?.getTime() ?? 0) - began) / MESSAGES
  const dispatcherEvents = await eventsOf(work, a)

  const to = await begin(database, work, receiver)
  const connection = await NativeConnection.connect({ address: servers.temporal.address })
  const carrier = await Worker.create({
    connection,
    taskQueue: 'carrier',
    workflowBundle: await bundleWorkflows(path.join(__dirname, 'process', 'carrier.ts')),
    activities: {
      deliver: (message: Message) =>
        work.client.workflow.getHandle(to).executeUpdate('act', { updateId: message.command, args: [message] }),
    },
  })
  const messages = Array.from({ length: MESSAGES }, (_, n) => actOf(to, randomUUID() as CommandId, n + 1))
  const startedAt = Date.now()
  const workflowId = randomUUID()
  await carrier.runUntil(
    work.client.workflow.execute('carrier', { taskQueue: 'carrier', workflowId, args: [messages] }),
  )
  const activityMs = (Date.now() - startedAt) / MESSAGES
  const activityEvents = await eventsOf(work, workflowId as CaseId)
  await connection.close()
  worker.end()
  await dispatcher.stop()

  return {
    messages: MESSAGES,
    dispatcher: { msPerMessage: rounded(dispatcherMs), eventsOfSenderWithReplies: dispatcherEvents },
    activity: { msPerMessage: rounded(activityMs), eventsOfSender: activityEvents },
  }
}

type Play = (servers: TestServers, cases: number) => Promise<unknown>
const ofExample =
  (killedAt: readonly number[]): Play =>
  (servers, cases) =>
    staged(
      servers,
      (database) => commendations(database, { taskQueue: TASK_QUEUE }),
      (stage) => many(stage, cases, killedAt),
    )
const ofRelays =
  (play: (stage: Stage) => Promise<unknown>): Play =>
  (servers) =>
    staged(servers, arrangeRelays, play)

const STAGES: Readonly<Record<string, Play>> = {
  undisturbed: ofExample([]),
  killed: ofExample(KILLED_AT),
  quiet: ofRelays((stage) => beside(stage, 0)),
  hanging: ofRelays((stage) => beside(stage, HANGING)),
  carrying: ofRelays(carried),
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals: asked } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { cases: { type: 'string', default: String(CASES) } },
  })
  const cases = Number(values.cases)
  if (!Number.isInteger(cases) || cases < 8) throw new Error(`--cases is a number from 8 on, not "${values.cases}"`)
  const unknown = asked.filter((stage) => !Object.hasOwn(STAGES, stage))
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(', ')}: give some of ${Object.keys(STAGES).join(', ')}`)
  const startedAt = new Date().toISOString()
  const from = provenance({})
  const servers = await startTestServers()
  try {
    const measured: Record<string, unknown> = {}
    for (const [stage, play] of Object.entries(STAGES)) {
      if (asked.length > 0 && !asked.includes(stage)) continue
      measured[stage] = await play(servers, cases)
      print(`${stage}: ${JSON.stringify(measured[stage])}`)
    }
    const result = { startedAt, provenance: from, ...measured }
    const name = path.join(
      __dirname,
      'results',
      `links-${startedAt.slice(0, 10)}-${from.commit.slice(0, 7)}${from.dirty.length > 0 ? '-dirty' : ''}.json`,
    )
    writeFileSync(name, `${JSON.stringify(result, null, 1)}\n`)
    print(`Written: ${name}`)
  } finally {
    killTestServers(servers)
  }
}

main(process.argv.slice(2))
  .then(() => process.exit(0))
  .catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
