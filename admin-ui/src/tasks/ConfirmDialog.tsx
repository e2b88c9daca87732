import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { TaskDetail } from '../../../api/shapes/views'
import type { Capacity } from '../../../workflows/kernel/contract'
import { Facts } from '../layout/AppTable'
import { RegisterName } from '../forms/Answer'
import { asText, type Field, type Values } from '../forms/fields'
import { CapacityChoice, useCapacity } from '../words/CapacityChoice'
import { useWords } from '../words/useWords'

/** What will follow from the answer, before it is given: the choices made, the consequence, and the term. */
export function ConfirmDialog({
  task,
  fields,
  answer,
  onCancel,
  onConfirm,
}: {
  task: TaskDetail
  fields: readonly Field[]
  answer: Values | null
  onCancel: () => void
  onConfirm: (answer: Values, said: { capacity?: Capacity }) => void
}) {
  const words = useWords()
  const { t } = words
  const capacity = useCapacity(task.capacities)
  const confirm = () => {
    const said = capacity.said()
    if (answer && said) onConfirm(answer, said)
  }
  const decisions = fields.flatMap((field): (readonly [string, ReactNode])[] => {
    const value = answer?.[field.name]
    if (value === undefined || field.readOnly) return []
    if (field.kind === 'choice')
      return [[words.fieldLabel(task.process, field.name), words.option(task.process, field.name, asText(value))]]
    if (field.kind === 'boolean') {
      const option = words.maybe(task.process, `options.${field.name}.${asText(value)}`)

      return [[words.fieldLabel(task.process, field.name), option || t(value === true ? 'app.yes' : 'app.no')]]
    }

    if (field.kind === 'reference') {
      return [
        [
          words.fieldLabel(task.process, field.name),
          <RegisterName key={field.name} register={field.register} id={asText(value)} />,
        ],
      ]
    }

    return field.kind === 'date' ? [[words.fieldLabel(task.process, field.name), words.date(asText(value))]] : []
  })
  const consequence = words.maybe(task.process, `tasks.${task.kind}.consequence`)

  return (
    <Dialog open={answer !== null} onClose={onCancel} aria-labelledby="confirm-title">
      <DialogTitle id="confirm-title">
        {t('app.tasks.confirmTitle', { task: words.of(task.process, `tasks.${task.kind}.title`) })}
      </DialogTitle>
      <DialogContent>
        {decisions.length > 0 && <Facts facts={decisions} />}
        {consequence && <Typography sx={{ mt: 2 }}>{consequence}</Typography>}
        <Typography sx={{ mt: 2 }}>{t('app.tasks.consequence')}</Typography>
        <CapacityChoice capacity={capacity} />
        {task.due && <Typography sx={{ mt: 1 }}>{t('app.tasks.term', { date: words.date(task.due.on) })}</Typography>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
        <Button variant="contained" onClick={confirm}>
          {t('app.tasks.confirm')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
