import Typography from '@mui/material/Typography'
import { SelectInput, required } from 'react-admin'
import { DayInput, RangeInput, SourceInputs } from '../registers/inputs'
import { RegisterPage } from '../registers/RegisterPage'
import type { Term } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'
import { regimeName, termValue } from './TermList'

export default function TermShow() {
  const words = useWords()
  const { t, name, date } = words
  const units = [
    { id: 'working days', name: t('app.unitNames.workingDays') },
    { id: 'calendar days', name: t('app.unitNames.calendarDays') },
    { id: 'months', name: t('app.unitNames.months') },
    { id: 'years', name: t('app.unitNames.years') },
  ]

  return (
    <RegisterPage<Term>
      resource="terms"
      title={(row) => name(row.name)}
      facts={(row) => [
        [t('app.fields.value'), termValue(words, row)],
        [t('app.fields.regime'), regimeName(words, row.regime)],
        [t('app.fields.source'), <Source key="source" confidence={row.confidence} source={row.source} />],
        [t('app.fields.validFrom'), date(row.validFrom)],
        [t('app.fields.validTo'), date(row.validTo)],
      ]}
      inputs={(row) => (
        <>
          <Typography>{t('app.values.meaning', { meaning: name(row.name) })}</Typography>
          <RangeInput range={row.range} optional />
          <SelectInput
            source="unit"
            label={t('app.fields.termUnit')}
            choices={units}
            translateChoice={false}
            validate={required()}
          />
          <SourceInputs />
          <DayInput source="validFrom" label={t('app.fields.validFrom')} />
          <DayInput source="validTo" label={t('app.fields.validTo')} />
        </>
      )}
    />
  )
}
