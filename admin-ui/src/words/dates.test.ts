import { formatDate, formatInstant, formatMonth } from './dates'

// the spaces are such that no line ends within a date
it.each([
  ['kk', '2026\u00a0ж.\u00a05\u00a0наурыз'],
  ['ru', '5\u00a0марта\u00a02026\u00a0г.'],
  ['en', '5\u00a0March\u00a02026'],
] as const)('writes a date in %s', (locale, expected) => {
  expect(formatDate('2026-03-05', locale)).toBe(expected)
})

it('writes an instant in the time of Almaty, into the next day where need be', () => {
  expect(formatInstant('2026-12-31T20:30:00.000Z', 'kk')).toBe('2027\u00a0ж.\u00a01\u00a0қаңтар, 01:30')
})

it('writes a month', () => {
  expect(formatMonth('2026-11', 'kk')).toBe('2026\u00a0ж.\u00a0қараша')
})

it('leaves alone what is no date', () => {
  expect(formatDate('soon', 'ru')).toBe('soon')
  expect(formatInstant('later', 'en')).toBe('later')
})
