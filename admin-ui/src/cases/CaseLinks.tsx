import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail, LinkedCaseView } from '../../../api/shapes/views'
import { Section } from '../layout/Section'
import { useWords } from '../words/useWords'
import { WhereItStands } from './CaseList'

function Other({ file }: { file: LinkedCaseView }) {
  const words = useWords()

  return (
    <>
      <Link component={RouterLink} to={`/cases/${file.id}`}>
        {words.t('app.cases.otherCase', { number: file.number })}
      </Link>
      {`. ${words.of(file.process, 'name')}: `}
      <WhereItStands file={file} />
    </>
  )
}

/** Other cases that have to do with this one, of those that the reader may find. */
export function CaseLinks({ file: { process, links } }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words
  if (links.count === 0) return null

  return (
    <Section title={t('app.cases.links.title')}>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {links.shown.map(({ part, as, case: other }, n) => (
          <Box component="li" key={other ? `${part} ${other.id}` : n} sx={{ mb: 1.5 }}>
            <Typography variant="body2" color="text.secondary">
              {t(`app.cases.links.parts.${part}`)}
              {as === null ? '' : `: ${words.of(process, `opens.${as}`)}`}
            </Typography>
            <Typography>{other ? <Other file={other} /> : t('app.cases.links.opening')}</Typography>
          </Box>
        ))}
      </Box>
      {links.count > links.shown.length && (
        <Typography variant="body2" color="text.secondary">
          {t('app.cases.links.last', { shown: links.shown.length, count: links.count })}
        </Typography>
      )}
    </Section>
  )
}
