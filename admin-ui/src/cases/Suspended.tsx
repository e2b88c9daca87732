import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Typography from '@mui/material/Typography'
import type { CaseDetail, SuspensionView } from '../../../api/shapes/views'
import { Section } from '../layout/Section'
import { Source } from '../words/Confidence'
import { useWords, type Words } from '../words/useWords'

/** What stands still. */
function partOf(words: Words, process: string, { of }: SuspensionView): string {
  if (of === 'case') return words.t('app.suspension.case')

  return 'clock' in of
    ? words.t('app.suspension.clock', { clock: words.of(process, `clocks.${of.clock}`) })
    : words.t('app.suspension.task', { task: words.of(process, `tasks.${of.task}.title`) })
}

const groundOf = (words: Words, process: string, { ground }: SuspensionView): string =>
  ground === null ? '' : words.t('app.suspension.ground', { ground: words.of(process, `because.${ground}`) })

/** Until when it is expected to stand, and who or what ends it. */
function endOf(words: Words, process: string, suspension: SuspensionView): string {
  const { t, date } = words
  const { expected, endsItself, endedBy } = suspension
  const until = expected === null ? t('app.suspension.open') : t('app.suspension.expected', { date: date(expected) })
  const by = endedBy.map((role) => words.of(process, `roles.${role}`)).join(', ')

  return `${until} ${endsItself ? t('app.suspension.endsItself') : t('app.suspension.endedBy', { by })}`
}

/** The suspensions that stand: since when, on what ground, until when that is expected. */
export function Suspended({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, date } = words
  const standing = file.suspensions.filter(({ to }) => to === null)

  return standing.map((each) => (
    <Alert key={`${each.from} ${each.ground ?? ''}`} severity="warning" sx={{ mb: 2 }}>
      <AlertTitle>
        {t('app.suspension.since', { part: partOf(words, file.process, each), date: date(each.from) })}
      </AlertTitle>
      <div>{groundOf(words, file.process, each)}</div>
      <div>{t('app.suspension.days', { smart_count: each.days, today: date(file.today) })}</div>
      <div>{endOf(words, file.process, each)}</div>
      {each.rule && <Source confidence={each.rule.confidence} source={each.rule.source} />}
    </Alert>
  ))
}

/** Those that have ended: dates follow from them for as long as the case lasts. */
export function PastSuspensions({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, date } = words
  const ended = file.suspensions.filter(({ to, days }) => to !== null && days > 0)
  if (ended.length === 0) return null

  return (
    <Section title={t('app.suspension.ended')}>
      {ended.map((each, index) => (
        <Typography key={index}>
          {t('app.suspension.was', {
            part: partOf(words, file.process, each),
            from: date(each.from),
            to: date(each.to),
            smart_count: each.days,
          })}{' '}
          {groundOf(words, file.process, each)}
        </Typography>
      ))}
    </Section>
  )
}
