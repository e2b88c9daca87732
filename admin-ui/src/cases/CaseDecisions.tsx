import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail, DecisionView } from '../../../api/shapes/views'
import { Facts } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { HowReached } from '../words/DueDate'
import { useWords, type Words } from '../words/useWords'

/** Until when it may be appealed, or why no day can be named. By a term that nobody has verified it is never over. */
function lastDay({ t, date }: Words, { appeal, deliveredOn }: DecisionView): string {
  if (!appeal) return t(deliveredOn ? 'app.decisions.noTerm' : 'app.decisions.fromDelivery')
  const day = { date: date(appeal.on) }
  if (appeal.unverified) return t('app.decisions.appealUnverified', day)

  return t(appeal.over ? 'app.decisions.appealOver' : 'app.decisions.appealBy', day)
}

/** Whoever decided, with the position in which and the capacity by which he did. */
function taker({ t, name }: Words, { takenBy }: DecisionView): string {
  if (takenBy === 'unknown') return t('app.decisions.unknown')
  if (!takenBy) return t('app.decisions.unsigned')

  return [takenBy.name, takenBy.position, takenBy.capacity].flatMap((part) => (part ? name(part) : [])).join(', ')
}

/** What was decided in the case: it stands above all else on its page. */
export function CaseDecisions({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, date } = words
  if (file.decisions.length === 0) return null

  return (
    <Section title={t('app.decisions.title')}>
      {file.decisions.map((decision) => (
        <Box key={decision.document.id} sx={{ '& + &': { mt: 2.5 } }}>
          <Typography variant="h3" sx={{ mb: 1 }}>
            <Link component={RouterLink} to={`/documents/${decision.document.id}`}>
              {t('app.decisions.document', {
                title: words.of(file.process, `documents.${decision.document.kind}.title`),
                number: decision.document.number,
                date: date(decision.madeOn),
              })}
            </Link>
          </Typography>
          <Facts
            facts={[
              [t('app.decisions.takenBy'), taker(words, decision)],
              ...(decision.void
                ? [[t('app.decisions.effect'), t(`app.decisions.void.${decision.void}`)] as const]
                : [
                    [t('app.decisions.effectiveFrom'), date(decision.effectiveFrom)] as const,
                    [
                      t('app.decisions.delivered'),
                      decision.deliveredOn ? date(decision.deliveredOn) : t('app.decisions.notDelivered'),
                    ] as const,
                    [t('app.decisions.appeal'), lastDay(words, decision)] as const,
                  ]),
            ]}
          />
          {decision.appeal && !decision.void && <HowReached process={file.process} steps={decision.appeal.steps} />}
        </Box>
      ))}
    </Section>
  )
}
