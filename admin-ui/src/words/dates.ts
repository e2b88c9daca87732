/** Dates and numbers in words. Calendar dates have no zone; instants are shown in the one time of Kazakhstan. */
import { INTL_LOCALE, TIME_ZONE, type Locale } from '../locale'

// Chromium on Debian has no Kazakh month names and writes "2026 M03 5"
const KK_MONTHS = [
  'қаңтар',
  'ақпан',
  'наурыз',
  'сәуір',
  'мамыр',
  'маусым',
  'шілде',
  'тамыз',
  'қыркүйек',
  'қазан',
  'қараша',
  'желтоқсан',
]
const DATE = /^(\d{4})-(\d{2})-(\d{2})/

/** A date stands on one line: no break parts a day from its month, or a year from its "г.". */
const unbroken = (text: string): string => text.replace(/ /g, '\u00a0')

/** `2026-11-30` → "2026 ж. 30 қараша", "30 ноября 2026 г.", "30 November 2026"; anything else unchanged. */
export function formatDate(date: string, locale: Locale): string {
  const match = DATE.exec(date)
  if (!match) return date
  const [, year, month, day] = match
  if (locale === 'kk') return unbroken(`${year} ж. ${Number(day)} ${KK_MONTHS[Number(month) - 1] ?? month}`)

  return unbroken(
    new Intl.DateTimeFormat(INTL_LOCALE[locale], { dateStyle: 'long', timeZone: 'UTC' }).format(
      new Date(`${year}-${month}-${day}T00:00:00Z`),
    ),
  )
}

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: TIME_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** An ISO instant as a date and a time of day in Almaty. */
export function formatInstant(instant: string, locale: Locale): string {
  const moment = new Date(instant)
  if (Number.isNaN(moment.getTime())) return instant
  const part = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value]))

  return `${formatDate(`${part['year']}-${part['month']}-${part['day']}`, locale)}, ${part['hour']}:${part['minute']}`
}

/** Month and year, `2026-11` → "2026 ж. қараша". */
export function formatMonth(month: string, locale: Locale): string {
  const [year = '', number = ''] = month.split('-')
  if (locale === 'kk') return unbroken(`${year} ж. ${KK_MONTHS[Number(number) - 1] ?? number}`)

  return unbroken(
    new Intl.DateTimeFormat(INTL_LOCALE[locale], { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
      new Date(`${month}-01T00:00:00Z`),
    ),
  )
}

/** The calendar date so many days earlier. */
export const daysBefore = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)

export const isIsoDate = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
