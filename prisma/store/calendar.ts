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
import type { BodyDay, DaySwap, Holiday } from '../generated/client'
import { recomputing } from './commands'
import { type Db, fromStored, Prisma, toStored, type Tx } from './db'
import { type Changed, type Clash, editable, nextVersion, register } from './listing'
import { dateKey, inEachLanguage, nameKey, textKey } from './order'
import { nameOf } from './refs'

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
const loaded = async (db: Db, of: CalendarOf): Promise<Calendar> => {
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
export const daysOffFor = async (db: Db, of: CalendarOf & Period & { readonly backTo?: IsoDate }): Promise<DaysOff> => {
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

const NONE = { count: 0 }

const lockDays = (tx: Tx) => tx.$executeRaw`lock table holidays, day_swaps in share row exclusive mode`

/** Compares with the rows that are there and writes, while nobody else enters or changes a day. Days are read meanwhile. */
const alone = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.$transaction(async (tx) => {
    await lockDays(tx)
    return work(tx)
  })

/** Ids say what was entered; a row that was moved to another day keeps its own. */
const idOf = (words: string, taken: unknown): string => (taken ? `${words}:${randomUUID().slice(0, 8)}` : words)

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
  (db, where, { date, name, ...change }: HolidayChange) =>
    alone(db, async (tx) => {
      const was = await tx.holiday.findFirst({ where })
      if (!was) return NONE
      const elsewhere = date !== undefined && date !== fromStored(was.date)
      const clash = elsewhere ? holidayClash({ ...was, date: toStored(date) }, await sameHoliday(tx, was)) : null
      if (clash) return clash
      return tx.holiday.updateMany({
        where,
        data: {
          ...change,
          ...(name && { nameKk: name.kk, nameRu: name.ru, nameEn: name.en }),
          ...(date && { date: toStored(date) }),
          ...nextVersion,
        },
      })
    }),
)

type HolidayDay = Pick<Holiday, 'id' | 'date' | 'nameKey'>

/** Why a holiday cannot stand beside those that are there. */
const holidayClash = (row: HolidayDay, there: readonly HolidayDay[]): Clash | null => {
  const dayOf = ({ date, nameKey }: HolidayDay) => ({ date: fromStored(date), nameKey })
  const others = there.filter(({ id, nameKey }) => id !== row.id && nameKey === row.nameKey)
  if (others.some(({ date }) => date.getTime() === row.date.getTime())) return 'exists'
  return others.some((other) => isOtherDayOfHoliday(dayOf(row), dayOf(other))) ? 'contradicts' : null
}

const sameHoliday = (tx: Tx, { nameKey }: Pick<Holiday, 'nameKey'>): Promise<Holiday[]> =>
  tx.holiday.findMany({ where: { nameKey } })

/** Enters a holiday, unless it is entered on that date, or on another of a year that has it once. */
export const addHoliday = async (
  db: Db,
  row: Required<HolidayChange> & { readonly nameKey: string; readonly kind: string },
): Promise<HolidayView | Clash> => {
  const { date, name, ...rest } = row
  const at = toStored(date)
  return alone(db, async (tx) => {
    const clash = holidayClash({ ...row, id: '', date: at }, await sameHoliday(tx, row))
    if (clash) return clash
    const words = `${date}:${row.nameKey}`
    const id = idOf(words, await tx.holiday.findUnique({ where: { id: words } }))
    const data = { ...rest, id, date: at, nameKk: name.kk, nameRu: name.ru, nameEn: name.en }
    return holidayRow(await tx.holiday.create({ data }))
  })
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
  (db, where, { date, ...change }: SwapChange) =>
    alone(db, async (tx) => {
      const stored = await tx.daySwap.findFirst({ where })
      if (!stored) return NONE
      const was = swapRow(stored)
      const says = { ...was, ...change, ...(date && { date }) }
      const same = (['date', 'kind', 'appliesTo'] as const).every((part) => says[part] === was[part])
      const clash = same ? null : swapClash({ ...says, date: toStored(says.date) }, await sameDay(tx, says))
      if (clash) return clash
      return tx.daySwap.updateMany({
        where,
        data: { ...change, ...(date && { date: toStored(date) }), ...nextVersion },
      })
    }),
)

type SwapDay = Pick<DaySwap, 'id' | 'date' | 'kind' | 'appliesTo'>

/** Both kinds of swap hold for the five-day week, so two of one day that differ always contradict each other. */
const swapClash = (row: SwapDay, there: readonly SwapDay[]): Clash | null => {
  const others = there.filter(({ id, date }) => id !== row.id && date.getTime() === row.date.getTime())
  if (others.some((other) => other.kind !== row.kind)) return 'contradicts'
  return others.some((other) => other.appliesTo === row.appliesTo) ? 'exists' : null
}

const sameDay = (tx: Tx, { date }: { readonly date: IsoDate }): Promise<DaySwap[]> =>
  tx.daySwap.findMany({ where: { date: toStored(date) } })

/** Enters a swapped day, unless one for that date and week is entered, or one that says the opposite of that date. */
export const addSwap = (db: Db, row: Required<SwapChange>): Promise<SwapView | Clash> =>
  alone(db, async (tx) => {
    const date = toStored(row.date)
    const clash = swapClash({ ...row, id: '', date }, await sameDay(tx, row))
    if (clash) return clash
    const words = `${row.date}:${row.appliesTo}`
    const id = idOf(words, await tx.daySwap.findUnique({ where: { id: words } }))
    return swapRow(await tx.daySwap.create({ data: { ...row, id, date } }))
  })

/** Those of the rows that are not there and can stand beside what is there, and beside one another. */
const standing = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  there: readonly Row[],
  clash: (row: Row, there: readonly Row[]) => Clash | null,
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
  tx: Tx,
  rows: {
    readonly holidays: readonly (HolidayDay & Prisma.HolidayCreateManyInput)[]
    readonly swaps: readonly (SwapDay & Prisma.DaySwapCreateManyInput)[]
  },
): Promise<void> => {
  await lockDays(tx)
  const entered = [
    await tx.holiday.createMany({ data: standing(rows.holidays, await tx.holiday.findMany(), holidayClash) }),
    await tx.daySwap.createMany({ data: standing(rows.swaps, await tx.daySwap.findMany(), swapClash) }),
  ]
  if (entered.some(({ count }) => count > 0)) await tx.$executeRaw(recomputing(null))
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
  (db, where, change: BodyDayChange) => db.bodyDay.updateMany({ where, data: { ...change, ...nextVersion } }),
)

/** Enters a day of one body; `exists` when that day of the body is already entered. */
export const addBodyDay = async (
  db: Db,
  { body, date, ...rest }: Required<BodyDayChange> & { readonly body: BodyKey; readonly date: IsoDate },
): Promise<BodyDayView | 'exists'> => {
  const id = `${body}:${date}`
  const { count } = await db.bodyDay.createMany({
    data: [{ ...rest, id, bodyKey: body, date: toStored(date) }],
    skipDuplicates: true,
  })
  return count === 0 ? 'exists' : bodyDayRow(await db.bodyDay.findUniqueOrThrow({ where: { id } }))
}

/** Takes a day out of the calendar again, if it still has that version. */
export const removeDay = async (
  db: Db,
  from: 'holidays' | 'swaps' | 'body-days',
  id: string,
  version: number,
): Promise<Changed<'removed'>> => {
  const where = { id, version }
  const [removed, left] = {
    holidays: [() => db.holiday.deleteMany({ where }), () => db.holiday.count({ where: { id } })] as const,
    swaps: [() => db.daySwap.deleteMany({ where }), () => db.daySwap.count({ where: { id } })] as const,
    'body-days': [() => db.bodyDay.deleteMany({ where }), () => db.bodyDay.count({ where: { id } })] as const,
  }[from]
  const { count } = await removed()
  if (count > 0) return 'removed'
  return (await left()) > 0 ? 'stale' : 'absent'
}
