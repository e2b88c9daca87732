import Alert from '@mui/material/Alert'
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { SaveButton, SimpleForm, Toolbar, useRegisterMutationMiddleware, useSaveContext } from 'react-admin'
import { useFormContext, useWatch } from 'react-hook-form'
import type { Draft } from '../forms/draft'
import { Drafted, DraftKept, DraftRestored } from '../forms/Drafted'
import { formIn, isValues, type Values } from '../forms/fields'
import { useDraft } from '../forms/useDraft'
import { changedFields } from '../providers/dataProvider'
import { useWords } from '../words/useWords'
import { TypedRow } from './TypedRow'

/** What was typed, and the version of the row beside which it was typed; a new row has none. */
interface Begun {
  readonly form: Values
  readonly version: unknown
}
/** Another object at each drawing would begin the form anew each time, and what is wrong with its fields would be gone at once. */
const TYPED_STAYS = { keepDirtyValues: true }
const NOTHING: Begun = { form: {}, version: null }
const begunWith = (draft: Values | null): Begun =>
  draft ? { form: formIn(draft), version: draft['version'] ?? null } : NOTHING

interface Props {
  resource: string
  /** of its draft */
  address: string
  /** what the fields show when nothing is typed: the row as it is, or what a new one begins with */
  row: Values
  /** what else may be done with the row */
  more?: ReactNode
  children: ReactNode
}

/** The form of a row of a register, new or there already. What is typed and not saved comes back to the person who typed it. */
export function RegisterForm(props: Props) {
  return <Drafted address={props.address}>{(draft) => <DraftedForm {...props} draft={draft} />}</Drafted>
}

function DraftedForm({ resource, row, draft, more, children }: Props & { draft: Draft }) {
  const { save, saving = false } = useSaveContext()
  const [begun, setBegun] = useState(() => begunWith(draft.form))
  /** grows when the form begins anew */
  const [times, setTimes] = useState(0)
  const [touched, setTouched] = useState(false)
  const begin = (from: Values | null) => {
    setBegun(begunWith(from))
    setTimes((before) => before + 1)
    setTouched(false)
  }
  const taken = useCallback(
    async (resource: string, params: unknown, next: (resource: string, params: unknown) => Promise<unknown>) => {
      const row = await next(resource, params)
      draft.taken()
      setBegun(NOTHING)
      setTouched(false)

      return row
    },
    [draft],
  )
  useRegisterMutationMiddleware(taken)

  return (
    <SimpleForm
      key={times}
      record={{ ...row, ...begun.form }}
      resetOptions={TYPED_STAYS}
      onSubmit={async (form: Values) => (await draft.before(async () => save?.(form))) ?? undefined}
      toolbar={false}
      // the browser would say what is missing in its own language
      noValidate
      sx={{ p: 0, maxWidth: '44rem' }}
    >
      <Kept
        resource={resource}
        row={row}
        draft={draft}
        begun={begun}
        touched={touched}
        saving={saving}
        more={more}
        onTouched={setTouched}
        onBegin={begin}
      >
        {children}
      </Kept>
    </SimpleForm>
  )
}

/** The fields, what is said of their draft, and the buttons. */
function Kept({
  resource,
  row,
  draft,
  begun,
  touched,
  saving,
  more,
  onTouched,
  onBegin,
  children,
}: Omit<Props, 'address'> & {
  draft: Draft
  begun: Begun
  touched: boolean
  saving: boolean
  onTouched: (touched: boolean) => void
  /** the form begins anew with this draft, or with none */
  onBegin: (draft: Values | null) => void
}) {
  const { t } = useWords()
  const { subscribe } = useFormContext()
  const values: Values = useWatch()
  const text = JSON.stringify({ form: changedFields(values, row), version: row['version'] ?? null })
  // the same as long as nothing is typed, whatever else is drawn anew
  const typed = useMemo((): Values => {
    const parsed: unknown = JSON.parse(text)

    return isValues(parsed) ? parsed : {}
  }, [text])
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ type }) => {
          // what a person does, and not a row that is read anew
          if (type === 'change') onTouched(true)
        },
      }),
    [subscribe, onTouched],
  )
  const kept = useDraft(draft, typed, { touched, sending: saving })
  const nothingToSave = row['id'] !== undefined && Object.keys(formIn(typed)).length === 0
  const off = saving || kept.other !== null || nothingToSave
  const stale = begun.version !== null && begun.version !== row['version']

  return (
    <>
      <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => onBegin(null)} />
      {stale && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {t('app.registers.stale')}
        </Alert>
      )}
      {children}
      <DraftKept
        draft={draft}
        status={kept}
        typed={typed}
        quiet={saving}
        show={(text) => <TypedRow resource={resource} typed={formIn(text)} />}
        onRestore={onBegin}
      />
      <Toolbar sx={{ justifyContent: 'space-between', alignSelf: 'stretch', bgcolor: 'transparent', px: { xs: 0 } }}>
        <SaveButton label={t('app.save')} alwaysEnable={!off} disabled={off} />
        {more}
      </Toolbar>
    </>
  )
}
