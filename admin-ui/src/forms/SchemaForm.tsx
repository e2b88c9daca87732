import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Link from '@mui/material/Link'
import Stack from '@mui/material/Stack'
import { useEffect, useId, useMemo, useRef } from 'react'
import { useWords } from '../words/useWords'
import { FormProvider, inputId, type FormState } from './FormState'
import { isShown } from './fields'
import { FieldInput } from './FieldInput'

/** What is wrong, each a way to its field; takes the focus after a submission that failed. */
function ErrorSummary({ id, process, form }: { id: string; process: string; form: FormState }) {
  const words = useWords()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (form.attempt > 0) box.current?.focus()
  }, [form.attempt])
  const errors = Object.entries(form.errors)
  if (errors.length === 0) return null

  return (
    <Alert severity="error" ref={box} tabIndex={-1} sx={{ mb: 2 }}>
      <AlertTitle>{words.t('app.form.errors', { smart_count: errors.length })}</AlertTitle>
      <ul style={{ margin: 0, paddingInlineStart: '1.2rem' }}>
        {errors.map(([path, sentence]) => {
          const name =
            path
              .split('.')
              .filter((part) => !/^\d+$/.test(part))
              .pop() ?? path
          const entry = /\.(\d+)\./.exec(path)?.[1]
          const label = `${words.fieldLabel(process, name)}${entry === undefined ? '' : ` (${Number(entry) + 1})`}`

          return (
            <li key={path}>
              <Link
                href={`#${inputId(id, path)}`}
                sx={{ display: 'inline-block', py: 0.5 }}
                onClick={(event) => {
                  event.preventDefault()
                  document.getElementById(inputId(id, path))?.focus()
                }}
              >
                {path === 'form' ? sentence : `${label}: ${sentence}`}
              </Link>
            </li>
          )
        })}
      </ul>
    </Alert>
  )
}

/**
 * A form drawn from JSON Schema (2020-12) as a process declares it: labels `<process>.fields.<field>`, hints
 * `<process>.hints.<field>`, options `<process>.options.<field>.<value>`.
 */
export function SchemaForm({
  id: given,
  form,
  process,
  body,
  address = null,
}: {
  /** address of the form, by which the API knows whom it lets one name */
  address?: string | null
  /** prefix of the ids of its inputs, where somebody else has to know it */
  id?: string
  form: FormState
  process: string
  body: string | null
}) {
  const own = useId()
  const id = given ?? own
  const surroundings = useMemo(() => ({ id, process, body, address, form }), [id, process, body, address, form])

  return (
    <FormProvider value={surroundings}>
      <ErrorSummary id={id} process={process} form={form} />
      <Stack spacing={2.5}>
        {form.fields
          .filter((field) => isShown(field, form.values))
          .map((field) => (
            <FieldInput key={field.name} field={field} path={[field.name]} />
          ))}
      </Stack>
    </FormProvider>
  )
}
