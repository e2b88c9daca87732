import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { useMemo, type ReactNode } from 'react'
import { Answer } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { DraftKept, DraftRestored } from '../forms/Drafted'
import { payload, type Values } from '../forms/fields'
import { useFormState, type Offered } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { useDraft } from '../forms/useDraft'
import { Underway } from '../layout/Underway'
import type { Sent } from '../providers/dataProvider'
import { useCommand, type Result } from '../providers/useCommand'
import { useWords } from '../words/useWords'

/** A form of a case, and in the words of which process it is shown. */
export interface CaseForm {
  readonly process: string
  readonly schema: Record<string, unknown>
  readonly initial: Values
  readonly offered: Offered | null
}

/**
 * A form of a case in a dialog: it is kept as a draft, sent as a command, and keeps what was typed until that is confirmed. `bodyOf` makes of
 * it what is sent, or null while something else on the dialog is not said yet (`before`, `after` the form).
 */
export function CaseFormDialog<T, B>({
  title,
  instruction,
  button = () => title,
  grave = false,
  form: { process, schema, initial, offered },
  body,
  draft,
  before,
  after,
  bodyOf,
  send,
  onDone,
  onClose,
}: {
  title: string
  instruction: string
  button?: (values: Values) => string
  /** it cannot be taken back */
  grave?: boolean
  form: CaseForm
  body: string
  draft: Draft
  before?: ReactNode
  after?: ReactNode
  bodyOf: (answer: Record<string, unknown>) => B | null
  send: (body: B, key: string) => Promise<Sent<T>>
  onDone: (result: Extract<Result<T>, { ok: true }>) => void
  onClose: () => void
}) {
  const { t } = useWords()
  const form = useFormState(schema, draft.form ?? initial, offered)
  const { fields, values, touched } = form
  const typed = useMemo(() => payload(fields, values), [fields, values])
  const { run, phase, failure } = useCommand<T>()
  const kept = useDraft(draft, typed, { touched, sending: phase !== 'idle' })

  const submit = async () => {
    const answer = form.submit()
    // asked in any case: all that is missing is said at once
    const sent = bodyOf(answer ?? {})
    if (!answer || !sent) return
    const result = await run(sent, (key) => draft.before(() => send(sent, key)))
    if (!result) return
    if (!result.ok) {
      if (Object.keys(result.errors).length > 0) form.fail(result.errors)

      return
    }
    draft.done()
    onClose()
    onDone(result)
  }

  return (
    <Dialog open fullWidth maxWidth="md" onClose={onClose} aria-labelledby="case-form-title">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <DialogTitle id="case-form-title">{title}</DialogTitle>
        <DialogContent>
          <Typography sx={{ mb: 2 }}>{instruction}</Typography>
          {before}
          <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => form.reset(initial)} />
          <SchemaForm form={form} process={process} body={body} address={draft.address} />
          <DraftKept
            draft={draft}
            status={kept}
            typed={typed}
            quiet={phase !== 'idle'}
            show={(text) => <Answer process={process} schema={schema} values={text} />}
            onRestore={form.reset}
          />
          {after}
          {failure && (
            <Alert severity="error" sx={{ mt: 2 }}>
              {failure.message} {t('app.command.typedKept')}
            </Alert>
          )}
          <Underway phase={phase} />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t('app.dismiss')}</Button>
          <Button
            type="submit"
            variant="contained"
            color={grave ? 'error' : 'primary'}
            disabled={phase !== 'idle' || kept.other !== null}
          >
            {button(values)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
