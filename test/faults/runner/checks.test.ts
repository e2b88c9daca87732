/** Each thing that must hold after a fault is found when it does not. */
import { faultsOfCase, faultsOfDecision, faultsOfNumbers, type CaseRows } from './checks'
import type { Decision } from './decisions'

const form = { mentor: 'm', order: '12-K' }
const command = {
  id: 'command',
  caseId: 'case',
  taskId: 'task',
  kind: 'complete',
  principal: 'hr',
  key: 'key',
  state: 'done',
  contentId: 'content',
}
const answered = {
  id: 'task',
  state: 'completed',
  personId: 'hr',
  role: null,
  bodyKey: null,
  answerContentId: 'content',
}
const next = { id: 'next', state: 'ready', personId: null, role: 'hr', bodyKey: 'ministry', answerContentId: null }
const opened = { kind: 'caseOpened', taskId: null, params: {} }
const told = { kind: 'taskCompleted', taskId: 'task', params: {} }
const whole: CaseRows = {
  file: { id: 'case', status: 'open', step: 2, outcome: null, waitsFor: [] },
  commands: [command],
  tasks: [answered, next],
  events: [opened, told],
  steps: [{ n: 1 }, { n: 2 }],
  contents: [{ id: 'content', body: form }],
  chain: { ok: true },
  workflow: { status: 'RUNNING', alarm: false, failing: [] },
}
const confirmed: Decision = {
  kind: 'complete',
  key: 'key',
  login: 'hr',
  person: 'hr',
  path: '/api/tasks/task/complete',
  body: { version: 1, form },
  caseId: 'case',
  taskId: 'task',
  act: null,
  late: false,
  told: 'confirmed',
  status: 200,
  code: null,
  sentAt: 0,
  heardAt: 1,
  attempts: 1,
  silences: 0,
}
const kinds = (found: readonly { kind: string }[]) => [...new Set(found.map(({ kind }) => kind))]
const ofCase = (change: Partial<CaseRows>) => kinds(faultsOfCase({ ...whole, ...change }))
const ofDecision = (decision: Partial<Decision>, rows: Partial<CaseRows> = {}, commands = rows.commands ?? [command]) =>
  kinds(faultsOfDecision({ ...confirmed, ...decision }, commands, { ...whole, ...rows }))

test('a case in order, and a decision that is in its file once, are found in order', () => {
  expect(ofCase({})).toEqual([])
  expect(ofDecision({})).toEqual([])
  expect(ofDecision({ told: 'refused', key: 'another' })).toEqual([])
})

describe('a case', () => {
  test.each<[string, Partial<CaseRows>, string]>([
    ['whose answer is told twice', { events: [opened, told, told] }, 'doubled'],
    ['that was opened twice', { events: [opened, opened, told] }, 'doubled'],
    ['with nobody to go on and no timer', { tasks: [answered] }, 'ownerless'],
    ['with a task that is nobody’s', { tasks: [answered, { ...next, role: null, bodyKey: null }] }, 'ownerless'],
    [
      'with a command that stays without outcome',
      { commands: [command, { ...command, id: 'b', state: 'stored' }] },
      'no outcome',
    ],
    [
      'with a task that waits for its command for ever',
      { tasks: [answered, { ...next, state: 'completing' }] },
      'no outcome',
    ],
    ['with a step missing', { steps: [{ n: 2 }] }, 'broken file'],
    ['whose chain is broken', { chain: { ok: false, brokenAt: 2 } }, 'broken file'],
    ['with an answered task that nobody answered', { commands: [] }, 'broken file'],
    [
      'that is open while its workflow is not',
      { workflow: { status: 'COMPLETED', alarm: false, failing: [] } },
      'disagrees',
    ],
    [
      'whose record keeps failing',
      { workflow: { status: 'RUNNING', alarm: true, failing: ['record, 9 attempts'] } },
      'disagrees',
    ],
    ['that is closed with a task open', { file: { ...whole.file, status: 'closed' } }, 'broken file'],
  ])('%s', (_what, change, kind) => {
    expect(ofCase(change)).toContain(kind)
  })
  test('without a task, but with a timer, is in order', () => {
    expect(ofCase({ tasks: [answered], workflow: { status: 'RUNNING', alarm: true, failing: [] } })).toEqual([])
  })
})

test('a case that waits for another is in order without a task', () => {
  expect(ofCase({ tasks: [answered], file: { ...whole.file, waitsFor: ['other'] } })).toEqual([])
})

describe('a decision', () => {
  test.each<[string, Partial<Decision>, Partial<CaseRows>, string]>([
    ['confirmed, and stored nowhere', {}, { commands: [] }, 'lost'],
    ['confirmed, and refused in the store', {}, { commands: [{ ...command, state: 'refused' }] }, 'lost'],
    [
      'confirmed, and its task not answered with it',
      {},
      { tasks: [{ ...answered, answerContentId: 'x' }, next] },
      'lost',
    ],
    ['confirmed, and not told in the file', {}, { events: [opened] }, 'lost'],
    ['confirmed, and something else written', {}, { contents: [{ id: 'content', body: { mentor: 'n' } }] }, 'lost'],
    ['stored twice', {}, { commands: [command, { ...command, id: 'twin' }] }, 'doubled'],
    ['in two tasks', {}, { tasks: [answered, { ...answered, id: 'again' }] }, 'doubled'],
    ['refused, and done', { told: 'refused' }, {}, 'effect of what was refused'],
    [
      'told that nothing was stored, and stored',
      { told: 'notStored' },
      { commands: [{ ...command, state: 'refused' }], tasks: [next], events: [opened] },
      'effect of what was refused',
    ],
    ['too late, and taken', { late: true }, {}, 'effect of what was refused'],
    [
      'given up by its sender, and never settled',
      { told: 'unknown' },
      { commands: [{ ...command, state: 'stored' }] },
      'no outcome',
    ],
  ])('%s', (_what, decision, rows, kind) => {
    expect(ofDecision(decision, rows)).toContain(kind)
  })
})

test('a number given twice, and a number left out, are found', () => {
  expect(faultsOfNumbers('case/2026', ['2026-1', '2026-2'], 2)).toEqual([])
  expect(kinds(faultsOfNumbers('case/2026', ['2026-1', '2026-1', '2026-2'], 2))).toEqual(['doubled'])
  expect(kinds(faultsOfNumbers('case/2026', ['2026-1', '2026-3'], 3))).toEqual(['broken file'])
})
