/** Cases on a real Temporal and a real Postgres, driven by the Updates that the API would send. */
import { randomUUID } from 'node:crypto'
import type { Workflow } from '@temporalio/common'
import { Client, Connection, WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client'
import { pino } from 'pino'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createActivities } from '../../activities'
import type { ProcessStores } from '../../prisma/store/process-store'
import { processStores } from '../../prisma/store/process-stores'
import type { PayloadKeys } from '../../api/service/payload-keys'
import { sha256 } from '../../prisma/store/canonical'
import { createDb } from '../../prisma/store/db'
import type { Db } from '../../prisma/store/db'
import { bundleWorkflows } from '../../worker/bundle'
import { faultSinks } from '../../worker/faults'
import { heartbeats } from '../../worker/heartbeat'
import type { Activities } from '../../workflows/kernel/protocol/activities'
import { processesOf } from '../../workflows/kernel/process'
import type { Processes } from '../../workflows/kernel/process'
import type {
  BodyKey,
  CaseId,
  CommandId,
  ContentId,
  Instant,
  IsoDate,
  PersonId,
  PositionId,
  Role,
  TaskId,
  Actor,
  ContentRef,
  Fact,
  People,
} from '../../workflows/kernel/contract'
import type {
  CaseInput,
  MessageKind,
  MessageOutcome,
  Messages,
  Refusal,
} from '../../workflows/kernel/protocol/messages'
import { workflowType } from '../../workflows/kernel/protocol/messages'
import type { Opening } from '../../workflows/kernel/protocol/opening'
import { readWords, type Words } from '../../workflows/words'
import { refuseMoves, strayMovesIn } from './moves'
import { testServers } from './servers'

/** What a message of that kind says beside who sent it and when. */
export type Said<K extends MessageKind> = Omit<Messages[K], 'command' | 'actor' | 'receivedAt' | 'content' | 'people'>

export interface Casework {
  readonly db: Db
  readonly client: Client
  readonly taskQueue: string
  /** what its workers serve */
  readonly processes: Processes
  /** a worker that may be stopped and followed by another */
  work(): Promise<{ stop(): Promise<void> }>
  close(): Promise<void>
}

// a test that kills and waits makes the worker say so a hundred times
Runtime.install({ logger: new DefaultLogger('ERROR') })

const bundles = new Map<string, Promise<{ code: string }>>()

export async function casework(
  url: string,
  entry?: string,
  instead: Partial<Activities> = {},
  more: {
    readonly keys?: PayloadKeys
    readonly taskQueue?: string
    readonly processes?: Processes
    readonly words?: Words
    readonly stores?: ProcessStores
  } = {},
): Promise<Casework> {
  const dataConverter = more.keys && { payloadCodecs: [more.keys] }
  const { address } = testServers().temporal
  const db = createDb(url, 5)
  const log = pino({ level: 'silent' })
  const connection = await Connection.connect({ address })
  const native = await NativeConnection.connect({ address })
  const taskQueue = more.taskQueue ?? `test-${randomUUID()}`
  const processes = more.processes ?? processesOf()
  const bundle = bundles.get(entry ?? '') ?? bundleWorkflows(entry)
  bundles.set(entry ?? '', bundle)
  const workflowBundle = await bundle

  return {
    db,
    client: new Client({ connection, identity: 'test-client', ...(dataConverter && { dataConverter }) }),
    taskQueue,
    processes,
    work: async () => {
      const worker = await Worker.create({
        connection: native,
        taskQueue,
        // recorded histories say nothing of the machine they were made on
        identity: 'test-worker',
        ...(dataConverter && { dataConverter }),
        workflowBundle,
        activities: {
          ...createActivities({
            db,
            log,
            processes,
            words: more.words ?? readWords(),
            stores: more.stores ?? processStores,
          }),
          ...instead,
        },
        interceptors: heartbeats,
        sinks: faultSinks(db, log),
        shutdownGraceTime: '2 seconds',
      })
      const running = worker.run()

      return {
        stop: async () => {
          worker.shutdown()
          await running
        },
      }
    },
    close: async () => {
      const stray = await strayMovesIn(db)
      await connection.close()
      await native.close()
      await db.$disconnect()
      refuseMoves(stray)
    },
  }
}

export interface Opened {
  readonly id: CaseId
  readonly outcome: MessageOutcome
}

export interface NewCase {
  /** absent: any */
  readonly id?: CaseId
  readonly process: string
  /** absent: the first */
  readonly version?: number
  readonly body: BodyKey
  readonly subject: PersonId
  readonly position?: PositionId
  readonly aboutCase?: CaseId | null
  readonly on: IsoDate
  readonly by: Actor
  readonly form: Fact
  /** the row of its whole start form; absent: one of nothing */
  readonly content?: ContentRef
  readonly regime?: string
  /** the set of rehearsals; null: a real case; absent: that of the tests */
  readonly rehearsal?: string | null
  /** law and calendar of its day, where the start brings them; absent: the case asks for them */
  readonly opening?: Opening
  /** case seconds per real second; 0, a held clock, unless the test needs one that runs */
  readonly speed?: number
  /** its clock, where no day alone says it */
  readonly clock?: CaseInput['clock']
  /** when its start was stored, where that counts */
  readonly receivedAt?: Instant
}

/** Starts a case as the API does, and waits until its first step is recorded. */
export async function open(work: Casework, file: NewCase): Promise<Opened> {
  const id = file.id ?? (randomUUID() as CaseId)
  const speed = file.speed ?? 0
  const real = new Date().toISOString() as Instant
  const input: CaseInput = {
    case: id,
    process: file.process,
    version: file.version ?? 1,
    body: file.body,
    subject: file.subject,
    position: file.position ?? null,
    ...(file.aboutCase && { aboutCase: file.aboutCase }),
    clock: file.clock ?? {
      zone: 'Asia/Almaty',
      profile: 'five-day',
      speed,
      base: { case: `${file.on}T04:00:00.000Z` as Instant, real },
    },
    ...(file.receivedAt && { receivedAt: file.receivedAt }),
    rehearsal: file.rehearsal === undefined ? 'tests' : file.rehearsal,
    startedBy: file.by,
    form: file.form,
    content: file.content ?? content(),
    ...(file.regime ? { regime: file.regime } : {}),
    ...(file.opening ? { opening: file.opening } : {}),
  }
  const start = new WithStartWorkflowOperation(workflowType(file.process, file.version ?? 1), {
    workflowId: id,
    taskQueue: work.taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  })
  const command = randomUUID() as CommandId
  const outcome = await work.client.workflow.executeUpdateWithStart<Workflow, MessageOutcome, [Messages['start']]>(
    'start',
    {
      startWorkflowOperation: start,
      updateId: command,
      args: [{ command, actor: file.by, receivedAt: real, content: content() }],
    },
  )

  return { id, outcome }
}

/** The hash of a content row whose body is `{}` and whose salt is empty: what a message of the tests names. */
export const HASH_OF_NOTHING = sha256('{}')

const content = () => ({ id: randomUUID() as ContentId, hash: HASH_OF_NOTHING })

export type Sent =
  { readonly ok: true; readonly outcome: MessageOutcome } | { readonly ok: false; readonly refusal: Refusal }

/** Sends what a person says and waits for yes or no. */
export async function say<K extends MessageKind>(
  work: Casework,
  id: CaseId,
  kind: K,
  by: Actor,
  said: Said<K> & { people?: People; command?: CommandId; receivedAt?: Instant; content?: ContentRef },
): Promise<Sent> {
  const command = ('command' in said && said.command) || (randomUUID() as CommandId)
  const message = { people: {}, receivedAt: new Date().toISOString(), content: content(), actor: by, ...said, command }
  try {
    const outcome = await work.client.workflow
      .getHandle(id)
      .executeUpdate<MessageOutcome, [typeof message]>(kind, { updateId: command, args: [message] })

    return { ok: true, outcome }
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      const cause: unknown = error.cause
      if (typeof cause === 'object' && cause !== null && 'details' in cause && Array.isArray(cause.details))
        return { ok: false, refusal: cause.details[0] as Refusal }
    }
    throw error
  }
}

/** The states of a task that may still be answered. */
export const OPEN_TASK = { in: ['ready', 'reserved', 'inProgress', 'suspended'] }

/** The open task of that kind; throws when there is none, because a task is visible when its cause has been answered. */
export async function openTask(work: Casework, id: CaseId, kind: string): Promise<TaskId> {
  const rows = await work.db.task.findMany({ where: { caseId: id, state: OPEN_TASK } })
  const row = rows.find((each) => each.kind === kind)
  if (row) return row.id as TaskId
  const { stage, outcome } = await work.db.case.findUniqueOrThrow({ where: { id } })
  const others = rows.map((each) => each.kind).join(', ') || 'none'
  throw new Error(`no open task ${kind}: the case stands at ${outcome ?? stage}, its open tasks are: ${others}`)
}

/** Moves the held clock of a case to a day, through everything that falls due on the way. */
export async function advance(work: Casework, id: CaseId, by: Actor, to: string): Promise<Sent> {
  const { step } = await work.db.case.findUniqueOrThrow({ where: { id } })

  return say(work, id, 'act', by, { act: 'advance', step, form: { to } })
}

export const actor = (person: string, ...grants: readonly [Role, string][]): Actor => ({
  person: person as PersonId,
  grants: grants.map(([role, body]) => ({ role, body: body as BodyKey })),
})
