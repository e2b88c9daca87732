import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useEffect, useRef, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import { Underway } from '../layout/Underway'
import type { Outcome, ProcessView } from '../../../api/shapes/views'
import { useFormState } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { forgetValues, keepValues, keptValues } from '../forms/kept'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useProcesses } from '../providers/useApi'
import { useSay } from '../providers/useSay'
import { Source } from '../words/Confidence'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'
import { NO_REHEARSAL, RehearsalChoice, rehearsalOf } from './RehearsalChoice'

type Refused = Extract<Outcome, { result: 'refused' }>

/** A refusal is an answer with its reason, and a case of its own that one may look at. */
function Refusal({ process, refused }: { process: string; refused: Refused }) {
  const words = useWords()
  const { reason } = refused
  const box = useRef<HTMLDivElement>(null)
  // the button is at the end of a long form, and this at its beginning
  useEffect(() => box.current?.focus(), [])

  return (
    <Alert
      ref={box}
      tabIndex={-1}
      severity="warning"
      sx={{ mb: 2 }}
      action={
        <Button component={Link} to={`/cases/${refused.caseId}`}>
          {words.t('app.start.open', { number: refused.number })}
        </Button>
      }
    >
      <AlertTitle>{words.t('app.start.refused')}</AlertTitle>
      {words.reason(process, reason)}
      {reason.confidence && (
        <div>
          <Source confidence={reason.confidence} source={reason.source ?? ''} />
        </div>
      )}
      {!reason.confidence && reason.source && <div>{reason.source}</div>}
    </Alert>
  )
}

type Startable = ProcessView['startableIn'][number]

function StartForm({ process, body: { key: body, capacities } }: { process: ProcessView; body: Startable }) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const navigate = useNavigate()
  const typed = `start.${process.name}.${body}`
  const [initial] = useState(() => keptValues(typed) ?? {})
  const form = useFormState(process.start, initial)
  const { values, touched } = form
  useEffect(() => {
    if (touched) keepValues(typed, values)
  }, [typed, touched, values])
  const [rehearsal, setRehearsal] = useState(NO_REHEARSAL)
  const [refused, setRefused] = useState<Refused | null>(null)
  const { run, phase, failure } = useCommand<Outcome>()

  const capacity = useCapacity(capacities)
  const start = words.of(process.name, 'start.title')

  const send = async () => {
    const answer = form.submit()
    const said = capacity.said()
    if (!answer || !said) return
    const set = rehearsalOf(rehearsal)
    const asked = { form: answer, ...(set ? { rehearsal: set } : {}), ...said }
    setRefused(null)
    const result = await run({ process: process.name, start: asked }, (key) =>
      dataProvider.startCase(process.name, asked, key),
    )
    if (!result) return
    if (!result.ok) {
      if (Object.keys(result.errors).length > 0) form.fail(result.errors)

      return
    }
    const outcome = result.value ?? result.command?.outcome ?? null
    if (outcome?.result === 'refused') {
      setRefused(outcome)

      return
    }
    forgetValues(typed)
    say(t('app.start.started'), 'success')
    await navigate(outcome?.result === 'started' ? `/cases/${outcome.caseId}` : '/cases')
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Typography sx={{ mb: 2 }}>{words.maybe(process.name, 'start.instruction')}</Typography>
      {refused && <Refusal process={process.name} refused={refused} />}
      <SchemaForm form={form} process={process.name} body={body} />
      <CapacityChoice capacity={capacity} />
      <RehearsalChoice value={rehearsal} onChange={setRehearsal} />
      {failure && (
        <Alert severity="error" sx={{ my: 2 }}>
          {failure.message} {t('app.command.typedKept')}
        </Alert>
      )}
      <Underway phase={phase} />
      <Button type="submit" variant="contained" size="large" disabled={phase !== 'idle'} sx={{ mt: 2 }}>
        {rehearsal.wanted ? t('app.rehearsal.start', { start }) : start}
      </Button>
    </form>
  )
}

function Choice({ processes }: { processes: readonly ProcessView[] }) {
  const words = useWords()
  const { t, name } = words
  const [search, setSearch] = useSearchParams()
  const open = processes.filter(({ startableIn }) => startableIn.length > 0)
  if (open.length === 0) return <Alert severity="info">{t('app.start.nothing')}</Alert>
  const process = open.find((each) => each.name === search.get('process')) ?? open[0]
  if (!process) return null
  const body = process.startableIn.find(({ key }) => key === search.get('body')) ?? process.startableIn[0]

  return (
    <>
      <Section title={t('app.start.what')}>
        <Stack spacing={2} sx={{ maxWidth: '44rem' }}>
          <TextField
            select
            id="start-process"
            label={t('app.cases.process')}
            value={process.name}
            onChange={(event) => setSearch({ process: event.target.value }, { replace: true })}
          >
            {open.map((each) => (
              <MenuItem key={each.name} value={each.name}>
                {words.of(each.name, 'name')}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            select
            id="start-body"
            label={t('app.cases.body')}
            value={body?.key ?? ''}
            onChange={(event) => setSearch({ process: process.name, body: event.target.value }, { replace: true })}
          >
            {words.inOrder(process.startableIn).map((each) => (
              <MenuItem key={each.key} value={each.key} sx={{ whiteSpace: 'normal' }}>
                {name(each.name)}
              </MenuItem>
            ))}
          </TextField>
        </Stack>
      </Section>
      {body && (
        <Section title={words.of(process.name, 'start.title')}>
          <StartForm key={`${process.name}/${body.key}`} process={process} body={body} />
        </Section>
      )}
    </>
  )
}

export default function StartCase() {
  const { t } = useWords()

  return (
    <>
      <PageTitle title={t('app.start.title')} />
      <Loadable query={useProcesses()}>{(processes) => <Choice processes={processes} />}</Loadable>
    </>
  )
}
