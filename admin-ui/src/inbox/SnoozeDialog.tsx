import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import { useRef, useState } from 'react'
import type { TaskView } from '../../../api/shapes/views'
import { isIsoDate } from '../words/dates'
import { useWords } from '../words/useWords'
import { useSnooze } from './useSnooze'

/** Until when the task is put off: no further than its term. It stays open and says why when the server refuses. */
export function SnoozeDialog({
  task,
  days,
  onClose,
}: {
  task: TaskView
  days: NonNullable<TaskView['snooze']>
  onClose: (done: boolean) => void
}) {
  const words = useWords()
  const { t } = words
  const [until, setUntil] = useState(task.snoozedUntil ?? days.from)
  const { putOff, busy, refusal } = useSnooze(task)
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const known = isIsoDate(until)
  const outside = !known || until < days.from || (days.to !== null && until > days.to)
  const wrong = tried && outside
  const allowed =
    days.to === null
      ? t('app.inbox.putOff.from', { from: words.date(days.from) })
      : t('app.inbox.putOff.between', { from: words.date(days.from), to: words.date(days.to) })

  return (
    <Dialog open onClose={() => onClose(false)} aria-labelledby="snooze-title" fullWidth maxWidth="xs">
      {/* the browser would say what is wrong in its own language, not in that of the page */}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (outside) {
            setTried(true)
            field.current?.focus()

            return
          }
          void putOff(until).then((done) => done && onClose(true))
        }}
      >
        <DialogTitle id="snooze-title">{t('app.inbox.putOff.title')}</DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>
            {words.of(task.process, `tasks.${task.kind}.title`)}. {t('app.inbox.putOff.explain')}{' '}
            {days.to !== null && t('app.inbox.putOff.latest', { date: words.date(days.to) })}
          </DialogContentText>
          {refusal && (
            <Alert severity="error" sx={{ mb: 2 }}>
              {refusal}
            </Alert>
          )}
          <TextField
            type="date"
            label={t('app.inbox.putOff.until')}
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            inputRef={field}
            error={wrong}
            helperText={wrong ? allowed : known ? words.date(until) : ' '}
            slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: days.from, max: days.to ?? undefined } }}
          />
        </DialogContent>
        <DialogActions>
          <Button onClick={() => onClose(false)}>{t('app.dismiss')}</Button>
          <Button type="submit" variant="contained" disabled={busy}>
            {t('app.inbox.putOff.button')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
