import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import { Underway } from '../layout/Underway'
import type { CaseDetail, Outcome, ProcessView } from '../../../api/shapes/views'
import { Answer } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { Drafted, DraftKept, DraftRestored } from '../forms/Drafted'
import { formIn, payload, type Values } from '../forms/fields'
import { inputId, useFormState, type Offered } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { useDraft } from '../forms/useDraft'
import { useSettled } from '../forms/useSettled'
import { Facts } from '../layout/AppTable'
import { Loadable, Waiting } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { newKey } from '../providers/http'
import { useCommand } from '../providers/useCommand'
import { useCase, useProcesses } from '../providers/useApi'
import { useSay } from '../providers/useSay'
import { Source } from '../words/Confidence'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'
import { namingOf } from './continued'
import { NameChoice, useName, type NameState } from './NameChoice'
import { choiceIn, RehearsalChoice, rehearsalOf, type Choice as Rehearsal } from './RehearsalChoice'

/** A key of what is sent without a name: the server takes no other for it, and this one for nothing else. */
const unnamedKey = () => `unnamed-${newKey()}`

type Refused = Extract<Outcome, { result: 'refused' }>

/** A refusal is an answer with its reason, and a case of its own that one may look at. */
function Refusal({ process, refused, unnamed }: { process: string; refused: Refused; unnamed: boolean }) {
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
      // who is not named in it, or has lost his office meanwhile, does not find it
      action={
        !unnamed &&
        refused.caseId !== null && (
          <Button component={Link} to={`/cases/${refused.caseId}`}>
            {words.t('app.start.open', { number: refused.number ?? '' })}
          </Button>
        )
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

/** What the start form offers in a body, or in the set of rehearsals that is named; null until it is known. */
function useStartOffer(
  process: string,
  body: string,
  { wanted, set: typed, origin }: Rehearsal,
  naming: NameState['value'],
): Offered | null {
  const set = useSettled(typed)
  const startIn = useMemo(() => {
    const rehearsal = rehearsalOf({ wanted, set, origin, speed: '0' })

    const isNamed = naming === null || naming === 'named'

    return {
      body,
      ...(!isNamed && { by: naming }),
      ...(rehearsal && { set: rehearsal.set, ...(rehearsal.origin && { origin: rehearsal.origin }) }),
    }
  }, [body, wanted, set, origin, naming])
  const { data: offer } = useQuery({
    queryKey: ['@start-offer', process, startIn],
    queryFn: ({ signal }) => dataProvider.startOffer(process, startIn, signal),
    staleTime: 5_000,
    retry: false,
  })

  return useMemo(
    () =>
      offer
        ? { process, offer, startIn, refusedAt: `/api/processes/${encodeURIComponent(process)}/start/refused` }
        : null,
    [offer, process, startIn],
  )
}

type Startable = ProcessView['startableIn'][number]

/** What was typed into the form, and whether it is for a rehearsal: who goes on with it must not start a real case instead. */
function TypedStart({ process, typed }: { process: ProcessView; typed: Values }) {
  const { t } = useWords()
  const { wanted, set } = choiceIn(typed['rehearsal'])

  return (
    <>
      <Answer process={process.name} schema={process.start} values={formIn(typed)} />
      {wanted && <Facts stacked facts={[[t('app.rehearsal.want'), set || t('app.yes')]]} />}
    </>
  )
}

/** prefix of the ids of the inputs of the start form, and of what is chosen beside it */
const FORM = 'start-form'

/** Says which case the new one continues; closing it drops that. */
function Continued({ number, onDrop }: { number: string; onDrop: () => void }) {
  const { t } = useWords()

  return (
    <Alert
      id={inputId(FORM, 'continues')}
      tabIndex={-1}
      severity="info"
      sx={{ mb: 2 }}
      onClose={onDrop}
      closeText={t('app.start.continuesNot')}
    >
      {t('app.start.continues', { number })}
    </Alert>
  )
}

/** A case that continues a rehearsal belongs to its set. */
const setOf = ({ rehearsal, clock }: CaseDetail): Rehearsal | null =>
  rehearsal === null ? null : { wanted: true, set: rehearsal, origin: '', speed: String(clock?.speed ?? 0) }

function StartForm({
  process,
  body: { key: body, capacities },
  draft,
  ended,
  appealed,
  onDrop,
}: {
  process: ProcessView
  body: Startable
  draft: Draft
  /** a case that the new one is to continue, or to name in its form; null: none */
  ended: CaseDetail | null
  /** what the form says of the decision that the new case appeals; null: it appeals none */
  appealed: Values | null
  onDrop: () => void
}) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const navigate = useNavigate()
  const [rehearsal, setRehearsal] = useState(() => (ended && setOf(ended)) ?? choiceIn(draft.form?.['rehearsal']))
  const name = useName(process.startedBy, capacities)
  const naming = ended && namingOf(process, ended)
  // a case that does not name who starts it leads to nobody by another
  const isNamed = name.value === null || name.value === 'named'
  const linked = naming?.by === 'link' && isNamed ? ended : null
  const form = useFormState(
    process.start,
    { ...formIn(draft.form ?? {}), ...(ended && naming?.by === 'field' && { [naming.field]: ended.id }), ...appealed },
    useStartOffer(process.name, body, rehearsal, name.value),
  )
  const { fields, values } = form
  const [chosen, setChosen] = useState(false)
  const touched = form.touched || chosen
  const typed = useMemo(() => ({ form: payload(fields, values), rehearsal }), [fields, values, rehearsal])
  const restore = (from: Values) => {
    form.reset(formIn(from))
    setRehearsal(choiceIn(from['rehearsal']))
    setChosen(false)
  }
  const [refused, setRefused] = useState<Refused | null>(null)
  /** number of what was received without a name: its sender finds it nowhere again */
  const [received, setReceived] = useState<string | null>(null)
  const { run, phase, failure } = useCommand<Outcome>()
  const kept = useDraft(draft, typed, { touched, sending: phase !== 'idle' })

  const capacity = useCapacity(capacities)
  const start = words.of(process.name, 'start.title')

  const send = async () => {
    const answer = form.submit()
    const sender = name.said()
    const said = sender?.by ? {} : capacity.said()
    if (!answer || !sender || !said) return
    const set = rehearsalOf(rehearsal)
    const asked = {
      form: answer,
      // what names neither a position, a body nor a case belongs to the body that was chosen
      ...(capacities.includes('self') || sender.by ? { body } : {}),
      ...(set ? { rehearsal: set } : {}),
      ...(linked === null ? {} : { continues: linked.id }),
      ...said,
      ...sender,
    }
    setRefused(null)
    const result = await run(
      { process: process.name, start: asked },
      (key) => draft.before(() => dataProvider.startCase(process.name, asked, key)),
      sender.by ? unnamedKey : newKey,
    )
    if (!result) return
    if (!result.ok) {
      if (Object.keys(result.errors).length > 0) form.fail(result.errors)

      return
    }
    const outcome = result.value ?? result.command?.outcome ?? null
    if (outcome?.result === 'refused') {
      // what was stored names nobody: no draft of it may come back under his name
      if (sender.by) draft.done()
      setRefused(outcome)

      return
    }
    draft.done()
    if (outcome?.result === 'received') {
      setReceived(outcome.number ?? '')

      return
    }
    say(t('app.start.started'), 'success')
    await navigate(outcome?.result === 'started' && outcome.caseId !== null ? `/cases/${outcome.caseId}` : '/cases')
  }

  if (received !== null)
    return (
      <Alert severity="success" role="status">
        {t('app.start.name.received', { number: received })}
      </Alert>
    )

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Typography sx={{ mb: 2 }}>{words.maybe(process.name, 'start.instruction')}</Typography>
      {refused && <Refusal process={process.name} refused={refused} unnamed={name.value !== 'named'} />}
      <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => restore({})} />
      {linked !== null && <Continued number={linked.number} onDrop={onDrop} />}
      <NameChoice name={name} />
      <SchemaForm id={FORM} form={form} process={process.name} body={body} address={draft.address} />
      {name.value === 'named' && <CapacityChoice capacity={capacity} />}
      <RehearsalChoice
        value={rehearsal}
        onChange={(choice) => {
          setRehearsal(choice)
          setChosen(true)
        }}
      />
      <DraftKept
        draft={draft}
        status={kept}
        typed={typed}
        quiet={phase !== 'idle'}
        show={(text) => <TypedStart process={process} typed={text} />}
        onRestore={restore}
      />
      {failure && (
        <Alert severity="error" sx={{ my: 2 }}>
          {failure.message} {t('app.command.typedKept')}
        </Alert>
      )}
      <Underway phase={phase} />
      <Button
        type="submit"
        variant="contained"
        size="large"
        disabled={phase !== 'idle' || kept.other !== null}
        sx={{ mt: 2 }}
      >
        {rehearsal.wanted ? t('app.rehearsal.start', { start }) : start}
      </Button>
    </form>
  )
}

function Choice({ processes }: { processes: readonly ProcessView[] }) {
  const words = useWords()
  const { t, name } = words
  const [search, setSearch] = useSearchParams()
  const continues = search.get('continues')
  const read = useCase(continues)
  const ended = continues !== null && read.data?.state === 'done' ? read.data.value : null
  const decision = search.get('decision')
  const open = processes.filter(({ startableIn }) => startableIn.length > 0)
  if (open.length === 0) return <Alert severity="info">{t('app.start.nothing')}</Alert>
  const process = open.find((each) => each.name === search.get('process')) ?? open[0]
  if (!process) return null
  const mayAppeal = ended?.decisions.find(({ document }) => document.id === decision)?.mayAppeal
  const appealed = mayAppeal?.process === process.name ? mayAppeal.form : null
  const choose = (next: Record<string, string>) =>
    setSearch(
      { ...next, ...(continues !== null && { continues }), ...(decision !== null && { decision }) },
      { replace: true },
    )
  const drop = () =>
    setSearch(
      (before) => {
        before.delete('continues')

        return before
      },
      { replace: true },
    )
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
            onChange={(event) => choose({ process: event.target.value })}
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
            onChange={(event) => choose({ process: process.name, body: event.target.value })}
          >
            {words.inOrder(process.startableIn).map((each) => (
              <MenuItem key={each.key} value={each.key} sx={{ whiteSpace: 'normal' }}>
                {name(each.name)}
              </MenuItem>
            ))}
          </TextField>
        </Stack>
      </Section>
      {continues !== null && read.isPending && <Waiting />}
      {body && !(continues !== null && read.isPending) && (
        <Section title={words.of(process.name, 'start.title')}>
          <Drafted key={`${process.name}/${body.key}`} address={`start:${process.name}:${body.key}`}>
            {(draft) => (
              <StartForm process={process} body={body} draft={draft} ended={ended} appealed={appealed} onDrop={drop} />
            )}
          </Drafted>
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
