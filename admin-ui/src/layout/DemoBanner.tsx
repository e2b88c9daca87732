import ScienceOutlined from '@mui/icons-material/ScienceOutlined'
import Box from '@mui/material/Box'
import { useWords } from '../words/useWords'

/** Said on every page while the product runs as a demonstration. */
export function DemoBanner() {
  const { t } = useWords()

  return (
    <Box
      component="aside"
      aria-label={t('app.demo.title')}
      sx={{
        display: 'flex',
        gap: 1,
        alignItems: 'center',
        justifyContent: 'center',
        px: 2,
        py: 0.75,
        bgcolor: '#ffd166',
        color: '#1c2329',
        fontSize: '0.95rem',
      }}
    >
      <ScienceOutlined aria-hidden fontSize="small" />
      <span>
        <strong>{t('app.demo.title')}.</strong> {t('app.demo.body')}
      </span>
    </Box>
  )
}
