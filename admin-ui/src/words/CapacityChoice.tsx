import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { useState } from 'react'
import type { Capacity } from '../../../workflows/kernel/contract'
import { useWords } from './useWords'

export interface CapacityState {
  readonly capacities: readonly Capacity[]
  readonly value: Capacity | null
  /** it was sent without a choice */
  readonly missing: boolean
  readonly choose: (capacity: Capacity) => void
  /** what is sent beside the form; null when the person has not chosen yet, and is told so */
  readonly said: () => { capacity?: Capacity } | null
}

/** In which of several capacities a person acts. Who has one is not asked. */
export function useCapacity(capacities: readonly Capacity[]): CapacityState {
  const [chosen, setChosen] = useState<Capacity | null>(null)
  const [tried, setTried] = useState(false)
  const value = capacities.find((each) => each === chosen) ?? null

  return {
    capacities,
    value,
    missing: tried && value === null,
    choose: setChosen,
    said: () => {
      if (capacities.length < 2) return {}
      setTried(true)

      return value && { capacity: value }
    },
  }
}

export function CapacityChoice({ capacity }: { capacity: CapacityState }) {
  const words = useWords()
  if (capacity.capacities.length < 2) return null

  return (
    <FormControl required error={capacity.missing} sx={{ mt: 2 }}>
      <FormLabel id="capacity">{words.t('app.capacity.label')}</FormLabel>
      <RadioGroup aria-labelledby="capacity" name="capacity" value={capacity.value ?? ''}>
        {capacity.capacities.map((each) => (
          <FormControlLabel
            key={each}
            value={each}
            control={<Radio />}
            label={words.of('kernel', `roles.${each}`)}
            onChange={() => capacity.choose(each)}
          />
        ))}
      </RadioGroup>
      {capacity.missing && <FormHelperText role="alert">{words.t('app.capacity.required')}</FormHelperText>}
    </FormControl>
  )
}
