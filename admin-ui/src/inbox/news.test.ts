import { countArrived } from './news'

const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n))

test('of a list that was read to its end each row that was not there has arrived, wherever it stands', () => {
  expect(countArrived([{ was: ['a', 'b'], now: ['x', 'a', 'y', 'b', 'z'], size: 25 }])).toBe(3)
  expect(countArrived([{ was: [], now: ['x'], size: 25 }])).toBe(1)
})

test('a row that moves up to the end of a full page because another left has not arrived', () => {
  const left = rows(1, 26).filter((id) => id !== '3')
  expect(countArrived([{ was: rows(1, 25), now: left, size: 25 }])).toBe(0)
})

test('among the newest the fifty-first moves up when one is taken, and has not arrived', () => {
  const page = { was: rows(1, 25), now: rows(1, 25), size: 25 }
  expect(countArrived([page, { was: rows(1, 50), now: rows(2, 51), size: 50 }])).toBe(0)
})

test('what arrives on a full page is counted while others leave it', () => {
  expect(countArrived([{ was: rows(1, 25), now: ['x', ...rows(4, 27)], size: 25 }])).toBe(1)
})

test('a row that is in both lists is counted once, and one that stood in either has not arrived', () => {
  const page = { was: ['a', 'b'], now: ['a', 'x', 'c'], size: 2 }
  expect(countArrived([page, { was: ['a', 'b', 'c'], now: ['x', 'a', 'b', 'c'], size: 50 }])).toBe(1)
})

test('of a full page of which no row is left nothing can be told', () => {
  expect(countArrived([{ was: rows(1, 25), now: rows(26, 50), size: 25 }])).toBe(0)
})
