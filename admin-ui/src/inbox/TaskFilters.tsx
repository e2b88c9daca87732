import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState, type RefObject } from 'react'
import { useListContext } from 'react-admin'
import { Filters, RehearsalFilter, SearchFilter, SelectFilter, ToggleFilter, useFilter } from '../layout/Filters'
import { useProcesses } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { ORDERS, ordersOf, useQueue } from './queues'

/** `probation@1`, a version that is kept for cases begun under it, is of the process `probation`. */
const processOf = (name: string): string => name.replace(/@.*/, '')

function OrderChoice() {
  const { t } = useWords()
  const [queue] = useQueue()
  const { sort, setSort } = useListContext()
  const orders = ordersOf(queue)
  const chosen = orders.find((name) => ORDERS[name].field === sort.field && ORDERS[name].order === sort.order)

  return (
    <TextField
      select
      label={t('app.inbox.order')}
      value={chosen ?? ''}
      onChange={(event) => {
        const name = orders.find((each) => each === event.target.value)
        if (name) setSort(ORDERS[name])
      }}
      fullWidth={false}
      sx={{ minWidth: '14rem', maxWidth: '100%' }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      {orders.map((name) => (
        <MenuItem key={name} value={name}>
          {t(`app.inbox.orders.${name}`)}
        </MenuItem>
      ))}
    </TextField>
  )
}

/** Filters of all versions of a process together: of a task it matters what is to be done, not under which version its case began. */
export function TaskFilters({ search }: { search: RefObject<HTMLInputElement | null> }) {
  const words = useWords()
  const { t } = words
  const [open, setOpen] = useState(false)
  const processes = useProcesses().data ?? []
  const [process] = useFilter('process')
  const names = [...new Set(processes.map(({ name }) => processOf(name)))]
  // the tasks of the kernel are in every process; a kind that several versions have is named as the current one names it
  const kinds = new Map(
    [...processes]
      .sort((a, b) => Number(a.current) - Number(b.current))
      .filter(({ name }) => typeof process !== 'string' || processOf(name) === process)
      .flatMap(({ name, tasks }) => tasks.map(({ kind }) => [kind, words.of(name, `tasks.${kind}.title`)] as const)),
  )

  return (
    <Filters>
      <SearchFilter label={t('app.tasks.search')} field={search} />
      <Button
        variant="outlined"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        sx={{ display: { md: 'none' }, minHeight: 40 }}
      >
        {t('app.inbox.moreFilters')}
      </Button>
      {/* on a phone the tasks come before what is seldom asked */}
      <Box
        sx={{ display: { xs: open ? 'flex' : 'none', md: 'contents' }, flexWrap: 'wrap', gap: 2, alignItems: 'center' }}
      >
        <OrderChoice />
        <SelectFilter
          name="process"
          label={t('app.cases.process')}
          options={names.map((name) => ({ value: name, label: words.of(name, 'name') }))}
        />
        <SelectFilter
          name="kind"
          label={t('app.tasks.kind')}
          options={[...kinds].map(([value, label]) => ({ value, label }))}
        />
        <ToggleFilter name="overdue" label={t('app.tasks.onlyOverdue')} />
        <RehearsalFilter />
      </Box>
    </Filters>
  )
}
