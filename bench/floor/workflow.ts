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

export async function floor({ tasks, seats, office, alarm, form }: FloorInput): Promise<string> {
  const { record, fallDue } = proxyActivities<FloorActivities>({ startToCloseTimeout: '30s' })
  const caseId = workflowInfo().workflowId
  const dueAt = String(form['dueAt'])
  const open = new Set<string>()
  let decided = 0
  const nameOf = (n: number): string =>
    seats > 1 ? (n < seats ? 'vote' : 'announce') : n % 2 === 0 ? 'review' : 'confirm'
  // before the row can be seen: whoever sees it may answer it before the activity's result is back
  const opened = (from: number, to: number): readonly OpenTask[] => {
    const made: OpenTask[] = []
    for (let n = from; n < Math.min(to, tasks); n += 1) {
      const id = `${caseId}:${String(n)}`
      open.add(id)
      made.push({ id, caseId, name: nameOf(n), office, dueAt })
    }

    return made
  }

  setHandler(begin, () => record({ caseId, close: null, open: opened(0, seats) }))
  setHandler(
    complete,
    async (decision) => {
      open.delete(decision.task)
      decided += 1
      await record({ caseId, close: decision, open: decided < seats ? [] : opened(decided, decided + 1) })
    },
    {
      validator: (decision: Decision) => {
        if (!open.has(decision.task)) throw ApplicationFailure.nonRetryable('this task is not open', 'NotOpen')
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
