import ScienceOutlined from '@mui/icons-material/ScienceOutlined'
import Chip from '@mui/material/Chip'
import { useWords } from '../words/useWords'

/** Marks what belongs to a rehearsal and not to real life. */
export function RehearsalChip({ set }: { set: string | null }) {
  const { t } = useWords()
  if (set === null) return null

  return (
    <Chip
      size="small"
      color="secondary"
      variant="outlined"
      icon={<ScienceOutlined />}
      label={t('app.rehearsal.chip', { set })}
    />
  )
}
