import { SearchFilter } from '../layout/Filters'
import { RegisterList } from '../registers/RegisterList'
import type { Region } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function RegionList() {
  const { t, name, date } = useWords()

  return (
    <RegisterList<Region>
      resource="regions"
      sort={{ field: 'name', order: 'ASC' }}
      filters={<SearchFilter label={t('app.search')} />}
      columns={[
        { key: 'name', label: t('app.fields.name'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'timezone', label: t('app.fields.timezone'), cell: (row) => row.timezone },
        { key: 'created', label: t('app.fields.createdOn'), cell: (row) => date(row.createdOn) },
      ]}
    />
  )
}
