import { RegisterName } from '../forms/Answer'
import { BodyFilter } from '../registers/BodyFilter'
import { RegisterList } from '../registers/RegisterList'
import type { BodyDay } from '../registers/rows'
import { YearFilter } from '../registers/YearFilter'
import { useWords } from '../words/useWords'

export default function BodyDayList() {
  const { t, date } = useWords()

  return (
    <RegisterList<BodyDay>
      resource="body-days"
      sort={{ field: 'date', order: 'DESC' }}
      create
      filters={
        <>
          <BodyFilter />
          <YearFilter />
        </>
      }
      columns={[
        { key: 'date', label: t('app.fields.date'), sort: 'date', cell: (row) => date(row.date) },
        {
          key: 'body',
          label: t('app.fields.body'),
          sort: 'body',
          cell: (row) => <RegisterName register="body" id={row.body} />,
        },
        {
          key: 'kind',
          label: t('app.fields.dayKind'),
          cell: (row) => t(row.working ? 'app.dayKinds.working' : 'app.dayKinds.off'),
        },
        { key: 'reason', label: t('app.fields.reason'), cell: (row) => row.reason },
      ]}
    />
  )
}
