import { required, SelectInput, TextInput } from 'react-admin'
import { DayInput, SourceInputs } from '../registers/inputs'
import { useWords } from '../words/useWords'

export function SwapInputs() {
  const { t } = useWords()

  return (
    <>
      <DayInput source="date" label={t('app.fields.date')} validate={required()} />
      <SelectInput
        source="kind"
        label={t('app.fields.dayKind')}
        choices={[
          { id: 'working', name: t('app.dayKinds.working') },
          { id: 'off', name: t('app.dayKinds.off') },
        ]}
        translateChoice={false}
        validate={required()}
      />
      <SelectInput
        source="appliesTo"
        label={t('app.fields.appliesTo')}
        choices={[
          { id: 'five-day', name: t('app.week.five') },
          { id: 'all', name: t('app.week.all') },
        ]}
        translateChoice={false}
        validate={required()}
      />
      <TextInput source="reason" label={t('app.fields.reason')} validate={required()} />
      <SourceInputs />
    </>
  )
}
