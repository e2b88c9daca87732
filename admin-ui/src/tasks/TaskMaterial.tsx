import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useMemo } from 'react'
import { Link as RouterLink } from 'react-router-dom'
import type { AnswerView, TaskDetail } from '../../../api/shapes/views'
import { Answer, FieldValue } from '../forms/Answer'
import { changesOf } from '../forms/changes'
import { fieldsOf } from '../forms/fields'
import { Facts } from '../layout/AppTable'
import { useProcesses } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { Section } from '../layout/Section'

/** The facts of the case that its contract chose for the task, and the documents that belong to them. */
export function Matter({ task }: { task: TaskDetail }) {
  const words = useWords()
  const { t } = words
  const process = useProcesses().data?.find(({ name }) => name === task.process)
  const fields = useMemo(() => (process?.facts ? fieldsOf(process.facts) : []), [process])
  const named = Object.keys(task.facts)
  if (named.length + task.documents.length === 0) return null

  return (
    <Section title={t('app.tasks.matter')}>
      <Facts
        facts={[
          ...named.map(
            (name) =>
              [
                words.of(task.process, `facts.${name}`),
                <FieldValue
                  key={name}
                  process={task.process}
                  field={fields.find((field) => field.name === name) ?? null}
                  value={task.facts[name]}
                />,
              ] as const,
          ),
          ...(task.documents.length > 0
            ? [[t('app.tasks.documents'), <Documents key="documents" task={task} />] as const]
            : []),
        ]}
      />
    </Section>
  )
}

function Documents({ task }: { task: TaskDetail }) {
  const words = useWords()

  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {task.documents.map(({ id, kind, number, issuedOn, process }) => (
        <li key={id}>
          <Link component={RouterLink} to={`/documents/${id}`}>
            {words.t('app.decisions.document', {
              title: words.of(process, `documents.${kind}.title`),
              number,
              date: words.date(issuedOn),
            })}
          </Link>
        </li>
      ))}
    </Box>
  )
}

/** Answers given earlier that one needs to see beside the form. */
export function Shows({ task }: { task: TaskDetail }) {
  const { t } = useWords()

  return task.shows.length === 0 ? null : (
    <Section title={t('app.tasks.shows')}>
      <Answers process={task.process} answers={task.shows} />
    </Section>
  )
}

/** Two answers fit beside each other where each keeps lines that can be read. */
const SIDE_BY_SIDE = 'repeat(auto-fit, minmax(min(100%, 26rem), 1fr))'

/** What is different from the version before, by the names of its fields; both stand on the page. */
function Changes({ process, before, after }: { process: string; before: AnswerView; after: AnswerView }) {
  const words = useWords()
  const { t } = words
  const changes = changesOf(before.answer, after.answer)
  const since = { date: words.date(before.on) }
  const named = changes.map(({ field, items }) =>
    [words.fieldLabel(process, field), ...(items.length > 0 ? [`(${items.join(', ')})`] : [])].join(' '),
  )

  return (
    <Alert severity="info" icon={false} sx={{ mb: 1 }}>
      {named.length === 0
        ? t('app.tasks.sameAs', since)
        : t('app.tasks.changedSince', { ...since, fields: named.join('; ') })}
    </Alert>
  )
}

/**
 * Answers, oldest first; of each kind the last of one person is open, those before it are folded. `each`: all are of one kind, each under
 * who gave it.
 */
export function Answers({
  process: of,
  answers,
  each = false,
}: {
  process: string
  answers: readonly AnswerView[]
  each?: boolean
}) {
  const words = useWords()
  const process = useProcesses().data?.find(({ name }) => name === of)
  const whose = ({ by, on }: AnswerView) => `${by ? `${words.name(by.name)}, ` : ''}${words.date(on)}`
  const formOf = ({ taskId, kind }: AnswerView) =>
    taskId === null ? process?.start : process?.tasks.find((task) => task.kind === kind)?.form
  const titleOf = ({ taskId, kind }: AnswerView) =>
    words.of(of, taskId === null ? 'start.title' : `tasks.${kind}.title`)
  const content = (answer: AnswerView) => <Answer process={of} schema={formOf(answer)} values={answer.answer} />

  return (
    <Box sx={{ display: 'grid', columnGap: 4, gridTemplateColumns: SIDE_BY_SIDE, alignItems: 'start' }}>
      {answers.map((answer, index) => {
        const title = titleOf(answer)
        const isOfSame = ({ kind, by }: AnswerView) => kind === answer.kind && by?.id === answer.by?.id
        const superseded = !each && answers.slice(index + 1).some(isOfSame)
        // a record of its own, such as the check of another month, is not compared
        const before = each || !answer.revised ? undefined : answers.slice(0, index).findLast(isOfSame)

        return superseded ? (
          <Box key={answer.taskId ?? answer.kind} component="details" sx={{ mb: 2 }}>
            <Box component="summary" sx={{ cursor: 'pointer', color: 'primary.main' }}>
              {title}: {whose(answer)}
            </Box>
            {content(answer)}
          </Box>
        ) : (
          <Box key={answer.taskId ?? answer.kind} sx={{ mb: 2 }}>
            <Typography variant="h3">{each && answer.by ? words.name(answer.by.name) : title}</Typography>
            <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
              {each ? words.date(answer.on) : whose(answer)}
            </Typography>
            {before && <Changes process={of} before={before} after={answer} />}
            {content(answer)}
          </Box>
        )
      })}
    </Box>
  )
}

/** What should have been there beside the form, and is not: nobody did it before it closed. */
export function Missed({ task }: { task: TaskDetail }) {
  const words = useWords()
  const { t, date } = words
  if (task.missed.length === 0) return null

  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      <AlertTitle>{t('app.tasks.missed.title')}</AlertTitle>
      <ul style={{ margin: 0, paddingInlineStart: '1.2rem' }}>
        {task.missed.map(({ taskId, kind, by, due, on }) => {
          const said = { task: words.of(task.process, `tasks.${kind}.title`), due: date(due), date: date(on) }

          return (
            <li key={taskId}>
              <Link component={RouterLink} to={`/tasks/${taskId}`} color="inherit">
                {by
                  ? t('app.tasks.missed.whose', { ...said, person: words.name(by.name) })
                  : t('app.tasks.missed.line', said)}
              </Link>
            </li>
          )
        })}
      </ul>
    </Alert>
  )
}

export function Questions({ task }: { task: TaskDetail }) {
  const { t, name, date } = useWords()
  if (task.questions.length === 0) return null

  return (
    <Section title={t('app.tasks.questions')}>
      {task.questions.map((question) => (
        <Box key={question.taskId} sx={{ mb: 2 }}>
          <Typography variant="body2" color="text.secondary">
            {t('app.tasks.askedTo', { person: name(question.to.name), date: date(question.askedOn) })}
          </Typography>
          <Typography sx={{ whiteSpace: 'pre-wrap' }}>{question.question}</Typography>
          <Typography sx={{ whiteSpace: 'pre-wrap', mt: 0.5 }}>
            <strong>{t('app.tasks.answer')}:</strong> {question.answer ?? t('app.tasks.noAnswer')}
            {question.answeredOn ? ` (${date(question.answeredOn)})` : ''}
          </Typography>
        </Box>
      ))}
    </Section>
  )
}
