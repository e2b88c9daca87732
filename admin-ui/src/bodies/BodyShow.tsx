import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import { RegisterName } from '../forms/Answer'
import { RegisterPage } from '../registers/RegisterPage'
import type { Body } from '../registers/rows'
import { useWords } from '../words/useWords'
import { RegionName } from '../regions/RegionName'
import { useBodyKind } from './BodyList'

const listed = (resource: string, body: string) => `/${resource}?filter=${encodeURIComponent(JSON.stringify({ body }))}`

export default function BodyShow() {
  const words = useWords()
  const { t, name } = words
  const kind = useBodyKind()

  return (
    <RegisterPage<Body>
      resource="bodies"
      title={(row) => name(row.name)}
      facts={(row) => [
        [t('app.fields.kind'), kind(row.kind)],
        [t('app.fields.parent'), row.parent ? <RegisterName key="parent" register="body" id={row.parent} /> : '—'],
        [t('app.fields.region'), <RegionName key="region" id={row.region} />],
        [t('app.fields.weekProfile'), t(row.weekProfile === 'six-day' ? 'app.week.six' : 'app.week.five')],
        [t('app.fields.source'), words.source(row.source)],
        [
          t('app.fields.more'),
          <span key="more">
            {(['units', 'positions', 'people', 'roles'] as const).map((resource) => (
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
