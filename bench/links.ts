/**
 * `npm run bench:links`: a case opens 2,000 others and knows how each ended, once undisturbed and once with its worker killed five
 * times; what is told while fifty receivers hang; and a message carried by the dispatcher beside one carried by an activity of the
 * sender. Brings up servers of its own and removes them; writes `bench/results/links-*`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { Engine } from '../api/service/temporal'
import type { EndsOfList, CaseId, CommandId } from '../workflows/kernel/contract'
import { bundleWorkflows } from '../worker/bundle'
import type { Casework } from '../test/support/casework'
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
const HANGING = 50
const MESSAGES = 200
const say = (line: string): void => console.log(line)
const rounded = (n: number): number => Math.round(n * 10) / 10

/** A worker in a process of its own, that may be killed. */
class KillableWorker {
  private child: ChildProcess
  killed = 0

  constructor(
    private readonly url: string,
    private readonly taskQueue: string,
    private readonly servers: TestServers,
  ) {
    this.child = this.spawn()
  }

  private spawn(): ChildProcess {
    const script = path.join(__dirname, '..', 'test', 'support', 'dying-worker.ts')
    const args = [this.url, this.servers.temporal.address, this.taskQueue, 'sends', String(Number.MAX_SAFE_INTEGER)]

    return spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: 'ignore' })
  }

  kill(): void {
    this.killed += 1
    this.child.kill('SIGKILL')
    this.child = this.spawn()
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

interface Stage {
  readonly database: FreshDatabase
  readonly work: Casework
  readonly servers: TestServers
}

async function staged<T>(servers: TestServers, play: (stage: Stage) => Promise<T>): Promise<T> {
  const database = await freshDatabase()
  await arrangeErrands(database)
  const work = await relays(database)
  try {
    return await play({ database, work, servers })
  } finally {
    await work.close()
    await database.drop()
  }
}

const eventsOf = async (work: Casework, id: CaseId): Promise<number> =>
  (await work.client.workflow.getHandle(id).fetchHistory()).events?.length ?? 0
const longest = async (work: Casework, ids: readonly string[]): Promise<number> => {
  let most = 0
  for (const id of ids) most = Math.max(most, await eventsOf(work, id as CaseId))

  return most
}

/** A case opens so many by a list and tells each; answers when each had ended. */
async function many({ database, work, servers }: Stage, kills: number) {
  const worker = new KillableWorker(database.url, work.taskQueue, servers)
  const dispatcher = dispatch(work, database.url)
  const startedAt = Date.now()
  const legs = Array.from({ length: CASES }, (): Script => [{ heard: 1 }])
  const opener = await begin(database, work, [{ openEach: 'leg' }, { tellEach: 1 }, { allEnded: true }], legs)
  const memory: number[] = []
  for (;;) {
    const over = (await work.db.caseList.findFirst({ where: { caseId: opener } }))?.over ?? 0
    memory.push(worker.megabytes)
    if (worker.killed < kills && over > (CASES / (kills + 1)) * (worker.killed + 1)) {
      say(`${String(over)} are over: the worker is killed`)
      worker.kill()
    }
    const { status } = await work.db.case.findUniqueOrThrow({ where: { id: opener } })
    if (status === 'closed') break
    await sleep(500)
  }
  const seconds = (Date.now() - startedAt) / 1000
  const { facts } = await work.db.case.findUniqueOrThrow({ where: { id: opener } })
  const [ends = '{}'] = (facts as unknown as { readonly came: readonly string[] }).came
  const closed = await work.db.case.findMany({ where: { startedById: null, status: 'closed' }, select: { id: true } })
  // when each began, by the row of its start: its own clock is held
  const starts = await work.db.command.findMany({
    where: { kind: 'start', listId: { not: null } },
    orderBy: { finishedAt: 'asc' },
    select: { finishedAt: true },
  })
  const at = starts.map(({ finishedAt }) => finishedAt?.getTime() ?? 0)
  const took = (from: number, to: number) => ((at[to] ?? 0) - (at[from] ?? 0)) / (to - from)
  const first = took(0, 99)
  const last = took(CASES - 100, CASES - 1)
  worker.end()
  await dispatcher.stop()
  const links = await work.db.caseLink.count()
  const lost = CASES - closed.length
  const sample = closed.filter((_, n) => n % 50 === 0).map(({ id }) => id)

  return {
    cases: CASES,
    killed: worker.killed,
    seconds: rounded(seconds),
    msPerCase: { first100: rounded(first), last100: rounded(last), ratio: rounded((last / first) * 100) / 100 },
    ends: JSON.parse(ends) as EndsOfList,
    lost,
    links,
    events: { opener: await eventsOf(work, opener), longestOfFortyOpened: await longest(work, sample) },
    workerMegabytes: { highest: Math.max(...memory), atTheEnd: memory.at(-1) ?? 0 },
  }
}

/** Messages between other cases, in milliseconds from being stored to having an outcome, while so many receivers hang. */
async function beside({ database, work, servers }: Stage, hanging: number) {
  const worker = new KillableWorker(database.url, work.taskQueue, servers)
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
async function carried({ database, work, servers }: Stage) {
  const worker = new KillableWorker(database.url, work.taskQueue, servers)
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

const STAGES: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  undisturbed: (stage) => many(stage, 0),
  killed: (stage) => many(stage, 5),
  quiet: (stage) => beside(stage, 0),
  hanging: (stage) => beside(stage, HANGING),
  carrying: carried,
}

async function main(asked: readonly string[]): Promise<void> {
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
      measured[stage] = await staged(servers, play)
      say(`${stage}: ${JSON.stringify(measured[stage])}`)
    }
    const result = { startedAt, provenance: from, ...measured }
    const name = path.join(
      __dirname,
      'results',
      `links-${startedAt.slice(0, 10)}-${from.commit.slice(0, 7)}${from.dirty.length > 0 ? '-dirty' : ''}.json`,
    )
    writeFileSync(name, `${JSON.stringify(result, null, 1)}\n`)
    say(`Written: ${name}`)
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
