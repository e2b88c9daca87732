/** The law and the calendar that a case takes with it. */
import { addDays, continuedBy, isoDate } from '../../workflows/kernel/law/calendar'
import type { BodyKey, IsoDate, DaysOff } from '../../workflows/kernel/contract'
import type { CasePlace } from '../../workflows/kernel/protocol/activities'
import type { FormerBody } from '../../workflows/kernel/protocol/step'
import { earliestIn, type Opening, type OpeningQuestion } from '../../workflows/kernel/protocol/opening'
import type { RegisterLimits } from '../../workflows/kernel/law/register-values'
import { daysOffFor } from './calendar'
import { placeOf } from './cases'
import type { Db } from './db'
import { flagRows, RegisterGap, regimeOn, ruleRows, termRows } from './law'
import { agencyOf } from './service'

/** How far a case usually looks back and ahead: the longest of them lasts a few years, and a calendar of six is 2 kB. */
const DAYS_BACK = 370
const DAYS_AHEAD = 5 * 366

/**
 * The calendar of a body as a case takes it, back to `earliest` where that is further than usual, and never further than
 * the register knows. Throws OutsideCalendar when the register does not know the day `on` itself.
 */
export const caseCalendar = (
  db: Db,
  { body, on, earliest = on }: { readonly body: BodyKey; readonly on: IsoDate; readonly earliest?: IsoDate },
): Promise<DaysOff> => {
  const usual = addDays(on, -DAYS_BACK)
  // whole years: cases that begin in one year share what was worked out for it
  const backTo = earliest < usual ? isoDate(`${earliest.slice(0, 4)}-01-01`) : usual
  return daysOffFor(db, { body, from: on, backTo, to: addDays(on, DAYS_AHEAD) })
}

/** Where a case belongs once it is handed over to a body; null: there is no such body. */
export async function placeOfCase(
  db: Db,
  question: { readonly body: BodyKey; readonly on: IsoDate; readonly earliest: IsoDate },
): Promise<CasePlace | null> {
  const { body } = question
  const place = await placeOf(db, { body })
  if (!place) return null
  const [agency, daysOff] = await Promise.all([agencyOf(db, body), caseCalendar(db, question)])

  return { body, agency, zone: place.zone, daysOff }
}

/** A form that is filled in while its case runs. */
interface Running {
  readonly body: BodyKey
  /** bodies to which it belonged before, in order */
  readonly formerBodies: readonly FormerBody[]
  readonly startedOn: IsoDate
  readonly form: unknown
}

/**
 * The calendar of a case that is open, for a first look at an answer: from where it began or from the days that the answer names,
 * and as far ahead as it may have come since. The case itself decides, with the calendar that it took.
 */
export async function runningCalendar(
  db: Db,
  { body, formerBodies, startedOn, form, today }: Running & { readonly today: IsoDate },
): Promise<DaysOff> {
  const from = addDays(startedOn, -DAYS_BACK)
  const earliest = earliestIn(form)
  const backTo = earliest !== undefined && earliest < from ? isoDate(`${earliest.slice(0, 4)}-01-01`) : from
  const each = await Promise.all(
    [...formerBodies.map((former) => former.body), body].map((of) =>
      daysOffFor(db, { body: of, from, backTo, to: addDays(today, DAYS_AHEAD) }),
    ),
  )

  return each.reduce((before, now, i) => continuedBy(before, formerBodies[i - 1]?.until ?? from, now))
}

/** Whether a calendar reaches back further than a case usually does: what a form brings with it then. */
export const reachesFurtherBack = ({ from }: DaysOff, startedOn: IsoDate): boolean =>
  from < addDays(startedOn, -DAYS_BACK)

/**
 * The calendar of an open case back to the days that the form of an act names, where they lie before what a case usually has;
 * otherwise undefined. The act brings it: what decides about an act in the case cannot ask the register.
 */
export async function actCalendar(
  db: Db,
  { body: now, formerBodies, startedOn, form }: Running,
): Promise<DaysOff | undefined> {
  const earliest = earliestIn(form)
  const { body } = formerBodies[0] ?? { body: now }

  return earliest && earliest < addDays(startedOn, -DAYS_BACK)
    ? caseCalendar(db, { body, on: startedOn, earliest })
    : undefined
}

/**
 * Rows that the register lacks, or whose values mean nothing by `limits`, are named, not guessed: the case then says so. `regime` is
 * `none` where none is in force.
 */
export async function openingOf(db: Db, question: OpeningQuestion, limits?: RegisterLimits): Promise<Opening> {
  const { body, on, terms, rules, flags = [] } = question
  const [regime, agency, daysOff] = await Promise.all([
    question.regime ?? regimeOn(db, on).then((found) => found ?? 'none'),
    agencyOf(db, body),
    caseCalendar(db, question),
  ])
  const found = { regime, agency, daysOff }
  try {
    // one after the other: of both lacking, the terms are named
    const termsOf = await termRows(db, terms, regime, on, limits)
    const rulesOf = await ruleRows(db, rules, regime, limits)

    const flagsOn = await flagRows(db, flags, regime, on)

    return { ...found, terms: termsOf, rules: [...rulesOf, ...flagsOn], missing: [] }
  } catch (error) {
    // an answer for a person, not a fault to be tried again for ever
    if (error instanceof RegisterGap) return { ...found, terms: [], rules: [], missing: error.keys }
    throw error
  }
}
