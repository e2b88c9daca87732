import { RegisterList } from '../registers/RegisterList'
import type { Regime } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'

export default function RegimeList() {
  const { t, name, date } = useWords()

  return (
    <RegisterList<Regime>
      resource="regimes"
      sort={{ field: 'id', order: 'ASC' }}
      columns={[
        { key: 'name', label: t('app.fields.name'), cell: (row) => name(row.name) },
        { key: 'from', label: t('app.fields.validFrom'), cell: (row) => date(row.validFrom) },
        { key: 'to', label: t('app.fields.validTo'), cell: (row) => date(row.validTo) },
        {
          key: 'basis',
          label: t('app.fields.basis'),
          cell: (row) => <Source confidence={row.confidence} source={row.basis} />,
        },
      ]}
    />
  )
}
