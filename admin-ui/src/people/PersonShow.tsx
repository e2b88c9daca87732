import { email, TextInput } from 'react-admin'
import { RegisterPage } from '../registers/RegisterPage'
import type { Person } from '../registers/rows'
import { useWords } from '../words/useWords'
import { PostTable } from './PostTable'

export default function PersonShow() {
  const { t, name, date } = useWords()

  return (
    <RegisterPage<Person>
      resource="people"
      title={(row) => name(row.name)}
      facts={(row) => [
        ...(row.post === undefined
          ? []
          : [
              [t('app.fields.position'), name(row.post?.position.name)] as const,
              [t('app.fields.body'), name(row.post?.body.name)] as const,
            ]),
        ...(row.birthDate === undefined ? [] : [[t('app.fields.birthDate'), date(row.birthDate)] as const]),
        ...(row.email === undefined ? [] : [[t('app.fields.email'), row.email ?? '—'] as const]),
        ...(row.sample ? [[t('app.fields.note'), t('app.registers.sample')] as const] : []),
      ]}
      inputs={() => <TextInput source="email" type="email" label={t('app.fields.email')} validate={email()} />}
    >
      {(row) => <PostTable target="person" id={row.id} />}
    </RegisterPage>
  )
}
