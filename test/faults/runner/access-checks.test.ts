/** The auditor of restricted cases names each thing that may go wrong with one. */
import { countOfAccess, faultsOfAccess, type AccessRows } from './access-checks'

const restricted = { caseId: 'c', kind: 'caseRestricted', people: ['hr', 'head'] } as const
const granted = { caseId: 'c', kind: 'accessGranted', people: ['aide'] } as const
const revoked = { caseId: 'c', kind: 'accessRevoked', people: ['aide'] } as const
const lifted = { caseId: 'c', kind: 'restrictionLifted', people: [] } as const
const done = { caseId: 'c', state: 'done' }
const kept = { caseId: 'c', person: 'stranger', found: [] }
const sees = { caseId: 'd', person: 'stranger', found: ['its page'] }
const whole: AccessRows = {
  cases: [
    { id: 'c', named: ['head', 'hr'] },
    { id: 'd', named: null },
  ],
  changes: [restricted, granted, revoked],
  commands: [done, done, done, { caseId: 'c', state: 'refused' }],
  looks: [kept, sees],
}
const kinds = (rows: Partial<AccessRows>) => faultsOfAccess({ ...whole, ...rows }).map(({ kind }) => kind)

test('nothing is wrong with a case that is kept from who is not named, or was and is not', () => {
  expect(kinds({})).toEqual([])
  expect(countOfAccess(whole)).toEqual({ changes: 3, kept: 1 })
  const free = [
    { id: 'c', named: null },
    { id: 'd', named: null },
  ]
  const found = [{ ...kept, found: ['its page'] }, sees]
  expect(kinds({ cases: free, changes: [restricted, lifted], commands: [done, done], looks: found })).toEqual([])
  const head = { caseId: 'c', kind: 'headNamed', people: ['minister'] } as const
  const named = [{ id: 'c', named: ['head', 'hr', 'minister'] }]
  expect(kinds({ cases: named, changes: [restricted, head], commands: [done], looks: [] })).toEqual([])
})

test.each<[string, Partial<AccessRows>, string[]]>([
  ['one who finds what is kept from him', { looks: [{ ...kept, found: ['a list'] }] }, ['shown to a stranger']],
  ['one who does not find what is his to see', { looks: [{ ...sees, found: [] }] }, ['lost']],
  ['a change that is not in the file', { changes: [restricted, granted] }, ['disagrees', 'lost']],
  ['a change that is in the file twice', { changes: [restricted, granted, revoked, revoked] }, ['doubled']],
  ['a case that names another than its file', { cases: [{ id: 'c', named: ['hr'] }] }, ['disagrees']],
  [
    'a case that is not restricted any more, and its file says it is',
    { cases: [{ id: 'c', named: null }] },
    ['disagrees'],
  ],
])('%s', (_, change, expected) => {
  expect(kinds({ looks: [], ...change })).toEqual(expected)
})
