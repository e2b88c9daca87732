import ScienceOutlined from '@mui/icons-material/ScienceOutlined'
import Chip from '@mui/material/Chip'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { useListContext } from 'react-admin'
import type { TaskView } from '../../../api/shapes/views'
import {
  Filters,
  Nothing,
  RehearsalFilter,
  SearchFilter,
  SelectFilter,
  ToggleFilter,
  useFilter,
} from '../layout/Filters'
import { PageTitle } from '../layout/PageTitle'
import { ListTable, NewsBar, RecordList } from '../layout/RecordList'
import { countOf, useProcesses, useTaskCounts } from '../providers/useApi'
import { DueDate } from '../words/DueDate'
import { aboutLine } from '../words/about'
import { useWords } from '../words/useWords'

/** The first is where everybody lands: what is one's own and what one could take up. */
const QUEUES = ['todo', 'mine', 'unit', 'escalated', 'done'] as const
const URGENT_FIRST = { field: 'dueOn', order: 'ASC' } as const

/** Marks what belongs to a rehearsal and not to real life. */
export function RehearsalChip({ set }: { set: string | null }) {
  const { t } = useWords()
  if (set === null) return null

  return (
    <Chip
      size="small"
      color="secondary"
      variant="outlined"
      icon={<ScienceOutlined />}
      label={t('app.rehearsal.chip', { set })}
    />
  )
}

function Queues() {
  const { t } = useWords()
  const counts = useTaskCounts().data
  const [queue, setQueue] = useFilter('queue')
  const { setSort } = useListContext()
  const show = (name: (typeof QUEUES)[number]) => {
    setQueue(name)
    // what is done was done at a moment; what is to be done has a day
    setSort(name === 'done' ? { field: 'answeredAt', order: 'DESC' } : URGENT_FIRST)
  }
  const count = (name: (typeof QUEUES)[number]) => (!counts || name === 'done' ? '' : ` (${countOf(counts[name])})`)

  return (
    <Tabs
      value={QUEUES.find((name) => name === queue) ?? 'todo'}
      onChange={(_, name: (typeof QUEUES)[number]) => show(name)}
      aria-label={t('app.tasks.queues.label')}
      variant="scrollable"
    >
      {QUEUES.map((name) => (
        <Tab
          key={name}
          value={name}
          id={`queue-${name}`}
          aria-controls="queue"
          label={`${t(`app.tasks.queues.${name}`)}${count(name)}`}
        />
      ))}
    </Tabs>
  )
}

function TaskFilters() {
  const words = useWords()
  const processes = (useProcesses().data ?? []).filter(({ current }) => current)
  const [process] = useFilter('process')
  const labels = processes
    .filter(({ name }) => typeof process !== 'string' || name === process)
    .flatMap(({ name, tasks }) => tasks.map(({ kind }) => [kind, words.of(name, `tasks.${kind}.title`)] as const))
  // the tasks of the kernel are in every process
  const kinds = [...new Map(labels)].map(([value, label]) => ({ value, label }))

  return (
    <Filters>
      <SearchFilter label={words.t('app.tasks.search')} />
      <SelectFilter
        name="process"
        label={words.t('app.cases.process')}
        options={processes.map(({ name }) => ({ value: name, label: words.of(name, 'name') }))}
      />
      <SelectFilter name="kind" label={words.t('app.tasks.kind')} options={kinds} />
      <ToggleFilter name="overdue" label={words.t('app.tasks.onlyOverdue')} />
      <RehearsalFilter />
    </Filters>
  )
}

/** When it falls due; of one that stands still, that it does: nobody has to do it until it goes on. */
function Due({ task: { due, state } }: { task: TaskView }) {
  const { t } = useWords()

  return (
    <>
      <DueDate due={due} />{' '}
      {state === 'suspended' && <Chip size="small" variant="outlined" label={t('app.tasks.states.suspended')} />}
    </>
  )
}

export function Rows() {
  const words = useWords()
  const { t, name } = words
  const [queue] = useFilter('queue')
  const done = queue === 'done'

  return (
    <div id="queue" role="tabpanel" aria-labelledby={`queue-${typeof queue === 'string' ? queue : 'todo'}`}>
      <ListTable<TaskView>
        caption={t('app.tasks.title')}
        rowHref={({ id }) => `/tasks/${id}`}
        empty={<Nothing text={t(done ? 'app.tasks.noneDone' : 'app.tasks.none')} />}
        columns={[
          {
            key: 'title',
            label: t('app.tasks.task'),
            cell: (task) => words.of(task.process, `tasks.${task.kind}.title`),
          },
          {
            key: 'subject',
            label: t('app.cases.about'),
            cell: (task) => (
              <>
                {aboutLine(words, task)} <RehearsalChip set={task.rehearsal} />
              </>
            ),
          },
          { key: 'case', label: t('app.cases.number'), cell: (task) => task.caseNumber },
          {
            key: 'stage',
            label: t('app.cases.stage'),
            cell: (task) => (task.stage === null ? '—' : words.of(task.process, `stages.${task.stage}`)),
          },
          done
            ? {
                key: 'answered',
                label: t('app.tasks.answered'),
                sort: 'answeredAt',
                cell: (task) => words.instant(task.answeredAt),
              }
            : { key: 'due', label: t('app.tasks.due'), sort: 'dueOn', cell: (task) => <Due task={task} /> },
          {
            key: 'assignee',
            label: t('app.tasks.assignee'),
            cell: (task) => (
              <>
                {task.assignee ? name(task.assignee.name) : t('app.tasks.nobody')}{' '}
                {task.unheld && <Chip size="small" color="warning" label={t('app.tasks.unheldChip')} />}
              </>
            ),
          },
        ]}
      />
    </div>
  )
}

export default function TaskList() {
  const { t } = useWords()

  return (
    <>
      <PageTitle title={t('app.tasks.title')} />
      <RecordList resource="tasks" sort={URGENT_FIRST} filter={{ queue: 'todo' }} kept={false}>
        <Queues />
        <TaskFilters />
        <NewsBar topic="tasks" text={t('app.tasks.news')} />
        <Rows />
      </RecordList>
    </>
  )
}
