import { useState } from 'react'
import type { TaskDetail, TaskView } from '../../../api/shapes/views'
import type { Draft } from '../forms/draft'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import type { Words } from '../words/useWords'
import { howEnded } from './TaskState'

/** Nobody has the task, and the reader may take it up. */
export const isFree = ({ verbs }: TaskDetail): boolean => verbs.includes('claim')

/** The reader may answer the task as it is, or by taking it up. */
export const isAnswerable = (task: TaskDetail): boolean => isFree(task) || task.verbs.includes('complete')

/** The task is over, with an answer or without one. */
export const isClosed = ({ state }: TaskDetail): boolean => state === 'completed' || state === 'obsolete'

/** Why the server refuses the task to the reader, and since when somebody else has it; null: it does not say. */
export function refusalOf(words: Words, { process, refusal, assignee, heldSince }: TaskDetail): string | null {
  if (!refusal) return null
  const said = words.reason(process, refusal)
  if (!assignee || !heldSince || refusal.code !== 'policy.heldByAnother') return said

  return `${said} ${words.t('app.tasks.heldSince', { person: words.name(assignee.name), date: words.date(heldSince) })}`
}

/** Why the reader cannot answer the task that he was answering. */
export const whyNot = (words: Words, task: TaskDetail): string =>
  isClosed(task)
    ? howEnded(words, task).text
    : (refusalOf(words, task) ??
      words.t(
        task.command
          ? 'app.command.stored'
          : task.verbs.includes('start')
            ? 'app.tasks.startFirst'
            : 'app.tasks.notYours',
      ))

/**
 * Whoever answers a task that nobody has takes it up by that. `takeUp` answers with the version to answer, null when it is not his to
 * answer, or when his draft was saved from another window too: a task is not taken up for what is not sent then. `inHand`: it was taken
 * up so, and may be given back.
 */
export function useTakeUp(task: TaskDetail) {
  const { run, phase, failure, forget } = useCommand<TaskView>()
  const [taken, setTaken] = useState(false)
  const takeUp = async (draft: Draft): Promise<number | null> => {
    // what is refused from here on has another reason than the last time
    forget()
    setTaken(false)
    if (!isFree(task)) return task.version
    const body = { version: task.version }
    const result = await run(body, (key) => draft.before(() => dataProvider.taskVerb(task.id, 'claim', body, key)))
    if (!result?.ok) return null
    setTaken(true)

    return result.value?.version ?? null
  }

  return { takeUp, phase, failure, forget, inHand: taken && task.verbs.includes('release') }
}
