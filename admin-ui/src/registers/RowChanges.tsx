import Typography from '@mui/material/Typography'
import type { RowChangeView } from '../../../api/shapes/views'
import { AppTable, Facts } from '../layout/AppTable'
import { Paged } from '../layout/Paged'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { useWords, type Words } from '../words/useWords'
import type { Register } from './groups'
import { TypedValue } from './TypedRow'

/** Columns that are called otherwise than the field in which people read them. */
const FIELDS: Readonly<Record<string, string>> = {
  personId: 'person',
  positionId: 'position',
  postId: 'post',
  bodyKey: 'body',
  parentKey: 'parent',
  regimeId: 'regime',
  categoryCode: 'category',
  unitId: 'unit',
  unit: 'termUnit',
}

/** What of a row has become other, in the words of its fields; of a new row, all of it. */
function changesOf(words: Words, { before, after }: RowChangeView) {
  const row = { ...before, ...after }

  return Object.keys(row).flatMap((column) => {
    const field = FIELDS[column] ?? column
    const label = words.maybe('app', `fields.${field}`)
    const [was, is] = [before?.[column] ?? null, after?.[column] ?? null]

    return label === '' || JSON.stringify(was) === JSON.stringify(is) ? [] : [{ label, field, was, is }]
  })
}

function What({ change }: { change: RowChangeView }) {
  const words = useWords()
  const { before, after } = change
  const title = before === null ? 'entered' : after === null ? 'removed' : null

  return (
    <>
      {title && <Typography variant="body2">{words.t(`app.registers.changes.${title}`)}</Typography>}
      <Facts
        stacked
        facts={changesOf(words, change).map(({ label, field, was, is }) => [
          label,
          <span key={field}>
            {before !== null && <TypedValue field={field} value={was} />}
            {title === null && ' → '}
            {after !== null && <TypedValue field={field} value={is} />}
          </span>,
        ])}
      />
    </>
  )
}

/** Who did it: a person and in which role, a case by its number, or the system. */
function who(words: Words, { by, person, capacity, case: number }: RowChangeView): string {
  if (by === 'case') return words.t('app.registers.changes.byCase', { number: number ?? '' })
  if (!person) return words.t('app.events.by.system')

  return [words.name(person.name), ...(capacity ? [words.of('kernel', `roles.${capacity}`)] : [])].join(', ')
}

/** Who changed a row of a register, when and under what, and what it was before. `version`: that of the row that is shown. */
export function RowChanges({ resource, id, version }: { resource: Register; id: string; version: number }) {
  const words = useWords()
  const { t } = words

  return (
    <Section title={t('app.registers.changes.title')}>
      <Paged<RowChangeView>
        of={['@changes', resource, id, version]}
        get={(page, signal) => dataProvider.rowChanges(resource, id, page, signal)}
      >
        {(rows) => (
          <AppTable<RowChangeView>
            caption={t('app.registers.changes.title')}
            rows={rows}
            rowKey={({ seq }) => String(seq)}
            empty={t('app.registers.changes.none')}
            columns={[
              { key: 'at', label: t('app.registers.changes.at'), cell: ({ at }) => words.instant(at) },
              { key: 'who', label: t('app.registers.changes.who'), cell: (row) => who(words, row) },
              {
                key: 'under',
                label: t('app.fields.basis'),
                cell: ({ document, basis }) => [document, basis].filter(Boolean).join(', ') || '—',
              },
              { key: 'what', label: t('app.registers.changes.what'), cell: (row) => <What change={row} /> },
            ]}
          />
        )}
      </Paged>
    </Section>
  )
}
