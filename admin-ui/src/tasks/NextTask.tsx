import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Link as RouterLink, useNavigate } from 'react-router-dom'
import type { TaskView } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'
import { landing, nextTask } from './next'

/** The way on from a task that the reader cannot answer: the one that falls due first, or word that none waits. */
export function NextTask({ task }: { task: TaskView }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [none, setNone] = useState(false)
  const go = async () => {
    const next = await nextTask(task)
    if (next === null) setNone(true)
    else await navigate(next ?? landing(task))
  }

  return none ? (
    <Typography role="status" sx={{ my: 2 }}>
      {t('app.tasks.nothingWaits')}{' '}
      <Link component={RouterLink} to={landing(task)}>
        {t(task.rehearsal === null ? 'app.tasks.toDay' : 'app.tasks.toInbox')}
      </Link>
    </Typography>
  ) : (
    <Button variant="contained" sx={{ my: 2 }} onClick={() => void go()}>
      {t('app.tasks.next')}
    </Button>
  )
}
