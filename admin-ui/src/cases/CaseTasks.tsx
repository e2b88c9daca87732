import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import Typography from '@mui/material/Typography'
import type { CaseDetail, TaskView } from '../../../api/shapes/views'
import { AppTable } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { TaskState } from '../tasks/TaskState'
import { DueDate, HowReached } from '../words/DueDate'
import { heldBy } from '../words/WhoHas'
import { useWords } from '../words/useWords'
import { leftSentence, nextSentence } from './next'

const isClosed = ({ state }: TaskView) => state === 'completed' || state === 'obsolete'

/** All tasks of the case, open and done. */
export function CaseTasks({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name } = words

  return (
    <Paged<TaskView>
      of={['@case', file.id, 'tasks']}
      get={(page, signal) => dataProvider.caseTasks(file.id, page, signal)}
    >
      {(tasks) => (
        <AppTable<TaskView>
          caption={t('app.cases.tabs.tasks')}
          rows={tasks}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/tasks/${id}`}
          empty={t('app.tasks.none')}
          columns={[
            {
              key: 'title',
              label: t('app.tasks.task'),
              cell: (task) => words.of(task.process, `tasks.${task.kind}.title`),
            },
            { key: 'state', label: t('app.tasks.state'), cell: (task) => <TaskState task={task} /> },
            { key: 'opened', label: t('app.tasks.opened'), cell: (task) => words.date(task.openedOn) },
            {
              key: 'due',
              label: t('app.tasks.due'),
              cell: (task) => (isClosed(task) ? words.date(task.due?.on) : <DueDate due={task.due} />),
            },
            {
              key: 'by',
              label: t('app.tasks.assignee'),
              cell: (task) => name(task.answeredBy?.name ?? task.assignee?.name),
            },
          ]}
        />
      )}
    </Paged>
  )
}

/** The tasks that the case waits for now, whichever falls due first. */
export function OpenTasks({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name } = words
  if (file.status !== 'open') return null

  return (
    <Section title={t('app.cases.openTasks')}>
      {file.openTasks.length === 0 ? (
        <Typography>{nextSentence(words, file.process, file.next)}</Typography>
      ) : (
        <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, '& > li + li': { mt: 1.5 } }}>
          {file.openTasks.map((task) => (
            <li key={task.id}>
              <Link component={RouterLink} to={`/tasks/${task.id}`}>
                {words.of(task.process, `tasks.${task.kind}.title`)}
              </Link>
              <div>{task.assignee ? name(task.assignee.name) : heldBy(words, task)}</div>
              <DueDate due={task.due} />
              {task.left && <Typography variant="body2">{leftSentence(words, task.left)}</Typography>}
              {task.due && <HowReached process={task.process} steps={task.due.steps} />}
            </li>
          ))}
        </Box>
      )}
    </Section>
  )
}
