/** The auditor of what cases carry names each thing that may go wrong with papers, letters, files and comments. */
import { faultsOfCarried, type Carried, type CarriedRows } from './carried-checks'
import type { Decision } from './decisions'

const [document, entry, letter, file, comment] = [
  { caseId: 'a', number: 'n1', ordered: true, made: true, renderings: { kk: { kept: 's', is: 's' } } },
  { caseId: 'a', number: 'n1', sums: { kk: 's' } },
  { messageId: 'm', person: 'p', state: 'sent', notices: ['t'] },
  { id: 'f', principal: 'p', key: 'k', done: true, sha256: 'sum' },
  { caseId: 'a', text: 'said' },
]
const rows: CarriedRows = {
  documents: [document],
  entries: [entry],
  toBeTold: [{ notice: 't', caseId: 'a', person: 'p' }],
  letters: [letter],
  taken: [{ messageId: 'm', to: 'p@example.org' }],
  unlettered: [],
  files: [file],
  comments: [comment],
}
const decision: Decision = {
  ...{ kind: 'act', key: 'k', login: 'l', person: 'p', path: '', body: { form: { certificate: 'f' } }, caseId: 'a' },
  ...{ taskId: null, act: 'recordAbsence', late: false, told: 'confirmed', status: 200, code: null },
  ...{ sentAt: 0, heardAt: 1, attempts: 1, silences: 0 },
}
const carried: Carried = {
  decisions: [decision],
  files: new Map([['f', 'sum']]),
  comments: [{ caseId: 'a', text: 'said', told: 'confirmed' }],
}
const kinds = (change: Partial<CarriedRows>, known: Partial<Carried> = {}) =>
  faultsOfCarried({ ...rows, ...change }, { ...carried, ...known }).map(({ kind }) => kind)

test('nothing is wrong with what is whole, nor with a letter that came twice, nor with one whose reader sees nothing any more', () => {
  expect(kinds({})).toEqual([])
  expect(kinds({ taken: [...rows.taken, ...rows.taken] })).toEqual([])
  expect(kinds({ letters: [{ ...letter, state: 'withdrawn' }] })).toEqual([])
  expect(kinds({ comments: [] }, { comments: [{ caseId: 'a', text: 'said', told: 'refused' }] })).toEqual([])
  expect(
    kinds(
      { files: [{ ...file, principal: null, key: null, done: false }] },
      { decisions: [{ ...decision, told: 'refused' }] },
    ),
  ).toEqual([])
})

test.each<[string, Partial<CarriedRows>, string]>([
  ['a document without a paper', { documents: [{ ...document, ordered: false }], entries: [] }, 'lost'],
  [
    'a paper that is not made',
    { documents: [{ ...document, made: false, renderings: {} }], entries: [] },
    'no outcome',
  ],
  [
    'a paper without bytes',
    { documents: [{ ...document, renderings: {} }], entries: [{ ...entry, sums: {} }] },
    'lost',
  ],
  ['a paper of which the file tells nothing', { entries: [] }, 'lost'],
  ['a paper of which the file tells twice', { entries: [entry, entry] }, 'doubled'],
  ['a paper of which the file tells another sum', { entries: [{ ...entry, sums: { kk: 'x' } }] }, 'disagrees'],
  [
    'a paper that was changed',
    { documents: [{ ...document, renderings: { kk: { kept: 's', is: 'x' } } }] },
    'broken file',
  ],
  ['an entry of a paper that is nobody’s', { documents: [], entries: [entry] }, 'orphaned'],
  ['a notice that got no letter', { letters: [], taken: [] }, 'lost'],
  ['a notice of which no letters were made', { unlettered: ['a'] }, 'no outcome'],
  ['a notice with two letters for one person', { letters: [letter, letter] }, 'doubled'],
  ['a letter that is noted as sent and never came', { taken: [] }, 'lost'],
  ['a letter that waits', { letters: [{ ...letter, state: 'waiting' }] }, 'no outcome'],
  ['a copy under another Message-ID', { taken: [...rows.taken, { messageId: 'x', to: 'p@example.org' }] }, 'orphaned'],
  ['one Message-ID for two people', { taken: [...rows.taken, { messageId: 'm', to: 'q@example.org' }] }, 'disagrees'],
  ['a file of a confirmed answer that is not there', { files: [] }, 'lost'],
  ['a file of a confirmed answer that another answer has', { files: [{ ...file, key: 'x' }] }, 'lost'],
  ['a file that is not what was uploaded', { files: [{ ...file, sha256: 'x' }] }, 'broken file'],
  ['a comment that was confirmed and is not there', { comments: [] }, 'lost'],
  ['a comment that is there twice', { comments: [comment, comment] }, 'doubled'],
])('%s', (_, change, kind) => {
  expect(kinds(change)).toEqual([kind])
})

test('a file that an answer has that was refused', () => {
  expect(kinds({}, { decisions: [{ ...decision, told: 'refused' }] })).toEqual(['effect of what was refused'])
})
