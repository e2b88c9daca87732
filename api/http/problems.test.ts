/** What an error of the database is taken for: by what the driver says in its codes, never by what stands in a text. */
import { leavesInDoubt, problemOf } from './problems'

const failed = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields)
/** As Prisma wraps what its driver says. */
const wrapped = (code: string, cause: object): Error =>
  failed(`Invalid \`findMany()\` invocation\n\nRaw query failed. Code: \`${code}\``, {
    code,
    meta: { modelName: 'Case', driverAdapterError: { name: 'DriverAdapterError', cause } },
  })

test.each<[string, Error, 'unavailable' | 'conflict' | 'internal', boolean]>([
  ['refused', failed('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }), 'unavailable', false],
  ['reset', failed('read ECONNRESET', { code: 'ECONNRESET' }), 'unavailable', true],
  ['cut off', failed('Connection terminated unexpectedly'), 'unavailable', true],
  ['shut down', failed('terminating connection due to administrator command', { code: '57P01' }), 'unavailable', true],
  ['starting', failed('the database system is starting up', { code: '57P03' }), 'unavailable', false],
  ['full of clients', failed('sorry, too many clients already', { code: '53300' }), 'unavailable', false],
  ['full disk', failed('could not extend file', { code: '53100' }), 'unavailable', false],
  ['broken protocol', failed('connection failure', { code: '08006' }), 'unavailable', true],
  ['waited for in vain', failed('timeout exceeded when trying to connect'), 'unavailable', false],
  ['never reached', failed('Connection terminated due to connection timeout'), 'unavailable', false],
  ['not queryable', failed('Client has encountered a connection error and is not queryable'), 'unavailable', false],
  ['away, by Prisma', wrapped('P1001', { kind: 'DatabaseNotReachable' }), 'unavailable', false],
  ['full, by Prisma', wrapped('P2010', { originalCode: '53300', kind: 'postgres' }), 'unavailable', false],
  ['closed, by Prisma', wrapped('P2010', { kind: 'ConnectionClosed' }), 'unavailable', true],
  [
    'cut off, deep',
    failed('no', { cause: failed('x', { cause: failed('x', { code: '57P01' }) }) }),
    'unavailable',
    true,
  ],
  ['unique', failed('duplicate key', { code: '23505' }), 'conflict', false],

  ['an id like a code', failed('no row 53123c4e-08006-4b1c-b53300f5-08001'), 'internal', false],
  ['a number like a code', failed('case R-2026-053100 has no P1001'), 'internal', false],
  ['a typed text', failed('invalid input: "Connection terminated, ECONNRESET"', { code: '22P02' }), 'internal', false],
  ['a text that begins so', failed('Connection terminated by the head', { code: '22P02' }), 'internal', false],
  [
    'an id in the target',
    wrapped('P2010', { originalCode: '22P02', target: '53100', kind: 'postgres' }),
    'internal',
    false,
  ],
  ['a code as a part', failed('x', { code: 'X53100' }), 'internal', false],
])('%s', (_, error, code, doubt) => {
  expect([problemOf(error).body.code, leavesInDoubt(error)]).toEqual([code, doubt])
})
