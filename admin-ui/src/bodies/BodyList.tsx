import { SearchFilter, SelectFilter } from '../layout/Filters'
import { RegisterList } from '../registers/RegisterList'
import type { Body } from '../registers/rows'
import { useWords } from '../words/useWords'

const KINDS = ['central', 'agency', 'territorial', 'akimat-region', 'akimat-city', 'akimat-district'] as const

export const useBodyKind = () => {
  const { t } = useWords()

  return (kind: string) => {
    const known = KINDS.find((each) => each === kind)

    return known ? t(`app.bodyKinds.${known}`) : kind
  }
}

export default function BodyList() {
  const { t, name } = useWords()
  const kind = useBodyKind()

  return (
    <RegisterList<Body>
      resource="bodies"
      sort={{ field: 'name', order: 'ASC' }}
      filters={
        <>
          <SearchFilter label={t('app.search')} />
          <SelectFilter
            name="kind"
            label={t('app.fields.kind')}
            options={KINDS.map((value) => ({ value, label: kind(value) }))}
          />
        </>
      }
      columns={[
        { key: 'name', label: t('app.fields.name'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'kind', label: t('app.fields.kind'), cell: (row) => kind(row.kind) },
        {
          key: 'week',
          label: t('app.fields.weekProfile'),
          cell: (row) => t(row.weekProfile === 'six-day' ? 'app.week.six' : 'app.week.five'),
        },
      ]}
    />
  )
}
