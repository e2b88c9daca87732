import PanTool from '@mui/icons-material/PanToolAltOutlined'
import Person from '@mui/icons-material/PersonOutlineOutlined'
import type { TaskView } from '../../../api/shapes/views'
import { useWords, type Words } from './useWords'
import { Mark } from './Mark'

/** For whom a task is, in words: a role in a body, or a person. */
export const waitsFor = (words: Words, { process, for: to }: Pick<TaskView, 'process' | 'for'>): string =>
  'role' in to ? words.of(process, `roles.${to.role}`) : words.name(to.person.name)

/** For whom a task is, with the body where it is a role in one. */
export const heldBy = (words: Words, task: Pick<TaskView, 'process' | 'for'>): string =>
  'role' in task.for ? `${waitsFor(words, task)}, ${words.name(task.for.body.name)}` : waitsFor(words, task)

/** Who has a task in hand, or that nobody has; of a task of others, whose it is to take up. */
export function WhoHas({
  task,
  me,
}: {
  task: Pick<TaskView, 'process' | 'for' | 'assignee' | 'verbs'>
  me: string | undefined
}) {
  const words = useWords()
  const { t, name } = words
  if (!task.assignee) {
    const isHis = task.verbs.includes('claim')

    return (
      <Mark icon={<PanTool aria-hidden />}>
        {isHis ? t('app.day.free') : t('app.day.freeFor', { who: waitsFor(words, task) })}
      </Mark>
    )
  }

  return (
    <Mark icon={<Person aria-hidden />}>{task.assignee.id === me ? t('app.day.mine') : name(task.assignee.name)}</Mark>
  )
}
