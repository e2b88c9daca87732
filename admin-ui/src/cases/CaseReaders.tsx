import Typography from '@mui/material/Typography'
import type { CaseDetail, ReaderView } from '../../../api/shapes/views'
import type { AppKey } from '../i18n/messages'
import { AppTable } from '../layout/AppTable'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { useWords, type Words } from '../words/useWords'

/** Addresses of the API as pages of the console; what is done with a case or a task is shown on its page too. */
const DOORS: Readonly<Record<string, AppKey>> = {
  'GET /api/cases': 'app.readers.doors.list',
  'GET /api/tasks': 'app.readers.doors.inbox',
  'GET /api/cases/:id': 'app.readers.doors.case',
  'GET /api/cases/:id/events': 'app.readers.doors.events',
  'GET /api/cases/:id/tasks': 'app.readers.doors.tasks',
  'GET /api/cases/:id/answers': 'app.readers.doors.answers',
  'GET /api/cases/:id/documents': 'app.readers.doors.documents',
  'GET /api/cases/:id/history': 'app.readers.doors.history',
  'GET /api/cases/:id/readers': 'app.readers.doors.readers',
  'GET /api/documents/:id': 'app.readers.doors.document',
  'GET /api/documents/:id/html': 'app.readers.doors.document',
  'GET /api/documents/:id/papers/:language': 'app.readers.doors.document',
  'GET /api/tasks/:id': 'app.readers.doors.task',
  'GET /api/notices': 'app.readers.doors.notices',
  letter: 'app.readers.doors.letter',
}
const doorOf = (door: string): AppKey =>
  DOORS[door] ?? (door.startsWith('GET ') ? 'app.readers.doors.other' : 'app.readers.doors.done')

const PIECES: Readonly<Record<string, AppKey>> = {
  exists: 'app.readers.pieces.exists',
  course: 'app.readers.pieces.course',
  identity: 'app.readers.pieces.identity',
  answers: 'app.readers.pieces.answers',
  pauses: 'app.readers.pieces.pauses',
  documents: 'app.readers.pieces.documents',
  technical: 'app.readers.pieces.technical',
  readers: 'app.readers.pieces.readers',
  comments: 'app.readers.pieces.comments',
  added: 'app.readers.pieces.added',
}

function pieceIn(words: Words, process: string, piece: string): string {
  const whole = PIECES[piece]
  if (whole) return words.t(whole)
  const [of = '', kind = ''] = piece.split(':')
  if (of === 'document') return words.of(process, `documents.${kind}.title`)
  const task = words.maybe(process, `tasks.${kind}.title`) || words.of(process, `acts.${kind}.title`)

  return words.t('app.readers.pieces.answer', { task })
}

const STANDINGS: Readonly<Record<string, AppKey>> = {
  subject: 'app.readers.as.subject',
  holder: 'app.readers.as.holder',
  answerer: 'app.readers.as.answerer',
}

/** A row of the table of who sees what: a role, a part in the case, or how somebody stands to it. */
export function standingIn(words: Words, process: string, row: string): string {
  const own = row.startsWith('linked:') ? 'app.readers.as.linked' : STANDINGS[row]
  if (own) return words.t(own)

  return words.maybe(process, `parties.${row}`) || words.of(process, `roles.${row}`)
}

/** Who was shown something of the case: in what capacity, when, where and what. */
export function CaseReaders({ file: { id, process } }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name, instant } = words

  return (
    <>
      <Typography sx={{ mb: 1 }}>{t('app.readers.explain')}</Typography>
      <Paged<ReaderView>
        of={['@case', id, 'readers']}
        get={(page, signal) => dataProvider.caseReaders(id, page, signal)}
      >
        {(readers) => (
          <AppTable<ReaderView>
            caption={t('app.cases.tabs.readers')}
            rows={readers}
            rowKey={(reader) => reader.id}
            empty={t('app.readers.none')}
            columns={[
              { key: 'at', label: t('app.readers.at'), cell: (reader) => instant(reader.at) },
              { key: 'who', label: t('app.readers.who'), cell: (reader) => name(reader.person?.name) },
              {
                key: 'as',
                label: t('app.readers.capacity'),
                cell: (reader) => reader.as.map((row) => standingIn(words, process, row)).join(', '),
              },
              { key: 'door', label: t('app.readers.where'), cell: (reader) => t(doorOf(reader.door)) },
              {
                key: 'pieces',
                label: t('app.readers.what'),
                cell: (reader) => reader.pieces.map((piece) => pieceIn(words, process, piece)).join(', '),
              },
            ]}
          />
        )}
      </Paged>
    </>
  )
}
