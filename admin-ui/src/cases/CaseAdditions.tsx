import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useMemo, useState } from 'react'
import type { AdditionView, CaseDetail } from '../../../api/shapes/views'
import { Answer } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { Drafted, DraftKept, DraftRestored } from '../forms/Drafted'
import { payload } from '../forms/fields'
import { useFormState } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { useDraft } from '../forms/useDraft'
import { Paged } from '../layout/Paged'
import { Underway } from '../layout/Underway'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useProcesses } from '../providers/useApi'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'

/** Forms and words of what is added are the kernel's, whatever the process. */
const KERNEL = 'kernel'
type Offered = CaseDetail['additions'][number]

function AdditionDialog({
  file,
  addition: { kind, form: schema },
  draft,
  onClose,
}: {
  file: CaseDetail
  addition: Offered
  draft: Draft
  onClose: () => void
}) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const form = useFormState(schema, draft.form ?? {}, null)
  const { fields, values, touched } = form
  const typed = useMemo(() => payload(fields, values), [fields, values])
  const { run, phase, failure } = useCommand<{ result: 'done' }>()
  const kept = useDraft(draft, typed, { touched, sending: phase !== 'idle' })
  const title = words.of(KERNEL, `additions.${kind}.title`)

  const send = async () => {
    const answer = form.submit()
    if (!answer) return
    const body = { kind, form: answer }
    const result = await run(body, (key) => draft.before(() => dataProvider.addToCase(file.id, body, key)))
    if (!result) return
    if (!result.ok) {
      if (Object.keys(result.errors).length > 0) form.fail(result.errors)

      return
    }
    draft.done()
    say(words.of(KERNEL, `additions.${kind}.done`), 'success')
    onClose()
  }

  return (
    <Dialog open fullWidth maxWidth="md" onClose={onClose} aria-labelledby="addition-title">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <DialogTitle id="addition-title">{title}</DialogTitle>
        <DialogContent>
          <Typography sx={{ mb: 2 }}>{words.of(KERNEL, `additions.${kind}.instruction`)}</Typography>
          <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => form.reset({})} />
          <SchemaForm form={form} process={KERNEL} body={file.body.key} address={draft.address} />
          <DraftKept
            draft={draft}
            status={kept}
            typed={typed}
            quiet={phase !== 'idle'}
            show={(text) => <Answer process={KERNEL} schema={schema} values={text} />}
            onRestore={form.reset}
          />
          {failure && (
            <Alert severity="error" sx={{ mt: 2 }}>
              {failure.message} {t('app.command.typedKept')}
            </Alert>
          )}
          <Underway phase={phase} />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t('app.dismiss')}</Button>
          <Button type="submit" variant="contained" disabled={phase !== 'idle' || kept.other !== null}>
            {title}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function Added({ addition, schema }: { addition: AdditionView; schema: Record<string, unknown> | undefined }) {
  const words = useWords()

  return (
    <Box component="li" sx={{ mb: 2, pl: 2, borderLeft: 2, borderColor: 'divider' }}>
      <Typography variant="body2" color="text.secondary">
        <time dateTime={addition.on}>{words.date(addition.on)}</time> · {words.name(addition.author?.name)} (
        {words.of(KERNEL, `roles.${addition.capacity}`)}) · {words.option(KERNEL, 'added', addition.kind)}
      </Typography>
      <Answer process={KERNEL} schema={schema} values={addition.content} />
    </Box>
  )
}

/** What was added to the case after its end, newest first, and where the records service adds to it. */
export function CaseAdditions({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words
  const [open, setOpen] = useState<string | null>(null)
  const forms = useProcesses().data?.[0]?.additions ?? []
  const chosen = file.additions.find(({ kind }) => kind === open)

  return (
    <>
      <Typography sx={{ mb: 2 }}>{t('app.additions.explain')}</Typography>
      {file.additions.length > 0 && (
        <Stack direction="row" spacing={1} useFlexGap sx={{ mb: 3, flexWrap: 'wrap' }}>
          {file.additions.map(({ kind }) => (
            <Button key={kind} variant="outlined" onClick={() => setOpen(kind)}>
              {words.of(KERNEL, `additions.${kind}.title`)}…
            </Button>
          ))}
        </Stack>
      )}
      <Paged<AdditionView>
        of={['@case', file.id, 'additions']}
        get={(page, signal) => dataProvider.additions(file.id, page, signal)}
      >
        {(additions) =>
          additions.length === 0 ? (
            <Typography>{t('app.additions.none')}</Typography>
          ) : (
            <Box component="ul" aria-label={t('app.cases.tabs.added')} sx={{ listStyle: 'none', p: 0, m: 0 }}>
              {additions.map((addition) => (
                <Added
                  key={addition.seq}
                  addition={addition}
                  schema={forms.find(({ kind }) => kind === addition.kind)?.form}
                />
              ))}
            </Box>
          )
        }
      </Paged>
      {chosen && (
        <Drafted key={chosen.kind} address={`add:${file.id}:${chosen.kind}`}>
          {(draft) => <AdditionDialog file={file} addition={chosen} draft={draft} onClose={() => setOpen(null)} />}
        </Drafted>
      )}
    </>
  )
}
