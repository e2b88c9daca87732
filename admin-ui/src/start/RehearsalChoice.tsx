import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { trimmed } from '../../../workflows/kernel/contract/blanks'
import { asText, isValues, tooLongBy } from '../forms/fields'
import type { Start } from '../providers/dataProvider'
import { useWords } from '../words/useWords'

export interface Choice {
  wanted: boolean
  set: string
  origin: string
  speed: string
}
export const NO_REHEARSAL: Choice = { wanted: false, set: '', origin: '', speed: '0' }

const MAX_SET = 60
/** 0 is a held clock, moved only by hand; the others are case seconds for each real one. */
const SPEEDS = ['0', '1', '1440', '86400'] as const

/** The choice in a draft. */
export function choiceIn(draft: unknown): Choice {
  if (!isValues(draft)) return NO_REHEARSAL
  const { wanted, set, origin, speed } = { ...NO_REHEARSAL, ...draft }

  return { wanted: wanted === true, set: asText(set), origin: asText(origin), speed: asText(speed) }
}

/** As the API wants it, or nothing when the case is real. */
export function rehearsalOf({ wanted, set, origin, speed }: Choice): Start['rehearsal'] {
  if (!wanted) return undefined

  // a set of its own, so that one person may be rehearsed with again and again
  const own = new Date().toISOString().slice(0, 16).replace('T', ' ').replace(':', '.')

  return { set: trimmed(set) === '' ? own : trimmed(set), speed: Number(speed), ...(origin === '' ? {} : { origin }) }
}

/** Makes the case a rehearsal: the same process on a clock of its own, left out of lists unless asked for. */
export function RehearsalChoice({ value, onChange }: { value: Choice; onChange: (value: Choice) => void }) {
  const words = useWords()
  const { t } = words
  const long = tooLongBy(value.set, MAX_SET)

  return (
    <Box component="fieldset" sx={{ border: 1, borderColor: 'divider', borderRadius: 1, mt: 3, p: 2, mx: 0 }}>
      <Box component="legend" sx={{ px: 1, fontWeight: 600 }}>
        {t('app.rehearsal.title')}
      </Box>
      <FormControlLabel
        label={t('app.rehearsal.want')}
        control={
          <Checkbox checked={value.wanted} onChange={(event) => onChange({ ...value, wanted: event.target.checked })} />
        }
      />
      {value.wanted && (
        <Stack spacing={2} sx={{ mt: 1, maxWidth: '30rem' }}>
          <Typography variant="body2">{t('app.rehearsal.explain')}</Typography>
          <TextField
            id="rehearsal-set"
            label={t('app.rehearsal.set')}
            value={value.set}
            onChange={(event) => onChange({ ...value, set: event.target.value })}
            error={long > 0}
            helperText={long > 0 ? words.tooLong(MAX_SET, long) : ''}
          />
          <TextField
            id="rehearsal-origin"
            type="date"
            label={t('app.rehearsal.origin')}
            value={value.origin}
            onChange={(event) => onChange({ ...value, origin: event.target.value })}
            slotProps={{ inputLabel: { shrink: true } }}
          />
          <TextField
            select
            id="rehearsal-speed"
            label={t('app.rehearsal.clock')}
            value={value.speed}
            onChange={(event) => onChange({ ...value, speed: event.target.value })}
          >
            {SPEEDS.map((speed) => (
              <MenuItem key={speed} value={speed}>
                {t(`app.rehearsal.speeds.${speed}`)}
              </MenuItem>
            ))}
          </TextField>
        </Stack>
      )}
    </Box>
  )
}
