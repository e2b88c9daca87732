import Box from '@mui/material/Box'
import { RegisterPicker } from '../forms/ReferenceInput'
import { useFilter } from '../layout/Filters'
import { useWords } from '../words/useWords'

/** Limits the list around it to one state body. */
export function BodyFilter({ name = 'body' }: { name?: string }) {
  const { t } = useWords()
  const [body, setBody] = useFilter(name)

  return (
    <Box sx={{ width: '22rem', maxWidth: '100%' }}>
      <RegisterPicker
        id="filter-body"
        register="body"
        body={null}
        label={t('app.fields.body')}
        value={typeof body === 'string' ? body : ''}
        help=""
        error={false}
        required={false}
        onChange={setBody}
      />
    </Box>
  )
}
