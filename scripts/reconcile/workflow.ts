/** What Temporal says of a case: where it stands, and every step that it ever recorded. */
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionStatusName,
} from '@temporalio/client'
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow'
import type { CaseId } from '../../workflows/kernel/contract'
import { RECORDING } from '../../workflows/kernel/protocol/activities'
import { SNAPSHOT_QUERY, TASK_QUEUE } from '../../workflows/kernel/protocol/messages'
import type { SnapshotAnswer, Step } from '../../workflows/kernel/protocol/step'

export type WorkflowAnswer =
  | { readonly known: true; readonly status: WorkflowExecutionStatusName; readonly answer: SnapshotAnswer }
  /** Temporal has no workflow of this id */
  | { readonly known: false }
  /** there is one, and it could not say where it stands */
  | { readonly known: true; readonly status: WorkflowExecutionStatusName; readonly answer: null; readonly why: string }

const PATIENCE_MS = 20_000

/** Asks a workflow where its case stands; changes nothing. Throws when Temporal itself does not answer. */
export async function querySnapshot(client: Client, caseId: CaseId): Promise<WorkflowAnswer> {
  const handle = client.workflow.getHandle(caseId)
  try {
    const { status } = await handle.describe()
    try {
      const answer = await client.withDeadline(Date.now() + PATIENCE_MS, () =>
        handle.query<SnapshotAnswer>(SNAPSHOT_QUERY),
      )

      return { known: true, status: status.name, answer }
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw error

      return { known: true, status: status.name, answer: null, why: whyUnanswered(error) }
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { known: false }
    throw error
  }
}

function whyUnanswered(error: unknown): string {
  if (error instanceof QueryNotRegisteredError) return 'its workflow does not know the question'
  if (isGrpcServiceError(error)) return error.details
  if (error instanceof Error) return error.cause instanceof Error ? error.cause.message : error.message

  return String(error)
}

/** Whether Temporal has the history of a case. */
export async function isKnown(client: Client, caseId: CaseId): Promise<boolean> {
  try {
    await client.workflow.getHandle(caseId).describe()

    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

/** Every step that the workflow has recorded, as it gave it to be written: history keeps them whole. */
export async function stepsOf(client: Client, caseId: CaseId): Promise<Step[]> {
  const { events } = await client.workflow.getHandle(caseId).fetchHistory()
  const recorded = new Set<string>()
  for (const { activityTaskCompletedEventAttributes: completed } of events ?? [])
    if (completed?.scheduledEventId) recorded.add(String(completed.scheduledEventId))
  const steps: Step[] = []
  for (const { eventId, activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (!RECORDING.includes(scheduled?.activityType?.name ?? '') || !recorded.has(String(eventId))) continue
    const converter = client.workflow.options.loadedDataConverter
    const [step] = await decodeArrayFromPayloads(converter, scheduled?.input?.payloads)
    steps.push(step as Step)
  }

  return steps
}

/** Ids of the cases whose workflow runs, as Temporal lists them. */
export async function* runningCases(client: Client, taskQueue: string = TASK_QUEUE): AsyncIterable<CaseId> {
  const query = `ExecutionStatus = 'Running' and TaskQueue = '${taskQueue}' and WorkflowType != 'daily'`
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 200 })) yield workflowId as CaseId
}
