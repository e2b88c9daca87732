import { required, SelectInput, TextInput } from 'react-admin'
import { DayInput, RegisterInput } from '../registers/inputs'
import { RegisterCreate } from '../registers/RegisterCreate'
import { useWords } from '../words/useWords'
import { useRoleChoices } from './useRoleChoices'

export default function RoleCreate() {
  const { t } = useWords()
  const roles = useRoleChoices()

  return (
    <RegisterCreate resource="roles" defaults={{ to: null }}>
      <RegisterInput source="person" register="person" label={t('app.fields.person')} />
      <SelectInput
        source="role"
        label={t('app.fields.role')}
        choices={roles.map(({ value, label }) => ({ id: value, name: label }))}
        translateChoice={false}
        validate={required()}
      />
      <RegisterInput source="body" register="body" label={t('app.fields.body')} />
      <DayInput source="from" label={t('app.fields.from')} validate={required()} />
      <DayInput source="to" label={t('app.fields.to')} />
      <TextInput source="basis" label={t('app.fields.basis')} validate={required()} />
    </RegisterCreate>
  )
}
