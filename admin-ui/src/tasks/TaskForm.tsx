import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { Underway } from '../layout/Underway'
import type { TaskDetail, TaskView } from '../../../api/shapes/views'
import type { Capacity } from '../../../workflows/kernel/contract'
import { useFormState } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { keptValues } from '../forms/kept'
import type { Values } from '../forms/fields'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import { ConfirmDialog } from './ConfirmDialog'
import { Section } from '../layout/Section'
import { useDraft, type DraftState } from './useDraft'
import type { AppKey } from '../i18n/messages'

const DRAFT_WORDS: Record<DraftState, AppKey | null> = {
  none: null,
  typing: 'app.draft.typing',
  saving: 'app.draft.saving',
  saved: 'app.draft.saved',
  failed: 'app.draft.failed',
}

/** Where to go when a task is done: the next of one's own, else the inbox. */
async function nextAddress({ id: done, rehearsal }: TaskDetail): Promise<string> {
  const filter = { queue: 'mine', rehearsal }
  const mine = await dataProvider
    .getList('tasks', { pagination: { page: 1, perPage: 2 }, sort: { field: 'dueOn', order: 'ASC' }, filter })
    .catch(() => null)
  const next = mine?.data.find(({ id }) => id !== done)

  return next ? `/tasks/${next.id}` : '/tasks'
}

export function TaskForm({ task, onBegun }: { task: TaskDetail; onBegun: (begun: boolean) => void }) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const navigate = useNavigate()
  // what comes back from this tab's own keeping has not been saved on the server yet
  const [kept] = useState(() => keptValues(`task.${task.id}`))
  const form = useFormState(task.form, kept ?? task.initial, {
    process: task.process,
    offer: task.offer,
    refusedAt: `/api/tasks/${task.id}/refused`,
  })
  const { run, phase, failure } = useCommand<TaskView>()
  const draft = useDraft(task.id, form.fields, form.values, {
    touched: form.touched || kept !== null,
    sending: phase !== 'idle',
  })
  const [answer, setAnswer] = useState<Values | null>(null)

  const send = async (confirmed: Values, said: { capacity?: Capacity }) => {
    setAnswer(null)
    onBegun(true)
    const body = { version: task.version, form: confirmed, ...said }
    const result = await run(body, (key) => dataProvider.taskVerb(task.id, 'complete', body, key))
    if (!result) return
    if (!result.ok) {
      if (Object.keys(result.errors).length > 0) form.fail(result.errors)

      return
    }
    draft.done()
    say(words.maybe(task.process, `tasks.${task.kind}.done`) || t('app.tasks.done'), 'success')
    await navigate(await nextAddress(task))
  }
  const draftWords = DRAFT_WORDS[draft.state]

  return (
    <Section title={t('app.tasks.form')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setAnswer(form.submit())
        }}
      >
        {task.draftSavedAt && !form.touched && (
          <Alert severity="info" sx={{ mb: 2 }}>
            {t('app.draft.restored', { at: words.instant(task.draftSavedAt) })}
          </Alert>
        )}
        <SchemaForm form={form} process={task.process} body={task.body.key} />
        <Typography
          variant="body2"
          color={draft.state === 'failed' ? 'error' : 'text.secondary'}
          role="status"
          sx={{ mt: 2, minHeight: '1.5em' }}
        >
          {draftWords && phase === 'idle' ? t(draftWords, { at: words.instant(draft.savedAt) }) : ''}
        </Typography>
        {failure && (
          <Alert severity="error" sx={{ my: 1 }}>
            {failure.message} {t('app.command.typedKept')}
          </Alert>
        )}
        <Underway phase={phase} />
        <Button type="submit" variant="contained" size="large" disabled={phase !== 'idle'} sx={{ mt: 1 }}>
          {t('app.tasks.complete')}
        </Button>
      </form>
      <ConfirmDialog
        task={task}
        fields={form.fields}
        answer={answer}
        onCancel={() => setAnswer(null)}
        onConfirm={(confirmed, said) => void send(confirmed, said)}
      />
    </Section>
  )
}
