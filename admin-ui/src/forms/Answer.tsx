import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useMemo } from 'react'
import { Link as RouterLink } from 'react-router-dom'
import { Facts } from '../layout/AppTable'
import { nameOfRow } from '../registers/rows'
import { isIsoDate } from '../words/dates'
import { FileLink } from '../words/FileLink'
import { useWords } from '../words/useWords'
import { asText, fieldsOf, isValues, type Field, type Register } from './fields'
import { useRegisterRow } from './ReferenceInput'

/** The name of the person, post or body that an id stands for. */
export function RegisterName({ register, id }: { register: Register; id: string }) {
  const words = useWords()
  const { data: row, isPending } = useRegisterRow(register, id)
  if (isPending) return <>…</>

  return <>{row ? nameOfRow(row, words) : id}</>
}

/** A value already given, in words. Without a field, as for answers of older forms, as it is. */
export function FieldValue({ process, field, value }: { process: string; field: Field | null; value: unknown }) {
  const words = useWords()
  // a case that he does not find is named to nobody
  if (value === null && field?.kind === 'reference' && field.register === 'case')
    return <>{words.t('app.cases.hidden')}</>
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
    return <>—</>
  if (field?.kind === 'reference') {
    const name = <RegisterName register={field.register} id={asText(value)} />
    if (field.register !== 'case') return name

    return (
      <Link component={RouterLink} to={`/cases/${asText(value)}`}>
        {name}
      </Link>
    )
  }
  if (field?.kind === 'file') return <FileLink id={asText(value)} />
  if (field?.kind === 'choice') return <>{words.of(process, `${field.words}.${asText(value)}`)}</>
  if (typeof value === 'boolean') {
    const option = field ? words.maybe(process, `options.${field.name}.${value}`) : ''

    return <>{option || words.t(value ? 'app.yes' : 'app.no')}</>
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value

    return (
      <Box component="ol" sx={{ m: 0, pl: 2.5, '& > li': { mb: 1 } }}>
        {items.map((item, index) => (
          <li key={index}>
            <FieldValue process={process} field={field?.kind === 'list' ? field.item : null} value={item} />
          </li>
        ))}
      </Box>
    )
  }
  if (isValues(value))
    return <AnswerOf process={process} fields={field?.kind === 'object' ? field.fields : []} values={value} />
  if (isIsoDate(value)) return <>{words.date(value)}</>

  return <span style={{ whiteSpace: 'pre-wrap' }}>{asText(value)}</span>
}

function AnswerOf({
  process,
  fields,
  values,
}: {
  process: string
  fields: readonly Field[]
  values: Record<string, unknown>
}) {
  const words = useWords()
  const known = fields.map((field) => field.name)
  const names = [
    ...known.filter((name) => name in values),
    ...Object.keys(values).filter((name) => !known.includes(name)),
  ]

  return (
    <Facts
      stacked
      facts={names.map((name) => [
        words.fieldLabel(process, name),
        <FieldValue
          key={name}
          process={process}
          field={fields.find((field) => field.name === name) ?? null}
          value={values[name]}
        />,
      ])}
    />
  )
}

/** An answer, or the content of an act, with labels of the form by which it was given. */
export function Answer({
  process,
  schema,
  values,
}: {
  process: string
  schema: Record<string, unknown> | undefined
  values: Record<string, unknown>
}) {
  const fields = useMemo(() => (schema ? fieldsOf(schema) : []), [schema])

  return <AnswerOf process={process} fields={fields} values={values} />
}

/** A field that the process has filled in and the person only reads. */
export function ReadOnlyValue({
  process,
  field,
  label,
  value,
}: {
  process: string
  field: Field
  label: string
  value: unknown
}) {
  return (
    <div>
      <Typography variant="body2" color="text.secondary">
        {label}
      </Typography>
      <FieldValue process={process} field={field} value={value} />
    </div>
  )
}
