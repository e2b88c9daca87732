import Chip from '@mui/material/Chip'
import type { CaseView } from '../../../api/shapes/views'
import {
  Filters,
  Nothing,
  RehearsalFilter,
  SearchFilter,
  SelectFilter,
  ToggleFilter,
  useFilter,
} from '../layout/Filters'
import { PageTitle } from '../layout/PageTitle'
import { ListTable, NewsBar, RecordList } from '../layout/RecordList'
import { useProcesses } from '../providers/useApi'
import { BodyFilter } from '../registers/BodyFilter'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { aboutLine } from '../words/about'
import { useWords } from '../words/useWords'

const STATUSES = ['open', 'closed'] as const

function CaseFilters() {
  const words = useWords()
  const processes = (useProcesses().data ?? []).filter(({ current }) => current)
  const [process] = useFilter('process')
  const stages = processes
    .filter(({ name }) => typeof process !== 'string' || name === process)
    .flatMap(({ name, stages: all }) =>
      all.map((stage) => ({ value: stage, label: words.of(name, `stages.${stage}`) })),
    )

  return (
    <Filters>
      <SearchFilter label={words.t('app.cases.search')} />
      <SelectFilter
        name="status"
        label={words.t('app.cases.status')}
        options={STATUSES.map((value) => ({ value, label: words.t(`app.cases.statuses.${value}`) }))}
      />
      <SelectFilter
        name="process"
        label={words.t('app.cases.process')}
        options={processes.map(({ name }) => ({ value: name, label: words.of(name, 'name') }))}
      />
      <SelectFilter name="stage" label={words.t('app.cases.stage')} options={stages} />
      <BodyFilter />
      <ToggleFilter name="annulled" instead="status" label={words.t('app.cases.annulled.only')} />
      <RehearsalFilter />
    </Filters>
  )
}

export default function CaseList() {
  const words = useWords()
  const { t, name } = words

  return (
    <>
      <PageTitle title={t('app.cases.title')} />
      <RecordList resource="cases" sort={{ field: 'startedOn', order: 'DESC' }} filter={{ status: 'open' }}>
        <CaseFilters />
        <NewsBar topic="cases" text={t('app.cases.news')} />
        <ListTable<CaseView>
          caption={t('app.cases.title')}
          rowHref={({ id }) => `/cases/${id}`}
          empty={<Nothing text={t('app.cases.none')} />}
          columns={[
            { key: 'subject', label: t('app.cases.about'), sort: 'subject', cell: (row) => aboutLine(words, row) },
            {
              key: 'number',
              label: t('app.cases.number'),
              sort: 'number',
              cell: (row) => (
                <>
                  {row.number} <RehearsalChip set={row.rehearsal} />
                </>
              ),
            },
            { key: 'process', label: t('app.cases.process'), cell: (row) => words.of(row.process, 'name') },
            { key: 'body', label: t('app.cases.body'), cell: (row) => name(row.body.name) },
            { key: 'stage', label: t('app.cases.stage'), cell: (row) => <WhereItStands file={row} /> },
            {
              key: 'started',
              label: t('app.cases.started'),
              sort: 'startedOn',
              cell: (row) => words.date(row.startedOn),
            },
          ]}
        />
      </RecordList>
    </>
  )
}

/** Marks a case whose result another case annulled. */
function AnnulledChip() {
  const { t } = useWords()

  return <Chip size="small" color="warning" variant="outlined" label={t('app.cases.annulled.chip')} />
}

/** Stage of an open case, end of a closed one, and whether it is annulled. */
export function WhereItStands({
  file,
}: {
  file: Pick<CaseView, 'process' | 'stage' | 'status' | 'outcome' | 'annulled'>
}) {
  const words = useWords()

  return (
    <>
      {stageOrEnd(words, file)} {file.annulled && <AnnulledChip />}
    </>
  )
}

/** Stage of an open case, end of a closed one. */
export function stageOrEnd(
  words: ReturnType<typeof useWords>,
  row: Pick<CaseView, 'process' | 'stage' | 'status' | 'outcome'>,
): string {
  if (row.status === 'closed')
    return row.outcome ? words.of(row.process, `ends.${row.outcome}`) : words.t('app.cases.statuses.closed')

  // its course is not shown
  if (row.stage === null) return '—'
  return row.status === 'opening' ? words.t('app.cases.statuses.opening') : words.of(row.process, `stages.${row.stage}`)
}
