import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { CaseDetail, HistoryEventView } from '../../../api/shapes/views'
import { AppTable } from '../layout/AppTable'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { useWords } from '../words/useWords'

/** The workflow's own history, decoded, for developers and administrators. */
export function CaseHistory({ file }: { file: CaseDetail }) {
  const { t, instant } = useWords()

  return (
    <>
      <Typography sx={{ mb: 1 }}>{t('app.history.explain')}</Typography>
      <Paged<HistoryEventView>
        of={['@case', file.id, 'history']}
        get={(page, signal) => dataProvider.caseHistory(file.id, page, signal)}
      >
        {(events) => (
          <AppTable<HistoryEventView>
            caption={t('app.cases.tabs.history')}
            rows={events}
            rowKey={({ id }) => String(id)}
            empty={t('app.history.none')}
            columns={[
              { key: 'id', label: t('app.history.id'), cell: (event) => event.id },
              { key: 'at', label: t('app.history.at'), cell: (event) => instant(event.at) },
              { key: 'type', label: t('app.history.type'), cell: (event) => event.type },
              { key: 'summary', label: t('app.history.summary'), cell: (event) => event.summary },
              {
                key: 'attributes',
                label: t('app.history.attributes'),
                cell: (event) => (
                  <details>
                    <Box component="summary" sx={{ cursor: 'pointer', color: 'primary.main' }}>
                      {t('app.history.show', { id: event.id })}
                    </Box>
                    <Box
                      component="pre"
                      tabIndex={0}
                      sx={{ m: 0, maxWidth: '44rem', overflow: 'auto', fontSize: '0.8rem' }}
                    >
                      {JSON.stringify(event.attributes, null, 2)}
                    </Box>
                  </details>
                ),
              },
            ]}
          />
        )}
      </Paged>
    </>
  )
}
