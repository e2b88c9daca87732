import ErrorOutline from '@mui/icons-material/ErrorOutline'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { DueStep, Pause } from '../../../workflows/kernel/contract'
import type { DueView } from '../../../api/shapes/views'
import { Source } from './Confidence'
import { useWords, type Words } from './useWords'

/** The date on which something falls due; overdue is said in words and by an icon, never by colour alone. */
export function DueDate({ due }: { due: DueView | null }) {
  const { t, date } = useWords()
  if (!due) return <>{t('app.tasks.noTerm')}</>
  if (!due.overdue) return <>{date(due.on)}</>

  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, color: 'error.main' }}>
      <ErrorOutline fontSize="small" aria-hidden />
      <span>
        {date(due.on)}
        <br />
        <strong>{t('app.tasks.overdue')}</strong>
      </span>
    </Box>
  )
}

/** From when to when a clock stood still; while it does, the day until which that was counted. */
function periodOf({ t, date }: Words, { from, to, open }: Pause): string {
  return open ? t('app.pauseOpen', { from: date(from), today: date(to) }) : `${date(from)} – ${date(to)}`
}

/** One step of the reasoning in words. */
function sentence(words: Words, process: string, step: DueStep): string {
  const say = (params: Record<string, string | number>) => words.of(process, `due.${step.code}`, params)
  switch (step.code) {
    case 'starts':
      return say({ on: words.date(step.on), date: words.date(step.on) })
    case 'adds':
    case 'back':
      return say({
        amount: words.amount(step.term.value, step.term.unit),
        term: words.amount(step.term.value, step.term.unit),
        value: step.term.value,
        unit: words.amount(step.term.value, step.term.unit).replace(/^\S+\s/, ''),
        reaches: words.date(step.reaches),
        date: words.date(step.reaches),
      })
    case 'given':
    case 'givenBack': {
      const { given, value, unit } = step.term
      const form = given.task === undefined ? `acts.${given.act}.title` : `tasks.${given.task}.title`

      return say({
        amount: words.amount(value, unit),
        form: words.of(process, form),
        field: words.of(process, `fields.${given.field}`),
        reaches: words.date(step.reaches),
      })
    }
    case 'daysOff':
      return say({
        days: step.days.map((day) => words.date(day)).join('; '),
        count: step.days.length,
        smart_count: step.days.length,
      })
    case 'paused':
      return say({
        days: step.days,
        count: step.days,
        smart_count: step.days,
        pauses: step.pauses
          .map((pause) => `${periodOf(words, pause)} (${words.of(process, `because.${pause.because}`)})`)
          .join('; '),
        reaches: words.date(step.reaches),
        date: words.date(step.reaches),
      })
    case 'movedToWorkingDay':
      return say({ reaches: words.date(step.reaches), date: words.date(step.reaches) })
    case 'capped':
      return say({
        by: words.of(process, `because.${step.by}`),
        reaches: words.date(step.reaches),
        date: words.date(step.reaches),
      })
  }
}

/** How a date was reached, step by step, with the source of each term. */
export function DueExplanation({ process, steps }: { process: string; steps: readonly DueStep[] }) {
  const words = useWords()

  return (
    <Box component="ol" sx={{ m: 0, pl: 2.5, '& li': { mb: 0.5 } }}>
      {steps.map((step, index) => (
        <li key={index}>
          <Typography component="span" variant="body2">
            {sentence(words, process, step)}
          </Typography>
          {(step.code === 'adds' || step.code === 'back') && (
            <Typography component="div" variant="body2" color="text.secondary">
              <Source confidence={step.term.confidence} source={step.term.source} />
            </Typography>
          )}
        </li>
      ))}
    </Box>
  )
}

/** A disclosure with the explanation, closed at first. */
export function HowReached({ process, steps }: { process: string; steps: readonly DueStep[] }) {
  const { t } = useWords()
  if (steps.length === 0) return null

  return (
    <Box component="details" sx={{ mt: 0.5 }}>
      <Box component="summary" sx={{ cursor: 'pointer', color: 'primary.main' }}>
        {t('app.howReached')}
      </Box>
      <DueExplanation process={process} steps={steps} />
    </Box>
  )
}
