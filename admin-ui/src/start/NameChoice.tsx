import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { useState } from 'react'
import type { ProcessView } from '../../../api/shapes/views'
import type { Capacity, Unnamed } from '../../../workflows/kernel/contract'
import { useWords } from '../words/useWords'

type Naming = 'named' | Unnamed

const WITHOUT_NAME: readonly Unnamed[] = ['anonymous', 'confidential']

export interface NameState {
  readonly choices: readonly Naming[]
  readonly value: Naming | null
  /** it was sent without a choice */
  readonly missing: boolean
  readonly choose: (naming: Naming) => void
  /** what is sent beside the form; null when the person has not chosen yet, and is told so */
  readonly said: () => { by?: Unnamed } | null
}

/**
 * Whether the case names who starts it. Who may start it by his name alone is not asked; everybody else chooses anew each time, so that
 * nobody gives his name by forgetting to say no.
 */
export function useName(startedBy: ProcessView['startedBy'], capacities: readonly Capacity[]): NameState {
  const [chosen, setChosen] = useState<Naming | null>(null)
  const [tried, setTried] = useState(false)
  const unnamed = WITHOUT_NAME.filter((by) => startedBy.includes(by))
  const choices: Naming[] = [...(capacities.length > 0 ? (['named'] as const) : []), ...unnamed]
  const value = unnamed.length === 0 ? 'named' : (choices.find((each) => each === chosen) ?? null)

  return {
    choices,
    value,
    missing: tried && value === null,
    choose: setChosen,
    said: () => {
      setTried(true)
      if (value === null) return null

      return value === 'named' ? {} : { by: value }
    },
  }
}

export function NameChoice({ name }: { name: NameState }) {
  const { t } = useWords()
  if (!name.choices.some((each) => each !== 'named')) return null

  return (
    <FormControl required error={name.missing} sx={{ mt: 2 }}>
      <FormLabel id="name">{t('app.start.name.label')}</FormLabel>
      <RadioGroup aria-labelledby="name" name="name" value={name.value ?? ''}>
        {name.choices.map((each) => (
          <FormControlLabel
            key={each}
            value={each}
            control={<Radio />}
            label={t(`app.start.name.${each}`)}
            onChange={() => name.choose(each)}
          />
        ))}
      </RadioGroup>
      {name.value !== null && name.value !== 'named' && <FormHelperText>{t('app.start.name.after')}</FormHelperText>}
      {name.missing && <FormHelperText role="alert">{t('app.start.name.required')}</FormHelperText>}
    </FormControl>
  )
}
