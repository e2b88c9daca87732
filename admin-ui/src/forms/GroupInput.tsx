import Add from '@mui/icons-material/Add'
import DeleteOutline from '@mui/icons-material/DeleteOutline'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormHelperText from '@mui/material/FormHelperText'
import Stack from '@mui/material/Stack'
import { useRef, type ComponentType } from 'react'
import { useWords } from '../words/useWords'
import { inputId, useSurroundings } from './FormState'
import { blank, isShown, valueAt, type Field, type Path } from './fields'

type ObjectField = Extract<Field, { kind: 'object' }>
type ListField = Extract<Field, { kind: 'list' }>

interface Group<F extends Field> {
  field: F
  path: Path
  label: string
  /** draws one field of the group, which may be a group again */
  Input: ComponentType<{ field: Field; path: Path; label?: string }>
}

const frame = { border: 1, borderColor: 'divider', borderRadius: 1, p: 2, m: 0 }

/** A group of fields under one legend. */
export function ObjectInput({ field, path, label, Input }: Group<ObjectField>) {
  const { form } = useSurroundings()
  const value = valueAt(form.values, path)

  return (
    <Box component="fieldset" sx={frame}>
      <Box component="legend" sx={{ px: 1, fontWeight: 600 }}>
        {label}
      </Box>
      <Stack spacing={2}>
        {field.fields
          .filter((each) => isShown(each, value))
          .map((each) => (
            <Input key={each.name} field={each} path={[...path, each.name]} />
          ))}
      </Stack>
    </Box>
  )
}

/** Entries that can be added and removed, unless the process fixes how many there are. */
export function ListInput({ field, path, label, Input }: Group<ListField>) {
  const { t, maybe } = useWords()
  const { id, process, form } = useSurroundings()
  const add = useRef<HTMLButtonElement>(null)
  const value = valueAt(form.values, path)
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const dotted = path.join('.')
  const error = form.errors[dotted]
  const hint = maybe(process, `hints.${field.name}`)

  return (
    <Box component="fieldset" sx={{ ...frame, ...(error ? { borderColor: 'error.main' } : {}) }}>
      <Box component="legend" id={inputId(id, dotted)} tabIndex={-1} sx={{ px: 1, fontWeight: 600 }}>
        {label}
      </Box>
      {hint && <FormHelperText sx={{ mb: 1 }}>{hint}</FormHelperText>}
      {error && <FormHelperText error>{error}</FormHelperText>}
      <Stack spacing={2}>
        {items.map((item, index) => {
          const name = t('app.form.entry', { label, n: index + 1 })

          return (
            <Box key={index}>
              <Input field={field.item} path={[...path, index]} label={name} />
              {/* a file that is there has a button of the same name of its own */}
              {!field.fixed && !(field.item.kind === 'file' && item !== '') && (
                <Button
                  size="small"
                  color="error"
                  startIcon={<DeleteOutline />}
                  disabled={items.length <= field.min}
                  onClick={() => {
                    form.set(
                      path,
                      items.filter((__, at) => at !== index),
                    )
                    add.current?.focus()
                  }}
                >
                  {t('app.form.remove', { label: name })}
                </Button>
              )}
            </Box>
          )
        })}
      </Stack>
      {!field.fixed && (
        <Button
          ref={add}
          size="small"
          startIcon={<Add />}
          sx={{ mt: 1 }}
          disabled={field.max !== null && items.length >= field.max}
          onClick={() => form.set(path, [...items, blank(field.item)])}
        >
          {t('app.form.add', { label })}
        </Button>
      )}
    </Box>
  )
}
