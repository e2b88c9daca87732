import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router-dom'
import { PostTable } from '../people/PostTable'
import { RegisterPage } from '../registers/RegisterPage'
import type { Position } from '../registers/rows'
import { useWords } from '../words/useWords'

export default function PositionShow() {
  const words = useWords()
  const { t, name } = words
  const yes = (value: boolean) => t(value ? 'app.yes' : 'app.no')

  return (
    <RegisterPage<Position>
      resource="positions"
      title={(row) => name(row.name)}
      facts={(row) => [
        [
          t('app.fields.body'),
          <Link key="body" component={RouterLink} to={`/bodies/${row.body.key}`}>
            {name(row.body.name)}
          </Link>,
        ],
        [t('app.fields.unit'), name(row.unit?.name)],
        [
          t('app.fields.category'),
          <Link key="category" component={RouterLink} to={`/categories/${row.category}`}>
            {words.category(row.category)}
          </Link>,
        ],
        [t('app.fields.headsUnit'), yes(row.headsUnit)],
        [t('app.fields.headsBody'), yes(row.headsBody)],
        [t('app.fields.elected'), yes(row.elected)],
      ]}
    >
      {(row) => <PostTable target="position" id={row.id} />}
    </RegisterPage>
  )
}
