import Box from '@mui/material/Box'
import Paper from '@mui/material/Paper'
import TableContainer from '@mui/material/TableContainer'
import { visuallyHidden } from '@mui/utils'
import type { AppKey } from '../i18n/messages'
import type { CalendarDay } from '../providers/dataProvider'
import { formatMonth } from '../words/dates'
import { useWords } from '../words/useWords'

const WEEKDAYS: readonly AppKey[] = [
  'app.weekdays.mon',
  'app.weekdays.tue',
  'app.weekdays.wed',
  'app.weekdays.thu',
  'app.weekdays.fri',
  'app.weekdays.sat',
  'app.weekdays.sun',
]

/** Reasons that the words "day off" or the name of the holiday say already. */
const SAID_ALREADY = ['weekend', 'holiday']

/** Days in rows of seven from Monday, with gaps before the first. */
function weeks(days: readonly CalendarDay[]): (CalendarDay | null)[][] {
  const first = days[0]
  if (!first) return []
  const before = (new Date(`${first.date}T00:00:00Z`).getUTCDay() + 6) % 7
  const cells: (CalendarDay | null)[] = [...Array.from({ length: before }, () => null), ...days]
  while (cells.length % 7 !== 0) cells.push(null)

  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

/** A month as a table; a day off is said in words too. */
export function Month({ month, days, today }: { month: string; days: readonly CalendarDay[]; today: string }) {
  const { t, maybe, name, date, locale } = useWords()

  return (
    <TableContainer
      component={Paper}
      variant="outlined"
      tabIndex={0}
      role="region"
      aria-label={t('app.menu.calendar')}
      // the container of what is hidden to the eye, lest that widen the page
      sx={{ position: 'relative' }}
    >
      <Box
        component="table"
        sx={{
          width: '100%',
          minWidth: '44rem',
          borderCollapse: 'collapse',
          tableLayout: 'fixed',
          '& th, & td': { border: 1, borderColor: 'divider', p: 1, verticalAlign: 'top', textAlign: 'start' },
          '& td': { height: '5rem' },
        }}
      >
        <caption style={visuallyHidden}>{formatMonth(month, locale)}</caption>
        <thead>
          <tr>
            {WEEKDAYS.map((key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks(days).map((week, index) => (
            <tr key={index}>
              {week.map((day, weekday) =>
                day ? (
                  <Box
                    component="td"
                    key={day.date}
                    {...(day.date === today ? { 'aria-current': 'date' as const } : {})}
                    sx={{
                      bgcolor: day.working ? 'background.paper' : 'own.dayOff',
                      outline: day.date === today ? '2px solid' : 'none',
                      outlineOffset: -3,
                    }}
                  >
                    <Box component="span" sx={{ fontWeight: 600 }}>
                      <span aria-hidden>{Number(day.date.slice(8))}</span>
                      <span style={visuallyHidden}>{date(day.date)}</span>
                    </Box>
                    <Box sx={{ fontSize: '0.85rem' }}>
                      {!day.working && t('app.calendar.off')}
                      {day.working && day.reason && t('app.calendar.worked')}
                      {day.name && <div>{name(day.name)}</div>}
                      {day.reason && !SAID_ALREADY.includes(day.reason) && (
                        <div>{maybe('kernel', `days.${day.reason}`)}</div>
                      )}
                    </Box>
                  </Box>
                ) : (
                  <td key={weekday} />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </Box>
    </TableContainer>
  )
}
