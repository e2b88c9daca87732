import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useMemo, useState } from 'react'
import type { TaskDetail } from '../../../api/shapes/views'
import { trimmed } from '../../../workflows/kernel/contract/blanks'
import { RegisterName } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { Drafted, DraftKept, DraftRestored } from '../forms/Drafted'
import { asText, tooLongBy, type Values } from '../forms/fields'
import { RegisterPicker } from '../forms/ReferenceInput'
import { useDraft } from '../forms/useDraft'
import { Facts } from '../layout/AppTable'
import type { Failure } from '../providers/useCommand'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'
import { NOTHING_TYPED, type SideVerb } from './useVerb'

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

interface Typed {
  readonly person: string
  readonly text: string
}
const typedIn = ({ person = '', text = '' }: Values): Typed => ({ person: asText(person), text: asText(text) })

function TypedFacts({ field, typed }: { field: (typeof TEXT_FIELD)[Asking]; typed: Typed }) {
  const { t } = useWords()

  return (
    <Facts
      stacked
      facts={[
        ...(typed.person === ''
          ? []
          : [[t('app.verbs.person'), <RegisterName key="person" register="person" id={typed.person} />] as const]),
        ...(field ? [[t(`app.verbs.${field}`), typed.text] as const] : []),
      ]}
    />
  )
}

interface Props {
  task: TaskDetail
  verb: Asking
  /** text that the person has written already */
  written?: string
  busy: boolean
  failure: Failure | null
  onClose: () => void
  /** sends it with its draft; answers whether it was taken */
  onSend: (body: Record<string, string>, draft: Draft) => Promise<boolean>
  onTaken: () => void
}

/** Asks for what a verb needs before it is sent. */
export function VerbDialog(props: Props) {
  const { task, verb } = props
  if (TEXT_FIELD[verb] === null) return <VerbForm {...props} draft={NOTHING_TYPED} />

  return <Drafted address={`task:${task.id}:${verb}`}>{(draft) => <VerbForm {...props} draft={draft} />}</Drafted>
}

function VerbForm({
  task,
  verb,
  written = '',
  draft,
  busy,
  failure,
  onClose,
  onSend,
  onTaken,
}: Props & { draft: Draft }) {
  const words = useWords()
  const { t } = words
  const field = TEXT_FIELD[verb]
  const [typed, setTyped] = useState(() => typedIn(draft.form ?? { text: written }))
  const [touched, setTouched] = useState(false)
  const { person, text } = typed
  const fill = (change: Partial<Typed>) => {
    setTyped((before) => ({ ...before, ...change }))
    setTouched(true)
  }
  const restore = (form: Values) => {
    setTyped(typedIn(form))
    setTouched(false)
  }
  const filled = useMemo(() => ({ ...typed }), [typed])
  const kept = useDraft(draft, filled, { touched, sending: busy })
  const [tried, setTried] = useState(false)
  // handing a task over is not done in one of several capacities
  const capacity = useCapacity(field === null ? [] : task.capacities)
  const noPerson = needsPerson(verb) && person === ''
  const noText = field !== null && trimmed(text) === ''
  const long = tooLongBy(text, MAX_TEXT)
  const help = (name: string, empty: boolean) => failure?.errors[name] ?? (tried && empty ? t('app.form.required') : '')
  const send = async (body: Record<string, string>) => {
    if (!(await onSend(body, draft))) return
    draft.done()
    onTaken()
  }

  return (
    <Dialog open fullWidth onClose={onClose} aria-labelledby="verb-title">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          const said = capacity.said()
          if (noPerson || noText || long > 0 || !said) return
          void send({ ...said, ...(needsPerson(verb) ? { person } : {}), ...(field ? { [field]: text } : {}) })
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
          <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => restore({ text: written })} />
          {needsPerson(verb) && (
            <RegisterPicker
              id="verb-person"
              register="person"
              body={verb === 'ask' ? null : task.body.key}
              form={verb === 'ask' ? `task:${task.id}:ask` : null}
              label={t('app.verbs.person')}
              value={person}
              required
              help={help('person', noPerson)}
              error={help('person', noPerson) !== ''}
              onChange={(chosen) => fill({ person: chosen })}
              refusing={{ at: `/api/tasks/${task.id}/${verb}/refused`, field: 'person', process: task.process }}
            />
          )}
          {field && (
            <TextField
              id="verb-text"
              label={t(`app.verbs.${field}`)}
              value={text}
              onChange={(event) => fill({ text: event.target.value })}
              required
              fullWidth
              multiline
              minRows={4}
              sx={{ mt: 2 }}
              error={long > 0 || help(field, noText) !== ''}
              helperText={long > 0 ? words.tooLong(MAX_TEXT, long) : help(field, noText)}
            />
          )}
          <DraftKept
            draft={draft}
            status={kept}
            typed={filled}
            quiet={busy}
            show={(form) => <TypedFacts field={field} typed={typedIn(form)} />}
            onRestore={restore}
          />
          <CapacityChoice capacity={capacity} />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t('app.dismiss')}</Button>
          <Button type="submit" variant="contained" disabled={busy || kept.other !== null}>
            {t(`app.verbs.${verb}.button`)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
