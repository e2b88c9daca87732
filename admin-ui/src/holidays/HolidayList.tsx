import { RegisterList } from '../registers/RegisterList'
import type { Holiday } from '../registers/rows'
import { YearFilter } from '../registers/YearFilter'
import { Source } from '../words/Confidence'
import { useWords, type Words } from '../words/useWords'

export const HOLIDAY_KINDS = ['state', 'national', 'religious'] as const
export const holidayKind = (words: Words, kind: string) => {
  const known = HOLIDAY_KINDS.find((each) => each === kind)

  return known ? words.t(`app.holidayKinds.${known}`) : kind
}

export default function HolidayList() {
  const words = useWords()
  const { t, name, date } = words

  return (
    <RegisterList<Holiday>
      resource="holidays"
      sort={{ field: 'date', order: 'DESC' }}
      create
      filters={<YearFilter />}
      columns={[
        { key: 'date', label: t('app.fields.date'), sort: 'date', cell: (row) => date(row.date) },
        { key: 'name', label: t('app.fields.name'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'kind', label: t('app.fields.kind'), cell: (row) => holidayKind(words, row.kind) },
        { key: 'moves', label: t('app.fields.moves'), cell: (row) => t(row.moves ? 'app.yes' : 'app.no') },
        {
          key: 'source',
          label: t('app.fields.source'),
          cell: (row) => <Source confidence={row.confidence} source={row.source} />,
        },
      ]}
    />
  )
}
