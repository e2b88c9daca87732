import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { Underway } from '../layout/Underway'
import type { TaskDetail, TaskView } from '../../../api/shapes/views'
import type { Capacity } from '../../../workflows/kernel/contract'
import { Answer } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { Drafted, DraftKept, DraftRestored } from '../forms/Drafted'
import { payload, type Values } from '../forms/fields'
import { useFormState } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { useDraft } from '../forms/useDraft'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import { ConfirmDialog } from './ConfirmDialog'
import { Section } from '../layout/Section'

/** Where to go when a task is done: the next of one's own, else the inbox. */
async function nextAddress({ id: done, rehearsal }: TaskDetail): Promise<string> {
  const filter = { queue: 'mine', rehearsal }
  const mine = await dataProvider
    .getList('tasks', { pagination: { page: 1, perPage: 2 }, sort: { field: 'dueOn', order: 'ASC' }, filter })
    .catch(() => null)
  const next = mine?.data.find(({ id }) => id !== done)

  return next ? `/tasks/${next.id}` : '/tasks'
}

interface Props {
  task: TaskDetail
  onBegun: (begun: boolean) => void
}

export function TaskForm(props: Props) {
  return (
    <Drafted address={`task:${props.task.id}:complete`}>
      {(draft) => <AnswerForm key={props.task.id} {...props} draft={draft} />}
    </Drafted>
  )
}

function AnswerForm({ task, draft, onBegun }: Props & { draft: Draft }) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const navigate = useNavigate()
  const form = useFormState(task.form, draft.form ?? task.initial)
  const { fields, values, touched } = form
  const typed = useMemo(() => payload(fields, values), [fields, values])
  const { run, phase, failure } = useCommand<TaskView>()
  const kept = useDraft(draft, typed, { touched, sending: phase !== 'idle' })
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

  return (
    <Section title={t('app.tasks.form')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setAnswer(form.submit())
        }}
      >
        <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => form.reset(task.initial)} />
        <SchemaForm form={form} process={task.process} body={task.body.key} />
        <DraftKept
          draft={draft}
          status={kept}
          typed={typed}
          quiet={phase !== 'idle'}
          show={(text) => <Answer process={task.process} schema={task.form} values={text} />}
          onRestore={form.reset}
        />
        {failure && (
          <Alert severity="error" sx={{ my: 1 }}>
            {failure.message} {t('app.command.typedKept')}
          </Alert>
        )}
        <Underway phase={phase} />
        <Button
          type="submit"
          variant="contained"
          size="large"
          disabled={phase !== 'idle' || kept.other !== null}
          sx={{ mt: 1 }}
        >
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
