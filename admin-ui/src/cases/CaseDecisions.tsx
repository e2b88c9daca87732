import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { AmendmentView, CaseDetail, DecisionView } from '../../../api/shapes/views'
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

/** The last day for an appeal, and how it was reached. */
function LastDay({ process, decision }: { process: string; decision: DecisionView }) {
  const words = useWords()

  return (
    <>
      {lastDay(words, decision)}
      {decision.appeal && <HowReached process={process} steps={decision.appeal.steps} />}
    </>
  )
}

/** Whoever decided, with the position in which and the capacity by which he did. */
function taker({ t, name }: Words, { takenBy }: Pick<DecisionView, 'takenBy'>): string {
  if (takenBy === 'unknown') return t('app.decisions.unknown')
  if (!takenBy) return t('app.decisions.unsigned')

  return [takenBy.name, takenBy.position, takenBy.capacity].flatMap((part) => (part ? name(part) : [])).join(', ')
}

/** A document with its number and date, by which it is opened. */
function DocumentLink({ process, document, on }: { process: string; document: DecisionView['document']; on: string }) {
  const words = useWords()

  return (
    <Link component={RouterLink} to={`/documents/${document.id}`}>
      {words.t('app.decisions.document', {
        title: words.of(process, `documents.${document.kind}.title`),
        number: document.number,
        date: words.date(on),
      })}
    </Link>
  )
}

/** A document that amended the decision, who signed it, and whether whom it concerns was told. */
function Amendment({ process, amendment }: { process: string; amendment: AmendmentView }) {
  const words = useWords()
  const { t, date } = words
  const { document, on, deliveredOn, appealAnew, takenBy } = amendment
  const told = deliveredOn
    ? t('app.decisions.deliveredOn', { date: date(deliveredOn) })
    : t('app.decisions.amendmentNotDelivered')

  return (
    <Box component="li" sx={{ listStyle: 'none' }}>
      {document ? (
        <DocumentLink process={process} document={document} on={on} />
      ) : (
        t('app.decisions.amended', { date: date(on) })
      )}
      <Typography variant="body2" color="text.secondary">
        {[takenBy && taker(words, amendment), told, appealAnew && deliveredOn && t('app.decisions.appealAnew')]
          .filter(Boolean)
          .join('; ')}
      </Typography>
    </Box>
  )
}

/** That a decision was withdrawn: when, by whom, and why. */
function withdrawalOf(words: Words, process: string, withdrawn: NonNullable<DecisionView['withdrawn']>): string {
  const { by, on, ground } = withdrawn
  const capacity = by?.capacity && (words.maybe(process, `roles.${by.capacity}`) || by.capacity)
  const who = by ? [words.name(by.person.name), capacity].filter(Boolean).join(', ') : words.t('app.decisions.byCourse')

  return words.t('app.decisions.withdrawnOn', {
    date: words.date(on),
    who,
    ground: words.reason(process, { code: ground }),
  })
}

/** An appeal of the decision: since when, and how it ended. */
function Appeal({ appeal: { since, case: appeal } }: { appeal: DecisionView['appeals'][number] }) {
  const { t, date, of } = useWords()
  const end =
    appeal.status === 'closed' && appeal.outcome !== null ? of(appeal.process, `ends.${appeal.outcome}`) : null

  return (
    <Box component="li" sx={{ listStyle: 'none' }}>
      <Link component={RouterLink} to={`/cases/${appeal.id}`}>
        {t('app.cases.otherCase', { number: appeal.number })}
      </Link>
      {`. ${t(appeal.status === 'closed' ? 'app.decisions.appealedOn' : 'app.decisions.underAppeal', { date: date(since) })}`}
      {end !== null && <Typography>{end}</Typography>}
    </Box>
  )
}

/** From when it has effect, and from when it would have had before an amendment or an appeal changed that. */
export const dayOfEffect = (
  { t, date }: Words,
  { effectiveFrom, firstEffectiveFrom }: Pick<DecisionView, 'effectiveFrom' | 'firstEffectiveFrom'>,
): string =>
  // an API of the release before does not say it
  firstEffectiveFrom
    ? t('app.decisions.dayChanged', { date: date(effectiveFrom), before: date(firstEffectiveFrom) })
    : date(effectiveFrom)

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
            <DocumentLink process={file.process} document={decision.document} on={decision.madeOn} />
          </Typography>
          <Facts
            facts={[
              [t('app.decisions.takenBy'), taker(words, decision)],
              ...(decision.void
                ? [[t('app.decisions.effect'), t(`app.decisions.void.${decision.void}`)] as const]
                : [
                    [t('app.decisions.effectiveFrom'), dayOfEffect(words, decision)] as const,
                    [
                      t('app.decisions.delivered'),
                      decision.deliveredOn ? date(decision.deliveredOn) : t('app.decisions.notDelivered'),
                    ] as const,
                    [
                      t('app.decisions.appeal'),
                      <LastDay key="appeal" process={file.process} decision={decision} />,
                    ] as const,
                  ]),
              ...(decision.appeals.length > 0
                ? [
                    [
                      t('app.decisions.appeals'),
                      <Box key="appeals" component="ul" sx={{ m: 0, p: 0 }}>
                        {decision.appeals.map((appeal) => (
                          <Appeal key={appeal.case.id} appeal={appeal} />
                        ))}
                      </Box>,
                    ] as const,
                  ]
                : []),
              ...(decision.withdrawn
                ? [[t('app.decisions.withdrawn'), withdrawalOf(words, file.process, decision.withdrawn)] as const]
                : []),
              ...(decision.amendments.length > 0
                ? [
                    [
                      t('app.decisions.amendedBy'),
                      <Box key="amendments" component="ul" sx={{ m: 0, p: 0 }}>
                        {decision.amendments.map((amendment, i) => (
                          <Amendment key={amendment.document?.id ?? i} process={file.process} amendment={amendment} />
                        ))}
                      </Box>,
                    ] as const,
                  ]
                : []),
            ]}
          />
          {decision.mayAppeal && (
            <Button
              component={RouterLink}
              variant="outlined"
              sx={{ mt: 1.5 }}
              to={`/start?${new URLSearchParams({
                process: decision.mayAppeal.process,
                body: decision.mayAppeal.body,
                continues: file.id,
                decision: decision.document.id,
              }).toString()}`}
            >
              {t('app.decisions.mayAppeal')}
            </Button>
          )}
        </Box>
      ))}
    </Section>
  )
}
