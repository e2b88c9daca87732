import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail } from '../../../api/shapes/views'
import { Facts, type Fact } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { HowReached } from '../words/DueDate'
import { useWords, type Words } from '../words/useWords'
import { CaseActs } from './CaseActs'
import { CaseCommissions } from './CaseCommissions'
import { CaseLinks } from './CaseLinks'
import { stageOrEnd } from './CaseList'
import { OpenTasks } from './CaseTasks'
import { PastSuspensions } from './Suspended'

/** Each thing that the case is about, by its own label. */
export function aboutFacts({ t, name }: Words, { subject, position, aboutBody, aboutCase }: CaseDetail): Fact[] {
  return [
    ...(subject ? [[t('app.cases.subject'), name(subject.name)] as const] : []),
    ...(position ? [[t('app.cases.position'), name(position.name)] as const] : []),
    ...(aboutBody ? [[t('app.cases.aboutBody'), name(aboutBody.name)] as const] : []),
    ...(aboutCase
      ? [
          [
            t('app.cases.aboutCase'),
            <Link key="case" component={RouterLink} to={`/cases/${aboutCase.id}`}>
              {aboutCase.number}
            </Link>,
          ] as const,
        ]
      : []),
  ]
}

function CaseFacts({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name, date } = words

  return (
    <Section title={t('app.cases.facts')}>
      <Facts
        facts={[
          [t('app.cases.number'), file.number],
          ...aboutFacts(words, file),
          [t('app.cases.body'), name(file.body.name)],
          [t('app.cases.stageOrEnd'), stageOrEnd(words, file)],
          [t('app.cases.started'), date(file.startedOn)],
          ...(file.closedOn ? [[t('app.cases.closed'), date(file.closedOn)] as const] : []),
          [t('app.cases.today'), date(file.today)],
          [t('app.cases.regime'), words.regime(file.regime)],
          ...file.parties.map(
            ({ part, person }) => [words.of(file.process, `parties.${part}`), name(person.name)] as const,
          ),
          ...(file.restricted
            ? [
                [
                  t('app.cases.restricted'),
                  file.restricted.to?.map((person) => name(person.name)).join(', ') ?? t('app.cases.restrictedToNamed'),
                ] as const,
              ]
            : []),
        ]}
      />
    </Section>
  )
}

function Clocks({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, date } = words
  if (file.clocks.length === 0) return null

  return (
    <Section title={t(file.status === 'closed' ? 'app.terms.terms' : 'app.cases.clocks')}>
      {file.clocks.map((clock) => (
        <Box key={clock.name} sx={{ mb: 2 }}>
          <Typography variant="h3">{words.of(file.process, `clocks.${clock.name}`)}</Typography>
          <Typography>{t('app.cases.clock', { from: date(clock.startsOn), to: date(clock.endsOn) })}</Typography>
          <HowReached process={file.process} steps={clock.steps} />
        </Box>
      ))}
    </Section>
  )
}

export function CaseOverview({ file }: { file: CaseDetail }) {
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' },
        alignItems: 'start',
      }}
    >
      {/* what may be done comes first: on a phone nothing else is above it */}
      <Box sx={{ gridColumn: { lg: 2 } }}>
        <OpenTasks file={file} />
        <CaseActs file={file} />
      </Box>
      <Box sx={{ gridColumn: { lg: 1 }, gridRow: { lg: 1 } }}>
        <CaseFacts file={file} />
        <CaseLinks file={file} />
        <Clocks file={file} />
        <PastSuspensions file={file} />
        <CaseCommissions file={file} />
      </Box>
    </Box>
  )
}
