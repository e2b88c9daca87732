import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import Typography from '@mui/material/Typography'
import type { CaseDetail, TaskView } from '../../../api/shapes/views'
import { AppTable } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { TaskState } from '../tasks/TaskState'
import { DueDate } from '../words/DueDate'
import { useWords } from '../words/useWords'

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

/** The tasks that the case waits for now. */
export function OpenTasks({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name } = words
  if (file.status !== 'open') return null

  return (
    <Section title={t('app.cases.openTasks')}>
      <Paged<TaskView>
        of={['@case', file.id, 'tasks']}
        get={(page, signal) => dataProvider.caseTasks(file.id, page, signal)}
      >
        {(tasks) => {
          const open = tasks.filter((task) => !isClosed(task))
          if (open.length === 0) return <Typography>{t('app.cases.noOpenTasks')}</Typography>

          return (
            <ul style={{ margin: 0, paddingInlineStart: '1.2rem' }}>
              {open.map((task) => (
                <li key={task.id} style={{ marginBottom: '0.75rem' }}>
                  <Link component={RouterLink} to={`/tasks/${task.id}`}>
                    {words.of(task.process, `tasks.${task.kind}.title`)}
                  </Link>
                  <div>
                    {task.assignee
                      ? name(task.assignee.name)
                      : 'person' in task.for
                        ? name(task.for.person.name)
                        : `${words.of('kernel', `roles.${task.for.role}`)} — ${name(task.for.body.name)}`}
                  </div>
                  <DueDate due={task.due} />
                </li>
              ))}
            </ul>
          )
        }}
      </Paged>
    </Section>
  )
}
