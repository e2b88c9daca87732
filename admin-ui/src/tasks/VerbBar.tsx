import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Underway } from '../layout/Underway'
import type { TaskDetail, TaskVerb, TaskView } from '../../../api/shapes/views'
import { trimmed } from '../../../workflows/kernel/contract/blanks'
import { RegisterPicker } from '../forms/ReferenceInput'
import { tooLongBy } from '../forms/fields'
import { dataProvider } from '../providers/dataProvider'
import { useCommand, type Failure } from '../providers/useCommand'
import { useSay } from '../providers/useSay'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'

/** Verbs done at a press, and verbs that need a person or a text first. */
const DIRECT = ['claim', 'start', 'release', 'withdrawQuestion'] as const satisfies readonly TaskVerb[]
const ASKING = ['return', 'recuse', 'ask', 'delegate', 'assign'] as const satisfies readonly TaskVerb[]
type Asking = (typeof ASKING)[number]
const MAX_TEXT = 4000

const needsPerson = (verb: Asking) => verb !== 'return' && verb !== 'recuse'
const TEXT_FIELD: Record<Asking, 'remarks' | 'reason' | 'question' | null> = {
  return: 'remarks',
  recuse: 'reason',
  ask: 'question',
  delegate: null,
  assign: null,
}

function VerbDialog({
  task,
  verb,
  busy,
  failure,
  onClose,
  onSend,
}: {
  task: TaskDetail
  verb: Asking
  busy: boolean
  failure: Failure | null
  onClose: () => void
  onSend: (body: Record<string, string>) => void
}) {
  const words = useWords()
  const { t } = words
  const [person, setPerson] = useState('')
  const [text, setText] = useState('')
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
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="submit" variant="contained" disabled={busy}>
            {t(`app.verbs.${verb}.button`)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** What the signed-in person may do with the task beside answering it; which verbs, the server has said. */
export function VerbBar({ task }: { task: TaskDetail }) {
  const { t } = useWords()
  const say = useSay()
  const { run, phase, failure, forget } = useCommand<TaskView>()
  const [asking, setAsking] = useState<Asking | null>(null)

  const send = async (verb: TaskVerb, more: Record<string, string> = {}) => {
    const body = { version: task.version, ...more }
    const result = await run({ verb, ...body }, (key) => dataProvider.taskVerb(task.id, verb, body, key))
    if (!result?.ok) return
    setAsking(null)
    say(t(`app.verbs.${verb === 'complete' ? 'start' : verb}.done`), 'success')
  }
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
              variant={
                verb === 'claim' || (verb === 'start' && !task.verbs.includes('complete')) ? 'contained' : 'outlined'
              }
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
          task={task}
          verb={asking}
          busy={phase !== 'idle'}
          failure={failure}
          onClose={close}
          onSend={(body) => void send(asking, body)}
        />
      )}
    </>
  )
}
