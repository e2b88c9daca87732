import { useGetOne } from 'react-admin'
import { FieldValue, RegisterName } from '../forms/Answer'
import { asText, isValues, type Values } from '../forms/fields'
import type { AppKey } from '../i18n/messages'
import { Facts, type Fact } from '../layout/AppTable'
import { CONFIDENCE_WORDS } from '../words/Confidence'
import { isIsoDate } from '../words/dates'
import { useWords, type Words } from '../words/useWords'
import { describedIn, useDescribed, type Described } from './described'
import { PostName } from './PostName'
import type { Unit } from './rows'

/** The words of codes, by field. */
const CODES: Readonly<Record<string, Readonly<Record<string, AppKey>>>> = {
  confidence: CONFIDENCE_WORDS,
  kind: {
    state: 'app.holidayKinds.state',
    national: 'app.holidayKinds.national',
    religious: 'app.holidayKinds.religious',
    working: 'app.dayKinds.working',
    off: 'app.dayKinds.off',
    permanent: 'app.postKinds.permanent',
    temporary: 'app.postKinds.temporary',
    central: 'app.bodyKinds.central',
    agency: 'app.bodyKinds.agency',
    territorial: 'app.bodyKinds.territorial',
    'akimat-region': 'app.bodyKinds.akimat-region',
    'akimat-city': 'app.bodyKinds.akimat-city',
    'akimat-district': 'app.bodyKinds.akimat-district',
  },
  appliesTo: { 'five-day': 'app.week.five', all: 'app.week.all' },
  weekProfile: { 'five-day': 'app.week.five', 'six-day': 'app.week.six' },
  endGround: {
    transfer: 'app.endGrounds.transfer',
    ownWish: 'app.endGrounds.ownWish',
    evaluation: 'app.endGrounds.evaluation',
    probation: 'app.endGrounds.probation',
    attestation: 'app.endGrounds.attestation',
    negativeGrounds: 'app.endGrounds.negativeGrounds',
    staffReduction: 'app.endGrounds.staffReduction',
  },
  termUnit: {
    'working days': 'app.unitNames.workingDays',
    'calendar days': 'app.unitNames.calendarDays',
    months: 'app.unitNames.months',
    years: 'app.unitNames.years',
  },
}

function UnitName({ id }: { id: string }) {
  const { name } = useWords()
  const { data } = useGetOne<Unit>('units', { id })

  return <>{data ? name(data.name) : id}</>
}

/** A value of a field of a row, in words. */
export function TypedValue({ field, value }: { field: string; value: unknown }) {
  const words = useWords()
  if (value === null || value === undefined || value === '') return <>—</>
  if (typeof value === 'boolean') return <>{words.t(value ? 'app.yes' : 'app.no')}</>
  // a name in three languages
  if (isValues(value)) return <>{Object.values(value).map(asText).join(' / ')}</>
  const text = asText(value)
  if (field === 'post') return <PostName id={text} />
  if (field === 'unit') return <UnitName id={text} />
  if (field === 'parent') return <RegisterName register="body" id={text} />
  if (field === 'person' || field === 'position' || field === 'body') return <RegisterName register={field} id={text} />
  if (field === 'role') return <>{words.of('kernel', `roles.${text}`)}</>
  if (field === 'category') return <>{words.category(text)}</>
  if (field === 'regime') return <>{words.regime(text)}</>
  if (field === 'source' || field === 'basis') return <>{words.source(text)}</>
  if (isIsoDate(value)) return <>{words.date(value)}</>
  const code = CODES[field]?.[text]

  return <>{code ? words.t(code) : text}</>
}

/** What processes describe of a row, in words. */
export const describedFacts = (words: Words, { process, fields }: Described, values: Values): Fact[] =>
  fields.map((field) => [
    words.fieldLabel(process, field.name),
    <FieldValue key={field.name} process={process} field={field} value={values[field.name]} />,
  ])

/** What was typed into the form of a row of a register. */
export function TypedRow({ resource, typed }: { resource: string; typed: Values }) {
  const words = useWords()
  const described = useDescribed(resource)
  const { fields: _, ...columns } = typed

  return (
    <Facts
      stacked
      facts={[
        ...Object.entries(columns).map(([name, value]): Fact => {
          const field = name === 'unit' ? 'termUnit' : name

          return [words.of('app', `fields.${field}`), <TypedValue key={field} field={field} value={value} />]
        }),
        ...described.flatMap((of) => describedFacts(words, of, describedIn(of, typed))),
      ]}
    />
  )
}
