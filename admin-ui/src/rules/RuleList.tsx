import { RegimeFilter } from '../registers/RegimeFilter'
import { RegisterList } from '../registers/RegisterList'
import type { Rule } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords, type Words } from '../words/useWords'

const processOf = (key: string) => key.split('.')[0] ?? key

/** The words of a rule are those of the process that its key begins with. */
export const ruleName = (words: Words, key: string) =>
  words.maybe(processOf(key), `rules.${key}`) ||
  words.maybe(processOf(key), `rules.${key.slice(processOf(key).length + 1)}`) ||
  key
export const ruleValue = (words: Words, value: Rule['value']) =>
  typeof value === 'boolean' ? words.t(value ? 'app.yes' : 'app.no') : String(value)

/** By which act and from which day a flag is in force; empty of any other rule. */
export function inForce(words: Words, { flag, act, inForceFrom }: Rule): string {
  if (!flag) return ''

  return act && inForceFrom
    ? words.t('app.values.inForce', { act, date: words.date(inForceFrom) })
    : words.t('app.values.off')
}

export default function RuleList() {
  const words = useWords()
  const { t } = words

  return (
    <RegisterList<Rule>
      resource="rules"
      sort={{ field: 'key', order: 'ASC' }}
      filters={<RegimeFilter />}
      columns={[
        { key: 'key', label: t('app.fields.rule'), cell: (row) => ruleName(words, row.key) },
        { key: 'regime', label: t('app.fields.regime'), sort: 'regime', cell: (row) => words.regime(row.regime) },
        { key: 'value', label: t('app.fields.value'), cell: (row) => ruleValue(words, row.value) },
        { key: 'inForce', label: t('app.fields.inForce'), cell: (row) => inForce(words, row) },
        {
          key: 'source',
          label: t('app.fields.source'),
          cell: (row) => <Source confidence={row.confidence} source={row.source} />,
        },
      ]}
    />
  )
}
