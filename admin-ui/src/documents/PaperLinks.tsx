import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import type { DocumentView } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'

const LANGUAGES = {
  kk: 'app.documents.inKazakh',
  ru: 'app.documents.inRussian',
  en: 'app.documents.inEnglish',
} as const

/** The files of a document, one a language; that they are still being made; nothing for one of before, which has none. */
export function PaperLinks({ document }: { document: Pick<DocumentView, 'id' | 'number' | 'papers'> }) {
  const { t } = useWords()
  const { id, number, papers } = document
  if (papers === null) return null
  if (papers.length === 0) return <span role="status">{t('app.documents.being')}</span>

  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 1.5, flexWrap: 'wrap' }}>
      {papers.map(({ language }) => (
        <Link
          key={language}
          href={`/api/documents/${encodeURIComponent(id)}/papers/${language}`}
          download
          aria-label={`${t('app.documents.named', { title: t('app.documents.file'), number })}, ${t(LANGUAGES[language])}`}
        >
          {t(LANGUAGES[language])}
        </Link>
      ))}
    </Box>
  )
}
