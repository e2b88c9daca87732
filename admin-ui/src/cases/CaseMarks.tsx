import BuildOutlined from '@mui/icons-material/BuildOutlined'
import ErrorOutline from '@mui/icons-material/ErrorOutlineOutlined'
import Gavel from '@mui/icons-material/GavelOutlined'
import Lock from '@mui/icons-material/LockOutlined'
import MailOutline from '@mui/icons-material/MailOutline'
import MoreTime from '@mui/icons-material/MoreTimeOutlined'
import NotInterested from '@mui/icons-material/NotInterestedOutlined'
import Pause from '@mui/icons-material/PauseOutlined'
import Replay from '@mui/icons-material/ReplayOutlined'
import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import type { ReactElement } from 'react'
import type { CaseMark } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'

const LOOK: Readonly<
  Record<CaseMark, { readonly icon: ReactElement; readonly tone: 'error' | 'warning' | 'default' }>
> = {
  standstill: { icon: <BuildOutlined aria-hidden />, tone: 'error' },
  stuck: { icon: <BuildOutlined aria-hidden />, tone: 'error' },
  annulled: { icon: <NotInterested aria-hidden />, tone: 'warning' },
  suspended: { icon: <Pause aria-hidden />, tone: 'warning' },
  heldByAppeal: { icon: <Gavel aria-hidden />, tone: 'warning' },
  overdue: { icon: <ErrorOutline aria-hidden />, tone: 'error' },
  extended: { icon: <MoreTime aria-hidden />, tone: 'default' },
  returned: { icon: <Replay aria-hidden />, tone: 'default' },
  undelivered: { icon: <MailOutline aria-hidden />, tone: 'warning' },
  restricted: { icon: <Lock aria-hidden />, tone: 'default' },
}

/** What is out of the ordinary about the case, in one row: a word and an icon each. */
export function CaseMarks({ marks }: { marks: readonly CaseMark[] }) {
  const { t } = useWords()
  if (marks.length === 0) return null

  return (
    <Box
      component="ul"
      aria-label={t('app.marks.label')}
      sx={{ listStyle: 'none', p: 0, my: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1 }}
    >
      {marks.map((mark) => (
        <li key={mark}>
          <Chip
            variant="outlined"
            color={LOOK[mark].tone}
            icon={LOOK[mark].icon}
            label={t(`app.marks.${mark}`)}
            sx={{ height: 'auto', minHeight: 32, '& .MuiChip-label': { whiteSpace: 'normal', py: 0.5 } }}
          />
        </li>
      ))}
    </Box>
  )
}
