import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import type { StuckView } from '../../../api/shapes/views'
import { useWords, type Words } from '../words/useWords'

/** Why nothing moves a case, a sentence each. */
function reasonsOf(words: Words, process: string, { tasks, waitsFor, circle }: StuckView): string[] {
  const { t, name } = words
  const reasons = [
    ...tasks.map(({ kind, why, role, body, person }) =>
      t(`app.stuck.${why}`, {
        kind: words.of(process, `tasks.${kind}.title`),
        role: role === null ? '—' : words.of('kernel', `roles.${role}`),
        body: name(body?.name),
        person: name(person?.name),
      }),
    ),
    ...(circle.length > 0 ? [t('app.stuck.circle', { cases: [...circle, circle[0]].join(' → ') })] : []),
    ...waitsFor.map(({ number, closed }) =>
      t(closed ? 'app.stuck.waitsForClosed' : 'app.stuck.waitsFor', { other: number ?? t('app.stuck.otherCase') }),
    ),
  ]

  return reasons.length > 0 ? reasons : [t('app.stuck.nothing')]
}

/** The same as a list. */
export function StuckReasons({ process, stuck }: { process: string; stuck: StuckView }) {
  const words = useWords()

  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.2rem' }}>
      {reasonsOf(words, process, stuck).map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  )
}

/** Nothing will move the case: why, and who can do something about it. */
export function Stuck({ process, stuck }: { process: string; stuck: StuckView }) {
  const { t, instant } = useWords()

  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      <AlertTitle>{t('app.stuck.title', { at: instant(stuck.since) })}</AlertTitle>
      {t('app.stuck.sentence')}
      <StuckReasons process={process} stuck={stuck} />
    </Alert>
  )
}
