import { BooleanInput, required, SelectInput, TextInput } from 'react-admin'
import { DayInput, NameInputs, SourceInputs } from '../registers/inputs'
import { RegisterCreate } from '../registers/RegisterCreate'
import { useWords } from '../words/useWords'
import { HOLIDAY_KINDS, holidayKind } from './HolidayList'

export default function HolidayCreate() {
  const words = useWords()
  const { t } = words

  return (
    <RegisterCreate resource="holidays" defaults={{ moves: true }}>
      <DayInput source="date" label={t('app.fields.date')} validate={required()} />
      <TextInput
        source="nameKey"
        label={t('app.fields.nameKey')}
        helperText={t('app.registers.nameKeyHint')}
        validate={required()}
      />
      <NameInputs />
      <SelectInput
        source="kind"
        label={t('app.fields.kind')}
        choices={HOLIDAY_KINDS.map((id) => ({ id, name: holidayKind(words, id) }))}
        translateChoice={false}
        validate={required()}
      />
      <BooleanInput source="moves" label={t('app.fields.moves')} />
      <SourceInputs />
    </RegisterCreate>
  )
}
