import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail, EventView, ProcessView } from '../../../api/shapes/views'
import { Answer } from '../forms/Answer'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { useProcesses } from '../providers/useApi'
import { useWords, type Params, type Words } from '../words/useWords'

/** The form by which the content of an event was given. */
function schemaOf(process: ProcessView | undefined, event: EventView): Record<string, unknown> | undefined {
  const { kind, task, act, added } = event.params

  return (
    process?.additions.find((each) => each.kind === added)?.form ??
    process?.tasks.find((each) => each.kind === task || each.kind === kind)?.form ??
    process?.acts.find((each) => each.act === act)?.form ??
    (event.seq === 1 ? process?.start : undefined)
  )
}

/** Who acted: a person, another case by its number where the reader may find it, or what is neither. */
function Author({ event: { actor, by, actorCase } }: { event: EventView }) {
  const { t, name } = useWords()
  if (actor) return name(actor.name)
  if (!actorCase) return t(`app.events.by.${by ?? 'system'}`)

  return (
    <>
      {t('app.events.by.case')}:{' '}
      <Link component={RouterLink} to={`/cases/${actorCase.id}`}>
        {actorCase.number}
      </Link>
    </>
  )
}

/** The other case that an entry tells of, and what was told to it or came of it, in words of its own process. */
function Other({ process, event: { kind, otherCase, params } }: { process: string; event: EventView }) {
  const words = useWords()
  const { act, end, reason } = words.params(otherCase?.process ?? process, params)
  // without the other case nobody knows whose act that is
  const told = kind.startsWith('linkedCase') ? [otherCase && act, end, reason].filter(Boolean).join(', ') : ''
  if (!otherCase && !told) return null

  return (
    <Typography variant="body2">
      {otherCase && (
        <Link component={RouterLink} to={`/cases/${otherCase.id}`}>
          {words.t('app.cases.otherCase', { number: otherCase.number })}
        </Link>
      )}
      {otherCase && told ? ': ' : ''}
      {told}
    </Typography>
  )
}

/** What was changed in a register, in words of the process that did it: of another case, unless that is not known here. */
function changedIn(words: Words, process: string, { params: { effect }, otherCase }: EventView): Params {
  if (typeof effect !== 'string') return {}
  const owners = [process, ...(otherCase ? [otherCase.process] : [])]
  const known = owners.map((owner) => words.maybe(owner, `effects.${effect}`)).find((said) => said !== '')

  return { effect: known ?? words.t('app.events.ofOtherCase') }
}

function Event({ file, event, process }: { file: CaseDetail; event: EventView; process: ProcessView | undefined }) {
  const words = useWords()
  const { t } = words
  const capacity = event.capacity
    ? words.maybe(file.process, `parties.${event.capacity}`) || words.of('kernel', `roles.${event.capacity}`)
    : null

  return (
    <Box
      component="li"
      sx={{
        pl: 2.5,
        pb: 2.5,
        borderLeft: 2,
        borderColor: 'primary.light',
        position: 'relative',
        '&::before': {
          content: '""',
          position: 'absolute',
          left: -7,
          top: 6,
          width: 12,
          height: 12,
          borderRadius: '50%',
          bgcolor: 'primary.main',
        },
      }}
    >
      <Typography variant="body2" color="text.secondary">
        <time dateTime={event.on}>{words.date(event.on)}</time>
        {file.rehearsal === null ? ` · ${words.instant(event.at)}` : ''}
      </Typography>
      <Typography sx={{ fontWeight: 600 }}>
        {words.of(file.process, `events.${event.kind}`, {
          ...words.params(file.process, event.params),
          ...changedIn(words, file.process, event),
        })}
      </Typography>
      <Other process={file.process} event={event} />
      {event.handedOver && (
        <Typography variant="body2">
          {`${words.name(event.handedOver.from.name)} → ${words.name(event.handedOver.to.name)}`}
        </Typography>
      )}
      <Typography variant="body2">
        <Author event={event} />
        {capacity ? ` (${capacity})` : ''}
      </Typography>
      {event.content && Object.keys(event.content).length > 0 && (
        <Box component="details" sx={{ mt: 0.5 }}>
          <Box component="summary" sx={{ cursor: 'pointer', color: 'primary.main' }}>
            {t('app.events.content')}
          </Box>
          <Box sx={{ mt: 1 }}>
            <Answer
              process={event.params['added'] === undefined ? file.process : 'kernel'}
              schema={schemaOf(process, event)}
              values={event.content}
            />
          </Box>
        </Box>
      )}
    </Box>
  )
}

/** The story of the case in business words. */
export function CaseEvents({ file }: { file: CaseDetail }) {
  const { t } = useWords()
  const process = useProcesses().data?.find(({ name }) => name === file.process)

  return (
    <Paged<EventView>
      of={['@case', file.id, 'events']}
      get={(page, signal) => dataProvider.caseEvents(file.id, file.technical, page, signal)}
    >
      {(events) =>
        events.length === 0 ? (
          <Typography>{t('app.events.none')}</Typography>
        ) : (
          <Box component="ol" sx={{ listStyle: 'none', p: 0, pl: 1, m: 0 }}>
            {events.map((event) => (
              <Event key={event.seq} file={file} event={event} process={process} />
            ))}
          </Box>
        )
      }
    </Paged>
  )
}
