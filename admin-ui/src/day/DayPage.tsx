import ArrowForward from '@mui/icons-material/ArrowForward'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useEffect, useState } from 'react'
import { Link as RouterLink, Navigate } from 'react-router-dom'
import type { DayView } from '../../../api/shapes/views'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { failureOf } from '../providers/http'
import { onLiveUpdate } from '../providers/liveUpdates'
import { STANDS_STILL } from '../tasks/next'
import { useDay, useMe } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { DayPart, DayRow } from './DayPart'
import { Load } from './Load'

/** Of those that are overdue this many are shown at first where anything else is due: what can still be done in time is not to be far down. */
const OVERDUE_AT_FIRST = 2

/** "Your day has changed": the rows stay where they are until the person asks for the new ones. */
function News({ shown, onShow }: { shown: DayView; onShow: () => void }) {
  const { t } = useWords()
  const [stale, setStale] = useState<DayView | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    const look = async () => {
      const now = await dataProvider.day(gone.signal).catch(() => null)
      if (now && !gone.signal.aborted) setStale(JSON.stringify(now) === JSON.stringify(shown) ? null : shown)
    }
    const stop = onLiveUpdate((topics) => topics.has('tasks') && void look())

    return () => {
      gone.abort()
      stop()
    }
  }, [shown])

  return (
    <div role="status">
      {stale === shown && (
        <Alert severity="info" sx={{ my: 1 }} action={<Button onClick={onShow}>{t('app.refresh')}</Button>}>
          {t('app.day.news')}
        </Alert>
      )}
    </div>
  )
}

/** What will be here, and what one could do meanwhile; whoever answers for others has their work below. */
function Empty({ more }: { more: boolean }) {
  const { t } = useWords()

  return (
    <Section title={t('app.day.emptyTitle')}>
      <Typography sx={{ maxWidth: '46rem' }}>{t('app.day.empty')}</Typography>
      {!more && (
        <>
          <Typography sx={{ maxWidth: '46rem', mt: 1, mb: 2 }}>{t('app.day.emptyNext')}</Typography>
          <Button component={RouterLink} to="/cases" variant="outlined">
            {t('app.menu.cases')}
          </Button>
        </>
      )}
    </Section>
  )
}

function Soon({ tasks, inBodies }: { tasks: DayView['soon']; inBodies: boolean }) {
  const { t } = useWords()
  const me = useMe()?.person.id

  return (
    <Section title={t('app.day.soon')}>
      {tasks.length === 0 ? (
        <Typography color="text.secondary">{t('app.day.noneSoon')}</Typography>
      ) : (
        <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
          {tasks.map((task) => (
            <DayRow key={task.id} task={task} beside={[]} me={me} inBodies={inBodies} />
          ))}
        </Box>
      )}
    </Section>
  )
}

function Day({ day }: { day: DayView }) {
  const { t } = useWords()
  const { parts, loads, soon } = day
  const first = parts.flatMap(({ tasks }) => tasks).find(({ state }) => !STANDS_STILL.includes(state))

  return (
    <>
      {first && (
        <Button
          component={RouterLink}
          to={`/tasks/${first.id}`}
          variant="contained"
          endIcon={<ArrowForward aria-hidden />}
          sx={{ mb: 1.5 }}
        >
          {t('app.day.first')}
        </Button>
      )}
      {parts.length === 0 && <Empty more={loads.length > 0} />}
      {parts.map((part) => (
        <DayPart
          key={part.part}
          part={part}
          atFirst={part.part === 'overdue' && parts.length > 1 ? OVERDUE_AT_FIRST : part.tasks.length}
        />
      ))}
      {loads.length > 0 && <Soon tasks={soon} inBodies={loads.some(({ by }) => by === 'body')} />}
      {loads.map((load) => (
        <Load key={load.by} load={load} />
      ))}
    </>
  )
}

/** The start of a day: what needs the person, in the order of the legal terms, and how the work goes for which he answers. */
export default function DayPage() {
  const { t } = useWords()
  const query = useDay()
  const { data, error } = query
  // a release before has no such page
  if (failureOf(error).status === 404) return <Navigate to="/tasks" replace />

  return (
    <>
      <PageTitle title={t('app.day.title')} />
      {data && <News shown={data} onShow={() => void query.refetch()} />}
      <Loadable query={query}>{(day) => <Day day={day} />}</Loadable>
    </>
  )
}
