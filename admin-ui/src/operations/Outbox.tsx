import Alert from '@mui/material/Alert'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import type { OutboxView } from '../../../api/shapes/views'
import { AppTable, Facts } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { dataProvider } from '../providers/dataProvider'
import { useWords } from '../words/useWords'

/** How letters go, for administrators and developers: figures, and letters in trouble; of nobody, and about nothing. */
export default function Outbox() {
  const words = useWords()
  const { t } = words
  const query = useQuery({ queryKey: ['@outbox'], queryFn: ({ signal }) => dataProvider.outbox(signal) })

  return (
    <>
      <PageTitle title={t('app.outbox.title')} />
      <p>{t('app.outbox.explain')}</p>
      <Loadable query={query}>
        {({ on, waiting, stopped, refused, sent, oldest, troubled }) => (
          <>
            <Alert severity={on ? 'success' : 'warning'} sx={{ my: 2 }}>
              {t(on ? 'app.outbox.on' : 'app.outbox.off')}
            </Alert>
            <Facts
              facts={[
                [t('app.outbox.waiting'), waiting],
                [t('app.outbox.oldest'), words.instant(oldest)],
                [t('app.outbox.stopped'), stopped],
                [t('app.outbox.refused'), refused],
                [t('app.outbox.sent'), sent],
              ]}
            />
            <Typography variant="h2" sx={{ mt: 3, mb: 1 }}>
              {t('app.outbox.troubled')}
            </Typography>
            <AppTable<OutboxView['troubled'][number]>
              caption={t('app.outbox.troubled')}
              rows={troubled}
              rowKey={({ id }) => id}
              empty={t('app.outbox.noTrouble')}
              columns={[
                { key: 'due', label: t('app.outbox.due'), cell: ({ dueAt }) => words.instant(dueAt) },
                { key: 'state', label: t('app.outbox.state'), cell: ({ state }) => t(`app.outbox.states.${state}`) },
                { key: 'attempts', label: t('app.outbox.attempts'), cell: ({ attempts }) => attempts },
                { key: 'next', label: t('app.outbox.next'), cell: ({ nextAt }) => words.instant(nextAt) },
                { key: 'error', label: t('app.outbox.error'), cell: ({ lastError }) => lastError ?? '—' },
              ]}
            />
          </>
        )}
      </Loadable>
    </>
  )
}
