import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router-dom'
import type { CaseDetail } from '../../../api/shapes/views'
import { Comments } from '../comments/Comments'
import { PageTitle } from '../layout/PageTitle'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { aboutLine } from '../words/about'
import { useWords } from '../words/useWords'
import { Annulment } from './Annulment'
import { CaseAdditions } from './CaseAdditions'
import { CaseDecisions } from './CaseDecisions'
import { Suspended } from './Suspended'
import { CaseDocuments } from './CaseDocuments'
import { CaseEvents } from './CaseEvents'
import { CaseHistory } from './CaseHistory'
import { CaseMarks } from './CaseMarks'
import { CaseOverview } from './CaseOverview'
import { CaseReaders } from './CaseReaders'
import { CaseTasks } from './CaseTasks'
import { CaseTerms } from './CaseTerms'
import { LoadedCase } from './LoadedCase'
import { StageSteps } from './StageSteps'
import { Standstill } from './Standstill'
import { NextStep } from './NextStep'
import { Stuck } from './Stuck'

/** The end of a case that did not begin: it went through no stage. */
const REFUSED = 'refused'

const TABS = ['overview', 'events', 'tasks', 'documents', 'terms'] as const
type TabName = (typeof TABS)[number] | 'added' | 'comments' | 'readers' | 'history'

function content(tab: TabName, file: CaseDetail): ReactNode {
  switch (tab) {
    case 'overview':
      return <CaseOverview file={file} />
    case 'events':
      return <CaseEvents file={file} />
    case 'tasks':
      return <CaseTasks file={file} />
    case 'documents':
      return <CaseDocuments file={file} />
    case 'terms':
      return <CaseTerms file={file} />
    case 'added':
      return <CaseAdditions file={file} />
    case 'comments':
      return <Comments caseId={file.id} process={file.process} task={null} may={file.mayComment} />
    case 'readers':
      return <CaseReaders file={file} />
    case 'history':
      return <CaseHistory file={file} />
  }
}

function CaseFile({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words
  const [search, setSearch] = useSearchParams()
  const tabs: readonly TabName[] = [
    ...TABS,
    ...(file.added ? (['added'] as const) : []),
    ...(file.comments ? (['comments'] as const) : []),
    ...(file.readers ? (['readers'] as const) : []),
    ...(file.technical ? (['history'] as const) : []),
  ]
  const tab = tabs.find((each) => each === search.get('tab')) ?? 'overview'

  return (
    <>
      <PageTitle title={`${words.of(file.process, 'name')}: ${aboutLine(words, file)}`}>
        {' '}
        <RehearsalChip set={file.rehearsal} />
      </PageTitle>
      <NextStep file={file} />
      <CaseMarks marks={file.marks} />
      <CaseDecisions file={file} />
      <Suspended file={file} />
      {file.annulled && <Annulment annulment={file.annulment} />}
      {file.standstill && <Standstill standstill={file.standstill} />}
      {file.heldByAppeal && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {t('app.decisions.heldByAppeal', { at: words.instant(file.heldByAppeal.since) })}
        </Alert>
      )}
      {file.stuck && <Stuck process={file.process} stuck={file.stuck} />}
      {file.outcome !== REFUSED && <StageSteps file={file} />}
      <Tabs
        value={tab}
        onChange={(_, next: string) => setSearch(next === 'overview' ? {} : { tab: next }, { replace: true })}
        variant="scrollable"
        aria-label={t('app.cases.parts')}
        sx={{ mb: 2, borderBottom: 1, borderColor: 'divider' }}
      >
        {tabs.map((each) => (
          <Tab key={each} value={each} id={`part-${each}`} aria-controls="part" label={t(`app.cases.tabs.${each}`)} />
        ))}
      </Tabs>
      <Box id="part" role="tabpanel" aria-labelledby={`part-${tab}`}>
        {content(tab, file)}
      </Box>
    </>
  )
}

export default function CaseShow() {
  return <LoadedCase>{(file) => <CaseFile key={file.id} file={file} />}</LoadedCase>
}
