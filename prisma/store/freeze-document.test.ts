/** What becomes of the values of a document when it is frozen. */
import { z } from 'zod'
import type { IsoDate, ProcessContract } from '../../workflows/kernel/contract'
import { person, text, type ProcessForms } from '../../workflows/kernel/forms'
import { processesOf, type Process } from '../../workflows/kernel/process'
import { contract as probation } from '../../workflows/probation/contract'
import type { Words } from '../../workflows/words'
import { answersNamed, freezeDocument, type DocumentSources } from './freeze-document'

const tree = (locale: string) => ({
  leave: {
    documents: { letter: { title: `Letter ${locale}`, body: locale === 'kk' ? '%{decide}' : '%{ask.why} %{subject}' } },
    tasks: { ask: { title: `Ask ${locale}` } },
    fields: { why: `Why ${locale}`, kind: `Kind ${locale}`, by: `By ${locale}` },
    options: { kind: { annual: `Annual ${locale}` }, why: { annual: 'never' } },
  },
  kernel: {
    documents: { rehearsal: `Rehearsal ${locale}`, lookedUpLater: `As of %{date} ${locale}` },
    roles: { hr: `HR ${locale}` },
  },
})
const words: Words = { kk: tree('kk'), ru: tree('ru'), en: tree('en') }
const of = (name: string) => ({ kk: `${name} kk`, ru: `${name} ru`, en: `${name} en` })

const forms: ProcessForms = {
  start: z.strictObject({ person: person(), kind: z.enum(['annual', 'other']), why: text().nullable() }),
  tasks: {
    ask: z.strictObject({ why: text(), by: z.iso.date().nullable(), kind: z.enum(['annual', 'other']), who: person() }),
    decide: z.strictObject({}),
    other: z.strictObject({}),
  },
  acts: {},
}
const contract: ProcessContract = {
  ...probation,
  name: 'leave',
  version: 1,
  tasks: { ask: {}, decide: {}, other: {} },
}
const process: Process = {
  contract,
  forms,
  subjectOf: () => {
    throw new Error('not asked')
  },
  check: () => null,
  prefill: () => ({}),
}
const templates = { processes: processesOf(process), words }

const ID = '00000000-0000-4000-8000-000000000001'
const sources = (more: Partial<DocumentSources> = {}): DocumentSources => ({
  process: 'leave',
  version: 1,
  caseNumber: '2026-000001',
  startedOn: '2026-03-01' as IsoDate,
  rehearsal: null,
  subject: of('Subject'),
  body: of('Body'),
  position: of('Position'),
  unit: null,
  startForm: {},
  answers: [],
  names: { [ID]: of('Person'), annual: of('A body called annual') },
  ...more,
})
const document = { kind: 'letter', number: '2026-000007', issuedOn: '2026-03-02' as IsoDate, facts: {} }
const answered = (answer: unknown, more: Partial<DocumentSources['answers'][number]> = {}) => ({
  kind: 'ask',
  on: '2026-03-01' as IsoDate,
  answer,
  content: null,
  by: of('Signer'),
  position: of('Post'),
  capacity: 'hr',
  ...more,
})
const fieldsOf = (answer: unknown) => {
  const [frozen] = freezeDocument(templates, sources({ answers: [answered(answer)] }), document).answers

  return Object.fromEntries((frozen?.fields ?? []).map(({ name, value }) => [name, value]))
}

test.each<readonly [what: string, field: string, value: unknown, frozen: object]>([
  ['a person by id', 'who', ID, { words: of('Person') }],
  ['an id that nobody has', 'who', ID.replace('1', '9'), { text: ID.replace('1', '9') }],
  ['a choice', 'kind', 'annual', { words: of('Annual') }],
  ['a date', 'by', '2026-03-05', { text: '05.03.2026' }],
  ['what a person wrote, though it is the id of a person', 'why', ID, { text: ID }],
  ['what a person wrote, though it is a choice', 'why', 'annual', { text: 'annual' }],
  ['what a person wrote, though it is a date', 'why', '2026-03-05', { text: '2026-03-05' }],
  [
    'a field that the form does not have',
    'more',
    [ID, 7, true],
    { items: [{ words: of('Person') }, { text: '7' }, { text: 'true' }] },
  ],
])('a value is kept as a person reads it: %s', (_what, field, value, frozen) => {
  expect(fieldsOf({ [field]: value })).toEqual({ [field]: frozen })
})

test('fields stand in the order of the form, without those that are empty', () => {
  const [answer] = freezeDocument(
    templates,
    sources({ answers: [answered({ more: 'x', kind: 'annual', by: null, why: '' }, { content: { why: 'so' } })] }),
    document,
  ).answers
  expect(answer).toMatchObject({ kind: 'ask', title: of('Ask'), on: '01.03.2026' })
  expect(answer?.fields.map(({ name, label }) => [name, label.en])).toEqual([
    ['why', 'Why en'],
    ['kind', 'Kind en'],
    ['more', 'more'],
  ])
})

test('of answers of a kind the last one counts, but not a time when the task was sent back', () => {
  const answers = [
    answered({ why: 'first' }),
    answered({ why: 'second' }),
    answered({ returned: true }),
    answered({}, { kind: 'other' }),
  ]
  const frozen = freezeDocument(templates, sources({ answers }), document)
  expect(frozen.answers.map(({ kind, fields }) => [kind, fields[0]?.value])).toEqual([['ask', { text: 'second' }]])
})

test.each([
  ['hr', of('HR')],
  ['self', null],
  [null, null],
])('who answered is kept with his post and the capacity %s', (capacity, kept) => {
  const { answers } = freezeDocument(templates, sources({ answers: [answered({}, { capacity })] }), document)
  expect(answers[0]?.signed).toEqual({ by: of('Signer'), position: of('Post'), capacity: kept })
})

test('the answers that a template names in any language are asked for', () => {
  expect(answersNamed(templates, { process: 'leave', version: 1 }, 'letter').sort()).toEqual(['ask', 'decide'])
})

test('what the story said with the order stands before the start form, and the case before both', () => {
  const { values } = freezeDocument(
    templates,
    sources({ startForm: { person: ID, kind: 'annual', why: ID, position: 'x' } }),
    { ...document, facts: { kind: 'other', until: '2026-04-01', subject: 'somebody else' } },
  )
  expect(values).toMatchObject({
    person: { words: of('Person') },
    why: { text: ID },
    kind: { text: 'other' },
    until: { text: '01.04.2026' },
    subject: { words: of('Subject') },
    position: { words: of('Position') },
    unit: { text: '' },
    number: { text: '2026-000007' },
    date: { text: '02.03.2026' },
    caseNumber: { text: '2026-000001' },
  })
})

test('the template is kept as it is, and its version changes with any word of it in any language', () => {
  const { template } = freezeDocument(templates, sources(), document)
  expect(template).toMatchObject({ title: of('Letter'), body: { kk: '%{decide}', ru: '%{ask.why} %{subject}' } })
  const later = structuredClone(words)
  Object.assign(later.kk['leave'] ?? {}, { documents: { letter: { title: 'Letter kk', body: '%{decide}.' } } })
  const changed = freezeDocument({ ...templates, words: later }, sources(), document).template
  expect(changed.version).not.toBe(template.version)
})

test.each([
  ['an ordinary document has none', null, null, []],
  ['of a rehearsal', 'set', null, [of('Rehearsal')]],
  [
    'of which names were looked up later',
    null,
    '2026-12-31',
    [{ kk: 'As of 31.12.2026 kk', ru: 'As of 31.12.2026 ru', en: 'As of 31.12.2026 en' }],
  ],
])('remarks: %s', (_what, rehearsal, later, remarks) => {
  expect(freezeDocument(templates, sources({ rehearsal }), document, later as IsoDate | null).remarks).toEqual(remarks)
})
