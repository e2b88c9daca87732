import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import { RegisterPage } from '../registers/RegisterPage'
import type { Unit } from '../registers/rows'
import { useWords } from '../words/useWords'

const listed = (resource: string, unit: string) => `/${resource}?filter=${encodeURIComponent(JSON.stringify({ unit }))}`

export default function UnitShow() {
  const { t, name } = useWords()

  return (
    <RegisterPage<Unit>
      resource="units"
      title={(row) => name(row.name)}
      facts={(row) => [
        [
          t('app.fields.body'),
          <Link key="body" component={RouterLink} to={`/bodies/${row.body.key}`}>
            {name(row.body.name)}
          </Link>,
        ],
        [
          t('app.fields.more'),
          <span key="more">
            {(['positions', 'people'] as const).map((resource) => (
              <Link key={resource} component={RouterLink} to={listed(resource, row.id)} sx={{ mr: 2 }}>
                {t(`app.registers.${resource}.title`)}
              </Link>
            ))}
          </span>,
        ],
      ]}
    />
  )
}
