import { required, TextInput } from 'react-admin'
import { DayInput } from '../registers/inputs'
import { PostName } from '../registers/PostName'
import { RegisterPage } from '../registers/RegisterPage'
import type { Role } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function RoleShow() {
  const words = useWords()
  const { t, of, name, date } = words

  return (
    <RegisterPage<Role>
      resource="roles"
      title={(row) => `${name(row.person.name)} — ${of('kernel', `roles.${row.role}`)}`}
      facts={(row) => [
        [t('app.fields.body'), name(row.body.name)],
        [t('app.fields.from'), date(row.from)],
        [t('app.fields.to'), date(row.to)],
        ...(row.basis === undefined ? [] : [[t('app.fields.basis'), words.source(row.basis)] as const]),
        ...(row.post === undefined
          ? []
          : [[t('app.fields.post'), row.post ? <PostName key="post" id={row.post} /> : '—'] as const]),
      ]}
      inputs={() => (
        <>
          <DayInput source="from" label={t('app.fields.from')} validate={required()} />
          <DayInput source="to" label={t('app.fields.to')} />
          <TextInput source="basis" label={t('app.fields.basis')} validate={required()} />
        </>
      )}
    />
  )
}
