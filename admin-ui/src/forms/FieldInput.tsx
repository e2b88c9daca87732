import Checkbox from '@mui/material/Checkbox'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import MenuItem from '@mui/material/MenuItem'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { isIsoDate } from '../words/dates'
import { useWords, type Words } from '../words/useWords'
import { FileInput } from './FileInput'
import { ListInput, ObjectInput } from './GroupInput'
import { ReferenceInput } from './ReferenceInput'
import { inputId, useSurroundings } from './FormState'
import { refusedAs, tooLongBy, valueAt, type Field, type Path } from './fields'
import { ReadOnlyValue } from './Answer'

const MOST_RADIOS = 5

interface Choice {
  value: string
  label: string
  /** why it cannot be chosen now; '' where it can */
  refused: string
}

/** A choice that cannot be made says why. */
function ChoiceLabel({ label, refused }: Choice) {
  return (
    <span>
      {label}
      {refused && (
        <Typography component="span" variant="body2" color="text.secondary" sx={{ display: 'block' }}>
          {refused}
        </Typography>
      )}
    </span>
  )
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
          <MenuItem
            key={option.value}
            value={option.value}
            disabled={option.refused !== ''}
            sx={{ whiteSpace: 'normal', '&.Mui-disabled': { opacity: 1 } }}
          >
            <ChoiceLabel {...option} />
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
            label={<ChoiceLabel {...option} />}
            disabled={option.refused !== ''}
            control={<Radio {...(index === 0 ? { id } : {})} />}
          />
        ))}
      </RadioGroup>
      {help && <FormHelperText id={`${id}-help`}>{help}</FormHelperText>}
    </FormControl>
  )
}

/** What is recorded of an item, in one line: its dates, choices and texts. */
const summaryOf = (words: Words, process: string, recorded: Record<string, unknown>): string =>
  Object.entries(recorded)
    .flatMap(([name, value]) => {
      if (typeof value !== 'string' || value === '') return []

      const option = words.maybe(process, `options.${name}.${value}`)

      return [isIsoDate(value) ? words.date(value) : option || value]
    })
    .join(', ')

/** One field, of whatever kind. */
export function FieldInput({ field, path, label: given }: { field: Field; path: Path; label?: string }) {
  const words = useWords()
  const { id: formId, process, form } = useSurroundings()
  const dotted = path.join('.')
  const id = inputId(formId, dotted)
  const value = valueAt(form.values, path)
  const long = field.kind === 'text' ? tooLongBy(value, field.maxLength) : 0
  const offer = form.offered?.offer ?? null
  const why = (of: unknown) => {
    const code = refusedAs(offer, path, of)

    return code === null ? '' : words.of(process, `errors.${code}`)
  }
  const error =
    field.kind === 'text' && field.maxLength !== null && long > 0
      ? words.tooLong(field.maxLength, long)
      : why(value) || form.errors[dotted]
  const label = given ?? words.fieldLabel(process, field.name)
  const days = offer?.days[path.filter((part) => typeof part === 'string').join('.')]
  // the hint of a list stands once, above its entries
  const isEntry = typeof path.at(-1) === 'number'
  const help = error ?? (isEntry ? '' : words.maybe(process, `hints.${field.name}`))
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
    case 'file':
      return (
        <FileInput
          id={id}
          field={field}
          at={dotted}
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
          options={field.options.map((option) => ({
            value: option,
            label: words.of(process, `${field.words}.${option}`),
            refused: why(option),
          }))}
          onChange={set}
        />
      )
    case 'item': {
      const { list = '', items = [] } = offer?.items[field.name] ?? {}
      const choose = (chosen: string) => {
        set(chosen === '' ? '' : Number(chosen))
        const recorded = items[Number(chosen) - 1] ?? {}
        for (const { name, readOnly } of form.fields)
          if (name !== field.name && !readOnly && name in recorded) form.set([name], recorded[name] ?? '')
      }

      return (
        <TextField
          select
          id={id}
          label={label}
          required={field.required}
          value={text}
          error={error !== undefined}
          helperText={help}
          fullWidth
          onChange={(event) => choose(event.target.value)}
        >
          {items.map((recorded, index) => {
            const number = index + 1
            const refused = why(number)

            return (
              <MenuItem
                key={number}
                value={String(number)}
                disabled={refused !== ''}
                sx={{ whiteSpace: 'normal', '&.Mui-disabled': { opacity: 1 } }}
              >
                <ChoiceLabel
                  value={String(number)}
                  label={`${words.of(process, `items.${list}`)} ${number}: ${summaryOf(words, process, recorded)}`}
                  refused={refused}
                />
              </MenuItem>
            )
          })}
        </TextField>
      )
    }
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
              refused: why(option),
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
            htmlInput:
              field.kind === 'date'
                ? { min: days?.from?.on, max: days?.to?.on }
                : field.kind === 'number'
                  ? { inputMode: field.integer ? 'numeric' : 'decimal' }
                  : {},
          }}
        />
      )
  }
}
