/** Each thing that must hold between cases is found when it does not. */
import { faultsOfLinks, type LinkedRows, type SentRow } from './link-checks'

const act: SentRow = {
  id: 'told 1',
  caseId: 'b',
  senderId: 'a',
  listId: null,
  kind: 'act',
  act: 'hear',
  key: 'told 1',
  state: 'done',
  result: 'done',
  n: 1,
  of: null,
}
const row = (change: Partial<SentRow> & Pick<SentRow, 'id'>): SentRow => ({
  ...act,
  act: null,
  key: change.id,
  n: null,
  ...change,
})
const first = row({ id: 'start a', caseId: 'a', senderId: null, kind: 'start', result: 'started' })
const start = row({ id: 'start b', kind: 'start', result: 'started' })
const second: SentRow = { ...act, id: 'told 2', key: 'told 2', n: 2 }
const refused: SentRow = { ...act, id: 'told 3', key: 'told 3', n: 3, state: 'refused', result: 'refused' }
const replyTo = (of: string) =>
  row({ id: `reply ${of}`, key: `reply:${of}`, caseId: 'a', senderId: 'b', kind: 'reply', of })
const replies = ['start b', 'told 1', 'told 2', 'told 3'].map(replyTo)
const ended = row({ id: 'end b', caseId: 'a', senderId: 'b', kind: 'caseEnded' })
const awaiting = row({ id: 'await b', caseId: 'b', senderId: 'leg', kind: 'awaitEnd' })
const toldLeg = row({ id: 'end b to leg', caseId: 'leg', senderId: 'b', kind: 'caseEnded' })
const leg = row({ id: 'start leg', caseId: 'leg', listId: 'list', kind: 'start', result: 'started' })
const refusedLeg = row({ id: 'start not', caseId: 'not', listId: 'list', kind: 'start', result: 'refused' })
const listEnded = row({ id: 'over', key: 'over:list', caseId: 'a', senderId: 'a', kind: 'listEnded' })

const a = { id: 'a', status: 'open', outcome: null, heard: [] }
const b = {
  id: 'b',
  status: 'closed',
  outcome: 'done',
  heard: [
    { from: 'a', n: 1 },
    { from: 'a', n: 2 },
  ],
}
const closedLeg = { id: 'leg', status: 'closed', outcome: 'done', heard: [] }
const link = { fromId: 'a', toId: 'b', endsWithOpener: true }
const list = { id: 'list', caseId: 'a', total: 2, over: 2 }
const event = (kind: string, about: string) => ({ caseId: 'a', kind, about })
const replied = event('linkedCaseReplied', 'b')
const knownToLeg = { caseId: 'leg', kind: 'linkedCaseEnded', about: 'b' }
const told = [knownToLeg, replied, replied, replied, event('linkedCaseRefused', 'b')]
const whole: LinkedRows = {
  commands: [first, start, act, second, refused, ...replies, ended, awaiting, toldLeg, leg, refusedLeg, listEnded],
  cases: [a, b, closedLeg],
  links: [link, { ...link, toId: 'leg' }, { ...link, toId: 'not' }],
  lists: [list],
  events: [...told, event('linkedCaseEnded', 'b'), event('linkedCasesEnded', 'list')],
}
const but = (id: string, change: Partial<SentRow>): LinkedRows['commands'] =>
  whole.commands.map((each) => (each.id === id ? { ...each, ...change } : each))
const without = (id: string) => whole.commands.filter((each) => each.id !== id)
const hears = (...ns: number[]) => [a, { ...b, heard: ns.map((n) => ({ from: 'a', n })) }, closedLeg]
const twin = (id: string) => [
  ...whole.commands,
  ...but(id, { id: 'twin', key: 'twin' }).filter((each) => each.id === 'twin'),
]
const kinds = (change: Partial<LinkedRows>) => faultsOfLinks({ ...whole, ...change }).map(({ kind }) => kind)

test('cases in order with each other are found in order', () => {
  expect(faultsOfLinks(whole)).toEqual([])
})

test('a case that has closed may refuse what it would have heard', () => {
  const events = [knownToLeg, ...told.slice(2), event('linkedCasesEnded', 'list')]
  const commands = but('reply start b', { state: 'refused', result: 'refused' }).map((each) =>
    each.id === 'end b' ? { ...each, state: 'refused', result: 'refused' } : each,
  )
  expect(kinds({ commands, events, cases: [{ ...a, status: 'closed', outcome: 'done' }, b, closedLeg] })).toEqual([])
  expect(kinds({ commands, events })).toEqual(['lost', 'lost'])
})

test.each<[string, Partial<LinkedRows>, string]>([
  ['a message that stays without an outcome', { commands: but('told 3', { state: 'stored' }) }, 'no outcome'],
  ['the same sent twice', { commands: but('told 2', { key: 'told 1' }) }, 'doubled'],
  ['a message that was taken and not heard', { cases: hears(1) }, 'lost'],
  ['a message that was heard twice', { cases: hears(1, 2, 2) }, 'doubled'],
  ['messages that were heard in another order', { cases: hears(2, 1) }, 'broken file'],
  ['a message that was refused and heard', { cases: hears(1, 2, 3) }, 'effect of what was refused'],
  [
    'a message that nobody sent',
    { cases: [{ ...a, heard: [{ from: 'b', n: 9 }] }, b, closedLeg] },
    'effect of what was refused',
  ],
  ['a case that was started and is not there', { cases: [a, closedLeg] }, 'lost'],
  ['a case that was started twice', { commands: twin('start b') }, 'doubled'],
  ['a case that nobody started', { cases: [...whole.cases, { ...b, id: 'c', heard: [] }] }, 'orphaned'],
  ['a case without the link to its opener', { links: whole.links.slice(1) }, 'lost'],
  ['a case that is linked twice', { links: [...whole.links, link] }, 'doubled'],
  ['a link to a case that was not started', { links: [...whole.links, { ...link, toId: 'c' }] }, 'orphaned'],
  [
    'a case that outlives its cancelled opener',
    { cases: [{ ...a, status: 'closed', outcome: 'cancelled' }, b, { ...closedLeg, status: 'open' }] },
    'orphaned',
  ],
  ['no reply', { commands: without('reply told 1') }, 'lost'],
  ['two replies to one message', { commands: twin('reply told 1') }, 'doubled'],
  ['a reply to nothing', { commands: but('reply told 1', { of: 'nothing' }) }, 'orphaned'],
  ['a reply that the file does not tell', { events: whole.events.filter((each) => each !== replied) }, 'lost'],
  ['a reply that the file tells twice', { events: [replied, ...whole.events] }, 'doubled'],
  ['an end that its opener was not told', { commands: without('end b') }, 'lost'],
  ['an end that one who waits for it was not told', { commands: without('end b to leg') }, 'lost'],
  ['an end that one who waits for it was told twice', { commands: twin('end b to leg') }, 'doubled'],
  ['an end that one was told who does not wait for it', { commands: without('await b') }, 'orphaned'],
  [
    'no reply to a refused question for an end',
    { commands: but('await b', { state: 'refused', result: 'refused' }) },
    'lost',
  ],
  ['an end that was told twice', { commands: twin('end b') }, 'doubled'],
  ['the end of a case that is open', { cases: [a, { ...b, status: 'open' }, closedLeg] }, 'doubled'],
  [
    'an end that the file does not tell',
    { events: whole.events.filter(({ kind }) => kind !== 'linkedCaseEnded') },
    'lost',
  ],
  ['a list with a start that is missing', { lists: [{ ...list, total: 3 }] }, 'lost'],
  ['a list with a start too many', { lists: [{ ...list, total: 1, over: 1 }] }, 'doubled'],
  ['a list that counts wrong', { lists: [{ ...list, over: 1 }] }, 'broken file'],
  ['a list that is over and nobody was told', { commands: without('over') }, 'lost'],
  ['a list whose end was told twice', { commands: [...whole.commands, listEnded] }, 'doubled'],
  ['a list whose end the file does not tell', { events: whole.events.slice(0, -1) }, 'lost'],
])('%s is found', (_what, change, kind) => {
  expect(kinds(change)).toContain(kind)
})
