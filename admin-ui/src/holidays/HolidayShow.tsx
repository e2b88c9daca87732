import { BooleanInput, required } from 'react-admin'
import { DayInput, NameInputs, SourceInputs } from '../registers/inputs'
import { RegisterPage } from '../registers/RegisterPage'
import type { Holiday } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'
import { holidayKind } from './HolidayList'

export default function HolidayShow() {
  const words = useWords()
  const { t, name, date } = words

  return (
    <RegisterPage<Holiday>
      resource="holidays"
      title={(row) => `${name(row.name)}, ${date(row.date)}`}
      facts={(row) => [
        [t('app.fields.kind'), holidayKind(words, row.kind)],
        [t('app.fields.moves'), t(row.moves ? 'app.yes' : 'app.no')],
        [t('app.fields.source'), <Source key="source" confidence={row.confidence} source={row.source} />],
      ]}
      removable="app.registers.removeContent"
      inputs={() => (
        <>
          <DayInput source="date" label={t('app.fields.date')} validate={required()} />
          <NameInputs />
          <BooleanInput source="moves" label={t('app.fields.moves')} />
          <SourceInputs />
        </>
      )}
    />
  )
}
