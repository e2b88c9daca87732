import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { RowChangeView } from '../../../api/shapes/views'
import { FieldValue } from '../forms/Answer'
import { AppTable, Facts, type Fact } from '../layout/AppTable'
import { Paged } from '../layout/Paged'
import { Section } from '../layout/Section'
import { dataProvider } from '../providers/dataProvider'
import { useWords, type Words } from '../words/useWords'
import { describedIn, useDescribed, type Described } from './described'
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

    return label === '' || column === 'fields' || JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [{ label, field, was, is }]
  })
}

/** The same of what processes describe of it. */
const describedChanges = (words: Words, described: readonly Described[], { before, after }: RowChangeView) =>
  described.flatMap((of) => {
    const [was, is] = [describedIn(of, before), describedIn(of, after)]

    return of.fields.flatMap((field) => {
      const [old, now] = [was[field.name] ?? null, is[field.name] ?? null]

      return JSON.stringify(old) === JSON.stringify(now)
        ? []
        : [{ label: words.fieldLabel(of.process, field.name), process: of.process, field, was: old, is: now }]
    })
  })

/** A value before and after, of which there is one when the row was entered or removed. */
function Changed({ change: { before, after }, was, is }: { change: RowChangeView; was: ReactNode; is: ReactNode }) {
  return (
    <span>
      {before !== null && was}
      {before !== null && after !== null && ' → '}
      {after !== null && is}
    </span>
  )
}

function What({ change, described }: { change: RowChangeView; described: readonly Described[] }) {
  const words = useWords()
  const { before, after } = change
  const title = before === null ? 'entered' : after === null ? 'removed' : null

  return (
    <>
      {title && <Typography variant="body2">{words.t(`app.registers.changes.${title}`)}</Typography>}
      <Facts
        stacked
        facts={[
          ...changesOf(words, change).map(({ label, field, was, is }): Fact => [
            label,
            <Changed
              key={field}
              change={change}
              was={<TypedValue field={field} value={was} />}
              is={<TypedValue field={field} value={is} />}
            />,
          ]),
          ...describedChanges(words, described, change).map(({ label, process, field, was, is }): Fact => [
            label,
            <Changed
              key={field.name}
              change={change}
              was={<FieldValue process={process} field={field} value={was} />}
              is={<FieldValue process={process} field={field} value={is} />}
            />,
          ]),
        ]}
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
export function RowChanges({ resource, id, version }: { resource: string; id: string; version: number }) {
  const words = useWords()
  const { t } = words
  const described = useDescribed(resource)

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
              {
                key: 'what',
                label: t('app.registers.changes.what'),
                cell: (row) => <What change={row} described={described} />,
              },
            ]}
          />
        )}
      </Paged>
    </Section>
  )
}
