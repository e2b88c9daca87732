import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'

/** Another case annulled the result: which, when and why, for those who may find it. */
export function Annulment({ annulment }: Pick<CaseDetail, 'annulment'>) {
  const words = useWords()
  const { t } = words

  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      <AlertTitle>{t('app.cases.annulled.title')}</AlertTitle>
      {annulment && (
        <>
          <div>
            <Link component={RouterLink} to={`/cases/${annulment.by.id}`}>
              {t('app.cases.annulled.by', {
                date: words.date(annulment.on),
                number: annulment.by.number,
                process: words.of(annulment.by.process, 'name'),
              })}
            </Link>
          </div>
          <div>
            {t('app.cases.annulled.ground', {
              ground: words.reason(annulment.by.process, { code: annulment.ground }),
            })}
          </div>
        </>
      )}
      <div>{t('app.cases.annulled.file')}</div>
    </Alert>
  )
}
