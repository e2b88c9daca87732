import Alert from '@mui/material/Alert'
import type { Phase } from '../providers/useCommand'
import { useWords } from '../words/useWords'

/** Says that what was sent is stored and on its way, or kept by a case that stands still. */
export function Underway({ phase }: { phase: Phase }) {
  const { t } = useWords()
  if (phase !== 'stored' && phase !== 'kept') return null

  return (
    <Alert severity={phase === 'kept' ? 'warning' : 'info'} role="status" sx={{ my: 2 }}>
      {t(`app.command.${phase}`)}
    </Alert>
  )
}
