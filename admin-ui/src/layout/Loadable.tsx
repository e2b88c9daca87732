import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import type { ReactNode } from 'react'
import { failureOf } from '../providers/http'
import { useWords } from '../words/useWords'
import { PageTitle } from './PageTitle'

export function Waiting() {
  const { t } = useWords()

  return (
    <Box role="status" sx={{ display: 'flex', gap: 2, alignItems: 'center', py: 3 }}>
      <CircularProgress size={22} aria-hidden />
      {t('app.loading')}
    </Box>
  )
}

/**
 * What a query has so far. Data once shown stays while it is fetched anew, even when that fails, so that nothing typed beside
 * it is lost.
 */
export function Loadable<T>({
  query,
  page = false,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  /** it is the whole page: a failure then needs a heading of its own */
  page?: boolean
  children: (data: T) => ReactNode
}) {
  const { t } = useWords()
  const { status, message } = query.error ? failureOf(query.error) : { status: 0, message: '' }

  return (
    <>
      {query.error !== null && (
        <>
          {page && query.data === undefined && (
            <PageTitle title={status === 404 ? t('app.problem.notFoundTitle') : t('app.problem.title')} />
          )}
          <Alert
            severity="error"
            sx={{ my: 2 }}
            action={<Button onClick={() => query.refetch()}>{t('app.retry')}</Button>}
          >
            {message}
          </Alert>
        </>
      )}
      {query.data !== undefined ? children(query.data) : query.error === null && <Waiting />}
    </>
  )
}
