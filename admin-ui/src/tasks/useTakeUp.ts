import type { TaskDetail, TaskView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'

/** Nobody has the task, and the reader may take it up. */
export const isFree = ({ verbs }: TaskDetail): boolean => verbs.includes('claim')

/** Whoever answers a task that nobody has takes it up by that; answers with the version to answer, null when it is not his to answer. */
export function useTakeUp(task: TaskDetail) {
  const { run, phase, failure, forget } = useCommand<TaskView>()
  const takeUp = async (): Promise<number | null> => {
    if (!isFree(task)) return task.version
    const body = { version: task.version }
    const result = await run(body, (key) => dataProvider.taskVerb(task.id, 'claim', body, key))

    return result?.ok ? (result.value?.version ?? null) : null
  }

  return { takeUp, phase, failure, forget }
}
