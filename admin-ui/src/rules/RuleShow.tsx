import { BooleanInput, NumberInput, required, TextInput } from 'react-admin'
import { SourceInputs } from '../registers/inputs'
import { RegisterPage } from '../registers/RegisterPage'
import type { Rule } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'
import { ruleName, ruleValue } from './RuleList'

function ValueInput({ value }: { value: Rule['value'] }) {
  const { t } = useWords()
  const label = t('app.fields.value')
  if (typeof value === 'boolean') return <BooleanInput source="value" label={label} />

  return typeof value === 'number' ? (
    <NumberInput source="value" label={label} validate={required()} />
  ) : (
    <TextInput source="value" label={label} validate={required()} />
  )
}

export default function RuleShow() {
  const words = useWords()
  const { t } = words

  return (
    <RegisterPage<Rule>
      resource="rules"
      title={(row) => ruleName(words, row.key)}
      facts={(row) => [
        [t('app.fields.value'), ruleValue(words, row.value)],
        [t('app.fields.regime'), words.regime(row.regime)],
        [t('app.fields.source'), <Source key="source" confidence={row.confidence} source={row.source} />],
      ]}
      inputs={(row) => (
        <>
          <ValueInput value={row.value} />
          <SourceInputs />
        </>
      )}
    />
  )
}
