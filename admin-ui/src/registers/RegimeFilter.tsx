import { useGetList } from 'react-admin'
import { SelectFilter } from '../layout/Filters'
import { useWords } from '../words/useWords'
import type { Regime } from './rows'

/** Limits the list around it to one legal regime. */
export function RegimeFilter() {
  const { t, name } = useWords()
  const { data = [] } = useGetList<Regime>('regimes', {
    pagination: { page: 1, perPage: 100 },
    sort: { field: 'id', order: 'ASC' },
  })

  return (
    <SelectFilter
      name="regime"
      label={t('app.fields.regime')}
      options={data.map((row) => ({ value: row.id, label: name(row.name) }))}
    />
  )
}
