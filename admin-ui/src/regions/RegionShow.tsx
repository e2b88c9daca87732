import { RegisterPage } from '../registers/RegisterPage'
import type { Region } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function RegionShow() {
  const { t, name, date } = useWords()

  return (
    <RegisterPage<Region>
      resource="regions"
      title={(row) => name(row.name)}
      facts={(row) => [
        [t('app.fields.timezone'), row.timezone],
        [t('app.fields.createdOn'), date(row.createdOn)],
        [t('app.fields.source'), row.source],
      ]}
    />
  )
}
