import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink, useParams } from 'react-router-dom'
import type { TaskDetail } from '../../../api/shapes/views'
import { Comments } from '../comments/Comments'
import type { AppKey } from '../i18n/messages'
import { Facts } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { useTask } from '../providers/useApi'
import { DueDate, HowReached } from '../words/DueDate'
import { aboutLine } from '../words/about'
import { useWords, type Words } from '../words/useWords'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { TaskAnswer } from './TaskAnswer'
import { Matter, Missed, Questions, Shows } from './TaskMaterial'
import { TaskState } from './TaskState'

const addresseeOf = (words: Words, { for: to }: TaskDetail): string =>
  'person' in to
    ? words.name(to.person.name)
    : `${words.of('kernel', `roles.${to.role}`)} — ${words.name(to.body.name)}`

/** Why the task is not asked of whom the process names, and who is asked instead. */
function StandsIn({ task }: { task: TaskDetail }) {
  const words = useWords()
  if (!task.standsInFor) return null
  const { role, person, body, why, asked } = task.standsInFor
  const because = words.t(`app.tasks.standsIn.${why ?? 'again'}`, {
    role: role === null ? '' : words.of('kernel', `roles.${role}`),
    person: person === null ? '' : words.name(person.name),
    body: body === null ? '' : words.name(body.name),
  })

  return (
    <Alert severity="info" sx={{ mb: 2 }}>
      {because}{' '}
      {asked
        ? words.t('app.tasks.standsIn.asked', { asked: addresseeOf(words, task) })
        : words.t('app.tasks.standsIn.nobody')}
    </Alert>
  )
}

function TaskFacts({ task }: { task: TaskDetail }) {
  const words = useWords()
  const { t, name, date } = words
  return (
    <Section title={t('app.tasks.facts')}>
      <Facts
        stacked
        facts={[
          [t('app.cases.body'), name(task.body.name)],
          [t('app.cases.stage'), task.stage === null ? '—' : words.of(task.process, `stages.${task.stage}`)],
          [t('app.tasks.state'), <TaskState key="state" task={task} />],
          [t('app.tasks.for'), addresseeOf(words, task)],
          [t('app.tasks.assignee'), task.assignee ? name(task.assignee.name) : t('app.tasks.nobody')],
          [t('app.tasks.opened'), date(task.openedOn)],
          [
            t('app.tasks.due'),
            <Box key="due">
              <DueDate due={task.due} />
              {task.due && <HowReached process={task.process} steps={task.due.steps} />}
            </Box>,
          ],
          ...(task.closesOn ? [[t('app.tasks.closes'), date(task.closesOn)] as const] : []),
          ...(task.answeredBy
            ? [[t('app.tasks.answered'), `${name(task.answeredBy.name)}, ${words.instant(task.answeredAt)}`] as const]
            : []),
        ]}
      />
    </Section>
  )
}

/** The kernel's task of answering somebody's question. */
const QUESTION = 'answerQuestion'
const remarksTitle = ({ kind, returned }: TaskDetail): AppKey =>
  kind === QUESTION ? 'app.tasks.asked' : returned ? 'app.tasks.returnedWith' : 'app.tasks.remarks'

/** What is judged, and the decision under it, have the width; what is known of the task itself stands beside. */
const COLUMNS = { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) 21rem' }

/** Whom it is about, in which case, and until when: what one looks for first, also on a telephone. */
function Headline({ task }: { task: TaskDetail }) {
  const words = useWords()

  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, rowGap: 0.5, mb: 1.5, alignItems: 'baseline' }}>
      <Typography sx={{ fontWeight: 600 }}>{aboutLine(words, task)}</Typography>
      <Link component={RouterLink} to={`/cases/${task.caseId}`}>
        {task.caseNumber}
      </Link>
      <Box component="span">
        {words.t('app.tasks.due')}: <DueDate due={task.due} />
      </Box>
    </Box>
  )
}

function Task({ task }: { task: TaskDetail }) {
  const words = useWords()
  const { t } = words
  const closed = task.state === 'completed' || task.state === 'obsolete'

  return (
    <>
      <PageTitle title={words.of(task.process, `tasks.${task.kind}.title`)}>
        {' '}
        <RehearsalChip set={task.rehearsal} />
      </PageTitle>
      <Headline task={task} />
      <Typography sx={{ mb: 2, maxWidth: '60rem' }}>
        {words.instruction(task.process, `tasks.${task.kind}`, task.regime)}
      </Typography>
      {task.about && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {words.reason(task.process, task.about)}
        </Alert>
      )}
      {task.remarks && (
        <Alert severity={task.kind === QUESTION ? 'info' : 'warning'} sx={{ mb: 2, whiteSpace: 'pre-wrap' }}>
          <strong>{t(remarksTitle(task))}</strong>
          {'\n'}
          {task.remarks}
        </Alert>
      )}
      {task.commission && (
        <Typography sx={{ mb: 2 }}>
          <Link component={RouterLink} to={`/cases/${task.caseId}/commissions/${task.commission}`}>
            {t('app.commission.open')}
          </Link>
        </Typography>
      )}
      <StandsIn task={task} />
      {task.unheld && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {t('app.tasks.unheld')}
        </Alert>
      )}
      {task.escalated && !closed && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {t('app.tasks.escalated')}
        </Alert>
      )}
      <Box sx={{ display: 'grid', columnGap: 2, gridTemplateColumns: COLUMNS, alignItems: 'start' }}>
        <div>
          <Matter task={task} />
          <Missed task={task} />
          <Shows task={task} />
          <Questions task={task} />
          <TaskAnswer task={task} />
        </div>
        <div>
          <TaskFacts task={task} />
          {task.comments !== 'none' && (
            <Section title={t('app.cases.tabs.comments')}>
              <Comments caseId={task.caseId} process={task.process} task={task.id} may={task.comments === 'may'} />
            </Section>
          )}
        </div>
      </Box>
    </>
  )
}

export default function TaskShow() {
  const { id = '' } = useParams()

  return (
    <Loadable query={useTask(id)} page>
      {(task) => <Task key={task.id} task={task} />}
    </Loadable>
  )
}
