import Check from '@mui/icons-material/Check'
import Box from '@mui/material/Box'
import { visuallyHidden } from '@mui/utils'
import type { CaseDetail } from '../../../api/shapes/views'
import { useProcesses } from '../providers/useApi'
import { useWords } from '../words/useWords'

/** The stages of the process in order, and the one at which the case stands. */
export function StageSteps({ file }: { file: CaseDetail }) {
  const words = useWords()
  const stages =
    useProcesses().data?.find(({ name }) => name === file.process)?.stages ?? (file.stage === null ? [] : [file.stage])
  const open = file.status === 'open'
  const at = stages.indexOf(file.stage ?? '')

  return (
    <Box
      component="ol"
      aria-label={words.t('app.cases.stages')}
      sx={{ listStyle: 'none', display: 'flex', flexWrap: 'wrap', gap: 1, p: 0, my: 2 }}
    >
      {stages.map((stage, index) => {
        const current = open && index === at

        return (
          <Box
            component="li"
            key={stage}
            {...(current ? { 'aria-current': 'step' as const } : {})}
            sx={{
              px: 1.5,
              py: 0.5,
              borderRadius: 5,
              border: 1,
              borderColor: current ? 'primary.main' : 'divider',
              bgcolor: current ? 'primary.main' : 'background.paper',
              color: current ? 'primary.contrastText' : 'text.secondary',
              fontWeight: current ? 600 : 400,
              display: 'flex',
              alignItems: 'center',
              gap: 0.5,
              fontSize: '0.9rem',
            }}
          >
            {!open && index === at && <Check aria-hidden fontSize="inherit" />}
            {words.of(file.process, `stages.${stage}`)}
            {current && <span style={visuallyHidden}> — {words.t('app.cases.now')}</span>}
          </Box>
        )
      })}
    </Box>
  )
}
