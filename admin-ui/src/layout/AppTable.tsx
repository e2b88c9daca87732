import ArrowDownward from '@mui/icons-material/ArrowDownward'
import ArrowUpward from '@mui/icons-material/ArrowUpward'
import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Paper from '@mui/material/Paper'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableContainer from '@mui/material/TableContainer'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import type { ReactNode } from 'react'
import { Link as RouterLink } from 'react-router-dom'
import { visuallyHidden } from '@mui/utils'
import { useWords } from '../words/useWords'

export interface Column<Row> {
  key: string
  label: string
  /** field by which the server sorts; absent: the column cannot be sorted */
  sort?: string
  cell: (row: Row) => ReactNode
}

interface Props<Row> {
  /** said to screen readers before the table */
  caption: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  /** address of the row: the first column becomes a real link */
  rowHref?: (row: Row) => string | null
  sort?: { field: string; order: 'ASC' | 'DESC' } | undefined
  onSort?: (field: string) => void
  empty: ReactNode
}

/** Our one table: named by a caption, first cell heads its row and is a link, sort order said by `aria-sort`. */
export function AppTable<Row>({ caption, rows, columns, rowKey, rowHref, sort, onSort, empty }: Props<Row>) {
  const { t } = useWords()
  if (rows.length === 0) {
    return (
      <Paper variant="outlined" sx={{ p: 3, my: 1 }} role="status">
        {empty}
      </Paper>
    )
  }

  return (
    <TableContainer
      component={Paper}
      variant="outlined"
      sx={{ my: 1, position: 'relative' }}
      tabIndex={0}
      role="region"
      aria-label={caption}
    >
      <Table size="small" sx={{ '& td, & th': { verticalAlign: 'top' } }}>
        <caption style={visuallyHidden}>{caption}</caption>
        <TableHead>
          <TableRow>
            {columns.map((column) => {
              const sorted = column.sort !== undefined && sort?.field === column.sort ? sort.order : null
              const direction = sorted === 'ASC' ? 'ascending' : 'descending'

              return (
                <TableCell
                  key={column.key}
                  scope="col"
                  {...(sorted ? { 'aria-sort': direction } : {})}
                  sx={{ fontWeight: 600 }}
                >
                  {column.sort !== undefined && onSort ? (
                    <Link
                      component="button"
                      type="button"
                      underline="hover"
                      color="inherit"
                      onClick={() => onSort(column.sort ?? '')}
                      sx={{
                        fontWeight: 600,
                        display: 'inline-flex',
                        alignItems: 'center',
                        gap: 0.5,
                        textAlign: 'start',
                      }}
                    >
                      {column.label}
                      <span style={visuallyHidden}>{t('app.sortBy')}</span>
                      {sorted === 'ASC' && <ArrowUpward aria-hidden fontSize="inherit" />}
                      {sorted === 'DESC' && <ArrowDownward aria-hidden fontSize="inherit" />}
                    </Link>
                  ) : (
                    column.label
                  )}
                </TableCell>
              )
            })}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => {
            const href = rowHref?.(row) ?? null

            return (
              <TableRow key={rowKey(row)} hover>
                {columns.map((column, index) =>
                  index === 0 ? (
                    <TableCell key={column.key} component="th" scope="row" sx={{ fontWeight: 400 }}>
                      {href ? (
                        <Link component={RouterLink} to={href}>
                          {column.cell(row)}
                        </Link>
                      ) : (
                        column.cell(row)
                      )}
                    </TableCell>
                  ) : (
                    <TableCell key={column.key}>{column.cell(row)}</TableCell>
                  ),
                )}
              </TableRow>
            )
          })}
        </TableBody>
      </Table>
    </TableContainer>
  )
}

/** A label and its value. */
export type Fact = readonly [label: string, value: ReactNode]

/** Facts as a description list: two columns where there is room, or each label above its value where there may be little. */
export function Facts({ facts, stacked = false }: { facts: readonly Fact[]; stacked?: boolean }) {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gridTemplateColumns: stacked
          ? 'minmax(0, 1fr)'
          : // long labels wrap between words, so that values need not be broken within them
            { xs: 'minmax(0, 1fr)', sm: 'fit-content(40%) minmax(0, 1fr)' },
        columnGap: 3,
        rowGap: stacked ? 0 : { xs: 0.25, sm: 1 },
        '& > dt': { color: 'text.secondary', ...(stacked ? { fontSize: '0.85rem' } : {}) },
        '& > dd': { m: 0, mb: stacked ? 0.75 : { xs: 1, sm: 0 }, overflowWrap: 'anywhere' },
      }}
    >
      {facts.map(([label, value]) => [<dt key={`${label}-term`}>{label}</dt>, <dd key={`${label}-value`}>{value}</dd>])}
    </Box>
  )
}
