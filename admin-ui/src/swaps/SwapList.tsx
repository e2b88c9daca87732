import { SelectFilter } from '../layout/Filters'
import { RegisterList } from '../registers/RegisterList'
import type { Swap } from '../registers/rows'
import { YearFilter } from '../registers/YearFilter'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'

export default function SwapList() {
  const words = useWords()
  const { t, date } = words
  const kinds = [
    { value: 'working', label: t('app.dayKinds.working') },
    { value: 'off', label: t('app.dayKinds.off') },
  ]

  return (
    <RegisterList<Swap>
      resource="swaps"
      sort={{ field: 'date', order: 'DESC' }}
      create
      filters={
        <>
          <YearFilter />
          <SelectFilter name="kind" label={t('app.fields.dayKind')} options={kinds} />
        </>
      }
      columns={[
        { key: 'date', label: t('app.fields.date'), sort: 'date', cell: (row) => date(row.date) },
        {
          key: 'kind',
          label: t('app.fields.dayKind'),
          cell: (row) => t(row.kind === 'working' ? 'app.dayKinds.working' : 'app.dayKinds.off'),
        },
        {
          key: 'for',
          label: t('app.fields.appliesTo'),
          cell: (row) => t(row.appliesTo === 'all' ? 'app.week.all' : 'app.week.five'),
        },
        { key: 'reason', label: t('app.fields.reason'), cell: (row) => words.source(row.reason) },
        {
          key: 'source',
          label: t('app.fields.source'),
          cell: (row) => <Source confidence={row.confidence} source={row.source} />,
        },
      ]}
    />
  )
}
