import Checkbox from '@mui/material/Checkbox'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import MenuItem from '@mui/material/MenuItem'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import { isIsoDate } from '../words/dates'
import { useWords } from '../words/useWords'
import { ListInput, ObjectInput } from './GroupInput'
import { ReferenceInput } from './ReferenceInput'
import { inputId, useSurroundings } from './FormState'
import { valueAt, type Field, type Path } from './fields'
import { ReadOnlyValue } from './Answer'

const MOST_RADIOS = 5

interface Choice {
  value: string
  label: string
}

function Choices({
  id,
  label,
  help,
  error,
  required,
  value,
  options,
  onChange,
}: {
  id: string
  label: string
  help: string
  error: boolean
  required: boolean
  value: string
  options: readonly Choice[]
  onChange: (value: string) => void
}) {
  const { t } = useWords()
  if (options.length > MOST_RADIOS) {
    return (
      <TextField
        select
        id={id}
        label={label}
        required={required}
        value={value}
        error={error}
        helperText={help}
        fullWidth
        onChange={(event) => onChange(event.target.value)}
      >
        {!required && <MenuItem value="">{t('app.none')}</MenuItem>}
        {options.map((option) => (
          <MenuItem key={option.value} value={option.value} sx={{ whiteSpace: 'normal' }}>
            {option.label}
          </MenuItem>
        ))}
      </TextField>
    )
  }

  return (
    <FormControl error={error} required={required} component="fieldset" variant="standard">
      <FormLabel component="legend">{label}</FormLabel>
      <RadioGroup
        value={value}
        onChange={(_, chosen) => onChange(chosen)}
        aria-describedby={help ? `${id}-help` : undefined}
      >
        {options.map((option, index) => (
          <FormControlLabel
            key={option.value}
            value={option.value}
            label={option.label}
            control={<Radio {...(index === 0 ? { id } : {})} />}
          />
        ))}
      </RadioGroup>
      {help && <FormHelperText id={`${id}-help`}>{help}</FormHelperText>}
    </FormControl>
  )
}

/** One field, of whatever kind. */
export function FieldInput({ field, path, label: given }: { field: Field; path: Path; label?: string }) {
  const words = useWords()
  const { id: formId, process, form } = useSurroundings()
  const dotted = path.join('.')
  const id = inputId(formId, dotted)
  const value = valueAt(form.values, path)
  const error = form.errors[dotted]
  const label = given ?? words.fieldLabel(process, field.name)
  const help = error ?? words.maybe(process, `hints.${field.name}`)
  const set = (next: unknown) => form.set(path, next)
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''

  if (field.kind === 'constant') return null
  if (field.readOnly) return <ReadOnlyValue process={process} field={field} label={label} value={value} />
  switch (field.kind) {
    case 'object':
      return <ObjectInput field={field} path={path} label={label} Input={FieldInput} />
    case 'list':
      return <ListInput field={field} path={path} label={label} Input={FieldInput} />
    case 'reference':
      return (
        <ReferenceInput
          id={id}
          field={field}
          label={label}
          value={text}
          help={help}
          error={error !== undefined}
          onChange={set}
        />
      )
    case 'choice':
      return (
        <Choices
          id={id}
          label={label}
          help={help}
          error={error !== undefined}
          required={field.required}
          value={text}
          options={field.options.map((option) => ({ value: option, label: words.option(process, field.name, option) }))}
          onChange={set}
        />
      )
    case 'boolean':
      if (field.explicit) {
        return (
          <Choices
            id={id}
            label={label}
            help={help}
            error={error !== undefined}
            required={field.required}
            value={typeof value === 'boolean' ? String(value) : ''}
            options={['true', 'false'].map((option) => ({
              value: option,
              label:
                words.maybe(process, `options.${field.name}.${option}`) ||
                words.t(option === 'true' ? 'app.yes' : 'app.no'),
            }))}
            onChange={(chosen) => set(chosen === 'true')}
          />
        )
      }

      return (
        <FormControl error={error !== undefined} variant="standard">
          <FormControlLabel
            label={label}
            control={<Checkbox id={id} checked={value === true} onChange={(event) => set(event.target.checked)} />}
          />
          {help && <FormHelperText>{help}</FormHelperText>}
        </FormControl>
      )
    default:
      return (
        <TextField
          id={id}
          label={label}
          required={field.required}
          value={text}
          error={error !== undefined}
          helperText={field.kind === 'date' && isIsoDate(value) && error === undefined ? words.date(value) : help}
          fullWidth={field.kind === 'text'}
          multiline={field.kind === 'text' && field.long}
          {...(field.kind === 'text' && field.long ? { minRows: 3 } : {})}
          type={field.kind === 'date' ? 'date' : 'text'}
          onChange={(event) => set(event.target.value)}
          sx={field.kind === 'text' ? {} : { width: '15rem', maxWidth: '100%' }}
          slotProps={{
            inputLabel: field.kind === 'date' ? { shrink: true } : {},
            htmlInput: {
              ...(field.kind === 'text' && field.maxLength !== null ? { maxLength: field.maxLength } : {}),
              ...(field.kind === 'number' ? { inputMode: field.integer ? 'numeric' : 'decimal' } : {}),
            },
          }}
        />
      )
  }
}
