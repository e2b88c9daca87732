import { median, quantile, ratios, summarise } from './statistics'

const ten = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]

test.each([
  ['half of ten', ten, 0.5, 5],
  ['nearly all of ten', ten, 0.99, 10],
  ['none of ten', ten, 0, 1],
  ['all of ten', ten, 1, 10],
  ['of one', [7], 0.99, 7],
  ['of nothing', [], 0.5, NaN],
])('the value below which there lie %s', (_what, values, share, expected) => {
  expect(quantile(values, share)).toBe(expected)
})

test.each([
  ['an odd number', [3, 1, 2], 2],
  ['an even number', [4, 1, 3, 2], 2.5],
  ['one', [5], 5],
  ['nothing', [], NaN],
])('the median of %s', (_what, values, expected) => {
  expect(median(values)).toBe(expected)
})

test.each([
  ['all rounds', [2, 1, 3], { median: 2, min: 1, max: 3, n: 3 }],
  ['rounds of which one has no figure', [2, null, undefined, 4], { median: 3, min: 2, max: 4, n: 2 }],
  ['rounds of which one is not a number', [NaN, 1], { median: 1, min: 1, max: 1, n: 1 }],
  ['no figure at all', [null, undefined], null],
])('a summary of %s', (_what, values, expected) => {
  expect(summarise(values)).toEqual(expected)
})

test.each([
  ['round by round', [2, 6], [1, 2], [2, 3]],
  ['without the rounds that one of them lacks', [2, null, 3], [1, 2, undefined], [2, null, null]],
  ['without a division by nothing', [2], [0], [null]],
])('ratios %s', (_what, over, under, expected) => {
  expect(ratios(over, under)).toEqual(expected)
})
