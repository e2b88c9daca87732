import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { Underway } from '../layout/Underway'
import type { TaskDetail } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'
import { useVerb, type SideVerb } from './useVerb'
import { VerbDialog, type Asking } from './VerbDialog'

/** Verbs done at a press, and verbs that need a person or a text first. The return stands beside the decisions of the form. */
const DIRECT = ['claim', 'start', 'release', 'withdrawQuestion'] as const satisfies readonly SideVerb[]
const ASKING = ['recuse', 'ask', 'delegate', 'assign'] as const satisfies readonly Asking[]

/** What the signed-in person may do with the task beside answering it; which verbs, the server has said. */
export function VerbBar({ task }: { task: TaskDetail }) {
  const { t } = useWords()
  const { send, phase, failure, forget } = useVerb(task)
  const [asking, setAsking] = useState<Asking | null>(null)
  const direct = DIRECT.filter((verb) => task.verbs.includes(verb))
  const others = ASKING.filter((verb) => task.verbs.includes(verb))
  const close = () => {
    setAsking(null)
    forget()
  }

  return (
    <>
      {failure && asking === null && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {failure.message}
        </Alert>
      )}
      <Underway phase={phase} />
      {direct.length + others.length > 0 && (
        <Box role="group" aria-label={t('app.tasks.actions')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 2 }}>
          {direct.map((verb) => (
            <Button
              key={verb}
              variant={verb === 'start' && !task.verbs.includes('complete') ? 'contained' : 'outlined'}
              disabled={phase !== 'idle'}
              onClick={() => void send(verb)}
            >
              {t(`app.verbs.${verb}.button`)}
            </Button>
          ))}
          {others.map((verb) => (
            <Button key={verb} variant="outlined" disabled={phase !== 'idle'} onClick={() => setAsking(verb)}>
              {t(`app.verbs.${verb}.button`)}…
            </Button>
          ))}
        </Box>
      )}
      {asking && (
        <VerbDialog
          key={asking}
          task={task}
          verb={asking}
          busy={phase !== 'idle'}
          failure={failure}
          onClose={close}
          onSend={(body, draft) => send(asking, body, draft)}
          onTaken={close}
        />
      )}
    </>
  )
}
