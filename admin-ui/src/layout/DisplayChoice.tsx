import DisplaySettings from '@mui/icons-material/DisplaySettings'
import Box from '@mui/material/Box'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormLabel from '@mui/material/FormLabel'
import IconButton from '@mui/material/IconButton'
import Popover from '@mui/material/Popover'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { useState, useSyncExternalStore } from 'react'
import { DENSITIES, KEY_CHOICES, MODES } from '../choices'
import { chooseDisplay, currentDisplay, onDisplayChange } from '../display'
import { useWords } from '../words/useWords'
import { LanguageChoice } from './LanguageChoice'

function Choice<Value extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChoose: (value: Value) => void
}) {
  const choose = (chosen: string) => {
    const option = options.find((each) => each.value === chosen)
    if (option) onChoose(option.value)
  }

  return (
    <FormControl component="fieldset" size="small">
      <FormLabel component="legend">{label}</FormLabel>
      <RadioGroup value={value} onChange={(_, chosen) => choose(chosen)}>
        {options.map((option) => (
          <FormControlLabel
            key={option.value}
            value={option.value}
            label={option.label}
            control={<Radio size="small" />}
          />
        ))}
      </RadioGroup>
    </FormControl>
  )
}

/** In the header: how the console looks on this device; on a phone, where the header has no room for it, the language too. */
export function DisplayChoice() {
  const { t } = useWords()
  const { mode, density, keys } = useSyncExternalStore(onDisplayChange, currentDisplay)
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const label = t('app.display.label')

  return (
    <>
      <IconButton
        color="inherit"
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
      >
        <DisplaySettings />
      </IconButton>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': label } }}
      >
        <Box sx={{ p: 2, display: 'grid', gap: 1.5 }}>
          <Box sx={{ display: { sm: 'none' } }}>
            <LanguageChoice />
          </Box>
          <Choice
            label={t('app.display.mode')}
            value={mode}
            options={MODES.map((value) => ({ value, label: t(`app.display.modes.${value}`) }))}
            onChoose={(chosen) => chooseDisplay({ mode: chosen })}
          />
          <Choice
            label={t('app.display.density')}
            value={density}
            options={DENSITIES.map((value) => ({ value, label: t(`app.display.densities.${value}`) }))}
            onChoose={(chosen) => chooseDisplay({ density: chosen })}
          />
          <Choice
            label={t('app.display.keys')}
            value={keys}
            options={KEY_CHOICES.map((value) => ({ value, label: t(`app.display.keyChoices.${value}`) }))}
            onChoose={(chosen) => chooseDisplay({ keys: chosen })}
          />
        </Box>
      </Popover>
    </>
  )
}
