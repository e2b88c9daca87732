import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react'
import { useListContext } from 'react-admin'
import { useWords } from '../words/useWords'

const TYPING_MS = 400

/**
 * Value of one filter of the list around it, and how to set it; '' and false mean "no filter". `instead`: a filter that does not hold
 * beside it, and is dropped when it is set.
 */
export function useFilter(name: string, instead = name): [unknown, (value: string | boolean) => void] {
  const { filterValues, setFilters } = useListContext()
  const values: Record<string, unknown> = filterValues

  return [
    values[name],
    (value) => {
      const { [name]: _, ...others } = values
      const { [instead]: __, ...beside } = others
      setFilters(value === '' || value === false ? others : { ...beside, [name]: value })
    },
  ]
}

export function Filters({ children }: { children: ReactNode }) {
  const { t } = useWords()

  return (
    <Box
      component="form"
      role="search"
      aria-label={t('app.filters')}
      onSubmit={(event) => event.preventDefault()}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', my: 2 }}
    >
      {children}
    </Box>
  )
}

export function SearchFilter({
  label,
  name = 'q',
  field,
}: {
  label: string
  name?: string
  /** the field itself, for who leads to it */
  field?: Ref<HTMLInputElement>
}) {
  const [value, set] = useFilter(name)
  const known = typeof value === 'string' ? value : ''
  const [typed, setTyped] = useState(known)
  const apply = useRef(set)
  useEffect(() => {
    apply.current = set
  })
  useEffect(() => {
    if (typed === known) return
    const timer = setTimeout(() => apply.current(typed), TYPING_MS)

    return () => clearTimeout(timer)
  }, [typed, known])

  return (
    <TextField
      type="search"
      fullWidth={false}
      label={label}
      value={typed}
      {...(field && { inputRef: field })}
      onChange={(event) => setTyped(event.target.value)}
      sx={{ width: '18rem', maxWidth: '100%' }}
    />
  )
}

export function SelectFilter({
  label,
  name,
  options,
}: {
  label: string
  name: string
  options: readonly { value: string; label: string }[]
}) {
  const { t } = useWords()
  const [value, set] = useFilter(name)

  return (
    <TextField
      select
      label={label}
      value={typeof value === 'string' && options.some((option) => option.value === value) ? value : ''}
      onChange={(event) => set(event.target.value)}
      fullWidth={false}
      sx={{ width: '14rem', maxWidth: '100%' }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">{t('app.all')}</MenuItem>
      {options.map((option) => (
        <MenuItem key={option.value} value={option.value}>
          {option.label}
        </MenuItem>
      ))}
    </TextField>
  )
}

export function ToggleFilter({ label, name, instead }: { label: string; name: string; instead?: string }) {
  const [value, set] = useFilter(name, instead)

  return (
    <FormControlLabel
      label={label}
      control={
        <Checkbox checked={value === true || value === 'true'} onChange={(event) => set(event.target.checked)} />
      }
    />
  )
}

/** What an empty list of tasks or cases says: whoever tries the product on a rehearsal must find it. */
export function Nothing({ text }: { text: string }) {
  const { t } = useWords()
  const [rehearsal, set] = useFilter('rehearsal')
  if (typeof rehearsal === 'string') return <>{text}</>

  return (
    <>
      {text} {t('app.rehearsal.apart')}{' '}
      <Button size="small" onClick={() => set('*')}>
        {t('app.rehearsal.show')}
      </Button>
    </>
  )
}

/** Real cases and rehearsals are never mixed: a list shows the one or the other. */
export function RehearsalFilter() {
  const { t } = useWords()
  const [value, set] = useFilter('rehearsal')

  return (
    <FormControlLabel
      label={t('app.rehearsal.only')}
      control={
        <Checkbox checked={typeof value === 'string'} onChange={(event) => set(event.target.checked ? '*' : '')} />
      }
    />
  )
}
