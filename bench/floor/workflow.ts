/**
 * The floor: the least that Temporal allows for tasks that people see in a list. One Update per decision, one activity per Update;
 * no law, no clocks, no audit chain, no forms.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Decision, FloorActivities, FloorInput, OpenTask } from './messages'

const begin = defineUpdate<void, []>('begin')
const complete = defineUpdate<void, [Decision]>('complete')
const TASK_TERM = '30 days'

export async function floor({ tasks, office, form }: FloorInput): Promise<string> {
  const { record } = proxyActivities<FloorActivities>({ startToCloseTimeout: '30s' })
  const caseId = workflowInfo().workflowId
  const dueAt = String(form['dueAt'])
  let decided = 0
  let open: string | null = null
  const task = (n: number): OpenTask | null =>
    n < tasks ? { id: `${caseId}:${String(n)}`, caseId, name: n % 2 === 0 ? 'review' : 'confirm', office, dueAt } : null

  setHandler(begin, async () => {
    const first = task(0)
    open = first?.id ?? null
    await record({ caseId, close: null, open: first })
  })
  setHandler(
    complete,
    async (decision) => {
      decided += 1
      const next = task(decided)
      // before the row can be seen: whoever sees it may answer it before this activity's result is back
      open = next?.id ?? null
      await record({ caseId, close: decision, open: next })
    },
    {
      validator: (decision: Decision) => {
        if (decision.task !== open) throw ApplicationFailure.nonRetryable('this task is not open', 'NotOpen')
      },
    },
  )

  for (let n = 0; n < tasks; n += 1) {
    // as in the request, the second of two tasks has a term that may pass
    if (n % 2 === 0) await condition(() => decided > n)
    else if (!(await condition(() => decided > n, TASK_TERM))) return 'late'
  }
  await condition(allHandlersFinished)

  return 'done'
}
