import {
  maxValue,
  minValue,
  NumberInput,
  required,
  SelectInput,
  TextInput,
  useInput,
  type TextInputProps,
} from 'react-admin'
import { RegisterPicker } from '../forms/ReferenceInput'
import type { Register as Kind } from '../forms/fields'
import type { AppKey } from '../i18n/messages'
import { useWords } from '../words/useWords'
import type { Range } from './rows'

/** A person, post or body of a form in react-admin's way. */
export function RegisterInput({ source, register, label }: { source: string; register: Kind; label: string }) {
  const { field, fieldState, id } = useInput({ source, validate: required() })
  const { t } = useWords()
  const value: unknown = field.value

  return (
    <div style={{ width: '100%', marginBottom: '1rem' }}>
      <RegisterPicker
        id={id}
        register={register}
        body={null}
        label={label}
        value={typeof value === 'string' ? value : ''}
        help={fieldState.error ? t('app.form.required') : ''}
        error={fieldState.error !== undefined}
        required
        onChange={field.onChange}
      />
    </div>
  )
}

/** Date as the browser's own control; the text beside it says the date in words. */
export const DayInput = (props: TextInputProps) => (
  <TextInput {...props} type="date" slotProps={{ inputLabel: { shrink: true } }} />
)

/** A whole number within what its key allows, which is said below it. */
export function RangeInput({ range, optional = false }: { range: Range; optional?: boolean }) {
  const { t } = useWords()
  const bounds = [minValue(range.from), maxValue(range.to)]

  return (
    <NumberInput
      source="value"
      label={t('app.fields.value')}
      helperText={t('app.values.range', { from: range.from, to: range.to })}
      step={1}
      validate={optional ? bounds : [required(), ...bounds]}
    />
  )
}

const CONFIDENCE = ['S', 'L', 'O', 'N', 'B', 'U', 'D'] as const

/** Where a figure comes from, and how sure it is. */
export function SourceInputs() {
  const { t } = useWords()

  return (
    <>
      <SelectInput
        source="confidence"
        label={t('app.fields.confidence')}
        choices={CONFIDENCE.map((id) => ({ id, name: t(`app.confidence.${id}`) }))}
        translateChoice={false}
        validate={required()}
      />
      <TextInput source="source" label={t('app.fields.source')} validate={required()} multiline />
    </>
  )
}

export function NameInputs() {
  const { t } = useWords()
  const names: readonly (readonly [string, AppKey])[] = [
    ['name.kk', 'app.fields.nameKk'],
    ['name.ru', 'app.fields.nameRu'],
    ['name.en', 'app.fields.nameEn'],
  ]

  return (
    <>
      {names.map(([source, label]) => (
        <TextInput key={source} source={source} label={t(label)} validate={required()} />
      ))}
    </>
  )
}
