import { useQuery } from '@tanstack/react-query'
import type { StuckCaseView } from '../../../api/shapes/views'
import { StuckReasons } from '../cases/Stuck'
import { AppTable } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { dataProvider } from '../providers/dataProvider'
import { useWords } from '../words/useWords'

/** Open cases that nothing will move, for administrators and developers. */
export default function StuckCases() {
  const words = useWords()
  const { t } = words
  const query = useQuery({ queryKey: ['@stuck'], queryFn: ({ signal }) => dataProvider.stuckCases(signal) })

  return (
    <>
      <PageTitle title={t('app.menu.stuck')} />
      <p>{t('app.stuck.explain')}</p>
      <Loadable query={query}>
        {(cases) => (
          <AppTable<StuckCaseView>
            caption={t('app.menu.stuck')}
            rows={cases}
            rowKey={({ caseId }) => caseId}
            rowHref={({ caseId }) => `/cases/${caseId}`}
            empty={t('app.stuck.none')}
            columns={[
              { key: 'number', label: t('app.cases.number'), cell: ({ caseNumber }) => caseNumber },
              { key: 'process', label: t('app.cases.process'), cell: ({ process }) => words.of(process, 'name') },
              { key: 'since', label: t('app.stuck.since'), cell: ({ stuck }) => words.instant(stuck.since) },
              {
                key: 'why',
                label: t('app.stuck.why'),
                cell: ({ process, stuck }) => <StuckReasons process={process} stuck={stuck} />,
              },
            ]}
          />
        )}
      </Loadable>
    </>
  )
}
