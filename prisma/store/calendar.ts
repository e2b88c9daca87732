/** The calendar as data: holidays, Government day swaps, days of one body, and what follows from them. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type DaysOff,
  type BodyKey,
  type Confidence,
  type IsoDate,
  isUnverified,
  type Locale,
  WEEK_PROFILES,
  type WeekProfile,
} from '../../workflows/kernel/contract'
import { isoDate } from '../../workflows/kernel/law/calendar'
import {
  type CalendarRows,
  type DayExplained,
  daysOff,
  explainDays,
  isOtherDayOfHoliday,
  reachingBack,
} from '../../workflows/kernel/law/holidays'
import type { RegisterRows } from '../../workflows/kernel/register'
import type { BodyDay, DaySwap, Holiday } from '../generated/client'
import { recomputing } from './commands'
import { type Db, fromStored, Prisma, type Sql } from './db'
import { type Changed, type DayClash, editable, register, type RowVersion } from './listing'
import { KEEPER } from './register-sight'
import { dateKey, inEachLanguage, nameKey, textKey } from './order'
import { nameColumns } from './register/names'
import { nameOf } from './refs'
import { type Author, type NewRow, SYSTEM, writeRegister } from './register-trail'

const confidences = z.enum(['S', 'L', 'O', 'N', 'B', 'U', 'D'])
/** The letter in a `confidence` column. Throws on anything else. */
export const confidenceOf = (stored: string): Confidence => confidences.parse(stored)

const profiles = z.enum(WEEK_PROFILES)
/** The week in a `weekProfile` column. Throws on anything else. */
export const profileOf = (stored: string): WeekProfile => profiles.parse(stored)

const swapKinds = z.enum(['working', 'off'])
const swapScopes = z.enum(['five-day', 'all'])

interface Period {
  readonly from: IsoDate
  readonly to: IsoDate
}
/** Whose calendar: that of a body (its week and its own days), or the general one of a week. */
export type CalendarOf =
  | { readonly body: BodyKey; readonly profile?: WeekProfile }
  | { readonly profile: WeekProfile; readonly body?: undefined }

const generalRows = z.object({
  holidays: z.array(
    z.object({
      date: z.string().transform(isoDate),
      nameKey: z.string(),
      name: z.object({ kk: z.string(), ru: z.string(), en: z.string() }),
      kind: z.string(),
      moves: z.boolean(),
      confidence: confidences,
      source: z.string(),
    }),
  ),
  swaps: z.array(
    z.object({
      date: z.string().transform(isoDate),
      kind: swapKinds,
      appliesTo: swapScopes,
      reason: z.string(),
      confidence: confidences,
      source: z.string(),
    }),
  ),
})
const bodyDayRows = z.array(z.object({ date: z.string().transform(isoDate), working: z.boolean(), reason: z.string() }))

/** Rows that were read, and the version of the calendar that they are of. */
interface Kept<Rows> {
  readonly version: string
  readonly rows: Rows
}
type General = Pick<CalendarRows, 'holidays' | 'swaps'>
/** What this process has read last: for all bodies together, and for each of those asked about last. */
let general: Kept<General> | null = null
const ownDays = new Map<string, Kept<CalendarRows['bodyDays']>>()
const MOST_BODIES = 500

interface Loaded {
  readonly version: string
  /** null: those of this version are kept */
  readonly general: string | null
  readonly bodyDays: string | null
  readonly profile: string | null
}
interface Calendar {
  /** alike words, alike days */
  readonly words: string
  readonly rows: CalendarRows
  readonly profile: WeekProfile
}

/**
 * The rows of a calendar. Its version is read in the same statement, and the rows only when those that are kept are of another: a
 * case asks with each answer, and anybody may ask without signing in.
 */
const loaded = async (db: { readonly sql: Pick<Sql, 'rows'> }, of: CalendarOf): Promise<Calendar> => {
  const body = of.body ?? null
  const [shared, own] = [general, ownDays.get(of.body ?? '') ?? null]
  const [found] = await db.sql.rows<Loaded>`
    select v.version::text, b."weekProfile" as profile,
      case when v.version = ${shared?.version ?? null}::uuid then null else json_build_object(
        'holidays', (select coalesce(json_agg(json_build_object('date', date, 'nameKey', "nameKey", 'moves', moves,
          'kind', kind, 'confidence', confidence, 'source', source, 'name', json_build_object('kk', "nameKk", 'ru', "nameRu", 'en', "nameEn"))
          order by date, id), '[]') from holidays),
        'swaps', (select coalesce(json_agg(json_build_object('date', date, 'kind', kind, 'appliesTo', "appliesTo",
          'reason', reason, 'confidence', confidence, 'source', source) order by date, id), '[]') from day_swaps)
      )::text end as general,
      case when v.version = ${own?.version ?? null}::uuid then null else (
        select coalesce(json_agg(json_build_object('date', date, 'working', working, 'reason', reason) order by date), '[]')::text
        from body_days where "bodyKey" = ${body}) end as "bodyDays"
    from calendar_version v left join state_bodies b on b.key = ${body}`
  if (!found) throw new Error('the calendar has no version')
  if (body !== null && found.profile === null) throw new Error(`there is no body ${body}`)
  const { version } = found
  const everywhere = found.general === null ? shared : { version, rows: generalRows.parse(JSON.parse(found.general)) }
  const here = found.bodyDays === null ? own : { version, rows: bodyDayRows.parse(JSON.parse(found.bodyDays)) }
  if (!everywhere || !here) throw new Error('rows of the calendar are missing')
  general = everywhere
  if (ownDays.size >= MOST_BODIES) ownDays.clear()
  ownDays.set(of.body ?? '', here)

  return {
    words: here.rows.length === 0 ? version : `${version} ${String(body)}`,
    rows: { ...everywhere.rows, bodyDays: here.rows },
    profile: of.profile ?? profileOf(found.profile ?? ''),
  }
}

/** All cases that a kind of body begins on one day take the same calendar with them; working it out takes milliseconds. */
const workedOut = new Map<string, DaysOff>()
const MOST_WORKED_OUT = 200

/**
 * The days off of a period, both ends included, in the form that travels into a workflow. With `backTo` it begins that
 * much earlier, or on the first day of the register if that is later. Throws OutsideCalendar when `from` is before the
 * first day of the register, and an error when there is no such body.
 */
export const daysOffFor = async (
  db: { readonly sql: Pick<Sql, 'rows'> },
  of: CalendarOf & Period & { readonly backTo?: IsoDate },
): Promise<DaysOff> => {
  const { from, to, backTo = from } = of
  const { words, rows, profile } = await loaded(db, of)
  const key = `${words} ${profile} ${backTo} ${from} ${to}`
  const known = workedOut.get(key)
  if (known) return known
  const days = daysOff(rows, profile, reachingBack(rows, from, backTo), to)
  if (workedOut.size >= MOST_WORKED_OUT) workedOut.clear()
  workedOut.set(key, days)
  return days
}

/** Every day of a period with the reason why it is off or worked; refuses like `daysOffFor`. */
export const daysExplained = async (
  db: Db,
  of: CalendarOf & Period,
): Promise<{ profile: WeekProfile; days: DayExplained[] }> => {
  const { rows, profile } = await loaded(db, of)
  return { profile, days: explainDays(rows, profile, of.from, of.to) }
}

// ---------------------------------------------------------------- the registers behind it

const within = (year: string): Prisma.Sql =>
  Prisma.sql`t.date between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date`

/**
 * Until the end of the transaction nobody else enters or changes a day, so that rows are compared with those that are there. Days are
 * read meanwhile.
 */
const lockDays = (tx: Sql) => tx.run`lock table holidays, day_swaps in share row exclusive mode`

/** Ids say what was entered; a row that was moved to another day keeps its own. */
const idOf = (words: string, there: readonly { readonly id: string }[]): string =>
  there.some(({ id }) => id === words) ? `${words}:${randomUUID().slice(0, 8)}` : words

const holidayRow = (stored: Holiday) => ({
  id: stored.id,
  date: fromStored(stored.date),
  nameKey: stored.nameKey,
  name: nameOf(stored),
  kind: stored.kind,
  moves: stored.moves,
  confidence: confidenceOf(stored.confidence),
  source: stored.source,
  unverified: isUnverified(confidenceOf(stored.confidence)),
  version: stored.version,
})
export type HolidayView = ReturnType<typeof holidayRow>
export interface HolidayChange {
  readonly date?: IsoDate
  readonly name?: Readonly<Record<Locale, string>>
  readonly moves?: boolean
  readonly confidence?: Confidence
  readonly source?: string
}

export const holidays = editable(
  register({
    ids: 'key',
    from: Prisma.sql`holidays t`,
    id: 'id',
    filters: {
      year: { kind: 'year', where: within },
      from: { kind: 'date', where: (date) => Prisma.sql`t.date >= ${date}::date` },
      to: { kind: 'date', where: (date) => Prisma.sql`t.date <= ${date}::date` },
      nameKey: { kind: 'key', where: (key) => Prisma.sql`t."nameKey" = ${key}` },
    },
    orders: {
      date: [dateKey('date'), textKey('id')],
      nameKey: [textKey('nameKey'), dateKey('date'), textKey('id')],
      ...inEachLanguage('name', (locale) => [
        nameKey('t', locale, (row: Holiday) => row),
        dateKey('date'),
        textKey('id'),
      ]),
    },
    usual: '-date',
    load: (db, ids): Promise<Holiday[]> => db.holiday.findMany({ where: { id: { in: ids } } }),
    row: holidayRow,
  }),
  async (tx, author, at, { name, ...change }: HolidayChange) => {
    await lockDays(tx)
    const there = await holidaysThere(tx)
    const was = there.find(({ id, version }) => id === at.id && version === at.version)
    const clash =
      was && change.date && change.date !== was.date ? holidayClash({ ...was, date: change.date }, there) : null

    return (
      clash ?? writeRegister(tx, author, 'holidays', { ...at, change: { ...(name && nameColumns(name)), ...change } })
    )
  },
)

type HolidayDay = Pick<RegisterRows['holidays'], 'id' | 'date' | 'nameKey'>

/** Why a holiday cannot stand beside those that are there. */
const holidayClash = (row: HolidayDay, there: readonly HolidayDay[]): DayClash | null => {
  const others = there.filter(({ id, nameKey }) => id !== row.id && nameKey === row.nameKey)
  if (others.some(({ date }) => date === row.date)) return 'exists'
  return others.some((other) => isOtherDayOfHoliday(row, other)) ? 'contradicts' : null
}

const holidaysThere = (tx: Sql) =>
  tx.rows<HolidayDay & { readonly version: number }>`select id, version, date, "nameKey" from holidays`

/** Enters a holiday, unless it is entered on that date, or on another of a year that has it once. */
export const addHoliday = async (
  db: Db,
  author: Author,
  { name, ...row }: Required<HolidayChange> & { readonly nameKey: string; readonly kind: string },
): Promise<HolidayView | DayClash> => {
  const entered = await db.sql.transaction(async (tx) => {
    await lockDays(tx)
    const there = await holidaysThere(tx)
    const id = idOf(`${row.date}:${row.nameKey}`, there)
    const clash = holidayClash({ ...row, id }, there)

    return clash ?? writeRegister(tx, author, 'holidays', { enter: [{ ...row, ...nameColumns(name), id }] })
  })

  return typeof entered === 'string' ? entered : dayEntered(entered, (id) => holidays.get(db, id, KEEPER))
}

/** The row that was entered, as it is read. */
async function dayEntered<Row>(
  [change]: readonly { readonly id: string }[],
  get: (id: string) => Promise<Row | null>,
): Promise<Row> {
  const row = change && (await get(change.id))
  if (!row) throw new Error('a row that was entered is not there')

  return row
}

const swapRow = (stored: DaySwap) => ({
  id: stored.id,
  date: fromStored(stored.date),
  kind: swapKinds.parse(stored.kind),
  appliesTo: swapScopes.parse(stored.appliesTo),
  reason: stored.reason,
  confidence: confidenceOf(stored.confidence),
  source: stored.source,
  unverified: isUnverified(confidenceOf(stored.confidence)),
  version: stored.version,
})
export type SwapView = ReturnType<typeof swapRow>
export interface SwapChange {
  readonly date?: IsoDate
  readonly kind?: 'working' | 'off'
  readonly appliesTo?: 'five-day' | 'all'
  readonly reason?: string
  readonly confidence?: Confidence
  readonly source?: string
}

export const swaps = editable(
  register({
    ids: 'key',
    from: Prisma.sql`day_swaps t`,
    id: 'id',
    filters: {
      year: { kind: 'year', where: within },
      kind: { kind: 'key', where: (kind) => Prisma.sql`t.kind = ${kind}` },
    },
    orders: { date: [dateKey('date'), textKey('id')] },
    usual: '-date',
    load: (db, ids): Promise<DaySwap[]> => db.daySwap.findMany({ where: { id: { in: ids } } }),
    row: swapRow,
  }),
  async (tx, author, at, change: SwapChange) => {
    await lockDays(tx)
    const there = await swapsThere(tx)
    const was = there.find(({ id, version }) => id === at.id && version === at.version)
    const says = was && { ...was, ...change }
    const same = (['date', 'kind', 'appliesTo'] as const).every((part) => says?.[part] === was?.[part])
    const clash = says && !same ? swapClash(says, there) : null

    return clash ?? writeRegister(tx, author, 'swaps', { ...at, change })
  },
)

type SwapDay = Pick<RegisterRows['swaps'], 'id' | 'date' | 'kind' | 'appliesTo'>

/** Both kinds of swap hold for the five-day week, so two of one day that differ always contradict each other. */
const swapClash = (row: SwapDay, there: readonly SwapDay[]): DayClash | null => {
  const others = there.filter(({ id, date }) => id !== row.id && date === row.date)
  if (others.some((other) => other.kind !== row.kind)) return 'contradicts'
  return others.some((other) => other.appliesTo === row.appliesTo) ? 'exists' : null
}

const swapsThere = (tx: Sql) =>
  tx.rows<SwapDay & { readonly version: number }>`select id, version, date, kind, "appliesTo" from day_swaps`

/** Enters a swapped day, unless one for that date and week is entered, or one that says the opposite of that date. */
export const addSwap = async (db: Db, author: Author, row: Required<SwapChange>): Promise<SwapView | DayClash> => {
  const entered = await db.sql.transaction(async (tx) => {
    await lockDays(tx)
    const there = await swapsThere(tx)
    const id = idOf(`${row.date}:${row.appliesTo}`, there)
    const clash = swapClash({ ...row, id }, there)

    return clash ?? writeRegister(tx, author, 'swaps', { enter: [{ ...row, id }] })
  })

  return typeof entered === 'string' ? entered : dayEntered(entered, (id) => swaps.get(db, id, KEEPER))
}

/** Those of the rows that are not there and can stand beside what is there, and beside one another. */
const standing = <Day extends { readonly id: string }, Row extends Day>(
  rows: readonly Row[],
  there: readonly Day[],
  clash: (row: Day, there: readonly Day[]) => DayClash | null,
): Row[] => {
  const known = [...there]
  return rows.filter((row) => {
    const enters = !known.some(({ id }) => id === row.id) && clash(row, known) === null
    if (enters) known.push(row)
    return enters
  })
}

/**
 * Enters the days of the reference data, without those of which an administrator has said otherwise. Where any is new, as the days of
 * a year that a release brings, open cases compute their terms anew.
 */
export const enterReferenceDays = async (
  tx: Sql,
  rows: { readonly holidays: readonly NewRow<'holidays'>[]; readonly swaps: readonly NewRow<'swaps'>[] },
): Promise<void> => {
  await lockDays(tx)
  const days = standing(rows.holidays, await holidaysThere(tx), holidayClash)
  const moved = standing(rows.swaps, await swapsThere(tx), swapClash)
  await writeRegister(tx, SYSTEM, 'holidays', { enter: days })
  await writeRegister(tx, SYSTEM, 'swaps', { enter: moved })
  if (days.length + moved.length > 0) await tx.run`${recomputing(null)}`
}

type StoredBodyDay = Prisma.BodyDayGetPayload<{ include: { body: true } }>
const bodyDayRow = (stored: BodyDay) => ({
  id: stored.id,
  body: stored.bodyKey,
  date: fromStored(stored.date),
  working: stored.working,
  reason: stored.reason,
  version: stored.version,
})
export type BodyDayView = ReturnType<typeof bodyDayRow>
export interface BodyDayChange {
  readonly working?: boolean
  readonly reason?: string
}

export const bodyDays = editable(
  register({
    ids: 'key',
    from: Prisma.sql`body_days t join state_bodies body on body.key = t."bodyKey"`,
    id: 'id',
    filters: {
      body: { kind: 'key', where: (key) => Prisma.sql`t."bodyKey" = ${key}` },
      year: { kind: 'year', where: within },
    },
    orders: {
      date: [dateKey('date'), textKey('id')],
      ...inEachLanguage('body', (locale) => [
        nameKey('body', locale, ({ body }: StoredBodyDay) => body),
        dateKey('date'),
        textKey('id'),
      ]),
    },
    usual: '-date',
    load: (db, ids): Promise<StoredBodyDay[]> =>
      db.bodyDay.findMany({ where: { id: { in: ids } }, include: { body: true } }),
    row: bodyDayRow,
  }),
  (tx, author, at, change: BodyDayChange) => writeRegister(tx, author, 'body-days', { ...at, change }),
)

/** Enters a day of one body; `exists` when that day of the body is already entered. */
export const addBodyDay = async (
  db: Db,
  author: Author,
  { body, ...row }: Required<BodyDayChange> & { readonly body: BodyKey; readonly date: IsoDate },
): Promise<BodyDayView | 'exists'> => {
  const id = `${body}:${row.date}`
  const entered = await db.sql.transaction((tx) =>
    writeRegister(tx, author, 'body-days', { enter: [{ ...row, id, bodyKey: body }], unlessThere: true }),
  )

  return entered.length === 0 ? 'exists' : dayEntered(entered, (day) => bodyDays.get(db, day, KEEPER))
}

/** Takes a day out of the calendar again, if it still has that version. */
export const removeDay = async (
  db: Db,
  author: Author,
  from: 'holidays' | 'swaps' | 'body-days',
  at: RowVersion,
): Promise<Changed<'removed'>> => {
  const removed = await db.sql.transaction((tx) => writeRegister(tx, author, from, { ...at, remove: true }))
  if (removed.length > 0) return 'removed'

  return (await { holidays, swaps, 'body-days': bodyDays }[from].get(db, at.id, KEEPER)) ? 'stale' : 'absent'
}
