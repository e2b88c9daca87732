import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Page } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'
import { Loadable } from './Loadable'

/** What belongs to a case or a row, page by page: under the key of that, with which it is fetched again. */
export function Paged<Row>({
  of,
  get,
  children,
}: {
  of: readonly [string, ...(string | number)[]]
  get: (page: number, signal: AbortSignal) => Promise<Page<Row>>
  children: (rows: readonly Row[]) => ReactNode
}) {
  const { t } = useWords()
  const [page, setPage] = useState(1)
  const query = useQuery({
    queryKey: [...of, page],
    queryFn: ({ signal }) => get(page, signal),
    placeholderData: keepPreviousData,
  })

  return (
    <Loadable query={query}>
      {({ data, pageInfo }) => (
        <>
          {children(data)}
          {(pageInfo.hasNextPage || pageInfo.hasPreviousPage) && (
            <Box
              component="nav"
              aria-label={t('app.pages.label')}
              sx={{ display: 'flex', gap: 2, alignItems: 'center', my: 1 }}
            >
              <Button variant="outlined" disabled={!pageInfo.hasPreviousPage} onClick={() => setPage(page - 1)}>
                {t('app.pages.previous')}
              </Button>
              <span>{t('app.pages.current', { page })}</span>
              <Button variant="outlined" disabled={!pageInfo.hasNextPage} onClick={() => setPage(page + 1)}>
                {t('app.pages.next')}
              </Button>
            </Box>
          )}
        </>
      )}
    </Loadable>
  )
}
