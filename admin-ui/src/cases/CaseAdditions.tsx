import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { AdditionView, CaseDetail } from '../../../api/shapes/views'
import { Answer } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { Drafted } from '../forms/Drafted'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { useProcesses } from '../providers/useApi'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import { CaseFormDialog } from './CaseFormDialog'

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
  const say = useSay()

  return (
    <CaseFormDialog<{ result: 'done' }, Parameters<typeof dataProvider.addToCase>[1]>
      title={words.of(KERNEL, `additions.${kind}.title`)}
      instruction={words.of(KERNEL, `additions.${kind}.instruction`)}
      form={{ process: KERNEL, schema, initial: {}, offered: null }}
      body={file.body.key}
      draft={draft}
      bodyOf={(form) => ({ kind, form })}
      send={(body, key) => dataProvider.addToCase(file.id, body, key)}
      onDone={() => say(words.of(KERNEL, `additions.${kind}.done`), 'success')}
      onClose={onClose}
    />
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
