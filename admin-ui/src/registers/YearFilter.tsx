import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useFilter } from '../layout/Filters'
import { useWords } from '../words/useWords'

/** Limits the list around it to one year; half a year typed is no filter yet. */
export function YearFilter() {
  const { t } = useWords()
  const [year, setYear] = useFilter('year')
  const [typed, setTyped] = useState(typeof year === 'string' ? year : '')

  return (
    <TextField
      fullWidth={false}
      label={t('app.fields.year')}
      value={typed}
      onChange={({ target: { value } }) => {
        setTyped(value)
        if (value === '' || /^\d{4}$/.test(value)) setYear(value)
      }}
      sx={{ width: '8rem' }}
      error={!/^\d{0,4}$/.test(typed)}
      slotProps={{ htmlInput: { inputMode: 'numeric' } }}
    />
  )
}
