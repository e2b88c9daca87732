import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import type { StandstillView } from '../../../api/shapes/views'
import { Facts } from '../layout/AppTable'
import { useWords } from '../words/useWords'

/** The case stands still because the code of its process failed: what happened, what stays safe, what to do. */
export function Standstill({ standstill }: { standstill: StandstillView }) {
  const { t, instant } = useWords()
  const { since, details } = standstill

  return (
    <Alert severity="error" sx={{ mb: 2 }}>
      <AlertTitle>{t('app.standstill.title', { at: instant(since) })}</AlertTitle>
      {t('app.standstill.sentence')}
      {details && (
        <Box sx={{ mt: 1 }}>
          <Facts
            facts={[
              [t('app.standstill.process'), `${details.process} ${details.version}`],
              [t('app.standstill.cause'), details.cause],
              [t('app.standstill.line'), details.line ?? '—'],
              [t('app.standstill.times'), String(details.times)],
            ]}
          />
        </Box>
      )}
    </Alert>
  )
}
