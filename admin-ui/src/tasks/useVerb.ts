import type { TaskDetail, TaskVerb, TaskView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'

/** A verb that the console sends beside the answer. */
export type SideVerb = Exclude<TaskVerb, 'complete'>

/** Sends a verb of the task; true when it was done, which is then told. */
export function useVerb(task: TaskDetail) {
  const { t } = useWords()
  const say = useSay()
  const { run, phase, failure, forget } = useCommand<TaskView>()
  const send = async (verb: SideVerb, more: Record<string, string> = {}): Promise<boolean> => {
    const body = { version: task.version, ...more }
    const result = await run({ verb, ...body }, (key) => dataProvider.taskVerb(task.id, verb, body, key))
    if (!result?.ok) return false
    say(t(`app.verbs.${verb}.done`), 'success')

    return true
  }

  return { send, phase, failure, forget }
}
