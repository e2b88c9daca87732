import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { useListContext } from 'react-admin'
import { countOf, useTaskCounts } from '../providers/useApi'
import { useFilter } from '../layout/Filters'
import { useWords } from '../words/useWords'
import { ORDERS, ordersOf, QUEUES, useQueue, type Queue } from './queues'

/** Most that the server counts of a queue. */
const MOST = 1_000

export function Queues() {
  const { t } = useWords()
  const [rehearsal] = useFilter('rehearsal')
  const counts = useTaskCounts(QUEUES, typeof rehearsal === 'string' ? rehearsal : undefined).data
  const [queue, setQueue] = useQueue()
  const { setSort } = useListContext()
  const show = (name: Queue) => {
    setQueue(name)
    const [usual = 'term'] = ordersOf(name)
    setSort(ORDERS[usual])
  }
  const labelOf = (name: Queue): string => {
    const count = counts?.[name]
    const label = t(`app.tasks.queues.${name}`)

    return count === undefined ? label : `${label} (${countOf(count, MOST)})`
  }

  return (
    <Tabs
      value={queue}
      onChange={(_, name: Queue) => show(name)}
      aria-label={t('app.tasks.queues.label')}
      variant="scrollable"
      allowScrollButtonsMobile
    >
      {QUEUES.map((name) => (
        <Tab key={name} value={name} id={`queue-${name}`} aria-controls="queue" label={labelOf(name)} />
      ))}
    </Tabs>
  )
}
