import { SearchFilter, SelectFilter, ToggleFilter } from '../layout/Filters'
import { useProcesses } from '../providers/useApi'
import { RegimeFilter } from '../registers/RegimeFilter'
import { RegisterList } from '../registers/RegisterList'
import type { Term } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords, type Words } from '../words/useWords'

/** A term that nobody has entered yet has no value, and no process can use it. */
export const termValue = (words: Words, row: Term) =>
  row.value === null ? words.t('app.terms.notEntered') : words.amount(row.value, row.unit)
export const regimeName = (words: Words, regime: string) =>
  regime === '*' ? words.t('app.terms.allRegimes') : words.regime(regime)

export default function TermList() {
  const words = useWords()
  const { t, name, of } = words
  const processes = (useProcesses().data ?? []).filter(({ current }) => current)

  return (
    <RegisterList<Term>
      resource="terms"
      sort={{ field: 'name', order: 'ASC' }}
      filters={
        <>
          <SearchFilter label={t('app.search')} />
          <SelectFilter
            name="process"
            label={t('app.cases.process')}
            options={processes.map((row) => ({ value: row.name, label: of(row.name, 'name') }))}
          />
          <RegimeFilter />
          <ToggleFilter name="unverified" label={t('app.terms.onlyUnverified')} />
        </>
      }
      columns={[
        { key: 'name', label: t('app.fields.term'), sort: 'name', cell: (row) => name(row.name) },
        { key: 'value', label: t('app.fields.value'), cell: (row) => termValue(words, row) },
        { key: 'regime', label: t('app.fields.regime'), sort: 'regime', cell: (row) => regimeName(words, row.regime) },
        {
          key: 'source',
          label: t('app.fields.source'),
          cell: (row) => <Source confidence={row.confidence} source={row.source} />,
        },
      ]}
    />
  )
}
