/** The worker: runs the processes and their activities, and archives the histories of closed cases. Composition root. */
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { NativeConnectionOptions, WorkerOptions } from '@temporalio/worker'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { createActivities } from '../activities'
import { readConfig } from '../api/config'
import { PayloadKeys } from '../api/service/payload-keys'
import { sendAtOnce } from '../prisma/store/commands'
import { createDb } from '../prisma/store/db'
import type { Db } from '../prisma/store/db'
import type { ProcessStores } from '../prisma/store/process-store'
import { processStores } from '../prisma/store/process-stores'
import type { Processes } from '../workflows/kernel/process'
import { TASK_QUEUE } from '../workflows/kernel/protocol/messages'
import { processes as registered } from '../workflows/registry'
import { readWords, type Words } from '../workflows/words'
import { keepArchiving } from './archive'
import { bundleWorkflows } from './bundle'
import { keepDailySchedule } from './daily'
import { freezeOlderDocuments } from './documents'
import { faultSinks } from './faults'
import { heartbeats } from './heartbeat'
import { keepMakingPapers } from './papers/making'
import { unservedCases } from './served'

/**
 * Sizes that fit two cores and a gigabyte: an idle cached case takes about a third of a megabyte. Cases whose terms end together
 * ring one after another, so that of more than fit here each is read back from its history: with 400, a thousand terms took
 * half as long again as the minute in which they ended (doc/performance.md).
 */
export const SIZES: Partial<WorkerOptions> = {
  maxConcurrentWorkflowTaskExecutions: 20,
  maxConcurrentActivityTaskExecutions: 20,
  maxCachedWorkflows: 1200,
  shutdownGraceTime: '10 seconds',
  // cases that a killed worker had in memory wait so long before another may take them up
  stickyQueueScheduleToStartTimeout: '3 seconds',
}

/** Steps are a few kilobytes to a server nearby: packing them costs worker and server more than sending them as they are. */
export const WIRE: Pick<NativeConnectionOptions, 'grpcCompression'> = { grpcCompression: { codec: 'none' } }

export interface WorkerParts {
  readonly db: Db
  readonly log: Logger
  readonly connection: NativeConnection
  readonly namespace: string
  readonly taskQueue?: string
  readonly version: string
  readonly bundle: { readonly code: string }
  /** absent: those of the product */
  readonly processes?: Processes
  readonly words?: Words
  readonly stores?: ProcessStores
  readonly keys?: PayloadKeys
  /** where people reach the product; absent: as in a demonstration */
  readonly publicUrl?: string
}

/** A worker for all processes; its identity names the version, which `/ready` looks for. */
export const createWorker = ({
  db,
  log,
  connection,
  namespace,
  taskQueue,
  version,
  bundle,
  processes = registered,
  words = readWords(),
  stores = processStores,
  keys,
  publicUrl,
}: WorkerParts): Promise<Worker> =>
  Worker.create({
    ...SIZES,
    connection,
    namespace,
    taskQueue: taskQueue ?? TASK_QUEUE,
    identity: `mansap-worker@${version}@${String(process.pid)}`,
    workflowBundle: bundle,
    ...(keys && { dataConverter: { payloadCodecs: [keys] } }),
    activities: createActivities({ db, log, processes, words, stores, ...(publicUrl !== undefined && { publicUrl }) }),
    interceptors: heartbeats,
    sinks: faultSinks(db, log),
  })

/** Runs the processes of an entry file (absent: those of the product) until the process is told to stop. */
export async function runWorker(
  workflows?: string,
  served: Processes = registered,
  words: Words = readWords(),
  stores: ProcessStores = processStores,
): Promise<void> {
  const config = readConfig()
  // that nobody reads what it says any more is no reason to leave its cases
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)
  const log = pino({ level: config.logLevel, base: { part: 'worker' } })
  Runtime.install({
    shutdownSignals: ['SIGTERM', 'SIGINT'],
    ...(config.metricsAddress && {
      telemetryOptions: { metrics: { prometheus: { bindAddress: config.metricsAddress } } },
    }),
  })
  // Until there is a worker, the runtime has nothing to stop and would go on waiting.
  const leave = () => process.exit(0)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, leave)
  const db = createDb(config.databaseUrl)
  const bundle = await bundleWorkflows(workflows)
  const connection = await untilReached(
    () => NativeConnection.connect({ address: config.temporal.address, ...WIRE }),
    'Temporal',
    log,
  )
  const client = await untilReached(() => Connection.connect({ address: config.temporal.address }), 'Temporal', log)
  const unserved = await untilReached(() => unservedCases(db, served), 'Postgres', log)
  if (unserved.length > 0) throw new Error(`The worker does not start: ${unserved.join('; ')}.`)
  const { namespace } = config.temporal
  const keys = new PayloadKeys(config.payloadKeys)
  const worker = await createWorker({
    db,
    log,
    connection,
    namespace,
    version: config.version,
    bundle,
    processes: served,
    words,
    stores,
    keys,
    publicUrl: config.publicUrl,
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, leave)
  const temporal = new Client({ connection: client, namespace })
  const archiving = keepArchiving({ db, client: temporal, log })
  const freezing = freezeOlderDocuments({
    db,
    log,
    templates: { processes: served, words, publicUrl: config.publicUrl },
  })
  const making = keepMakingPapers({ db, databaseUrl: config.databaseUrl, log })
  // it may be the release in which a process was mended
  await untilReached(() => sendAtOnce(db), 'Postgres', log)
  await untilReached(() => keepDailySchedule(temporal), 'Temporal', log)
  log.info('worker is polling')
  await worker.run()
  await Promise.all([archiving.stop(), freezing.stop(), making.stop()])
  await client.close()
  await connection.close()
  await db.$disconnect()
}

/** What we stand on may come up after us, or be away for a while: a worker waits for it. */
async function untilReached<T>(connect: () => Promise<T>, what: string, log: Logger): Promise<T> {
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      log.warn({ error: String(error) }, `${what} is not reachable; trying again`)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}

if (require.main === module)
  runWorker().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    // what else runs here would keep a worker alive that takes no work, and nobody would start another
    process.exit(1)
  })
