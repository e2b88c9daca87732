import type { Client } from '@temporalio/client'

/** Whether an Update has reached Temporal, even if no workflow has seen it; throws while Temporal knows nothing of it. */
export async function admitted({ workflowService }: Client, workflowId: string, updateId: string): Promise<boolean> {
  const { stage } = await workflowService.pollWorkflowExecutionUpdate({
    namespace: 'default',
    updateRef: { workflowExecution: { workflowId }, updateId },
    waitPolicy: {},
  })

  return Boolean(stage)
}
