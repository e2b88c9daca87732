import Box from '@mui/material/Box'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { visuallyHidden } from '@mui/utils'
import { ListBase, useListContext, type RaRecord, type SortPayload } from 'react-admin'
import { useEffect, useState, type ReactNode } from 'react'
import { dataProvider } from '../providers/dataProvider'
import { failureOf } from '../providers/http'
import { onLiveUpdate, type Topic } from '../providers/liveUpdates'
import { useWords } from '../words/useWords'
import { AppTable, type Column } from './AppTable'
import { Waiting } from './Loadable'

interface TableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rowHref?: (row: Row) => string | null
  empty: ReactNode
}

/** Pages without a total: where one is, and whether there is more. */
function Pages() {
  const { t } = useWords()
  const { page, setPage, hasNextPage, hasPreviousPage } = useListContext()
  if (!hasNextPage && !hasPreviousPage) return null

  return (
    <Box
      component="nav"
      aria-label={t('app.pages.label')}
      sx={{ display: 'flex', gap: 2, alignItems: 'center', my: 1 }}
    >
      <Button variant="outlined" disabled={!hasPreviousPage} onClick={() => setPage(page - 1)}>
        {t('app.pages.previous')}
      </Button>
      <span>{t('app.pages.current', { page })}</span>
      <Button variant="outlined" disabled={!hasNextPage} onClick={() => setPage(page + 1)}>
        {t('app.pages.next')}
      </Button>
    </Box>
  )
}

/** What is around the rows of a list: that they are not there yet or could not be read, how many there are, and the way to other pages. */
export function ListAround<Row extends RaRecord>({ children }: { children: (rows: readonly Row[]) => ReactNode }) {
  const { t } = useWords()
  const { data, isPending, error, refetch, page } = useListContext<Row>()

  return (
    <>
      {error && (
        <Alert severity="error" action={<Button onClick={() => void refetch()}>{t('app.retry')}</Button>}>
          {failureOf(error).message}
        </Alert>
      )}
      <div role="status" style={visuallyHidden}>
        {data ? t('app.pages.shown', { smart_count: data.length, page }) : ''}
      </div>
      {data ? children(data) : isPending && <Waiting />}
      <Pages />
    </>
  )
}

/** The table of the list around it. */
export function ListTable<Row extends RaRecord>({ caption, columns, rowHref, empty }: TableProps<Row>) {
  const { sort, setSort } = useListContext<Row>()

  return (
    <ListAround<Row>>
      {(rows) => (
        <AppTable<Row>
          caption={caption}
          rows={rows}
          columns={columns}
          rowKey={(row) => String(row.id)}
          {...(rowHref ? { rowHref } : {})}
          sort={sort}
          onSort={(field) => setSort({ field, order: sort.field === field && sort.order === 'ASC' ? 'DESC' : 'ASC' })}
          empty={empty}
        />
      )}
    </ListAround>
  )
}

/** "There is news": rows never move under the hand, the person brings them in. */
export function NewsBar({ topic, text }: { topic: Topic; text: string }) {
  const { t } = useWords()
  const { refetch, resource, data, page, perPage, sort, filterValues } = useListContext()
  const [staleList, setStaleList] = useState<string | null>(null)
  // most of what changes elsewhere is not in this list: it is read again, and told only when it would look different
  const asked = JSON.stringify({ pagination: { page, perPage }, sort, filter: filterValues as unknown })
  const shown = data ? JSON.stringify(data) : null
  useEffect(() => {
    const gone = new AbortController()
    const look = async () => {
      const params = JSON.parse(asked) as Parameters<typeof dataProvider.getList>[1]
      const now = await dataProvider.glance(resource, { ...params, signal: gone.signal }).catch(() => null)
      if (now && !gone.signal.aborted) setStaleList(JSON.stringify(now) === shown ? null : shown)
    }
    const stop = shown === null ? undefined : onLiveUpdate((topics) => topics.has(topic) && void look())

    return () => {
      gone.abort()
      stop?.()
    }
  }, [topic, resource, asked, shown])
  const news = staleList !== null && staleList === shown

  return (
    <div role="status">
      {news && (
        <Alert
          severity="info"
          sx={{ my: 1 }}
          action={<Button onClick={() => void refetch()}>{t('app.refresh')}</Button>}
        >
          {text}
        </Alert>
      )}
    </div>
  )
}

/** A list of a resource: its query lives in the address, so that it can be sent to a colleague. */
export function RecordList({
  resource,
  sort,
  filter = {},
  perPage = 25,
  kept = true,
  children,
}: {
  resource: string
  sort: SortPayload
  filter?: Record<string, unknown>
  perPage?: number
  /** the list opens as it was left; otherwise always as `filter` and `sort` say */
  kept?: boolean
  children: ReactNode
}) {
  return (
    <ListBase
      resource={resource}
      sort={sort}
      perPage={perPage}
      filterDefaultValues={filter}
      disableAuthentication={false}
      {...(kept ? {} : { storeKey: false })}
    >
      {children}
    </ListBase>
  )
}
