import { SearchFilter } from '../layout/Filters'
import { BodyFilter } from '../registers/BodyFilter'
import { RegisterList } from '../registers/RegisterList'
import type { Unit } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function UnitList() {
  const { t, name } = useWords()

  return (
    <RegisterList<Unit>
      resource="units"
      sort={{ field: 'body', order: 'ASC' }}
      filters={
        <>
          <SearchFilter label={t('app.search')} />
          <BodyFilter />
        </>
      }
      columns={[
        { key: 'name', label: t('app.fields.name'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'body', label: t('app.fields.body'), sort: 'body', cell: (row) => name(row.body.name) },
      ]}
    />
  )
}
