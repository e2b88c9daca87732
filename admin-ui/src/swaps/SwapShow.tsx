import { RegisterPage } from '../registers/RegisterPage'
import type { Swap } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'
import { SwapInputs } from './SwapInputs'

export default function SwapShow() {
  const words = useWords()
  const { t, date } = words

  return (
    <RegisterPage<Swap>
      resource="swaps"
      title={(row) => date(row.date)}
      facts={(row) => [
        [t('app.fields.dayKind'), t(row.kind === 'working' ? 'app.dayKinds.working' : 'app.dayKinds.off')],
        [t('app.fields.appliesTo'), t(row.appliesTo === 'all' ? 'app.week.all' : 'app.week.five')],
        [t('app.fields.reason'), words.source(row.reason)],
        [t('app.fields.source'), <Source key="source" confidence={row.confidence} source={row.source} />],
      ]}
      removable="app.registers.removeContent"
      inputs={() => <SwapInputs />}
    />
  )
}
