import Typography from '@mui/material/Typography'
import type { CaseDetail } from '../../../api/shapes/views'
import { AppTable } from '../layout/AppTable'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'

/** The terms and rules that the case took with it when it began. */
export function CaseTerms({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name } = words
  const ruleValue = (key: string, value: boolean | number | string) =>
    typeof value === 'boolean'
      ? t(value ? 'app.yes' : 'app.no')
      : words.maybe(file.process, `options.${key}.${String(value)}`) || String(value)

  return (
    <>
      <Typography variant="h2" sx={{ mt: 2 }}>
        {t('app.terms.terms')}
      </Typography>
      <AppTable
        caption={t('app.terms.terms')}
        rows={file.terms}
        rowKey={({ id }) => id}
        empty={t('app.terms.none')}
        columns={[
          { key: 'name', label: t('app.terms.term'), cell: (term) => name(term.name) },
          { key: 'value', label: t('app.terms.value'), cell: (term) => words.amount(term.value, term.unit) },
          {
            key: 'source',
            label: t('app.terms.source'),
            cell: (term) => <Source confidence={term.confidence} source={term.source} />,
          },
        ]}
      />
      <Typography variant="h2" sx={{ mt: 3 }}>
        {t('app.terms.rules')}
      </Typography>
      <AppTable
        caption={t('app.terms.rules')}
        rows={file.rules}
        rowKey={({ key }) => key}
        empty={t('app.terms.none')}
        columns={[
          { key: 'name', label: t('app.terms.rule'), cell: (rule) => words.of(file.process, `rules.${rule.key}`) },
          { key: 'value', label: t('app.terms.value'), cell: (rule) => ruleValue(rule.key, rule.value) },
          {
            key: 'source',
            label: t('app.terms.source'),
            cell: (rule) => <Source confidence={rule.confidence} source={rule.source} />,
          },
        ]}
      />
    </>
  )
}
