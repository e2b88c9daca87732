import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { useEffect, useState } from 'react'
import { useListContext, type RaRecord } from 'react-admin'
import { dataProvider } from '../providers/dataProvider'
import { onLiveUpdate } from '../providers/liveUpdates'
import { useWords } from '../words/useWords'
import { countArrived } from './news'
import { ORDERS, useQueue } from './queues'

/** Tasks opened last that are looked through: what is new may stand on another page. */
const NEWEST = 50

const idsOf = (rows: readonly RaRecord[]): string[] => rows.map(({ id }) => String(id))

interface News {
  /** the list that was shown when it was looked for */
  readonly of: string
  /** tasks that were not in the queue then */
  readonly arrived: number
}

/** "3 new tasks": rows never move under the hand, the person brings them in. */
export function NewTasks() {
  const { t } = useWords()
  const [queue] = useQueue()
  const { refetch, data, page, perPage, sort, filterValues } = useListContext()
  const [news, setNews] = useState<News | null>(null)
  const asked = JSON.stringify({ pagination: { page, perPage }, sort, filter: filterValues as unknown })
  const shown = data ? JSON.stringify(data) : null
  useEffect(() => {
    if (shown === null) return undefined
    const gone = new AbortController()
    const params = JSON.parse(asked) as Parameters<typeof dataProvider.getList>[1]
    const look = (more: Partial<typeof params>) =>
      dataProvider.glance('tasks', { ...params, ...more, signal: gone.signal }).catch(() => null)
    // what was done has no news but its own page
    const newest = async (): Promise<RaRecord[] | null> =>
      queue === 'done' ? [] : look({ pagination: { page: 1, perPage: NEWEST }, sort: ORDERS.newest })
    const before = newest()
    const compare = async () => {
      const [was, nowShown, nowNewest] = await Promise.all([before, look({}), newest()])
      if (!nowShown || gone.signal.aborted) return
      const compared = (earlier: readonly RaRecord[], now: readonly RaRecord[], size: number) => ({
        was: idsOf(earlier),
        now: idsOf(now),
        size,
      })
      const arrived = countArrived([
        compared(JSON.parse(shown) as RaRecord[], nowShown, perPage),
        ...(was ? [compared(was, nowNewest ?? [], NEWEST)] : []),
      ])
      setNews(arrived > 0 || JSON.stringify(nowShown) !== shown ? { of: shown, arrived } : null)
    }
    const stop = onLiveUpdate((topics) => topics.has('tasks') && void compare())

    return () => {
      gone.abort()
      stop()
    }
  }, [asked, shown, perPage, queue])
  const told = news?.of === shown ? news : null

  return (
    <div role="status">
      {told && (
        <Alert
          severity="info"
          sx={{ my: 1 }}
          action={
            <Button
              data-key="show-news"
              onClick={() => {
                setNews(null)
                void refetch()
              }}
            >
              {t('app.refresh')}
            </Button>
          }
        >
          {told.arrived > 0 ? t('app.inbox.arrived', { smart_count: told.arrived }) : t('app.tasks.news')}
        </Alert>
      )}
    </div>
  )
}
