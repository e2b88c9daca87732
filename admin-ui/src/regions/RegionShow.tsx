import { RegisterPage } from '../registers/RegisterPage'
import type { Region } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function RegionShow() {
  const words = useWords()
  const { t, name, date } = words

  return (
    <RegisterPage<Region>
      resource="regions"
      title={(row) => name(row.name)}
      facts={(row) => [
        [t('app.fields.timezone'), row.timezone],
        [t('app.fields.createdOn'), date(row.createdOn)],
        [t('app.fields.source'), words.source(row.source)],
      ]}
    />
  )
}
