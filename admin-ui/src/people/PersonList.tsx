import { SearchFilter } from '../layout/Filters'
import { BodyFilter } from '../registers/BodyFilter'
import { RegisterList } from '../registers/RegisterList'
import type { Person } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function PersonList() {
  const { t, name } = useWords()

  return (
    <RegisterList<Person>
      resource="people"
      sort={{ field: 'name', order: 'ASC' }}
      filters={
        <>
          <SearchFilter label={t('app.search')} />
          <BodyFilter />
        </>
      }
      columns={[
        { key: 'name', label: t('app.fields.person'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'position', label: t('app.fields.position'), cell: (row) => name(row.post?.position.name) },
        { key: 'body', label: t('app.fields.body'), cell: (row) => name(row.post?.body.name) },
      ]}
    />
  )
}
