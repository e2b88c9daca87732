import ErrorOutline from '@mui/icons-material/ErrorOutlineOutlined'
import Pause from '@mui/icons-material/PauseOutlined'
import Replay from '@mui/icons-material/ReplayOutlined'
import Snooze from '@mui/icons-material/SnoozeOutlined'
import WarningAmber from '@mui/icons-material/WarningAmberOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useEffect } from 'react'
import { Link as RouterLink } from 'react-router-dom'
import type { TaskView } from '../../../api/shapes/views'
import { useSay } from '../providers/useSay'
import { useVerb } from '../tasks/useVerb'
import { aboutLine } from '../words/about'
import { Mark } from '../words/Mark'
import { useWords } from '../words/useWords'
import { WhoHas } from '../words/WhoHas'
import { RehearsalChip } from './RehearsalChip'
import { useSnooze } from './useSnooze'

/** The one date of a row: when it was done, else when it falls due; beside it, until when it is put off. */
function RowDate({ task }: { task: TaskView }) {
  const { t, date, instant } = useWords()
  if (task.answeredAt) return <>{t('app.inbox.answered', { date: instant(task.answeredAt) })}</>

  return (
    <>
      {task.snoozedUntil && (
        <div>
          <Mark icon={<Snooze aria-hidden />}>{t('app.inbox.putOff.mark', { date: date(task.snoozedUntil) })}</Mark>
        </div>
      )}
      {task.due ? t('app.inbox.due', { date: date(task.due.on) }) : t('app.tasks.noTerm')}
      {task.due?.overdue && (
        <div>
          <Mark icon={<ErrorOutline aria-hidden />} tone="error.main">
            <strong>{t('app.tasks.overdue')}</strong>
          </Mark>
        </div>
      )}
    </>
  )
}

/** How it stands, where that is not what one expects. */
function Marks({ task }: { task: TaskView }) {
  const words = useWords()
  const { t } = words

  return (
    <>
      {task.returned && <Mark icon={<Replay aria-hidden />}>{t('app.day.returned')}</Mark>}
      {task.state === 'suspended' && <Mark icon={<Pause aria-hidden />}>{words.of('kernel', 'states.suspended')}</Mark>}
      {task.unheld && (
        <Mark icon={<WarningAmber aria-hidden />} tone="warning.main">
          {t('app.tasks.unheldChip')}
        </Mark>
      )}
      <RehearsalChip set={task.rehearsal} />
    </>
  )
}

/** A task as one link: what, about whom, in which process and stage, whose it is, and one date. What can be done without opening it stands beside. */
export function TaskRow({ task, me, onPutOff }: { task: TaskView; me: string | undefined; onPutOff: () => void }) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const { send, phase, failure, forget } = useVerb(task)
  const snooze = useSnooze(task)
  const title = words.of(task.process, `tasks.${task.kind}.title`)
  const { refusal: notTakenBack, forget: forgetSnooze } = snooze
  const refusal = failure?.message ?? notTakenBack
  // said beside the list: a row that somebody else has taken is gone once the list is read again
  useEffect(() => {
    if (refusal === null) return
    say(`${title}: ${refusal}`, 'error')
    forget()
    forgetSnooze()
  }, [refusal, title, say, forget, forgetSnooze])
  const place = [
    words.of(task.process, 'name'),
    ...(task.stage === null ? [] : [words.of(task.process, `stages.${task.stage}`)]),
  ].join(' · ')

  return (
    <Box
      component="li"
      data-row={task.id}
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) 11rem' },
        alignItems: 'start',
        borderTop: 1,
        borderColor: 'divider',
        '&:first-of-type': { borderTop: 0 },
        '&:focus-within': { bgcolor: 'action.hover' },
      }}
    >
      <Box
        component={RouterLink}
        to={`/tasks/${task.id}`}
        sx={{
          display: 'grid',
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            sm: 'minmax(0, 1fr) minmax(0, 13rem)',
            md: 'minmax(0, 1fr) minmax(0, 10.5rem) minmax(0, 10.5rem)',
          },
          columnGap: 2,
          rowGap: 0.25,
          px: { xs: 1.5, sm: 2 },
          py: 1,
          color: 'text.primary',
          textDecoration: 'none',
          lineHeight: 1.4,
          overflowWrap: 'anywhere',
          '&:hover .title': { textDecoration: 'underline' },
          '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: '-2px' },
        }}
      >
        <Box sx={{ gridRow: { sm: 'span 2', md: 'auto' } }}>
          <Box className="title" sx={{ fontWeight: 600, color: 'primary.main' }}>
            {title}
          </Box>
          <div>{[aboutLine(words, task), task.caseNumber].join(' · ')}</div>
          <Box sx={{ color: 'text.secondary', fontSize: '0.9em' }}>{place}</Box>
        </Box>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, order: { xs: 1, md: 0 }, alignContent: 'start' }}>
          {!task.answeredAt && <WhoHas task={task} me={me} />}
          <Marks task={task} />
        </Box>
        <div>
          <RowDate task={task} />
        </div>
      </Box>
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          gap: 1,
          px: { xs: 1.5, md: 1 },
          pb: 1,
          pt: { md: 1 },
          justifyContent: { md: 'flex-end' },
        }}
      >
        {task.verbs.includes('claim') && (
          <Button
            size="small"
            variant="outlined"
            data-key="claim"
            aria-label={t('app.inbox.ofTask', { verb: t('app.verbs.claim.button'), task: title })}
            disabled={phase !== 'idle'}
            onClick={() => void send('claim')}
          >
            {t('app.verbs.claim.button')}
          </Button>
        )}
        {task.snoozedUntil ? (
          <Button
            size="small"
            aria-label={t('app.inbox.ofTask', { verb: t('app.inbox.putOff.end'), task: title })}
            disabled={snooze.busy}
            onClick={() => void snooze.takeBack()}
          >
            {t('app.inbox.putOff.end')}
          </Button>
        ) : (
          task.snooze && (
            <Button
              size="small"
              data-key="put-off"
              aria-haspopup="dialog"
              aria-label={t('app.inbox.ofTask', { verb: t('app.inbox.putOff.open'), task: title })}
              onClick={onPutOff}
            >
              {t('app.inbox.putOff.open')}
            </Button>
          )
        )}
      </Box>
    </Box>
  )
}
