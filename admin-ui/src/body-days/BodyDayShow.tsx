import { BooleanInput, required, TextInput } from 'react-admin'
import { RegisterName } from '../forms/Answer'
import { RegisterPage } from '../registers/RegisterPage'
import type { BodyDay } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function BodyDayShow() {
  const { t, date } = useWords()

  return (
    <RegisterPage<BodyDay>
      resource="body-days"
      title={(row) => date(row.date)}
      facts={(row) => [
        [t('app.fields.body'), <RegisterName key="body" register="body" id={row.body} />],
        [t('app.fields.dayKind'), t(row.working ? 'app.dayKinds.working' : 'app.dayKinds.off')],
        [t('app.fields.reason'), row.reason],
      ]}
      removable="app.registers.removeContent"
      inputs={() => (
        <>
          <BooleanInput source="working" label={t('app.fields.working')} />
          <TextInput source="reason" label={t('app.fields.reason')} validate={required()} />
        </>
      )}
    />
  )
}
