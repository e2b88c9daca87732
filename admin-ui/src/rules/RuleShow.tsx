import Typography from '@mui/material/Typography'
import { BooleanInput, TextInput } from 'react-admin'
import { DayInput, RangeInput, SourceInputs } from '../registers/inputs'
import { RegisterPage } from '../registers/RegisterPage'
import type { Rule } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'
import { inForce, ruleName, ruleValue } from './RuleList'

/** What the rule may say, and how that is entered; a rule that nobody here knows keeps what it says. */
function ValueInput({ kind }: { kind: Rule['kind'] }) {
  const { t } = useWords()
  if (kind === null) return <Typography>{t('app.values.unknown')}</Typography>
  if (kind !== 'yesNo') return <RangeInput range={kind} />

  return <BooleanInput source="value" label={t('app.fields.value')} helperText={t('app.values.yesNo')} />
}

/** By which act a flag is in force, and from which day. */
function FlagInputs() {
  const { t } = useWords()

  return (
    <>
      <Typography>{t('app.values.flag')}</Typography>
      <TextInput source="act" label={t('app.fields.act')} multiline />
      <DayInput source="inForceFrom" label={t('app.fields.inForceFrom')} />
    </>
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
        ...(row.flag ? [[t('app.fields.inForce'), inForce(words, row)] as const] : []),
        [t('app.fields.regime'), words.regime(row.regime)],
        [t('app.fields.source'), <Source key="source" confidence={row.confidence} source={row.source} />],
      ]}
      inputs={(row) => (
        <>
          <Typography>{t('app.values.meaning', { meaning: ruleName(words, row.key) })}</Typography>
          <ValueInput kind={row.kind} />
          {row.flag && <FlagInputs />}
          <SourceInputs />
        </>
      )}
    />
  )
}
