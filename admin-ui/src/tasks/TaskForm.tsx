import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormHelperText from '@mui/material/FormHelperText'
import Typography from '@mui/material/Typography'
import { useEffect, useId, useMemo, useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { Underway } from '../layout/Underway'
import type { TaskDetail, TaskKindView, TaskView } from '../../../api/shapes/views'
import type { Capacity } from '../../../workflows/kernel/contract'
import { Answer } from '../forms/Answer'
import type { Draft } from '../forms/draft'
import { Drafted, DraftKept, DraftRestored } from '../forms/Drafted'
import { asText, payload, refusedAs, type Values } from '../forms/fields'
import { inputId, useFormState } from '../forms/FormState'
import { SchemaForm } from '../forms/SchemaForm'
import { useDraft } from '../forms/useDraft'
import { dataProvider } from '../providers/dataProvider'
import { useCommand } from '../providers/useCommand'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import { ConfirmDialog } from './ConfirmDialog'
import { consequenceOf } from './consequence'
import { landing, nextTask } from './next'
import { ReturnButton } from './ReturnButton'
import { Section } from '../layout/Section'
import { isAnswerable, isFree, useTakeUp } from './useTakeUp'
import { waysOf, withoutDecision, type Way } from './ways'

/** What remarks of the answer and of a return for revision are called. */
const REMARKS = 'remarks'

interface Props {
  task: TaskDetail
  decision: TaskKindView['decision']
  /** it may be answered by sending an earlier answer back */
  returns: boolean
  /** it is being answered, or is not any more */
  onBegun: (begun: boolean) => void
  /** something stands in it that is not sent */
  onTyped: (typed: boolean) => void
  /** where to go once it is answered; absent: to the next task */
  after?: string | undefined
}

/** As many beside each other as keep their lines readable. */
const WAYS = 'repeat(auto-fill, minmax(min(100%, 18rem), 1fr))'

/** The button of one way to answer; under it what it puts on record, and what follows from it by which term. */
function WayButton({
  task,
  way,
  describedBy,
  disabled,
  onChoose,
}: {
  task: TaskDetail
  way: Way
  describedBy: string
  disabled: boolean
  onChoose: () => void
}) {
  const words = useWords()

  return (
    <div>
      <Button
        variant="contained"
        size="large"
        fullWidth
        aria-describedby={describedBy}
        disabled={disabled}
        onClick={onChoose}
      >
        {words.of(task.process, `${way.words}.button`)}…
      </Button>
      <Box id={describedBy} sx={{ mt: 0.75 }}>
        <Typography variant="body2">
          {words.t('app.tasks.record', { record: words.of(task.process, `${way.words}.record`) })}
        </Typography>
        <Typography variant="body2" color="text.secondary">
          {consequenceOf(words, task, way)}
        </Typography>
      </Box>
    </div>
  )
}

/** The form of the task, and under it a button for each way to answer it. */
export function TaskForm(props: Props) {
  return (
    <Drafted address={`task:${props.task.id}:complete`}>
      {(draft) => <AnswerForm key={props.task.id} {...props} draft={draft} />}
    </Drafted>
  )
}

function AnswerForm({ task, decision, returns, draft, onBegun, onTyped, after }: Props & { draft: Draft }) {
  const words = useWords()
  const { t } = words
  const say = useSay()
  const navigate = useNavigate()
  const asked = useMemo(() => withoutDecision(task.form, decision), [task.form, decision])
  const form = useFormState(asked, draft.form ?? task.initial, {
    process: task.process,
    offer: task.offer,
    refusedAt: `/api/tasks/${task.id}/refused`,
  })
  const { fields, values, touched } = form
  const typed = useMemo(() => payload(fields, values), [fields, values])
  const claim = useTakeUp(task)
  const command = useCommand<TaskView>()
  const { run } = command
  const phase = claim.phase === 'idle' ? command.phase : claim.phase
  const failure = claim.failure ?? command.failure
  const sending = phase !== 'idle'
  const kept = useDraft(draft, typed, { touched, sending })
  // `tried`: sent at least once, and not taken so far
  const [stand, setStand] = useState<'open' | 'tried' | 'taken'>('open')
  const [returning, setReturning] = useState(false)
  const unsent = stand !== 'taken' && (stand === 'tried' || touched || draft.form !== null || returning)
  useEffect(() => onTyped(unsent), [onTyped, unsent])
  const mayAnswer = isAnswerable(task)
  const blocked = sending || stand === 'taken' || kept.other !== null || !mayAnswer
  const id = useId()
  const [chosen, setChosen] = useState<{ way: Way; answer: Values } | null>(null)
  // which of two texts is meant is chosen before anything is confirmed, and nobody confirms what he may not send any more
  if (chosen && (kept.other || !mayAnswer)) setChosen(null)

  const choose = (way: Way) => {
    const filled = form.submit()
    if (filled) setChosen({ way, answer: { ...filled, ...way.decided } })
  }
  const taken = () => {
    draft.done()
    setStand('taken')
  }
  const send = async (answer: Values, said: { capacity?: Capacity }) => {
    setChosen(null)
    setStand('tried')
    command.forget()
    onBegun(true)
    const version = await claim.takeUp(draft)
    if (version === null) {
      onBegun(false)

      return
    }
    const body = { version, form: answer, ...said }
    const result = await run(body, (key) => draft.before(() => dataProvider.taskVerb(task.id, 'complete', body, key)))
    if (!result?.ok) {
      onBegun(false)
      if (result && Object.keys(result.errors).length > 0) form.fail(result.errors)

      return
    }
    taken()
    const done = words.maybe(task.process, `tasks.${task.kind}.done`) || t('app.tasks.done')
    if (after !== undefined) {
      say(done, 'success')
      // the page stays: there the form is over once it has heard
      onBegun(false)
      await navigate(after)

      return
    }
    const next = await nextTask(task)
    // the start of the day says itself that nothing is left
    say(next === null && task.rehearsal !== null ? `${done} ${t('app.tasks.nothingWaits')}` : done, 'success')
    await navigate(next ?? landing(task))
  }
  const mayReturn = task.verbs.includes('return') || (isFree(task) && returns)
  const written = values[REMARKS]
  // a decision that the rules do not allow now is shown with the reason, and cannot be pressed
  const ways = waysOf(task.kind, task.form, decision).map((way) => ({
    way,
    code: decision ? refusedAs(task.offer, [decision.field], way.decided[decision.field]) : null,
  }))
  const refused = decision ? form.errors[decision.field] : undefined

  return (
    <Section title={t('app.tasks.form')}>
      {/* no button submits: which of several the Enter key would press, nobody could see */}
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        <DraftRestored draft={draft} status={kept} touched={touched} onDiscarded={() => form.reset(task.initial)} />
        <SchemaForm id={id} form={form} process={task.process} body={task.body.key} address={draft.address} />
        <DraftKept
          draft={draft}
          status={kept}
          typed={typed}
          quiet={sending}
          show={(text) => <Answer process={task.process} schema={task.form} values={text} />}
          onRestore={form.reset}
        />
      </form>
      {failure && (
        <Alert severity="error" sx={{ my: 1 }}>
          {failure.message} {t('app.command.typedKept')}
        </Alert>
      )}
      {claim.inHand && !sending && stand === 'tried' && (
        <Alert severity="info" role="status" sx={{ my: 1 }}>
          {t('app.tasks.inHand', { release: t('app.verbs.release.button') })}
        </Alert>
      )}
      {!mayAnswer && !sending && unsent && (
        <Alert severity="warning" role="status" sx={{ my: 1 }}>
          {t('app.tasks.cannotSend')}
        </Alert>
      )}
      <Underway phase={phase} />
      {mayReturn && (
        <Typography sx={{ mt: 1 }}>{t('app.tasks.decides', { return: t('app.verbs.return.button') })}</Typography>
      )}
      <Box
        role="group"
        aria-label={t('app.tasks.decision')}
        {...(mayAnswer ? { 'data-primary': '' } : {})}
        tabIndex={-1}
        {...(decision ? { id: inputId(id, decision.field) } : {})}
        sx={{ display: 'grid', columnGap: 3, rowGap: 2, mt: 2, gridTemplateColumns: WAYS, alignItems: 'start' }}
      >
        {ways.map(({ way, code }) => (
          <WayButton
            key={way.words}
            task={task}
            way={way}
            describedBy={`${id}-${way.words}`}
            disabled={blocked || code !== null}
            onChoose={() => choose(way)}
          />
        ))}
        {(mayReturn || returning) && (
          <ReturnButton
            task={task}
            remarks={written === undefined ? '' : asText(written)}
            disabled={blocked || !mayReturn}
            open={returning}
            onOpen={setReturning}
            onBegun={onBegun}
            onReturned={taken}
          />
        )}
      </Box>
      {ways.map(({ way, code }) =>
        code === null ? null : (
          <FormHelperText key={way.words}>
            {words.of(task.process, `${way.words}.button`)}: {words.of(task.process, `errors.${code}`)}
          </FormHelperText>
        ),
      )}
      {refused && <FormHelperText error>{refused}</FormHelperText>}
      {chosen && (
        <ConfirmDialog
          task={task}
          way={chosen.way}
          answer={chosen.answer}
          mayReturn={mayReturn}
          onDismiss={() => setChosen(null)}
          onConfirm={(said) => void send(chosen.answer, said)}
        />
      )}
    </Section>
  )
}
