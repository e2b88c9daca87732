import Chip from '@mui/material/Chip'
import type { TaskView } from '../../../api/shapes/views'
import { useWords, type Words } from '../words/useWords'

/** Nobody did it before it closed. */
const isMissed = ({ unanswered }: TaskView) => unanswered?.because === 'missed'
const because = (words: Words, { process, unanswered }: TaskView) =>
  words.of(process, `because.${unanswered?.because ?? 'caseEnded'}`)

/** The state of a task in words; of one that ended without an answer, why. */
export function TaskState({ task }: { task: TaskView }) {
  const words = useWords()
  const { t } = words
  if (isMissed(task))
    return <Chip size="small" color="warning" variant="outlined" label={t('app.tasks.states.missed')} />

  return <>{t(`app.tasks.states.${task.state}`, task.unanswered ? { because: because(words, task) } : {})}</>
}

/** How a task ended, for its page: only one that was answered is told of in green. */
export function howEnded(words: Words, task: TaskView): { severity: 'success' | 'warning' | 'info'; text: string } {
  const { t } = words
  if (task.state === 'completed') return { severity: 'success', text: t('app.tasks.isCompleted') }
  if (isMissed(task))
    return { severity: 'warning', text: t('app.tasks.isMissed', { date: words.date(task.unanswered?.on) }) }

  return { severity: 'info', text: t('app.tasks.isObsolete', { because: because(words, task) }) }
}
