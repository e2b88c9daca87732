import { SelectFilter } from '../layout/Filters'
import { BodyFilter } from '../registers/BodyFilter'
import { RegisterList } from '../registers/RegisterList'
import type { Role } from '../registers/rows'
import { useWords } from '../words/useWords'
import { useRoleChoices } from './useRoleChoices'

export default function RoleList() {
  const { t, of, name, date } = useWords()
  const roles = useRoleChoices()

  return (
    <RegisterList<Role>
      resource="roles"
      sort={{ field: 'body', order: 'ASC' }}
      create
      filters={
        <>
          <SelectFilter name="role" label={t('app.fields.role')} options={roles} />
          <BodyFilter />
        </>
      }
      columns={[
        { key: 'person', label: t('app.fields.person'), sort: 'person', cell: (row) => name(row.person.name) },
        { key: 'role', label: t('app.fields.role'), cell: (row) => of('kernel', `roles.${row.role}`) },
        { key: 'body', label: t('app.fields.body'), sort: 'body', cell: (row) => name(row.body.name) },
        { key: 'from', label: t('app.fields.from'), sort: 'from', cell: (row) => date(row.from) },
        { key: 'to', label: t('app.fields.to'), cell: (row) => date(row.to) },
      ]}
    />
  )
}
