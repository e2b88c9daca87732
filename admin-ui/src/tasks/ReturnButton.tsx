import Button from '@mui/material/Button'
import { useState } from 'react'
import type { TaskDetail } from '../../../api/shapes/views'
import type { Draft } from '../forms/draft'
import { Underway } from '../layout/Underway'
import { useWords } from '../words/useWords'
import { useTakeUp } from './useTakeUp'
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
  const claim = useTakeUp(task)
  const [open, setOpen] = useState(false)
  const busy = phase !== 'idle' || claim.phase !== 'idle'
  const sendBack = async (body: Record<string, string>, draft: Draft) => {
    onBegun(true)
    const version = await claim.takeUp()

    return version !== null && (await send('return', { ...body, version }, draft))
  }

  return (
    <>
      <Button variant="outlined" size="large" disabled={disabled || busy} onClick={() => setOpen(true)}>
        {t('app.verbs.return.button')}…
      </Button>
      <Underway phase={phase} />
      {open && (
        <VerbDialog
          task={task}
          verb="return"
          written={remarks}
          busy={busy}
          failure={claim.failure ?? failure}
          onClose={() => {
            setOpen(false)
            forget()
            claim.forget()
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
