import Keyboard from '@mui/icons-material/KeyboardOutlined'
import Button from '@mui/material/Button'
import { useRef, useState, useSyncExternalStore } from 'react'
import { currentDisplay, onDisplayChange } from '../display'
import { KeysDialog } from '../inbox/KeysDialog'
import { NewTasks } from '../inbox/NewTasks'
import { ORDERS } from '../inbox/queues'
import { Queues } from '../inbox/Queues'
import { TaskFilters } from '../inbox/TaskFilters'
import { TaskRows } from '../inbox/TaskRows'
import { PageTitle } from '../layout/PageTitle'
import { RecordList } from '../layout/RecordList'
import { useWords } from '../words/useWords'

export default function TaskList() {
  const { t } = useWords()
  const search = useRef<HTMLInputElement>(null)
  const [keysShown, setKeysShown] = useState(false)
  const { keys } = useSyncExternalStore(onDisplayChange, currentDisplay)

  return (
    <>
      <PageTitle title={t('app.tasks.title')} />
      <RecordList resource="tasks" sort={ORDERS.term} filter={{ queue: 'todo' }} kept={false}>
        <Queues />
        <TaskFilters search={search} />
        <NewTasks />
        <TaskRows search={search} onList={() => setKeysShown(true)} />
      </RecordList>
      <Button
        size="small"
        startIcon={<Keyboard />}
        aria-haspopup="dialog"
        onClick={() => setKeysShown(true)}
        sx={{ display: { xs: 'none', sm: 'inline-flex' } }}
      >
        {t('app.inbox.keys.title')}
      </Button>
      {keysShown && <KeysDialog on={keys === 'on'} onClose={() => setKeysShown(false)} />}
    </>
  )
}
