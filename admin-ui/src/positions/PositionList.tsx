import { SearchFilter } from '../layout/Filters'
import { BodyFilter } from '../registers/BodyFilter'
import { RegisterList } from '../registers/RegisterList'
import type { Position } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function PositionList() {
  const words = useWords()
  const { t, name } = words

  return (
    <RegisterList<Position>
      resource="positions"
      sort={{ field: 'body', order: 'ASC' }}
      filters={
        <>
          <SearchFilter label={t('app.search')} />
          <BodyFilter />
        </>
      }
      columns={[
        { key: 'name', label: t('app.fields.position'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'unit', label: t('app.fields.unit'), cell: (row) => name(row.unit?.name) },
        { key: 'body', label: t('app.fields.body'), sort: 'body', cell: (row) => name(row.body.name) },
        {
          key: 'category',
          label: t('app.fields.category'),
          sort: 'category',
          cell: (row) => words.category(row.category),
        },
      ]}
    />
  )
}
