import Box from '@mui/material/Box'
import Paper from '@mui/material/Paper'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useListContext } from 'react-admin'
import type { TaskView } from '../../../api/shapes/views'
import { Nothing } from '../layout/Filters'
import { ListAround } from '../layout/RecordList'
import { useMe } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { useKeys } from './keys'
import { useQueue } from './queues'
import { SnoozeDialog } from './SnoozeDialog'
import { TaskRow } from './TaskRow'

/** The rows of the page, and which of them has the focus. */
class RowsOnPage {
  constructor(private readonly list: HTMLElement | null) {}

  private get rows(): HTMLElement[] {
    return [...(this.list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  }

  /** −1: none. */
  get focused(): number {
    return this.rows.findIndex((row) => row.contains(document.activeElement))
  }

  focus(index: number): void {
    const last = this.rows.length - 1
    const link = this.rows[Math.max(0, Math.min(index, last))]?.querySelector('a')
    link?.focus()
    link?.scrollIntoView({ block: 'nearest' })
  }

  /** Presses what the key stands for in the row that has the focus. */
  press(key: 'claim' | 'put-off'): void {
    this.rows[this.focused]?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click()
  }
}

export function TaskRows({ search, onList }: { search: RefObject<HTMLInputElement | null>; onList: () => void }) {
  const { t } = useWords()
  const me = useMe()?.person.id
  const [queue] = useQueue()
  const { data, page, sort, filterValues, setPage, hasNextPage, hasPreviousPage } = useListContext<TaskView>()
  const [puttingOff, setPuttingOff] = useState<TaskView | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const lastFocused = useRef(-1)
  const rows = () => new RowsOnPage(list.current)
  // as it is now; one that has left the page stays in its dialog, which says why it could not be put off
  const now = data?.find(({ id }) => id === puttingOff?.id) ?? puttingOff
  const days = now?.snooze ?? puttingOff?.snooze
  const asked = JSON.stringify([page, sort, filterValues])
  // another page, queue, order or filter is another list
  useEffect(() => {
    lastFocused.current = -1
  }, [asked])

  // what had the focus is gone from the page: the row in its place has it
  useEffect(() => {
    if (lastFocused.current >= 0 && document.activeElement === document.body && puttingOff === null)
      new RowsOnPage(list.current).focus(lastFocused.current)
  }, [data, puttingOff])

  const move = (by: number) => {
    const { focused } = rows()
    rows().focus(focused < 0 ? 0 : focused + by)
  }
  useKeys({
    next: () => move(1),
    previous: () => move(-1),
    claim: () => rows().press('claim'),
    putOff: () => rows().press('put-off'),
    nextPage: () => hasNextPage && setPage(page + 1),
    previousPage: () => hasPreviousPage && setPage(page - 1),
    search: () => search.current?.focus(),
    news: () => document.querySelector<HTMLElement>('[data-key="show-news"]')?.click(),
    list: onList,
  })

  return (
    <div id="queue" role="tabpanel" aria-labelledby={`queue-${queue}`}>
      <ListAround<TaskView>>
        {(tasks) =>
          tasks.length === 0 ? (
            <Paper variant="outlined" sx={{ p: 3, my: 1 }} role="status">
              <Nothing text={t(`app.inbox.empty.${queue}`)} />
            </Paper>
          ) : (
            <Paper variant="outlined" sx={{ my: 1 }}>
              <Box
                component="ul"
                ref={list}
                aria-label={t('app.tasks.title')}
                onFocus={() => (lastFocused.current = rows().focused)}
                onBlur={({ relatedTarget, currentTarget }) => {
                  // to a dialog of the list the focus goes only to come back
                  const left = relatedTarget !== null && !currentTarget.contains(relatedTarget)
                  if (left && puttingOff === null) lastFocused.current = -1
                }}
                sx={{ listStyle: 'none', p: 0, m: 0 }}
              >
                {tasks.map((each) => (
                  <TaskRow key={each.id} task={each} me={me} onPutOff={() => setPuttingOff(each)} />
                ))}
              </Box>
            </Paper>
          )
        }
      </ListAround>
      {now && days && <SnoozeDialog key={now.id} task={now} days={days} onClose={() => setPuttingOff(null)} />}
    </div>
  )
}
