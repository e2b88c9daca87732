/** What becomes of the values of a document when it is frozen. */
import { z } from 'zod'
import type { IsoDate, ProcessContract } from '../../workflows/kernel/contract'
import { person, text, type ProcessForms } from '../../workflows/kernel/forms'
import { processesOf, type Process } from '../../workflows/kernel/process'
import { contract as probation } from '../../workflows/probation/contract'
import type { Words } from '../../workflows/words'
import { answersNeeded, freezeDocument, issuerOf, type DocumentSources } from './freeze-document'

const tree = (locale: string) => ({
  leave: {
    documents: {
      letter: {
        title: `Letter ${locale}`,
        body: locale === 'kk' ? '%{decide}' : '%{ask.why} %{subject}',
        verdict: { yes: `It is so ${locale}` },
      },
    },
    tasks: { ask: { title: `Ask ${locale}`, choices: { other: { record: `It was other ${locale}` } } } },
    parties: { mentor: `Mentor ${locale}` },
    fields: { why: `Why ${locale}`, kind: `Kind ${locale}`, by: `By ${locale}` },
    options: { kind: { annual: `Annual ${locale}` }, why: { annual: 'never' } },
  },
  kernel: {
    documents: {
      rehearsal: `Rehearsal ${locale}`,
      lookedUpLater: `As of %{date} ${locale}`,
      missed: `Gone by %{date}, was %{due} ${locale}`,
      signedBy: `Signed ${locale}`,
    },
    roles: { hr: `HR ${locale}`, subject: `Servant ${locale}` },
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
  tasks: { ask: { decision: 'kind' }, decide: {}, other: {} },
  decidedBy: { letter: ['other'] },
}
const process: Process = {
  contract,
  forms,
  aboutOf: () => {
    throw new Error('not asked')
  },
  check: () => null,
  prefill: () => ({}),
}
const { decidedBy: _, ...undecided } = contract
const plain: Process = { ...process, contract: undecided }
const templates = { processes: processesOf(process), words }

const ID = '00000000-0000-4000-8000-000000000001'
const [SUBJECT, MENTOR] = ['the subject', 'the mentor']
const sources = (more: Partial<DocumentSources> = {}): DocumentSources => ({
  process: 'leave',
  version: 1,
  caseNumber: '2026-000001',
  startedOn: '2026-03-01' as IsoDate,
  rehearsal: null,
  regime: 'R4',
  subject: of('Subject'),
  subjectId: SUBJECT,
  aboutBody: null,
  aboutCase: null,
  body: of('Body'),
  bodyKey: 'ministry',
  agency: of('Agency'),
  parties: { mentor: MENTOR },
  position: of('Position'),
  unit: null,
  startForm: {},
  answers: [],
  missed: [],
  documents: [],
  cited: [],
  names: { [ID]: of('Person'), annual: of('A body called annual'), agency: of('Agency') },
  ...more,
})
const document = {
  kind: 'letter',
  number: '2026-000007',
  issuer: 'ministry',
  issuedOn: '2026-03-02' as IsoDate,
  facts: {},
  code: 'CODE',
}
const answered = (answer: unknown, more: Partial<DocumentSources['answers'][number]> = {}) => ({
  kind: 'ask',
  on: '2026-03-01' as IsoDate,
  answer,
  content: null,
  by: of('Signer'),
  byId: 'somebody',
  step: 1,
  bodyKey: 'ministry',
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
  ['self', of('Mentor'), MENTOR],
  ['self', of('Servant'), SUBJECT],
])('who answered is kept with his post and the capacity %s: %j', (capacity, kept, byId = 'somebody') => {
  const { answers } = freezeDocument(templates, sources({ answers: [answered({}, { capacity, byId })] }), document)
  expect(answers[0]?.signed).toEqual({ by: of('Signer'), position: of('Post'), capacity: kept })
})

test('the answers that a template names in any language are asked for', () => {
  const needed = answersNeeded(
    { ...templates, processes: processesOf(plain) },
    { process: 'leave', version: 1 },
    'letter',
  )
  expect(needed.sort()).toEqual(['ask', 'decide'])
})

describe('a document that answers decide', () => {
  const answers = [
    answered({}, { kind: 'other', by: of('First') }),
    answered({}, { kind: 'other', bodyKey: 'agency', by: of('Last') }),
    answered({ returned: true }, { kind: 'other', by: of('Sent back') }),
    answered({}, { kind: 'ask', by: of('Another') }),
  ]

  test('asks for them, beside those that its template names', () => {
    expect(answersNeeded(templates, { process: 'leave', version: 1 }, 'letter').sort()).toEqual([
      'ask',
      'decide',
      'other',
    ])
  })

  test('is issued by the body of the last of them, and signed by whoever gave it', () => {
    expect(issuerOf(templates, sources({ answers }), 'letter')).toBe('agency')
    const { issuer, signatory } = freezeDocument(templates, sources({ answers }), { ...document, issuer: 'agency' })
    expect(issuer).toEqual(of('Agency'))
    expect(signatory).toEqual({
      label: of('Signed'),
      by: of('Last'),
      position: of('Post'),
      capacity: of('HR'),
      on: '01.03.2026',
    })
  })

  test('is of the body of the case, unsigned, where nobody decided, or a release issued it that signed none', () => {
    expect(issuerOf(templates, sources(), 'letter')).toBe('ministry')
    expect(freezeDocument(templates, sources(), document)).toMatchObject({ issuer: of('Body'), signatory: null })
    const older = freezeDocument(templates, sources({ answers }), { ...document, issuer: null })
    expect(older).toMatchObject({ issuer: of('Body'), signatory: null })
  })
})

test.each([
  ['it is the last of its kind', 3, [of('Gone by 05.03.2026, was 04.03.2026')]],
  ['it was answered since', 1, [undefined]],
])('of a task that nobody did the document says so: %s', (_what, step, missed) => {
  const gone = { kind: 'ask', due: '2026-03-04' as IsoDate, on: '2026-03-05' as IsoDate, step }
  const { answers } = freezeDocument(
    templates,
    sources({ answers: [answered({ why: 'so' }, { step: 2 })], missed: [gone] }),
    document,
  )
  expect(answers.map((answer) => answer.missed)).toEqual(missed)
})

test('what was decided is written as it stands in the record, in an answer and in the facts of the order', () => {
  const { answers, values } = freezeDocument(templates, sources({ answers: [answered({ kind: 'other' })] }), {
    ...document,
    facts: { verdict: 'yes' },
  })
  expect(answers[0]?.fields[0]?.value).toEqual({ words: of('It was other') })
  expect(values['verdict']).toEqual({ words: of('It is so') })
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

test.each([
  ['the position', { position: of('Position') }, { words: of('Position') }],
  ['the body', { aboutBody: of('Concerned') }, { words: of('Concerned') }],
  ['the position before the body', { position: of('Position'), aboutBody: of('Concerned') }, { words: of('Position') }],
  ['the other case, by its number', { aboutCase: '2026-000002' }, { text: '2026-000002' }],
])('of a case about nobody, %s stands for its subject', (_what, more, subject) => {
  const about = { subject: null, subjectId: null, position: null, aboutBody: null, aboutCase: null }
  const { values } = freezeDocument(templates, sources({ ...about, ...more }), document)
  expect(values['subject']).toEqual(subject)
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

test('a fact that is a document is its kind, number, date and body; one that nobody has says nothing', () => {
  const citing: Process = { ...process, contract: { ...contract, documents: { letter: { about: 'document' } } } }
  const cited = {
    ...{ id: ID, process: 'leave', version: 1, kind: 'letter', number: '2026-000003', issuer: of('Office') },
    issuedOn: '2026-02-28' as IsoDate,
  }
  const frozen = (about: string) =>
    freezeDocument({ processes: processesOf(citing), words }, sources({ cited: [cited] }), {
      ...document,
      facts: { about },
    }).values['about']
  expect(frozen(ID)).toEqual({
    words: {
      kk: 'Letter kk № 2026-000003, 28.02.2026, Office kk',
      ru: 'Letter ru № 2026-000003, 28.02.2026, Office ru',
      en: 'Letter en No. 2026-000003, 28.02.2026, Office en',
    },
  })
  expect(frozen(ID.replace('1', '9'))).toBeUndefined()
})
