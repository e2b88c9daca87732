import Alert from '@mui/material/Alert'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { TaskDetail } from '../../../api/shapes/views'
import { Loadable } from '../layout/Loadable'
import { refreshEverything, useProcesses } from '../providers/useApi'
import { outcomeOf } from '../providers/useCommand'
import { useWords } from '../words/useWords'
import { NextTask } from './NextTask'
import { TaskForm } from './TaskForm'
import { howEnded } from './TaskState'
import { isAnswerable, isClosed, isFree, refusalOf } from './useTakeUp'
import { VerbBar } from './VerbBar'

/** A command sent earlier, perhaps from another tab, whose outcome is not known yet. */
function UnderWay({ command }: { command: string }) {
  const { t } = useWords()
  const client = useQueryClient()
  useEffect(() => {
    const left = new AbortController()
    void outcomeOf(command, left.signal).then((outcome) => outcome && refreshEverything(client))

    return () => left.abort()
  }, [command, client])

  return (
    <Alert severity="info" role="status" sx={{ mb: 2 }}>
      {t('app.command.stored')}
    </Alert>
  )
}

/**
 * What the reader may do with a task: its form, what else may be done with it, and why nothing can. `after`: where to go once it is
 * answered, if not to the next task.
 */
export function TaskAnswer({ task, after }: { task: TaskDetail; after?: string }) {
  const words = useWords()
  const { t } = words
  // once begun, the form stays until it has heard what came of its answer, which may be after the task is seen to be closed
  const [begun, setBegun] = useState(false)
  // what was typed stays on the page, whoever takes the task meanwhile
  const [typed, setTyped] = useState(false)
  const processes = useProcesses()
  const free = isFree(task)
  const mayAnswer = isAnswerable(task)
  const closed = isClosed(task)
  const ended = howEnded(words, task)

  return (
    <>
      {task.command && !begun && <UnderWay command={task.command} />}
      {closed && <Alert severity={ended.severity}>{ended.text}</Alert>}
      {!closed && free && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {t('app.tasks.claimFirst', { claim: t('app.verbs.claim.button') })}
        </Alert>
      )}
      {!closed && !free && task.refusal && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {refusalOf(words, task)}
        </Alert>
      )}
      {!closed && !mayAnswer && !begun && !task.refusal && !task.command && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {t(task.verbs.includes('start') ? 'app.tasks.startFirst' : 'app.tasks.notYours')}
        </Alert>
      )}
      {task.sealed && task.state !== 'obsolete' && (
        <Alert severity="info" sx={{ mb: 2, mt: closed ? 2 : 0 }}>
          {t(closed ? 'app.tasks.isSealed' : 'app.tasks.willBeSealed')}
        </Alert>
      )}
      <VerbBar task={task} />
      {(closed || (task.refusal && !mayAnswer)) && !begun && <NextTask task={task} />}
      {(begun || typed || (mayAnswer && !closed)) && (
        <Loadable query={processes}>
          {(all) => {
            const kind = all
              .find(({ name }) => name === task.process)
              ?.tasks.find(({ kind: name }) => name === task.kind)

            return (
              <TaskForm
                task={task}
                decision={kind?.decision ?? null}
                returns={kind?.returns ?? false}
                onBegun={setBegun}
                onTyped={setTyped}
                after={after}
              />
            )
          }}
        </Loadable>
      )}
    </>
  )
}
