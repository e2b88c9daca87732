import type { TaskVerb, TaskView } from '../../../api/shapes/views'
import { Draft } from '../forms/draft'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'

/** A verb that the console sends beside the answer. */
export type SideVerb = Exclude<TaskVerb, 'complete'>

/** Of a verb that takes no text. */
export const NOTHING_TYPED = Draft.none()

/** Sends a verb of the task as it was read, with what was typed for it; true when it was done, which is then told. */
export function useVerb(task: Pick<TaskView, 'id' | 'version'>) {
  const { t } = useWords()
  const say = useSay()
  const { run, phase, failure, forget } = useCommand<TaskView>()
  const send = async (
    verb: SideVerb,
    more: Record<string, string | number> = {},
    draft: Draft = NOTHING_TYPED,
  ): Promise<boolean> => {
    const body = { version: task.version, ...more }
    const result = await run({ verb, ...body }, (key) =>
      draft.before(() => dataProvider.taskVerb(task.id, verb, body, key)),
    )
    if (!result?.ok) return false
    say(t(`app.verbs.${verb}.done`), 'success')

    return true
  }

  return { send, phase, failure, forget }
}
