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

export async function floor({ tasks, office, alarm, form }: FloorInput): Promise<string> {
  const { record, fallDue } = proxyActivities<FloorActivities>({ startToCloseTimeout: '30s' })
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
    const answered = () => decided > n
    if (n === 0 && alarm && !(await condition(answered, Math.max(1, Date.parse(dueAt) - Date.now()))))
      await fallDue(caseId)
    else if (n % 2 === 1 && !(await condition(answered, TASK_TERM))) return 'late'
    await condition(answered)
  }
  await condition(allHandlersFinished)

  return 'done'
}
