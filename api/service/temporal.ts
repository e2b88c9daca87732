/** The one file of the API that speaks to Temporal: sends commands as Updates, reads histories, asks whether anybody works. */
import {
  ApplicationFailure,
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils'
import type { temporal } from '@temporalio/proto'
import type { StoredCommand } from '../../prisma/store/commands'
import type { PayloadKeys } from './payload-keys'
import { classOfFailure } from './thrown'
import type { CaseId, Instant } from '../../workflows/kernel/contract'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { SnapshotAnswer } from '../../workflows/kernel/protocol/step'
import {
  REFUSED,
  SNAPSHOT_QUERY,
  TASK_QUEUE,
  workflowType,
  type CaseInput,
  type MessageOutcome,
  type Refusal,
  type Start,
} from '../../workflows/kernel/protocol/messages'

/** What is known after a command was sent. `gone`: there is no open workflow to hear it. `unknown`: it must be sent again. */
export type Sent =
  | { readonly result: 'answered'; readonly outcome: MessageOutcome }
  | { readonly result: 'refused'; readonly refusal: Refusal }
  | { readonly result: 'failed'; readonly why: string }
  | { readonly result: 'gone' }
  | { readonly result: 'unknown'; readonly why: string }

/** The payload of a start command: what the workflow begins with, and the message that it answers. */
export interface StartPayload {
  readonly input: CaseInput
  readonly message: Start
}

/** Tries of a workflow that came to nothing. */
export interface Failures {
  readonly times: number
  /** class of what was thrown, if it is known */
  readonly cause: string | null
  /** what it says of itself, which may quote an answer; null: the worker did not answer, or was gone */
  readonly message: string | null
}

export interface Engine {
  send(command: StoredCommand, waitMs: number): Promise<Sent>
  /** the Temporal history as its JSON form, or null when Temporal does not know the case */
  history(id: CaseId): Promise<unknown>
  /** when the workflow of a case says that it wakes, null: by itself never; undefined when it cannot be asked */
  wakes(id: CaseId): Promise<Instant | null | undefined>
  /** how often a workflow has failed since it last went on, and as what the last time; undefined when it cannot be asked */
  failures(id: CaseId): Promise<Failures | undefined>
  /** has a worker of this version asked for work within so many milliseconds? Throws when Temporal does not serve. */
  workerPolled(version: string, withinMs: number): Promise<boolean>
  close(): Promise<void>
}

/** Type of the failure with which the server ends an Update that was accepted but not finished when its workflow closed. */
const CLOSED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow'

/** How the SDK says that a workflow takes no Update of a name. */
const NO_HANDLER = 'No registered handler for update'

function meaningOf(error: unknown): Sent {
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error
    if (cause instanceof ApplicationFailure) {
      if (cause.type === REFUSED) return { result: 'refused', refusal: (cause.details?.[0] ?? NO_REASON) as Refusal }
      if (cause.type === CLOSED_MEANWHILE) return { result: 'gone' }
    }

    // a worker of the release before has the case, and does not know the message: the next release hears it
    if (String(cause).includes(NO_HANDLER)) return { result: 'unknown', why: String(cause) }

    return { result: 'failed', why: String(cause) }
  }
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) {
    return { result: 'gone' }
  }

  return { result: 'unknown', why: String(error) }
}
const NO_REASON: Refusal = { status: 409, reason: { code: 'refused' } }

export interface EnginePlace {
  readonly address: string
  readonly namespace: string
  readonly taskQueue?: string
  readonly keys?: PayloadKeys
}

/** Connects on first use, so that the API starts while Temporal is away. */
export function connectEngine(place: EnginePlace): Engine {
  const { address, namespace, taskQueue, keys } = place
  const connection = Connection.lazy({ address })
  const client = new Client({ connection, namespace, ...(keys && { dataConverter: { payloadCodecs: [keys] } }) })

  return { ...engineOf(client, taskQueue), close: () => connection.close() }
}

/** The same on a client whose connection is somebody else's to close. */
export function engineOf(client: Client, taskQueue = TASK_QUEUE): Omit<Engine, 'close'> {
  const { namespace } = client.options

  const start = (command: StoredCommand): Promise<MessageOutcome> => {
    const { input, message } = command.payload as StartPayload
    const startWorkflowOperation = new WithStartWorkflowOperation(workflowType(input.process, input.version), {
      workflowId: command.caseId,
      taskQueue,
      args: [{ ...input, receivedAt: instant(command.receivedAt.getTime()) }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      // a start that is sent again after its case has closed must not open the case a second time
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })

    return client.workflow.executeUpdateWithStart('start', {
      args: [message],
      updateId: command.id,
      startWorkflowOperation,
    })
  }
  const update = (command: StoredCommand): Promise<MessageOutcome> =>
    client.workflow
      .getHandle(command.caseId)
      .executeUpdate(command.kind, { args: [command.payload], updateId: command.id })

  return {
    send: async (command, waitMs) => {
      try {
        const outcome = await client.withDeadline(Date.now() + waitMs, () =>
          command.kind === 'start' ? start(command) : update(command),
        )

        return { result: 'answered', outcome }
      } catch (error) {
        return meaningOf(error)
      }
    },
    history: async (id) => {
      try {
        const history = await client.withDeadline(Date.now() + 8000, () => client.workflow.getHandle(id).fetchHistory())

        return JSON.parse(historyToJSON(history)) as unknown
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null
        throw error
      }
    },
    wakes: async (id) => {
      try {
        const { wakes, recorded } = await client.withDeadline(Date.now() + 8000, () =>
          client.workflow.getHandle(id).query<SnapshotAnswer>(SNAPSHOT_QUERY),
        )

        return recorded ? wakes : undefined
      } catch {
        // no worker serves it, or Temporal is away or does not know it: reconcile names which
        return undefined
      }
    },
    failures: async (id) => {
      try {
        const of = { namespace, execution: { workflowId: id } }
        const [{ history }, { pendingWorkflowTask }] = await client.withDeadline(Date.now() + 8000, () =>
          Promise.all([
            client.workflowService.getWorkflowExecutionHistoryReverse({ ...of, maximumPageSize: LATEST_EVENTS }),
            client.workflowService.describeWorkflowExecution(of),
          ]),
        )

        return failuresIn(history?.events ?? [], pendingWorkflowTask?.attempt ?? 0)
      } catch {
        // Temporal is away or does not know it: reconcile names which
        return undefined
      }
    },
    workerPolled: async (version, withinMs) => {
      const { pollers } = await client.withDeadline(Date.now() + 2000, () =>
        client.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          taskQueueType: WORKFLOW_TASKS,
        }),
      )

      return (pollers ?? []).some(({ identity, lastAccessTime }) => {
        const seen = Number(lastAccessTime?.seconds ?? 0) * 1000

        // whole seconds: a second is added so that a poll is never missed by rounding
        return identity?.startsWith(`mansap-worker@${version}@`) && Date.now() - seen <= withinMs + 1000
      })
    },
  }
}
/** What was thrown first, under whatever it was wrapped in. */
const thrownIn = (failure: temporal.api.failure.v1.IFailure | null | undefined): Pick<Failures, 'cause' | 'message'> =>
  failure?.cause
    ? thrownIn(failure.cause)
    : {
        cause: failure ? classOfFailure({ ...failure, type: failure.applicationFailureInfo?.type }) : null,
        message: failure?.message ?? null,
      }

/** a try writes three events, and a command that it lost three more when it is sent again */
const LATEST_EVENTS = 40

/**
 * Of the latest events of a history, the last first: tries that failed or had no answer since something of the case was last carried
 * out. A try that was completed is not counted as going on: Temporal loses the command of one that failed, and the next one is empty.
 * Of tries of the same task one after another only the first is in the history; the task counts them.
 */
function failuresIn(events: readonly temporal.api.history.v1.IHistoryEvent[], attempt: number): Failures {
  const goneOn = events.findIndex((event) => event.activityTaskCompletedEventAttributes)
  const since = goneOn === -1 ? events : events.slice(0, goneOn)
  const failed = since.filter(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskTimedOutEventAttributes,
  )

  return {
    times: failed.length + Math.max(0, attempt - 2),
    ...thrownIn(failed[0]?.workflowTaskFailedEventAttributes?.failure),
  }
}

/** TASK_QUEUE_TYPE_WORKFLOW of Temporal's protocol */
const WORKFLOW_TASKS = 1
