import ErrorOutline from '@mui/icons-material/ErrorOutlineOutlined'
import Event from '@mui/icons-material/EventOutlined'
import Pause from '@mui/icons-material/PauseOutlined'
import Replay from '@mui/icons-material/ReplayOutlined'
import Today from '@mui/icons-material/TodayOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import { visuallyHidden } from '@mui/utils'
import { useState, type ReactNode } from 'react'
import { Link as RouterLink } from 'react-router-dom'
import type { DayPart as PartName, DayTask, DayView, TaskView } from '../../../api/shapes/views'
import { countOf, useMe } from '../providers/useApi'
import { aboutLine } from '../words/about'
import { DueExplanation } from '../words/DueDate'
import { Mark } from '../words/Mark'
import { useWords } from '../words/useWords'
import { waitsFor, WhoHas } from '../words/WhoHas'

const LOOK: Readonly<Record<PartName, { readonly icon: ReactNode; readonly tone?: 'error.main' | 'warning.main' }>> = {
  overdue: { icon: <ErrorOutline aria-hidden />, tone: 'error.main' },
  today: { icon: <Today aria-hidden />, tone: 'warning.main' },
  week: { icon: <Event aria-hidden /> },
  returned: { icon: <Replay aria-hidden /> },
  free: { icon: null },
  later: { icon: null },
}

/** The legal term of a task: the date, which opens how it was reached. */
function Term({ task: { due, process } }: { task: TaskView }) {
  const { t, date } = useWords()
  if (!due) return <>{t('app.tasks.noTerm')}</>
  if (due.steps.length === 0) return <>{date(due.on)}</>

  return (
    <details>
      <Box
        component="summary"
        sx={{
          cursor: 'pointer',
          width: 'fit-content',
          minHeight: 24,
          '&::marker': { fontSize: '0.75em', color: 'text.secondary' },
        }}
      >
        {date(due.on)}
        <span style={visuallyHidden}>. {t('app.howReached')}</span>
      </Box>
      <DueExplanation process={process} steps={due.steps} />
    </details>
  )
}

/** Who else is on the case. */
function Beside({ tasks, me }: { tasks: DayTask['beside']; me: string | undefined }) {
  const words = useWords()
  const { t, name } = words
  const others = tasks.filter(({ assignee }) => assignee?.id !== me)
  if (others.length === 0) return null
  const [first, second, ...more] = others
  const said = [first, second].flatMap((task) =>
    task
      ? [
          t('app.day.besideOne', {
            who: task.assignee ? name(task.assignee.name) : waitsFor(words, task),
            task: words.of(task.process, `tasks.${task.kind}.title`),
          }),
        ]
      : [],
  )

  return (
    <Typography
      component="div"
      variant="body2"
      color="text.secondary"
      sx={{ gridColumn: { xs: '1 / -1', md: '2 / -1' } }}
    >
      {t('app.day.beside', { who: said.join(', ') })}
      {more.length > 0 && ` ${t('app.day.others')}`}
    </Typography>
  )
}

/**
 * A task on one or two lines: what, about whom, in which case; by when and why then; who has it, and who else is on it. `inBodies`: in
 * which body too, among tasks of several.
 */
export function DayRow({
  task,
  beside,
  me,
  inBodies = false,
}: {
  task: TaskView
  beside: DayTask['beside']
  me: string | undefined
  inBodies?: boolean
}) {
  const words = useWords()
  const { t } = words

  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        // on a phone the date and who has it share a line
        gridTemplateColumns: { xs: 'auto minmax(0, 1fr)', md: 'minmax(0, 1fr) 14rem minmax(0, 20rem)' },
        // what stands under the date keeps to it, however many lines the title has
        gridTemplateRows: { md: 'auto 1fr' },
        columnGap: { xs: 1.5, md: 3 },
        rowGap: 0.25,
        py: { xs: 0.6, md: 1 },
        borderTop: 1,
        borderColor: 'divider',
        lineHeight: 1.4,
        overflowWrap: 'anywhere',
      }}
    >
      <Box sx={{ gridColumn: { xs: '1 / -1', md: 'auto' }, gridRow: { md: 'span 2' } }}>
        <Link component={RouterLink} to={`/tasks/${task.id}`} underline="hover" sx={{ fontWeight: 600 }}>
          {words.of(task.process, `tasks.${task.kind}.title`)}
        </Link>
        <Typography component="div" variant="body2" color="text.secondary">
          {[aboutLine(words, task), task.caseNumber, ...(inBodies ? [words.name(task.body.name)] : [])].join(' · ')}
        </Typography>
      </Box>
      <Typography component="div" variant="body2">
        <Term task={task} />
      </Typography>
      <Typography component="div" variant="body2" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5 }}>
        <WhoHas task={task} me={me} />
        {task.returned && <Mark icon={<Replay aria-hidden />}>{t('app.day.returned')}</Mark>}
        {task.state === 'suspended' && (
          <Mark icon={<Pause aria-hidden />}>{words.of('kernel', 'states.suspended')}</Mark>
        )}
      </Typography>
      <Beside tasks={beside} me={me} />
    </Box>
  )
}

/** A part of the day under its own heading with its count; some of it may be folded at first. */
export function DayPart({
  part: { part, total, tasks },
  atFirst,
}: {
  part: DayView['parts'][number]
  atFirst: number
}) {
  const { t } = useWords()
  const me = useMe()?.person.id
  const [open, setOpen] = useState(false)
  const title = t(`app.day.parts.${part}`)
  const folded = tasks.length - atFirst
  const shown = open ? tasks : tasks.slice(0, atFirst)
  const { icon, tone } = LOOK[part]

  return (
    <Paper
      component="section"
      variant="outlined"
      aria-labelledby={`part-${part}`}
      sx={{ px: { xs: 1.5, sm: 2 }, pt: 1, pb: 0.5, mb: 1.5 }}
    >
      <Typography variant="h2" id={`part-${part}`} sx={{ mb: 0.5 }}>
        <Mark icon={icon} {...(tone && { tone })}>
          {t('app.day.count', { part: title, count: countOf(total) })}
        </Mark>
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {shown.map((task) => (
          <DayRow key={task.id} task={task} beside={task.beside} me={me} />
        ))}
      </Box>
      {folded > 0 && (
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('app.day.fewer', { part: title }) : t('app.day.more', { part: title })}
        </Button>
      )}
      {total > tasks.length && (open || folded <= 0) && (
        <Button size="small" component={RouterLink} to={addressOf(part)}>
          {t('app.day.rest')}
        </Button>
      )}
    </Paper>
  )
}

/** The inbox, with what is in the part as far as it has a filter for it. */
function addressOf(part: PartName): string {
  const filter =
    part === 'overdue'
      ? { queue: 'todo', overdue: true }
      : { queue: part === 'free' ? 'unit' : part === 'returned' || part === 'later' ? 'mine' : 'todo' }

  return `/tasks?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}`
}
