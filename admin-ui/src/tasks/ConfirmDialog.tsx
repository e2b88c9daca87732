import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import type { TaskDetail } from '../../../api/shapes/views'
import type { Capacity } from '../../../workflows/kernel/contract'
import { Answer } from '../forms/Answer'
import { fieldsOf, isShown, type Values } from '../forms/fields'
import { Facts } from '../layout/AppTable'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { aboutLine } from '../words/about'
import { useWords } from '../words/useWords'
import { consequenceOf } from './consequence'
import type { Way } from './ways'

/** The answer with every field that was shown, also those left empty. */
const inFull = (task: TaskDetail, answer: Values): Values => ({
  ...Object.fromEntries(
    fieldsOf(task.form)
      .filter((field) => isShown(field, answer))
      .map(({ name }) => [name, undefined]),
  ),
  ...answer,
})

/** What is decided, before it is: all that goes on record, what follows from it, and the term. */
export function ConfirmDialog({
  task,
  way,
  answer,
  mayReturn,
  onDismiss,
  onConfirm,
}: {
  task: TaskDetail
  way: Way
  answer: Values
  /** the earlier answer may be sent back instead */
  mayReturn: boolean
  onDismiss: () => void
  onConfirm: (said: { capacity?: Capacity }) => void
}) {
  const words = useWords()
  const { t } = words
  const capacity = useCapacity(task.capacities)
  const button = words.of(task.process, `${way.words}.button`)
  const consequence = consequenceOf(words, task, way)

  return (
    // the whole dialog scrolls, so that the buttons come after all that they put on record
    <Dialog open fullWidth maxWidth="md" scroll="body" onClose={onDismiss} aria-labelledby="confirm-title">
      <DialogTitle id="confirm-title">{button}</DialogTitle>
      <DialogContent>
        <Typography sx={{ mb: 1 }}>
          {t('app.tasks.onRecord')} <strong>{words.of(task.process, `${way.words}.record`)}</strong>
        </Typography>
        <Facts
          stacked
          facts={[
            [t('app.cases.about'), aboutLine(words, task)],
            [t('app.cases.number'), task.caseNumber],
          ]}
        />
        <Answer process={task.process} schema={task.form} values={inFull(task, answer)} />
        {mayReturn && (
          <Alert severity="info" sx={{ mt: 2 }}>
            {t('app.tasks.notReturned', { return: t('app.verbs.return.button') })}
          </Alert>
        )}
        {consequence && <Typography sx={{ mt: 2 }}>{consequence}</Typography>}
        <Typography sx={{ mt: 2 }}>{t('app.tasks.consequence')}</Typography>
        <CapacityChoice capacity={capacity} />
        {task.due && <Typography sx={{ mt: 1 }}>{t('app.tasks.term', { date: words.date(task.due.on) })}</Typography>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onDismiss}>{t('app.dismiss')}</Button>
        <Button
          variant="contained"
          onClick={() => {
            const said = capacity.said()
            if (said) onConfirm(said)
          }}
        >
          {button}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
