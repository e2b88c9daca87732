import { BooleanInput, required, TextInput } from 'react-admin'
import { DayInput, RegisterInput } from '../registers/inputs'
import { RegisterCreate } from '../registers/RegisterCreate'
import { useWords } from '../words/useWords'

export default function BodyDayCreate() {
  const { t } = useWords()

  return (
    <RegisterCreate resource="body-days" defaults={{ working: false }}>
      <RegisterInput source="body" register="body" label={t('app.fields.body')} />
      <DayInput source="date" label={t('app.fields.date')} validate={required()} />
      <BooleanInput source="working" label={t('app.fields.working')} />
      <TextInput source="reason" label={t('app.fields.reason')} validate={required()} />
    </RegisterCreate>
  )
}
