import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Link as RouterLink, useParams } from 'react-router-dom'
import type { AnswerView, CaseDetail, CommissionView } from '../../../api/shapes/views'
import { Facts } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { NotFoundPage } from '../layout/NotFoundPage'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { useCase, useCaseAnswers, useMe, useTask } from '../providers/useApi'
import { TaskAnswer } from '../tasks/TaskAnswer'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { Answers } from '../tasks/TaskMaterial'
import { aboutLine } from '../words/about'
import { HowReached } from '../words/DueDate'
import { useWords } from '../words/useWords'
import { Seats } from './CaseCommissions'
import { CaseDocuments } from './CaseDocuments'
import { CaseLinks } from './CaseLinks'
import { stageOrEnd } from './CaseList'
import { aboutFacts } from './CaseOverview'

/** What the members decide about: whom and what the case concerns, and the cases that it has to do with. */
function Matter({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words

  return (
    <>
      <Section title={t('app.commission.matter')}>
        <Facts
          facts={[
            [
              t('app.cases.number'),
              <Link key="case" component={RouterLink} to={`/cases/${file.id}`}>
                {file.number}
              </Link>,
            ],
            ...aboutFacts(words, file),
            [t('app.cases.body'), words.name(file.body.name)],
            [t('app.cases.stageOrEnd'), stageOrEnd(words, file)],
          ]}
        />
      </Section>
      <CaseLinks file={file} />
    </>
  )
}

/** What was answered before the sitting, and what stands beside the form of the reader's own task. */
function File({ file, beside, voted }: { file: CaseDetail; beside: readonly AnswerView[]; voted: string }) {
  const { t } = useWords()

  return (
    <Loadable query={useCaseAnswers(file.id)}>
      {(answers) => {
        const seen = [...beside.filter(({ taskId }) => answers.every((each) => each.taskId !== taskId)), ...answers]
        const [votes, others] = [seen.filter(({ kind }) => kind === voted), seen.filter(({ kind }) => kind !== voted)]

        return (
          <>
            <Section title={t('app.commission.file')}>
              {others.length === 0 ? (
                <Typography>{t('app.commission.nothing')}</Typography>
              ) : (
                <Answers process={file.process} answers={others} />
              )}
            </Section>
            {votes.length > 0 && (
              <Section title={t('app.commission.votes')}>
                <Answers process={file.process} answers={votes} each />
              </Section>
            )}
          </>
        )
      }}
    </Loadable>
  )
}

/** Who sits, how many answers are there and how many are needed, and until when. */
function Sitting({ file, commission }: { file: CaseDetail; commission: CommissionView }) {
  const words = useWords()
  const { t } = words
  const given = commission.seats.filter((seat) => seat.state === 'answered' && seat.void === null).length

  return (
    <Section title={t('app.commission.sitting')}>
      <Facts
        facts={[
          [t('app.commission.given'), t('app.commission.of', { given, quorum: commission.quorum })],
          ...(commission.closesOn ? [[t('app.commission.closes'), words.date(commission.closesOn)] as const] : []),
        ]}
      />
      <Box sx={{ mt: 2 }}>
        <Seats process={file.process} commission={commission} stacked />
      </Box>
    </Section>
  )
}

function Sat({ file, commission }: { file: CaseDetail; commission: CommissionView }) {
  const words = useWords()
  const { t } = words
  const me = useMe()?.person.id
  // his task stays on the page after he has answered it
  const [mine, setMine] = useState(commission.task)
  if (commission.task !== null && commission.task !== mine) setMine(commission.task)
  const task = useTask(mine)
  const seat = commission.seats.findLast(({ member }) => member.id === me)

  return (
    <>
      <PageTitle title={`${words.of(file.process, `tasks.${commission.kind}.title`)}: ${aboutLine(words, file)}`}>
        {' '}
        <RehearsalChip set={file.rehearsal} />
      </PageTitle>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 7fr) minmax(0, 5fr)' },
          alignItems: 'start',
        }}
      >
        <div>
          <Matter file={file} />
          <File file={file} beside={task.data?.shows ?? []} voted={commission.kind} />
          <Section title={t('app.cases.tabs.documents')}>
            <CaseDocuments file={file} />
          </Section>
        </div>
        <div>
          <Sitting file={file} commission={commission} />
          {mine !== null && (
            <Loadable query={task}>
              {(own) => (
                <>
                  <Typography sx={{ mb: 2 }}>
                    {words.instruction(file.process, `tasks.${own.kind}`, own.regime)}
                  </Typography>
                  {own.due && <HowReached process={file.process} steps={own.due.steps} />}
                  <TaskAnswer key={own.id} task={own} after={`/cases/${file.id}/commissions/${commission.id}`} />
                </>
              )}
            </Loadable>
          )}
          {mine === null && seat && (
            <Alert severity="info">
              {t('app.commission.yours', { state: t(`app.commission.seats.${seat.state}`) })}
            </Alert>
          )}
        </div>
      </Box>
    </>
  )
}

/** The page on which the members of a commission decide: the matter, the file as far as each may see it, who sits, and their own vote. */
export default function SittingPage() {
  const { id = '', commission: sitting } = useParams()

  return (
    <Loadable query={useCase(id)} page>
      {(sent) => {
        const commission =
          sent.state === 'done' ? sent.value.commissions.find((each) => each.id === sitting) : undefined

        return sent.state === 'done' && commission ? (
          <Sat key={commission.id} file={sent.value} commission={commission} />
        ) : (
          <NotFoundPage />
        )
      }}
    </Loadable>
  )
}
