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
        py: 0.5,
        bgcolor: 'own.strip',
        color: 'own.onStrip',
        fontSize: { xs: '0.75rem', sm: '0.9rem' },
        lineHeight: 1.3,
      }}
    >
      <ScienceOutlined aria-hidden fontSize="small" sx={{ display: { xs: 'none', sm: 'block' } }} />
      <span>
        <strong>{t('app.demo.title')}.</strong> {t('app.demo.body')}
      </span>
    </Box>
  )
}
