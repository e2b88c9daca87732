import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import type { ActView, CaseDetail } from '../../../api/shapes/views'
import type { Draft } from '../forms/draft'
import { Drafted } from '../forms/Drafted'
import { Facts } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { useSay } from '../providers/useSay'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'
import { CaseFormDialog } from './CaseFormDialog'

/** The act by which the clock of a rehearsal is moved. */
const ADVANCE = 'advance'

/** Whether whoever withdraws a decision that was delivered has confirmed that he knows. */
function useConfirmation({ withdraws }: ActView) {
  const [is, setIs] = useState(false)
  const [asked, setAsked] = useState(false)
  const needed = withdraws !== null && withdraws.deliveredOn !== null

  return {
    needed,
    is,
    lacks: asked && !is,
    set: setIs,
    /** what is sent of it; null while it lacks */
    said: () => {
      setAsked(true)
      if (!needed) return {}

      return is ? { confirms: true } : null
    },
  }
}

/** What happens to the decision that an act withdraws; of one that was delivered it asks whether he knows. */
function Withdrawal({
  process,
  withdraws: { kind, deliveredOn },
  confirmation,
}: {
  process: string
  withdraws: NonNullable<ActView['withdraws']>
  confirmation: ReturnType<typeof useConfirmation>
}) {
  const words = useWords()
  const { t } = words
  const decision = words.of(process, `documents.${kind}.title`)

  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      {deliveredOn
        ? t('app.acts.withdrawsDelivered', { decision, date: words.date(deliveredOn) })
        : t('app.acts.withdraws', { decision })}
      {confirmation.needed && (
        <FormControl error={confirmation.lacks} sx={{ display: 'block', mt: 1 }}>
          <FormControlLabel
            control={
              <Checkbox
                checked={confirmation.is}
                required
                onChange={(_, checked) => confirmation.set(checked)}
                slotProps={{ input: { 'aria-invalid': confirmation.lacks, 'aria-describedby': 'must-confirm' } }}
              />
            }
            label={t('app.acts.confirmDelivered')}
          />
          <FormHelperText id="must-confirm">{confirmation.lacks ? t('app.acts.mustConfirm') : ''}</FormHelperText>
        </FormControl>
      )}
    </Alert>
  )
}

function ActDialog({
  file,
  act,
  draft,
  onClose,
}: {
  file: CaseDetail
  act: ActView
  draft: Draft
  onClose: () => void
}) {
  const words = useWords()
  const { t } = words
  const navigate = useNavigate()
  const say = useSay()
  const advancing = act.act === ADVANCE
  const title = words.of(file.process, `acts.${act.act}.title`)
  const capacity = useCapacity(act.capacities)
  const confirmation = useConfirmation(act)
  const toDate = ({ to }: Record<string, unknown>) => typeof to === 'string' && to !== ''

  return (
    <CaseFormDialog<CaseDetail, Parameters<typeof dataProvider.act>[2]>
      title={title}
      instruction={words.instruction(file.process, `acts.${act.act}`, file.regime)}
      button={(values) => (advancing ? t(toDate(values) ? 'app.rehearsal.toDate' : 'app.rehearsal.toNext') : title)}
      grave={act.turn}
      form={{
        process: advancing ? 'kernel' : file.process,
        schema: act.form,
        initial: act.initial,
        offered: {
          process: file.process,
          offer: act.offer,
          refusedAt: `/api/cases/${file.id}/acts/${encodeURIComponent(act.act)}/refused`,
        },
      }}
      body={file.body.key}
      draft={draft}
      before={
        <>
          {act.turn && (
            <Alert severity="warning" sx={{ mb: 2 }}>
              {t('app.acts.turn')}
            </Alert>
          )}
          {act.withdraws && <Withdrawal process={file.process} withdraws={act.withdraws} confirmation={confirmation} />}
          {advancing && <Typography sx={{ mb: 2 }}>{t('app.rehearsal.orDate')}</Typography>}
        </>
      }
      after={<CapacityChoice capacity={capacity} />}
      bodyOf={(form) => {
        const said = capacity.said()
        const confirmed = confirmation.said()

        return said && confirmed && { step: file.step, form, ...said, ...confirmed }
      }}
      send={(body, key) => dataProvider.act(file.id, act.act, body, key)}
      onDone={({ command, value }) => {
        say(words.maybe(file.process, `acts.${act.act}.done`) || t('app.acts.done'), 'success')
        // it took the case out of his sight
        if (command === null && !value) void navigate('/cases')
      }}
      onClose={onClose}
    />
  )
}

/** What the signed-in person may do to the case outside its tasks, and, for a rehearsal, its clock. */
export function CaseActs({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words
  const [open, setOpen] = useState<string | null>(null)
  const act = file.acts.find((each) => each.act === open)
  const acts = file.acts.filter((each) => each.act !== ADVANCE)
  const advance = file.acts.find((each) => each.act === ADVANCE)
  const button = (each: ActView) => (
    <div key={each.act}>
      <Button
        fullWidth
        variant="outlined"
        color={each.turn ? 'error' : 'primary'}
        sx={{ justifyContent: 'flex-start' }}
        disabled={each.offer.closed !== null}
        onClick={() => setOpen(each.act)}
      >
        {words.of(file.process, `acts.${each.act}.title`)}…
      </Button>
      {each.offer.closed && (
        <Typography variant="body2" color="text.secondary">
          {words.reason(file.process, each.offer.closed)}
        </Typography>
      )}
    </div>
  )

  return (
    <>
      {acts.length > 0 && (
        <Section title={t('app.acts.title')}>
          <Stack spacing={1}>{acts.map(button)}</Stack>
        </Section>
      )}
      {file.rehearsal !== null && (
        <Section title={t('app.rehearsal.title')}>
          <Facts
            facts={[
              [t('app.rehearsal.set'), file.rehearsal],
              [t('app.cases.today'), words.date(file.today)],
              [
                t('app.rehearsal.clock'),
                file.clock?.held ? t('app.rehearsal.held') : t('app.rehearsal.runs', { speed: file.clock?.speed ?? 1 }),
              ],
            ]}
          />
          {advance && <Stack sx={{ mt: 2 }}>{button(advance)}</Stack>}
        </Section>
      )}
      {act && (
        <Drafted key={act.act} address={`act:${file.id}:${act.act}`}>
          {(draft) => <ActDialog file={file} act={act} draft={draft} onClose={() => setOpen(null)} />}
        </Drafted>
      )}
    </>
  )
}
