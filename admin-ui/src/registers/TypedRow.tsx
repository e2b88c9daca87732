import { RegisterName } from '../forms/Answer'
import { asText, isValues, type Values } from '../forms/fields'
import type { AppKey } from '../i18n/messages'
import { Facts } from '../layout/AppTable'
import { CONFIDENCE_WORDS } from '../words/Confidence'
import { isIsoDate } from '../words/dates'
import { useWords } from '../words/useWords'

/** The words of codes, by field. */
const CODES: Readonly<Record<string, Readonly<Record<string, AppKey>>>> = {
  confidence: CONFIDENCE_WORDS,
  kind: {
    state: 'app.holidayKinds.state',
    national: 'app.holidayKinds.national',
    religious: 'app.holidayKinds.religious',
    working: 'app.dayKinds.working',
    off: 'app.dayKinds.off',
  },
  appliesTo: { 'five-day': 'app.week.five', all: 'app.week.all' },
  unit: {
    'working days': 'app.unitNames.workingDays',
    'calendar days': 'app.unitNames.calendarDays',
    months: 'app.unitNames.months',
    years: 'app.unitNames.years',
  },
}

function TypedValue({ field, value }: { field: string; value: unknown }) {
  const words = useWords()
  if (value === null || value === undefined || value === '') return <>—</>
  if (typeof value === 'boolean') return <>{words.t(value ? 'app.yes' : 'app.no')}</>
  // a name in three languages
  if (isValues(value)) return <>{Object.values(value).map(asText).join(' / ')}</>
  const text = asText(value)
  if (field === 'person' || field === 'body') return <RegisterName register={field} id={text} />
  if (field === 'role') return <>{words.of('kernel', `roles.${text}`)}</>
  if (isIsoDate(value)) return <>{words.date(value)}</>
  const code = CODES[field]?.[text]

  return <>{code ? words.t(code) : text}</>
}

/** What was typed into the form of a row of a register. */
export function TypedRow({ typed }: { typed: Values }) {
  const words = useWords()

  return (
    <Facts
      stacked
      facts={Object.entries(typed).map(([field, value]) => [
        words.of('app', `fields.${field === 'unit' ? 'termUnit' : field}`),
        <TypedValue key={field} field={field} value={value} />,
      ])}
    />
  )
}
