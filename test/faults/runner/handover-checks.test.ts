/** The auditor of handovers names each thing that may go wrong with one. */
import { faultsOfHandovers, type HandoverRows } from './handover-checks'

const file = { id: 'c', body: 'there', former: ['here'] }
const event = { caseId: 'c', from: 'here', to: 'there' }
const command = { id: 'x', caseId: 'c', to: 'there', state: 'done', receivedAt: 10 }
const task = { id: 't', caseId: 'c', body: 'there' }
const before = { caseId: 'c', taskId: 'a', receivedAt: 9, bodies: ['here'] }
const after = { caseId: 'c', taskId: 'b', receivedAt: 11, bodies: ['there', 'elsewhere'] }
const there = { caseId: 'c', taskId: 't', body: 'there', may: true }
const here = { ...there, body: 'here', may: false }
const whole: HandoverRows = {
  ...{ cases: [file], handed: [event], commands: [command, { ...command, id: 'y', state: 'refused' }], tasks: [task] },
  ...{ answers: [before, after], rights: [there, here] },
}
const kinds = (rows: Partial<HandoverRows>) => faultsOfHandovers({ ...whole, ...rows }).map(({ kind }) => kind)

test('nothing is wrong with a case that was handed over once, there and back, or not at all', () => {
  expect(kinds({})).toEqual([])
  const back = { caseId: 'c', from: 'there', to: 'here' }
  expect(
    kinds({
      ...{ cases: [{ ...file, body: 'here', former: ['here', 'there'] }], handed: [event, back], tasks: [] },
      ...{ commands: [command, { ...command, id: 'z', to: 'here', receivedAt: 20 }], rights: [] },
    }),
  ).toEqual([])
  const never = { ...file, former: [] }
  expect(kinds({ cases: [never], handed: [], commands: [], answers: [after], rights: [there] })).toEqual([])
})

test.each<[string, Partial<HandoverRows>, string[]]>([
  ['one that has no outcome', { commands: [command, { ...command, id: 'y', state: 'stored' }] }, ['no outcome']],
  ['one that was accepted, and did not happen', { ...stays(), handed: [] }, ['lost']],
  ['one that happened twice', { handed: [event, event] }, ['doubled', 'broken file', 'disagrees']],
  ['one that nobody asked for', { commands: [], answers: [] }, ['doubled']],
  [
    'one to another body than was asked for',
    { commands: [{ ...command, to: 'elsewhere' }], answers: [] },
    ['disagrees'],
  ],
  ['a case that stayed where it was', { cases: [{ ...file, body: 'here' }], tasks: [], rights: [] }, ['disagrees']],
  ['a case that does not know where it was', { cases: [{ ...file, former: [] }] }, ['disagrees']],
  ['a task that was left behind', { tasks: [{ ...task, body: 'here' }] }, ['disagrees']],
  [
    'an answer from the body that it left',
    { answers: [{ ...after, bodies: ['here'] }] },
    ['effect of what was refused'],
  ],
  ['an answer before it came', { answers: [{ ...before, bodies: ['there'] }] }, ['effect of what was refused']],
  ['a body without its rights', { rights: [{ ...there, may: false }] }, ['lost']],
  ['a body that kept its rights', { rights: [{ ...here, may: true }] }, ['effect of what was refused']],
  ['a file of no case', { handed: [event, { ...event, caseId: 'd' }] }, ['orphaned']],
])('%s', (_, change, expected) => {
  expect(kinds(change)).toEqual(expected)
})

/** The case is where it was. */
function stays(): Partial<HandoverRows> {
  return { cases: [{ ...file, body: 'here', former: [] }], tasks: [], answers: [], rights: [] }
}
