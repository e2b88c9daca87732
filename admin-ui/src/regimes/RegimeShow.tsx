import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import { RegisterPage } from '../registers/RegisterPage'
import type { Regime } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'

const listed = (resource: string, regime: string) =>
  `/${resource}?filter=${encodeURIComponent(JSON.stringify({ regime }))}`

export default function RegimeShow() {
  const { t, name, date } = useWords()

  return (
    <RegisterPage<Regime>
      resource="regimes"
      title={(row) => name(row.name)}
      facts={(row) => [
        [t('app.fields.validFrom'), date(row.validFrom)],
        [t('app.fields.validTo'), date(row.validTo)],
        [t('app.fields.basis'), <Source key="basis" confidence={row.confidence} source={row.basis} />],
        [
          t('app.fields.more'),
          <span key="more">
            {(['terms', 'rules'] as const).map((resource) => (
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
