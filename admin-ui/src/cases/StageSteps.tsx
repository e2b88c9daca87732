import CheckCircle from '@mui/icons-material/CheckCircleOutlined'
import RadioButtonChecked from '@mui/icons-material/RadioButtonCheckedOutlined'
import RadioButtonUnchecked from '@mui/icons-material/RadioButtonUncheckedOutlined'
import SkipNext from '@mui/icons-material/RemoveCircleOutlineOutlined'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { CaseDetail, StageView } from '../../../api/shapes/views'
import { useWords, type Words } from '../words/useWords'

const LOOK: Readonly<
  Record<StageView['state'], { readonly icon: ReactNode; readonly line: string; readonly weight: number }>
> = {
  done: { icon: <CheckCircle aria-hidden />, line: 'solid', weight: 500 },
  now: { icon: <RadioButtonChecked aria-hidden />, line: 'solid', weight: 700 },
  ahead: { icon: <RadioButtonUnchecked aria-hidden />, line: 'dashed', weight: 400 },
  skipped: { icon: <SkipNext aria-hidden />, line: 'dotted', weight: 400 },
}

/** First and last day of a stay, or since when it lasts. */
const stayOf = ({ t, date }: Words, { from, to }: StageView['stays'][number]): string =>
  to === null
    ? t('app.stageLine.since', { date: date(from) })
    : t('app.stageLine.stay', { from: date(from), to: date(to) })

/** The days of a stage that was gone through, each stay by itself; of one that comes again those of before. */
function daysOf(words: Words, { state, stays }: StageView): string[] {
  const days = stays.map((stay) => stayOf(words, stay))
  if (days.length === 0) return []

  return state === 'ahead' ? [words.t('app.stageLine.before', { stays: days.join(', ') })] : days
}

/** The stages of the process as a line: done with first and last day, now, left out, and what may come. A word says which it is. */
export function StageSteps({ file }: { file: CaseDetail }) {
  const words = useWords()

  return (
    <Box
      component="ol"
      aria-label={words.t('app.cases.stages')}
      sx={{
        listStyle: 'none',
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(auto-fill, minmax(10.5rem, 1fr))' },
        rowGap: { xs: 0, sm: 2 },
        p: 0,
        my: 2,
      }}
    >
      {file.stages.map((stage) => {
        const { icon, line, weight } = LOOK[stage.state]
        const isNow = stage.state === 'now'
        const edge = { borderColor: isNow ? 'primary.main' : 'text.secondary', borderStyle: line, borderWidth: 0 }

        return (
          <Box
            component="li"
            key={stage.stage}
            {...(isNow ? { 'aria-current': 'step' as const } : {})}
            sx={{
              ...edge,
              // along the stage: beside it on a phone, above it where there is room
              borderLeftWidth: { xs: isNow ? 4 : 2, sm: 0 },
              borderTopWidth: { xs: 0, sm: isNow ? 4 : 2 },
              pl: { xs: 1.5, sm: 0 },
              pr: 1.5,
              py: 0.75,
              color: isNow || stage.state === 'done' ? 'text.primary' : 'text.secondary',
              display: 'flex',
              gap: 0.75,
              alignItems: 'flex-start',
              overflowWrap: 'anywhere',
              '& > svg': {
                fontSize: '1.15rem',
                mt: '0.1rem',
                flexShrink: 0,
                color: isNow ? 'primary.main' : 'inherit',
              },
            }}
          >
            {icon}
            <div>
              <Typography component="div" sx={{ fontWeight: weight, lineHeight: 1.35 }}>
                {words.of(file.process, `stages.${stage.stage}`)}
              </Typography>
              <Typography component="div" variant="body2">
                {words.t(`app.stageLine.${stage.state}`)}
                {daysOf(words, stage).map((days) => (
                  <div key={days}>{days}</div>
                ))}
              </Typography>
            </div>
          </Box>
        )
      })}
    </Box>
  )
}
