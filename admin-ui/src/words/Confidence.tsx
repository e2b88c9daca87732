import HelpOutline from '@mui/icons-material/HelpOutline'
import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import type { Confidence } from '../../../workflows/kernel/contract'
import type { AppKey } from '../i18n/messages'
import { useWords } from './useWords'

export const CONFIDENCE_WORDS = {
  S: 'app.confidence.S',
  L: 'app.confidence.L',
  O: 'app.confidence.O',
  N: 'app.confidence.N',
  B: 'app.confidence.B',
  U: 'app.confidence.U',
  D: 'app.confidence.D',
} as const satisfies Record<Confidence, AppKey>

const isConfidence = (value: string): value is Confidence => value in CONFIDENCE_WORDS

/** Says that a figure or rule rests on no law text that anyone has seen. */
export function UnverifiedChip() {
  const { t } = useWords()

  return <Chip size="small" variant="outlined" color="warning" icon={<HelpOutline />} label={t('app.unverified')} />
}

/** How sure a figure is and where it comes from, in words. */
export function Source({ confidence, source }: { confidence: string; source: string }) {
  const words = useWords()
  const { t } = words
  const more = words.source(source)
  const unverified = ['B', 'U', 'D'].includes(confidence)

  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
      <span>
        {isConfidence(confidence) ? t(CONFIDENCE_WORDS[confidence]) : confidence}
        {more === '' ? '' : `: ${more}`}
      </span>
      {unverified && <UnverifiedChip />}
    </Box>
  )
}
