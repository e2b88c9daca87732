import { shares, statementsIn } from './profile'

test('statements of a log are counted once each, with the time of parsing and binding', () => {
  const log = [
    '2026-03-02 10:00:00.000 UTC [7] LOG:  duration: 1.500 ms  parse <unnamed>: select 1',
    '2026-03-02 10:00:00.001 UTC [7] LOG:  duration: 0.500 ms  bind <unnamed>: select 1',
    '2026-03-02 10:00:00.002 UTC [7] DETAIL:  Parameters: $1 = 5',
    '2026-03-02 10:00:00.003 UTC [7] LOG:  duration: 2.000 ms  execute <unnamed>: select 1',
    '2026-03-02 10:00:00.004 UTC [8] LOG:  duration: 3.000 ms  execute s1: insert into t',
    '\tvalues ($1, $2)',
    '2026-03-02 10:00:00.005 UTC [8] LOG:  duration: 5.000 ms  statement: COMMIT',
    '',
  ].join('\n')
  expect(statementsIn(log)).toEqual([
    { text: 'COMMIT', count: 1, ms: 5 },
    { text: 'select 1', count: 1, ms: 4 },
    { text: 'insert into t values ($…)', count: 1, ms: 3 },
  ])
})

test('the time of a profile is shared out among the files, and idle time is nobody’s', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 0 })
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)', ''), children: [2, 4] },
      { id: 2, callFrame: frame('ask', `file://${process.cwd()}/api/route.ts`), children: [3] },
      { id: 3, callFrame: frame('query', `file://${process.cwd()}/node_modules/pg/lib/client.js`) },
      { id: 4, callFrame: frame('(idle)', '') },
    ],
    samples: [2, 3, 4],
    timeDeltas: [1000, 3000, 50_000],
  }
  expect(shares(profile, 'file')).toEqual({
    busyMs: 4,
    top: [
      { name: 'pg', self: 75, total: 75 },
      { name: 'api/route.ts', self: 25, total: 100 },
    ],
  })
})
