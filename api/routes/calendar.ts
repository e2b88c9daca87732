/** The business calendar: which days are worked, and what a term comes to. */
import { z } from 'zod'
import { daysExplained, daysOffFor, type CalendarOf } from '../../prisma/store/calendar'
import { addDays, addMonths, addTerm, daysBetween, OutsideCalendar } from '../../workflows/kernel/law/calendar'
import { TERM_UNITS, WEEK_PROFILES, type BodyKey, type IsoDate, type TermRow } from '../../workflows/kernel/contract'
import { isoDate, key } from '../http/fields'
import { Problem } from '../http/problems'
import type { Routes } from '../http/route'
import { dueStep, name } from '../shapes/schemas'
import type { Service } from '../service/service'

/** Anybody may ask: a year, with what touches it, is the longest answer; years are asked for one by one. */
const LONGEST_DAYS = 400
/** As far as a term may lead: what has to be worked out for it are the days between. */
const FARTHEST_DAYS = 15 * 366
const day = z.strictObject({
  date: z.string().meta({ format: 'date' }),
  working: z.boolean(),
  reason: z.string().exactOptional(),
  name: name.exactOptional(),
  nameKey: z.string().exactOptional(),
  movedFrom: z.string().meta({ format: 'date' }).exactOptional(),
  note: z.string().exactOptional(),
  confidence: z.enum(['S', 'L', 'O', 'N', 'B', 'U', 'D']).exactOptional(),
  source: z.string().exactOptional(),
  projected: z.boolean().exactOptional(),
})
const of = { profile: z.enum(WEEK_PROFILES).optional(), body: key.optional() }

const badQuery = (errors: Record<string, string>): Problem => Problem.for('badQuery', { errors })

/** A date before the first year of the register, or beyond any calendar, is the asker's mistake. */
async function withinCalendar<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OutsideCalendar || error instanceof RangeError) throw badQuery({ [field]: 'outsideCalendar' })
    throw error
  }
}

export function calendarRoutes(routes: Routes, { db }: Service): void {
  async function calendarOf(query: {
    profile?: 'five-day' | 'six-day' | undefined
    body?: string | undefined
  }): Promise<CalendarOf> {
    if (query.body === undefined) return { profile: query.profile ?? 'five-day' }
    if (!(await db.stateBody.findUnique({ where: { key: query.body }, select: { key: true } }))) {
      throw badQuery({ body: 'unknownId' })
    }
    const body = query.body as BodyKey

    return query.profile ? { body, profile: query.profile } : { body }
  }

  routes.open({
    method: 'get',
    path: '/api/calendar/days',
    summary: 'Days of a period: worked or off, and why',
    query: z.strictObject({ from: isoDate, to: isoDate, ...of }),
    responses: {
      200: { description: 'Each day', schema: z.strictObject({ profile: z.enum(WEEK_PROFILES), days: z.array(day) }) },
    },
    handler: async ({ query }) => {
      if (query.to < query.from) throw badQuery({ to: 'beforeFrom' })
      if (daysBetween(query.from, query.to) > LONGEST_DAYS) throw badQuery({ to: 'tooLong' })
      const calendar = await calendarOf(query)

      return {
        body: await withinCalendar('from', () => daysExplained(db, { ...calendar, from: query.from, to: query.to })),
      }
    },
  })

  routes.open({
    method: 'get',
    path: '/api/calendar/due',
    summary: 'The date that a term leads to, and how',
    query: z.strictObject({
      from: isoDate,
      // below zero: so much before the date
      value: z.coerce.number().int().min(-1000).max(1000),
      unit: z.preprocess(spelledOut, z.enum(TERM_UNITS)),
      ...of,
    }),
    responses: {
      200: {
        description: 'The date and its steps',
        schema: z.strictObject({ date: z.string().meta({ format: 'date' }), steps: z.array(dueStep).readonly() }),
      },
    },
    handler: async ({ query }) => {
      const { from, value, unit } = query
      const calendar = await calendarOf(query)
      const back = value < 0
      const term: TermRow = { id: 'asked', key: 'asked', value: Math.abs(value), unit, confidence: 'S', source: '' }
      const due = await withinCalendar('from', async () => {
        const far = reach(from, value, unit)
        if (Math.abs(daysBetween(from, far)) > FARTHEST_DAYS) throw badQuery({ value: 'tooBig' })
        const period = back ? { backTo: far, from, to: from } : { from, to: far }
        const days = await daysOffFor(db, { ...calendar, ...period })

        return addTerm(from, term, days, { back })
      })

      return { body: { date: due.on, steps: due.steps } }
    },
  })
}

/** `workingDays` and `working-days` are `working days`. */
const spelledOut = (unit: unknown): unknown =>
  typeof unit === 'string' ? unit.replace(/[-_]|(?=[A-Z])/g, ' ').toLowerCase() : unit

/** A day certainly beyond the end of the term: working days are at least four in seven, holidays included. */
function reach(from: IsoDate, value: number, unit: TermRow['unit']): IsoDate {
  const spare = value < 0 ? -60 : 60
  if (unit === 'years') return addDays(addMonths(from, value * 12), spare)
  if (unit === 'months') return addDays(addMonths(from, value), spare)

  return addDays(from, (unit === 'working days' ? value * 2 : value) + spare)
}
