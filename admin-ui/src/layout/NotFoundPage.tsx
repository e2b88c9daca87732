import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { Link } from 'react-router-dom'
import { useWords } from '../words/useWords'
import { PageTitle } from './PageTitle'

export function NotFoundPage() {
  const { t } = useWords()

  return (
    <>
      <PageTitle title={t('app.problem.notFoundTitle')} />
      <Typography sx={{ mb: 2 }}>{t('app.problem.404')}</Typography>
      <Button component={Link} to="/" variant="outlined">
        {t('app.day.title')}
      </Button>
    </>
  )
}
