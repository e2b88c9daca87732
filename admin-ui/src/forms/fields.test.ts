import { fieldsOf, isShown, missing, notOffered, overlong, payload, withBlanks, withValue } from './fields'

const schema = {
  type: 'object',
  properties: {
    mentor: { type: 'string', format: 'uuid', 'x-widget': 'person', 'x-scope': 'anyone' },
    decision: { type: 'string', enum: ['extend', 'keep'] },
    until: { type: 'string', format: 'date', 'x-when': { decision: 'extend' } },
    months: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
    agreed: { type: 'boolean' },
    grounds: { type: 'string', maxLength: 4000, 'x-widget': 'text' },
    goals: { type: 'array', minItems: 1, items: { $ref: '#/$defs/goal' } },
  },
  required: ['mentor', 'decision', 'until', 'months', 'agreed', 'goals'],
  $defs: {
    goal: {
      type: 'object',
      properties: { number: { type: 'integer', readOnly: true }, goal: { type: 'string' } },
      required: ['number', 'goal'],
    },
  },
}
const fields = fieldsOf(schema)
const field = (name: string) => fields.find((each) => each.name === name)

it.each([
  ['mentor', { kind: 'reference', register: 'person', scope: 'anyone', required: true }],
  ['decision', { kind: 'choice', options: ['extend', 'keep'] }],
  ['until', { kind: 'date', when: { field: 'decision', values: ['extend'] } }],
  ['months', { kind: 'number', integer: true, min: 1, required: false }],
  ['agreed', { kind: 'boolean', explicit: true }],
  ['grounds', { kind: 'text', long: true, maxLength: 4000, required: false }],
  ['goals', { kind: 'list', min: 1, fixed: false, item: { kind: 'object' } }],
])('reads %s', (name, expected) => {
  expect(field(name)).toMatchObject(expected)
})

it('shows a field only while its condition holds', () => {
  const until = field('until')
  expect(until && [isShown(until, { decision: 'extend' }), isShown(until, { decision: 'keep' })]).toEqual([true, false])
})

it('begins a list with as many entries as it must have', () => {
  expect(withBlanks(fields, {})).toEqual({ goals: [{}] })
})

it('names what is missing, and asks for nothing that is hidden or only read', () => {
  expect(missing(fields, { decision: 'keep', goals: [{ goal: ' ' }, { goal: 'Learn' }] })).toEqual([
    'mentor',
    'agreed',
    'goals.0.goal',
  ])
  expect(missing(fields, { mentor: 'm', decision: 'extend', agreed: false, goals: [] })).toEqual(['until', 'goals'])
})

it('sends numbers as numbers and leaves out what is empty or hidden', () => {
  const typed = {
    mentor: 'm',
    decision: 'keep',
    until: '2026-11-30',
    months: '3',
    agreed: false,
    grounds: '',
    goals: [{ number: 1, goal: 'Learn' }],
    stray: 1,
  }
  expect(payload(fields, typed)).toEqual({
    mentor: 'm',
    decision: 'keep',
    months: 3,
    agreed: false,
    goals: [{ number: 1, goal: 'Learn' }],
  })
})

it('takes a group that may be left out for left out while all of it is blank', () => {
  const period = {
    type: 'object',
    properties: { from: { type: 'string', format: 'date' }, to: { type: 'string', format: 'date' } },
    required: ['from'],
  }
  const both = fieldsOf({ type: 'object', properties: { wears: period, serves: period }, required: ['serves'] })
  const typed = { wears: { from: '', to: '' }, serves: { from: '', to: '' } }
  expect(payload(both, typed)).toEqual({ serves: {} })
  expect(missing(both, typed)).toEqual(['serves.from'])
  expect(missing(both, { ...typed, wears: { from: '', to: '2026-11-30' } })).toEqual(['wears.from', 'serves.from'])
})

it('changes one value and leaves the rest, and the original, alone', () => {
  const before = { goals: [{ goal: 'a' }, { goal: 'b' }] }
  expect(withValue(before, ['goals', 1, 'goal'], 'c')).toEqual({ goals: [{ goal: 'a' }, { goal: 'c' }] })
  expect(before.goals[1]).toEqual({ goal: 'b' })
})

it.each(['\u200B\u200B', '\u00A0', '\u3000\uFEFF'])('takes %j for nothing', (typed) => {
  expect(missing(fields, { mentor: 'm', decision: 'keep', agreed: true, goals: [{ goal: typed }] })).toEqual([
    'goals.0.goal',
  ])
})

it('keeps a text that is too long, and says by how much', () => {
  const grounds = `${'x'.repeat(4003)}\u200B `
  expect(overlong(fields, { grounds })).toEqual([{ path: 'grounds', max: 4000, by: 3 }])
  expect(payload(fields, { grounds })).toMatchObject({ grounds })
  expect(overlong(fields, { grounds: 'x'.repeat(4000) })).toEqual([])
})

it('names what the case does not offer: choices, items, and dates out of their days', () => {
  const asked = fieldsOf({
    type: 'object',
    properties: {
      decision: { type: 'string', enum: ['extend', 'keep'] },
      absence: { type: 'integer', 'x-widget': 'item', 'x-list': 'absences' },
      goals: {
        type: 'array',
        items: { type: 'object', properties: { by: { type: 'string', format: 'date' } } },
      },
    },
  })
  const offer = {
    closed: null,
    refused: { decision: { extend: 'onlyOnce' }, absence: { 2: 'withdrawn' } },
    days: { 'goals.by': { from: { on: '2026-09-01', code: 'early' }, to: { on: '2026-11-30', code: 'late' } } },
    among: {},
    items: {},
  }
  const refused = { decision: 'extend', absence: 2, goals: [{ by: '2026-08-31' }, { by: '2040-01-01' }, { by: '20' }] }
  expect(notOffered(asked, refused, offer)).toEqual([
    { path: 'decision', code: 'onlyOnce' },
    { path: 'absence', code: 'withdrawn' },
    { path: 'goals.0.by', code: 'early' },
    { path: 'goals.1.by', code: 'late' },
  ])
  expect(notOffered(asked, { decision: 'keep', absence: 1, goals: [{ by: '2026-11-30' }] }, offer)).toEqual([])
  expect(payload(asked, { absence: '1' })).toEqual({ absence: 1 })
})

it('knows a field for files, with the endings of its kinds and the largest size, alone and in a list', () => {
  const scan = {
    type: 'string',
    'x-widget': 'file',
    'x-kinds': ['pdf', 'jpeg'],
    'x-endings': ['pdf', 'jpg', 'jpeg'],
    'x-largest': 1024,
  }
  const schema = {
    type: 'object',
    properties: { scan, pages: { type: 'array', items: scan, maxItems: 3 } },
    required: ['scan'],
  }
  const accepts = { kind: 'file', kinds: ['pdf', 'jpeg'], endings: ['pdf', 'jpg', 'jpeg'], largest: 1024 }
  const files = fieldsOf(schema)
  expect(files).toMatchObject([accepts, { kind: 'list', max: 3, item: accepts }])
  expect(payload(files, { scan: '', pages: ['', 'an id'] })).toEqual({ pages: ['an id'] })
  expect(missing(files, {})).toEqual(['scan'])
})

it('takes the words of a choice from its field, or from where the form says', () => {
  const choice = { type: 'string', enum: ['illness'] }
  const read = fieldsOf({ properties: { verdict: choice, ground: { ...choice, 'x-words': 'because' } } })
  expect(read).toMatchObject([{ words: 'options.verdict' }, { words: 'because' }])
})
