import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail, DocumentView, OpenTaskView } from '../../../api/shapes/views'
import { CaseActs } from '../cases/CaseActs'
import { CaseMarks } from '../cases/CaseMarks'
import { LoadedCase } from '../cases/LoadedCase'
import { leftSentence, nextSentence } from '../cases/next'
import { PaperLinks } from '../documents/PaperLinks'
import { Paged } from '../layout/Paged'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { useMe } from '../providers/useApi'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { HowReached } from '../words/DueDate'
import { heldBy } from '../words/WhoHas'
import { useWords, type Words } from '../words/useWords'
import { useMyCases } from './useMyCases'

const isHis = (me: string | undefined, task: OpenTaskView): boolean =>
  'person' in task.for ? task.for.person.id === me : task.assignee?.id === me

/**
 * With whom the case is: an office, or a person whose part the reader knows; never who in the office. Null where several people are asked
 * the same: to name one would single him out.
 */
function withWhom(words: Words, { next, openTasks }: CaseDetail, me: string | undefined): string | null {
  const { t } = words
  const asked = openTasks.filter(({ state }) => state !== 'suspended')
  const task =
    next.code === 'task' ? asked.find(({ id }) => id === next.id) : (asked.find((each) => isHis(me, each)) ?? asked[0])
  if (!task) return t('app.myCases.withNobody')
  if (isHis(me, task)) return t('app.myCases.withYou')
  const alike = asked.filter(({ kind, for: to }) => kind === task.kind && 'person' in to)

  return alike.length > 1 ? null : t('app.myCases.with', { who: heldBy(words, task) })
}

/** What happens now: what is waited for, at which stage, with whom, and how long it may still last by law. */
function Now({ file, me }: { file: CaseDetail; me: string | undefined }) {
  const words = useWords()
  const { t, of, date } = words
  const { next } = file
  const task = next.code === 'task' ? file.openTasks.find(({ id }) => id === next.id) : undefined
  const whom = withWhom(words, file, me)

  return (
    <Section title={t('app.myCases.now')}>
      <Typography sx={{ fontSize: '1.1rem', fontWeight: 600 }}>{nextSentence(words, file.process, next)}</Typography>
      {task?.left && <Typography>{leftSentence(words, task.left)}</Typography>}
      {task?.due && <HowReached process={task.process} steps={task.due.steps} />}
      {file.status === 'open' && (
        <>
          <Typography sx={{ mt: 1 }}>
            {t('app.myCases.stage', { stage: of(file.process, `stages.${file.stage ?? ''}`) })}
          </Typography>
          {whom !== null && <Typography>{whom}</Typography>}
          {file.clocks.map((clock) => (
            <Box key={clock.name} sx={{ mt: 1 }}>
              <Typography>
                {t('app.myCases.term', { term: of(file.process, `clocks.${clock.name}`), date: date(clock.endsOn) })}
              </Typography>
              {clock.left && <Typography>{leftSentence(words, clock.left)}</Typography>}
              {clock.endsOn < file.today && <Typography>{t('app.left.over')}</Typography>}
              <HowReached process={file.process} steps={clock.steps} />
            </Box>
          ))}
        </>
      )}
      {file.status === 'closed' && file.basis && <Typography>{words.reason(file.process, file.basis)}</Typography>}
    </Section>
  )
}

function MyTasks({ tasks }: { tasks: readonly OpenTaskView[] }) {
  const words = useWords()
  const { t } = words

  return (
    <Section title={t('app.myCases.tasks')}>
      {tasks.length === 0 && <Typography>{t('app.myCases.noTasks')}</Typography>}
      {tasks.map((task, n) => (
        <Box key={task.id} sx={{ '& + &': { mt: 2 } }}>
          <Button component={RouterLink} to={`/tasks/${task.id}`} variant={n === 0 ? 'contained' : 'outlined'}>
            {words.of(task.process, `tasks.${task.kind}.title`)}
          </Button>
          {task.due && (
            <Typography sx={{ mt: 0.5 }}>
              {t(task.due.overdue ? 'app.next.overdue' : 'app.next.by', {
                what: words.of(task.process, `tasks.${task.kind}.waits`),
                date: words.date(task.due.on),
              })}
            </Typography>
          )}
          {task.left && <Typography>{leftSentence(words, task.left)}</Typography>}
        </Box>
      ))}
    </Section>
  )
}

/** What was decided about him, and what he may do against it or otherwise. */
function MayDo({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, of, date } = words
  const nothing = file.acts.length === 0 && file.decisions.every(({ mayAppeal }) => mayAppeal === null)

  return (
    <>
      <Section title={t('app.myCases.may')}>
        {file.decisions.map(({ document, effectiveFrom, mayAppeal, appeal, void: gone }) => (
          <Box key={document.id} sx={{ mb: 1.5 }}>
            <Typography>
              {gone === null
                ? t('app.myCases.decision', {
                    title: of(file.process, `documents.${document.kind}.title`),
                    date: date(effectiveFrom),
                  })
                : `${of(file.process, `documents.${document.kind}.title`)}. ${t(`app.decisions.void.${gone}`)}`}
            </Typography>
            {mayAppeal && (
              <>
                <Button
                  component={RouterLink}
                  variant="outlined"
                  sx={{ mt: 0.5 }}
                  to={`/start?${new URLSearchParams({
                    process: mayAppeal.process,
                    body: mayAppeal.body,
                    continues: file.id,
                    decision: document.id,
                  }).toString()}`}
                >
                  {t('app.decisions.mayAppeal')}
                </Button>
                {appeal && <Typography>{t('app.decisions.appealBy', { date: date(appeal.on) })}</Typography>}
              </>
            )}
          </Box>
        ))}
        {nothing && <Typography>{t('app.myCases.mayNothing')}</Typography>}
      </Section>
      <CaseActs file={file} />
    </>
  )
}

function MyDocuments({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words

  return (
    <Section title={t('app.myCases.documents')}>
      <Paged<DocumentView>
        of={['@case', file.id, 'documents']}
        get={(page, signal) => dataProvider.caseDocuments(file.id, page, signal)}
      >
        {(documents) =>
          documents.length === 0 ? (
            <Typography>{t('app.myCases.noDocuments')}</Typography>
          ) : (
            <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, '& > li + li': { mt: 1.5 } }}>
              {documents.map((document) => (
                <li key={document.id}>
                  <Link component={RouterLink} to={`/documents/${document.id}`}>
                    {words.of(file.process, `documents.${document.kind}.title`)}
                  </Link>
                  <div>
                    {t('app.myCases.document', { number: document.number, date: words.date(document.issuedOn) })}
                  </div>
                  <PaperLinks document={document} />
                </li>
              ))}
            </Box>
          )
        }
      </Paged>
    </Section>
  )
}

function Mine({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words
  const me = useMe()?.person.id
  const others = (useMyCases().data ?? []).length > 1

  return (
    <Box sx={{ maxWidth: '46rem' }}>
      <PageTitle title={words.of(file.process, 'name')}>
        {' '}
        <RehearsalChip set={file.rehearsal} />
      </PageTitle>
      <Typography color="text.secondary">
        {t('app.myCases.started', { date: words.date(file.startedOn), body: words.name(file.body.name) })}
      </Typography>
      <CaseMarks marks={file.marks} />
      <Now file={file} me={me} />
      {file.status === 'open' && <MyTasks tasks={file.openTasks.filter((task) => isHis(me, task))} />}
      <MayDo file={file} />
      <MyDocuments file={file} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, rowGap: 1 }}>
        <Link component={RouterLink} to={`/cases/${file.id}`}>
          {t('app.myCases.file')}
        </Link>
        {others && (
          <Link component={RouterLink} to="/my-cases">
            {t('app.myCases.all')}
          </Link>
        )}
      </Box>
    </Box>
  )
}

/** A case as the person reads it whom it is about: in plain words, without tables, on a phone first. */
export default function MyCase() {
  return <LoadedCase>{(file) => <Mine key={file.id} file={file} />}</LoadedCase>
}
