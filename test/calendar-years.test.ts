/** The calendar of a case that lives into years of which nobody knew when it was opened. */
import { addDays, isoDate } from '../workflows/kernel/law/calendar'
import type { DaysOff, IsoDate } from '../workflows/kernel/contract'
import { InMemoryCase, type Move } from './support/in-memory-case'
import { calendarWith, planned, probationUnder } from './support/in-memory-probation'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

const until = (to: string, daysOff: DaysOff): DaysOff => {
  const kept = (days: readonly IsoDate[]) => days.filter((day) => day <= to)

  return { ...daysOff, to: isoDate(to), off: kept(daysOff.off), working: kept(daysOff.working) }
}
const told = probationUnder('R4')
/** An absence until January keeps it open until March. */
const away: readonly Move[] = [
  ...planned,
  { comes: '2026-10-05' },
  { acts: 'recordAbsence', with: { from: '2026-10-01', to: '2027-01-20', kind: 'sickLeave' } },
]
const changesOf = ({ now }: InMemoryCase) => now.events.filter((event) => event.kind === 'calendarChanged')

test('on the first day in a new year on which the case wakes it reaches further, without anybody having entered a day', async () => {
  const opened = until('2027-03-31', calendarWith())
  const file = await InMemoryCase.play(told, opened, away)
  file.registerHas(calendarWith())
  await file.does({ comes: '2027-01-04' })
  expect(changesOf(file)).toEqual([])
  const to = addDays(opened.to, 60)
  await file.does({ acts: 'recordAbsence', with: { from: '2027-02-01', to, kind: 'sickLeave' } })
  expect(file.now.clocks.some(({ due }) => due.on > to)).toBe(true)
})

test('its dates follow what the register has learnt of the new year', async () => {
  const now = calendarWith(isoDate('2027-01-11'))
  const [file, fresh] = [await InMemoryCase.play(told, calendarWith(), away), await InMemoryCase.play(told, now, away)]
  file.registerHas(now)
  await file.does({ comes: '2026-12-31' })
  await fresh.does({ comes: '2026-12-31' })
  expect(file.dates).not.toEqual(fresh.dates)
  await file.does({ comes: '2027-01-01' })
  await fresh.does({ comes: '2027-01-01' })
  expect(file.dates).toEqual(fresh.dates)
})

test('a case that is told of days entered reaches further at once', async () => {
  const opened = until('2027-03-31', calendarWith())
  const file = await InMemoryCase.play(told, opened, [...planned, { comes: '2026-10-05' }])
  const long: Move = { acts: 'recordAbsence', with: { from: '2026-10-01', to: '2027-05-30', kind: 'sickLeave' } }
  await expect(file.does(long)).rejects.toMatchObject({ message: 'outsideCalendar' })
  await file.hasCalendar(calendarWith())
  await file.does(long)
  expect(file.now.clocks.some(({ due }) => due.on > opened.to)).toBe(true)
})
