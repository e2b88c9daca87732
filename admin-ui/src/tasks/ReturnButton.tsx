import Button from '@mui/material/Button'
import { useState } from 'react'
import type { TaskDetail } from '../../../api/shapes/views'
import type { Draft } from '../forms/draft'
import { Underway } from '../layout/Underway'
import { useWords } from '../words/useWords'
import { useVerb } from './useVerb'
import { VerbDialog } from './VerbDialog'

/** Sends the earlier answer back for revision instead of answering; remarks already written in the form go along. */
export function ReturnButton({
  task,
  remarks,
  disabled,
  onBegun,
  onReturned,
}: {
  task: TaskDetail
  remarks: string
  disabled: boolean
  onBegun: (begun: boolean) => void
  onReturned: () => void
}) {
  const { t } = useWords()
  const { send, phase, failure, forget } = useVerb(task)
  const [open, setOpen] = useState(false)
  const sendBack = (body: Record<string, string>, draft: Draft) => {
    onBegun(true)

    return send('return', body, draft)
  }

  return (
    <>
      <Button variant="outlined" size="large" disabled={disabled || phase !== 'idle'} onClick={() => setOpen(true)}>
        {t('app.verbs.return.button')}…
      </Button>
      <Underway phase={phase} />
      {open && (
        <VerbDialog
          task={task}
          verb="return"
          written={remarks}
          busy={phase !== 'idle'}
          failure={failure}
          onClose={() => {
            setOpen(false)
            forget()
          }}
          onSend={sendBack}
          onTaken={() => {
            onReturned()
            setOpen(false)
            onBegun(false)
          }}
        />
      )}
    </>
  )
}
