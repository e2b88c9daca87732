import { formatDate, formatInstant, formatMonth } from './dates'

it.each([
  ['kk', '2026 ж. 5 наурыз'],
  ['ru', '5 марта 2026 г.'],
  ['en', '5 March 2026'],
] as const)('writes a date in %s', (locale, expected) => {
  expect(formatDate('2026-03-05', locale)).toBe(expected)
})

it('writes an instant in the time of Almaty, into the next day where need be', () => {
  expect(formatInstant('2026-12-31T20:30:00.000Z', 'kk')).toBe('2027 ж. 1 қаңтар, 01:30')
})

it('writes a month', () => {
  expect(formatMonth('2026-11', 'kk')).toBe('2026 ж. қараша')
})

it('leaves alone what is no date', () => {
  expect(formatDate('soon', 'ru')).toBe('soon')
  expect(formatInstant('later', 'en')).toBe('later')
})
