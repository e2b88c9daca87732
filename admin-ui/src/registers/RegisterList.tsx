import Add from '@mui/icons-material/Add'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { useCanAccess } from 'react-admin'
import { Link } from 'react-router-dom'
import type { Column } from '../layout/AppTable'
import { Filters } from '../layout/Filters'
import { PageTitle } from '../layout/PageTitle'
import { ListTable, RecordList } from '../layout/RecordList'
import { useWords } from '../words/useWords'
import type { Register } from './groups'
import type { RegisterRow } from './rows'

/** The list of a register: what it is, filters, table, and a way to add to it for those who may. */
export function RegisterList<Row extends RegisterRow>({
  resource,
  sort,
  columns,
  filters,
  create = false,
}: {
  resource: Register
  sort: { field: string; order: 'ASC' | 'DESC' }
  columns: readonly Column<Row>[]
  filters?: ReactNode
  create?: boolean
}) {
  const { t } = useWords()
  const { canAccess } = useCanAccess({ resource, action: 'create' })
  const title = t(`app.registers.${resource}.title`)

  return (
    <>
      <PageTitle title={title} />
      <Typography sx={{ maxWidth: '60rem' }}>{t(`app.registers.${resource}.explain`)}</Typography>
      {create && canAccess && (
        <Button component={Link} to={`/${resource}/create`} startIcon={<Add />} variant="outlined" sx={{ mt: 1 }}>
          {t('app.registers.add')}
        </Button>
      )}
      <RecordList resource={resource} sort={sort}>
        {filters && <Filters>{filters}</Filters>}
        <ListTable<Row>
          caption={title}
          columns={columns}
          rowHref={({ id }) => `/${resource}/${encodeURIComponent(id)}`}
          empty={t('app.registers.none')}
        />
      </RecordList>
    </>
  )
}
