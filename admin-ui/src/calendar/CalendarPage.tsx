import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { RegisterPicker } from '../forms/ReferenceInput'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { dataProvider } from '../providers/dataProvider'
import { useMe } from '../providers/useApi'
import { formatMonth } from '../words/dates'
import { useWords } from '../words/useWords'
import { Month } from './Month'

/** `2026-11` moved by some months. */
function moved(month: string, by: number): string {
  const [year = 2026, number = 1] = month.split('-').map(Number)
  const at = new Date(Date.UTC(year, number - 1 + by, 1))

  return at.toISOString().slice(0, 7)
}

const lastDay = (month: string): string => {
  const [year = 2026, number = 1] = month.split('-').map(Number)

  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}

/** Working days and days off of a month, for a week of five or six days or for one body. */
export default function CalendarPage() {
  const { t, locale } = useWords()
  const me = useMe()
  const [search, setSearch] = useSearchParams()
  const wanted = search.get('month') ?? ''
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(wanted) ? wanted : (me?.today ?? '2026-01').slice(0, 7)
  const profile = search.get('profile') === 'six-day' ? 'six-day' : 'five-day'
  const body = search.get('body') ?? ''
  const set = (changes: Record<string, string>) => {
    const next = { month, profile, body, ...changes }
    setSearch(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')), { replace: true })
  }
  const query = useQuery({
    queryKey: ['@calendar', month, profile, body],
    queryFn: ({ signal }) =>
      dataProvider.calendarDays(
        { from: `${month}-01`, to: lastDay(month), profile, ...(body === '' ? {} : { body }) },
        signal,
      ),
    placeholderData: keepPreviousData,
    enabled: me !== undefined,
  })

  return (
    <>
      <PageTitle title={t('app.menu.calendar')} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, my: 2, alignItems: 'center' }}>
        <Button variant="outlined" onClick={() => set({ month: moved(month, -1) })}>
          {t('app.calendar.previous')}
        </Button>
        <Box
          component="h2"
          aria-live="polite"
          sx={{ m: 0, fontSize: '1.2rem', minWidth: '11rem', textAlign: 'center' }}
        >
          {formatMonth(month, locale)}
        </Box>
        <Button variant="outlined" onClick={() => set({ month: moved(month, 1) })}>
          {t('app.calendar.next')}
        </Button>
        <TextField
          select
          id="profile"
          label={t('app.fields.weekProfile')}
          value={profile}
          onChange={(event) => set({ profile: event.target.value })}
          fullWidth={false}
          sx={{ width: '13rem' }}
        >
          <MenuItem value="five-day">{t('app.week.five')}</MenuItem>
          <MenuItem value="six-day">{t('app.week.six')}</MenuItem>
        </TextField>
        <Box sx={{ width: '22rem', maxWidth: '100%' }}>
          <RegisterPicker
            id="calendar-body"
            register="body"
            body={null}
            label={t('app.fields.body')}
            value={body}
            help=""
            error={false}
            required={false}
            onChange={(key) => set({ body: key })}
          />
        </Box>
      </Box>
      <Loadable query={query}>{({ days }) => <Month month={month} days={days} today={me?.today ?? ''} />}</Loadable>
    </>
  )
}
