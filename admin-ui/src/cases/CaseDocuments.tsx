import type { CaseDetail, DocumentView } from '../../../api/shapes/views'
import { PaperLinks } from '../documents/PaperLinks'
import { AppTable } from '../layout/AppTable'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { useWords } from '../words/useWords'

/** Documents of the case as numbered rows; each opens as a page and has files to keep. */
export function CaseDocuments({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words

  return (
    <Paged<DocumentView>
      of={['@case', file.id, 'documents']}
      get={(page, signal) => dataProvider.caseDocuments(file.id, page, signal)}
    >
      {(documents) => (
        <AppTable<DocumentView>
          caption={t('app.cases.tabs.documents')}
          rows={documents}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/documents/${id}`}
          empty={t('app.documents.none')}
          columns={[
            {
              key: 'kind',
              label: t('app.documents.document'),
              cell: (row) => words.of(file.process, `documents.${row.kind}.title`),
            },
            { key: 'number', label: t('app.documents.number'), cell: (row) => row.number },
            { key: 'issuer', label: t('app.documents.issuer'), cell: (row) => words.name(row.issuer.name) },
            { key: 'date', label: t('app.documents.date'), cell: (row) => words.date(row.issuedOn) },
            { key: 'file', label: t('app.documents.file'), cell: (row) => <PaperLinks document={row} /> },
          ]}
        />
      )}
    </Paged>
  )
}
