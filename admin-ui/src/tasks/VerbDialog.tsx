import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { TaskDetail } from '../../../api/shapes/views'
import { trimmed } from '../../../workflows/kernel/contract/blanks'
import { tooLongBy } from '../forms/fields'
import { RegisterPicker } from '../forms/ReferenceInput'
import type { Failure } from '../providers/useCommand'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'
import type { SideVerb } from './useVerb'

/** Verbs that need a person or a text first. */
export type Asking = Extract<SideVerb, 'return' | 'recuse' | 'ask' | 'delegate' | 'assign'>

const needsPerson = (verb: Asking) => verb !== 'return' && verb !== 'recuse'
const TEXT_FIELD: Record<Asking, 'remarks' | 'reason' | 'question' | null> = {
  return: 'remarks',
  recuse: 'reason',
  ask: 'question',
  delegate: null,
  assign: null,
}

const MAX_TEXT = 4000

/** Asks for what a verb needs before it is sent. */
export function VerbDialog({
  task,
  verb,
  written = '',
  busy,
  failure,
  onClose,
  onSend,
}: {
  task: TaskDetail
  verb: Asking
  /** text that the person has written already */
  written?: string
  busy: boolean
  failure: Failure | null
  onClose: () => void
  onSend: (body: Record<string, string>) => void
}) {
  const words = useWords()
  const { t } = words
  const [person, setPerson] = useState('')
  const [text, setText] = useState(written)
  const [tried, setTried] = useState(false)
  const field = TEXT_FIELD[verb]
  // handing a task over is not done in one of several capacities
  const capacity = useCapacity(field === null ? [] : task.capacities)
  const noPerson = needsPerson(verb) && person === ''
  const noText = field !== null && trimmed(text) === ''
  const long = tooLongBy(text, MAX_TEXT)
  const help = (name: string, empty: boolean) => failure?.errors[name] ?? (tried && empty ? t('app.form.required') : '')

  return (
    <Dialog open fullWidth onClose={onClose} aria-labelledby="verb-title">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          const said = capacity.said()
          if (noPerson || noText || long > 0 || !said) return
          onSend({ ...said, ...(needsPerson(verb) ? { person } : {}), ...(field ? { [field]: text } : {}) })
        }}
      >
        <DialogTitle id="verb-title">{t(`app.verbs.${verb}.title`)}</DialogTitle>
        <DialogContent>
          <Typography sx={{ mb: 2 }}>{t(`app.verbs.${verb}.explain`)}</Typography>
          {failure && (
            <Alert severity="error" sx={{ mb: 2 }}>
              {failure.message} {t('app.command.typedKept')}
            </Alert>
          )}
          {needsPerson(verb) && (
            <RegisterPicker
              id="verb-person"
              register="person"
              body={verb === 'ask' ? null : task.body.key}
              label={t('app.verbs.person')}
              value={person}
              required
              help={help('person', noPerson)}
              error={help('person', noPerson) !== ''}
              onChange={setPerson}
              refusing={{ at: `/api/tasks/${task.id}/${verb}/refused`, field: 'person', process: task.process }}
            />
          )}
          {field && (
            <TextField
              id="verb-text"
              label={t(`app.verbs.${field}`)}
              value={text}
              onChange={(event) => setText(event.target.value)}
              required
              fullWidth
              multiline
              minRows={4}
              sx={{ mt: 2 }}
              error={long > 0 || help(field, noText) !== ''}
              helperText={long > 0 ? words.tooLong(MAX_TEXT, long) : help(field, noText)}
            />
          )}
          <CapacityChoice capacity={capacity} />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t('app.dismiss')}</Button>
          <Button type="submit" variant="contained" disabled={busy}>
            {t(`app.verbs.${verb}.button`)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
