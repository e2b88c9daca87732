import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router-dom'
import { dayOfEffect } from '../cases/CaseDecisions'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { dataProvider } from '../providers/dataProvider'
import { PaperLinks } from './PaperLinks'
import { useWords } from '../words/useWords'

/** how often it looks for the files of a document while they are made */
const BEING_MADE_MS = 2000

/** A document as it was issued, in a frame that may run nothing, and its files. */
export default function DocumentShow() {
  const words = useWords()
  const { t, locale } = words
  const { id = '' } = useParams()
  const query = useQuery({
    queryKey: ['@document', id],
    queryFn: ({ signal }) => dataProvider.document(id, signal),
    refetchInterval: ({ state: { data } }) => (data?.papers?.length === 0 ? BEING_MADE_MS : false),
  })
  const html = `/api/documents/${encodeURIComponent(id)}/html?locale=${locale}`

  return (
    <Loadable query={query} page>
      {(document) => {
        const title = t('app.documents.named', {
          title: words.of(document.process, `documents.${document.kind}.title`),
          number: document.number,
        })

        return (
          <>
            <PageTitle title={title} />
            <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'center', mb: 2 }}>
              <span>{words.name(document.issuer.name)}</span>
              <span>{words.date(document.issuedOn)}</span>
              <Button component={Link} to={`/cases/${document.caseId}?tab=documents`} variant="outlined" size="small">
                {t('app.documents.back')}
              </Button>
              <Button href={html} target="_blank" rel="noopener" variant="outlined" size="small">
                {t('app.documents.print')}
              </Button>
              <PaperLinks document={document} />
            </Box>
            {document.dayChanged && (
              <Alert severity="warning" sx={{ mb: 2, maxWidth: '60rem' }}>
                {`${t('app.decisions.effectiveFrom')}: ${dayOfEffect(words, document.dayChanged)}`}
              </Alert>
            )}
            <Box
              component="iframe"
              src={html}
              sandbox=""
              title={title}
              sx={{
                width: '100%',
                maxWidth: '60rem',
                height: '75vh',
                border: 1,
                borderColor: 'divider',
                bgcolor: '#ffffff',
              }}
            />
          </>
        )
      }}
    </Loadable>
  )
}
