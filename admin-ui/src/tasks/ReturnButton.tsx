import Button from '@mui/material/Button'
import type { TaskDetail } from '../../../api/shapes/views'
import type { Draft } from '../forms/draft'
import { Underway } from '../layout/Underway'
import { useWords } from '../words/useWords'
import { isAnswerable, useTakeUp, whyNot } from './useTakeUp'
import { useVerb } from './useVerb'
import { VerbDialog } from './VerbDialog'

/** Sends the earlier answer back for revision instead of answering; remarks already written in the form go along. */
export function ReturnButton({
  task,
  remarks,
  disabled,
  open,
  onOpen,
  onBegun,
  onReturned,
}: {
  task: TaskDetail
  remarks: string
  disabled: boolean
  /** its dialog is open: the form knows, since the dialog stays when a colleague takes the task */
  open: boolean
  onOpen: (open: boolean) => void
  onBegun: (begun: boolean) => void
  onReturned: () => void
}) {
  const words = useWords()
  const { t } = words
  const { send, phase, failure, forget } = useVerb(task)
  const claim = useTakeUp(task)
  const busy = phase !== 'idle' || claim.phase !== 'idle'
  const sendBack = async (body: Record<string, string>, draft: Draft) => {
    onBegun(true)
    const version = await claim.takeUp(draft)
    const done = version !== null && (await send('return', { ...body, version }, draft))
    if (!done) onBegun(false)

    return done
  }
  const refused = claim.failure ?? failure
  const refusal =
    refused && claim.inHand
      ? {
          ...refused,
          message: `${refused.message} ${t('app.tasks.inHand', { release: t('app.verbs.release.button') })}`,
        }
      : refused
  const lost = !busy && !isAnswerable(task)

  return (
    <>
      <Button variant="outlined" size="large" disabled={disabled || busy} onClick={() => onOpen(true)}>
        {t('app.verbs.return.button')}…
      </Button>
      <Underway phase={phase} />
      {open && (
        <VerbDialog
          task={task}
          verb="return"
          written={remarks}
          // what he may not send any more, he does not send
          busy={busy || lost}
          failure={refusal ?? (lost ? { status: 0, message: whyNot(words, task), errors: {} } : null)}
          onClose={() => {
            onOpen(false)
            forget()
            claim.forget()
          }}
          onSend={sendBack}
          onTaken={() => {
            onReturned()
            onOpen(false)
            onBegun(false)
          }}
        />
      )}
    </>
  )
}
