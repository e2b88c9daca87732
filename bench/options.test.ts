import { readOptions } from './options'

test('without options everything is measured in five rounds', () => {
  expect(readOptions([])).toMatchObject({
    workloads: ['W1', 'W2', 'W3', 'W4', 'W5'],
    rounds: 5,
    people: [1, 8, 32],
    backlog: [100, 10_000, 100_000],
    cases: 10_000,
    server: 'dev',
  })
})

test('a quick run can be made longer', () => {
  expect(readOptions(['--quick', '--rounds', '2', '--workloads', 'w2,W1'])).toMatchObject({
    workloads: ['W1', 'W2'],
    rounds: 2,
    seconds: 1,
  })
})

test.each([
  [['--rounds', '0'], '--rounds is a number from 1 to 1000, not "0".'],
  [['--rounds', 'many'], '--rounds is a number from 1 to 1000, not "many".'],
  [['--people', '1,-8'], '--people is a number from 1 to 200, not "-8".'],
  [['--backlog', ''], '--backlog is a number from 1 to 5000000, not "".'],
  [['--workloads', 'W1,W9'], 'There is no workload "W9": there are W1, W2, W3, W4, W5.'],
  [['--server', 'oracle'], '--server is dev or postgres, not "oracle".'],
  [['--fast'], "Unknown option '--fast': npm run bench -- --help names the options."],
])('%j is refused in one sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence)
})
