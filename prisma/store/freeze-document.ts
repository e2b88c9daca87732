/** How a document is frozen: what the database and the words say today becomes values that need neither later. Pure. */
import { LOCALES, type IsoDate, type Locale, type Name } from '../../workflows/kernel/contract'
import { jsonSchemaOf, type JsonSchema } from '../../workflows/kernel/forms'
import { actForm, taskForm } from '../../workflows/kernel/kernel-forms'
import type { Process, Processes } from '../../workflows/kernel/process'
import {
  PLACEHOLDER,
  type FrozenAnswer,
  type FrozenField,
  type FrozenOfFormat3,
  type FrozenSignatory,
  type FrozenSignature,
  type FrozenValue,
} from '../../workflows/kernel/protocol/document'
import { numbered } from '../../workflows/paper'
import { citing, nameAt, wordsAt, type Words } from '../../workflows/words'
import { canonical, sha256 } from './canonical'

/** Where templates, labels and forms of documents come from. */
export interface DocumentTemplates {
  readonly processes: Processes
  readonly words: Words
  /** where the page is that checks papers; absent: the address of a demonstration */
  readonly publicUrl?: string
}

type Fields = Readonly<Record<string, unknown>>

/** An answer as its row and its content have it, or what somebody said who performed an act. */
export interface SourceAnswer {
  /** kind of the task, or name of the act */
  readonly kind: string
  readonly on: IsoDate
  readonly answer: unknown
  readonly content: unknown
  readonly by: Name | null
  readonly byId: string | null
  readonly position: Name | null
  readonly capacity: string | null
  /** step that recorded it */
  readonly step: number
  /** the body in which it was answered: of the role, or for a person the body of the case */
  readonly bodyKey: string
}

/** A task that nobody did before it closed. */
export interface SourceMissed {
  readonly kind: string
  readonly due: IsoDate | null
  /** when it closed, and the step that recorded it */
  readonly on: IsoDate
  readonly step: number
}

/** A document of the same case, as another may name it. */
export interface SourceDocument {
  readonly kind: string
  readonly number: string
  readonly issuedOn: IsoDate
}

/** A document of any case that the facts of another name by its id. */
export interface CitedDocument extends SourceDocument {
  readonly id: string
  readonly process: string
  readonly version: number
  readonly issuer: Name
}

/** What the database says of the case of a document. */
export interface DocumentSources {
  readonly process: string
  readonly version: number
  readonly caseNumber: string
  readonly startedOn: IsoDate
  readonly rehearsal: string | null
  readonly regime: string
  readonly subject: Name | null
  readonly subjectId: string | null
  /** the body, and the number of the other case, that it is about */
  readonly aboutBody: Name | null
  readonly aboutCase: string | null
  /** the body of the case, and that of the Agency which is competent for it */
  readonly body: Name
  readonly bodyKey: string
  readonly agency: Name | null
  /** part in the case → person */
  readonly parties: Readonly<Record<string, string>>
  readonly position: Name | null
  readonly unit: Name | null
  readonly startForm: unknown
  /** answers up to the step of the document, oldest first */
  readonly answers: readonly SourceAnswer[]
  readonly missed: readonly SourceMissed[]
  /** other documents of the case that the step of this one, or an earlier step, ordered, oldest first */
  readonly documents: readonly SourceDocument[]
  /** documents that the facts of those that the step orders name by their ids */
  readonly cited: readonly CitedDocument[]
  /** names of the people, positions, units and bodies, and numbers of the cases, that answers and facts mention by id or key */
  readonly names: Readonly<Record<string, Name | null>>
}

export interface OrderedDocument {
  readonly kind: string
  readonly number: string
  readonly issuedOn: IsoDate
  /** key of the body in whose name and numbers it is issued; null: by a release that issued all of them in that of the case, unsigned */
  readonly issuer: string | null
  /** what the story said with the order */
  readonly facts: unknown
  /** by which whoever holds its paper can check it */
  readonly code: string
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {})

// ------------------------------------------------------------------ the template

function templateOf({ processes, words }: DocumentTemplates, process: string, version: number, kind: string) {
  const owner = processes.keyOf(process, version)

  return {
    title: nameAt(words, owner, `documents.${kind}.title`, kind),
    body: nameAt(words, owner, `documents.${kind}.body`, ''),
  }
}

/** Kinds of task whose answer decides a document, and acts that do. */
export const decidingKinds = (
  { processes }: DocumentTemplates,
  { process, version }: OfProcess,
  kind: string,
): readonly string[] => processes.of(process, version)?.contract.decidedBy?.[kind] ?? []

/** Kinds of task whose answers a document is made of: those that its template names, in any language, and that decide it. */
export function answersNeeded(templates: DocumentTemplates, of: OfProcess, kind: string): string[] {
  return [...new Set([...answersNamed(templates, of, kind), ...decidingKinds(templates, of, kind)])]
}

interface OfProcess {
  readonly process: string
  readonly version: number
}

function answersNamed(templates: DocumentTemplates, of: OfProcess, kind: string): string[] {
  const { tasks = {}, acts = {} } = templates.processes.of(of.process, of.version)?.contract ?? {}

  return namesIn(templates, of, kind).filter((name) => Object.hasOwn(tasks, name) || Object.hasOwn(acts, name))
}

/** Kinds of the other documents of its case whose numbers a document has: those that its template names, in any language. */
export const documentsNamed = (templates: DocumentTemplates, of: OfProcess, kind: string): string[] =>
  namesIn(templates, of, kind).filter(
    (name) =>
      name !== kind && Object.hasOwn(templates.processes.of(of.process, of.version)?.contract.documents ?? {}, name),
  )

/** The facts of a document that are documents, as its contract says: name and id. */
export function documentsCited(
  { processes }: DocumentTemplates,
  { process, version }: OfProcess,
  { kind, facts }: Pick<OrderedDocument, 'kind' | 'facts'>,
): [name: string, id: string][] {
  const said = fieldsOf(facts)

  return Object.entries(processes.of(process, version)?.contract.documents[kind] ?? {}).flatMap(([name, is]) => {
    const id = said[name]

    return is === 'document' && typeof id === 'string' ? [[name, id] as const] : []
  })
}

function namesIn(templates: DocumentTemplates, { process, version }: OfProcess, kind: string): string[] {
  const { body } = templateOf(templates, process, version, kind)

  return [
    ...new Set(LOCALES.flatMap((locale) => [...body[locale].matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))),
  ]
}

// ------------------------------------------------------------------ values

interface Setting {
  readonly sources: DocumentSources
  readonly words: Words
  readonly owner: string
  readonly process: Process | undefined
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
/** `2026-11-30` as the service writes dates. */
export const dateWords = (iso: string): string => iso.split('-').reverse().join('.')

/** Of alternatives the one that says something: what may be empty is asked for as itself or null. */
function plainSchema(schema: unknown): JsonSchema {
  if (!isRecord(schema)) return {}
  const alternatives: unknown = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(alternatives)) return schema

  return plainSchema(alternatives.find((each) => isRecord(each) && each['type'] !== 'null'))
}

function freezeValue(setting: Setting, field: string, asked: unknown, value: unknown): FrozenValue {
  const schema = plainSchema(asked)
  if (Array.isArray(value)) return { items: value.map((item) => freezeValue(setting, field, schema['items'], item)) }
  if (isRecord(value)) return { fields: freezeFields(setting, schema, value) }
  const plain = ['string', 'number', 'boolean'].includes(typeof value) ? `${value as string}` : ''
  // what a person wrote is left as it was written
  if (schema['x-content'] === true) return { text: plain }
  const words = wordedOption(setting, field, plain) ?? nameOf(setting, plain)
  if (words) return { words }

  return { text: DATE.test(plain) ? dateWords(plain) : plain }
}

function wordedOption({ words, owner }: Setting, field: string, option: string): Name | null {
  const key = `options.${field}.${option}`

  return wordsAt(words, 'ru', owner, key) === null ? null : nameAt(words, owner, key, option)
}

const nameOf = ({ sources: { names } }: Setting, id: string): Name | null =>
  Object.hasOwn(names, id) ? (names[id] ?? null) : null

/** Fields that say something, in the order of the form: PostgreSQL keeps the keys of JSON in an order of its own. */
function freezeFields(setting: Setting, schema: JsonSchema, fields: Fields): FrozenField[] {
  const asked = fieldsOf(schema['properties'])
  const names = [...new Set([...Object.keys(asked), ...Object.keys(fields)])]

  return names
    .filter((name) => fields[name] !== undefined && fields[name] !== null && fields[name] !== '')
    .map((name) => ({
      name,
      label: nameAt(setting.words, setting.owner, `fields.${name}`, name),
      value: freezeValue(setting, name, asked[name], fields[name]),
    }))
}

function freezeAnswer(setting: Setting, source: SourceAnswer): FrozenAnswer {
  const { kind } = source
  const form = taskForm(setting.process, kind) ?? actForm(setting.process, kind)
  const fields = freezeFields(setting, form ? jsonSchemaOf(form) : {}, given(source))

  return {
    kind,
    title: titleOf(setting, kind),
    fields: fields.map((field) => decided(setting, source, field)),
    on: dateWords(source.on),
    signed: signatureOf(setting, source),
  }
}

function titleOf({ words, owner, process }: Setting, kind: string): Name {
  const group = process && Object.hasOwn(process.contract.acts, kind) ? 'acts' : 'tasks'

  return nameAt(words, owner, `${group}.${kind}.title`, kind)
}
const given = ({ answer, content }: SourceAnswer): Fields => ({ ...fieldsOf(answer), ...fieldsOf(content) })

/** The choice that decides a task is written as it stands in the record: what was decided, not what could be. */
function decided({ words, owner, process }: Setting, source: SourceAnswer, field: FrozenField): FrozenField {
  const choice = given(source)[field.name]
  if (process?.contract.tasks[source.kind]?.decision !== field.name || typeof choice !== 'string') return field
  const key = `tasks.${source.kind}.choices.${choice}.record`

  return wordsAt(words, 'ru', owner, key) === null
    ? field
    : { ...field, value: { words: nameAt(words, owner, key, choice) } }
}

function signatureOf(setting: Setting, source: SourceAnswer): FrozenSignature | null {
  const { by, position } = source

  return by && { by, position, capacity: capacityIn(setting, source) }
}

/** The role in which he answered, or his part in the case: of several parts each. */
function capacityIn({ words, owner, sources }: Setting, { capacity, byId }: SourceAnswer): Name | null {
  if (capacity !== null && capacity !== 'self') return nameAt(words, owner, `roles.${capacity}`, capacity)
  if (byId === sources.subjectId) return nameAt(words, owner, 'roles.subject', 'subject')
  const parts = Object.entries(sources.parties).filter(([, person]) => person === byId)
  const names = parts.map(([part]) => nameAt(words, owner, `parties.${part}`, part))
  const joined = (locale: Locale): string => names.map((name) => name[locale]).join(', ')

  return names.length === 0 ? null : { kk: joined('kk'), ru: joined('ru'), en: joined('en') }
}

/** The last answer of these kinds; not the times a task was sent back. */
const lastOf = ({ answers }: DocumentSources, kinds: readonly string[]): SourceAnswer | undefined =>
  answers.findLast((source) => kinds.includes(source.kind) && given(source)['returned'] !== true)

/** Of each kind what was answered last, or that the last such task closed without an answer. */
function lastAnswers(setting: Setting, kinds: readonly string[]): FrozenAnswer[] {
  const { sources } = setting

  return kinds.flatMap((kind) => {
    const [answer, missed] = [lastOf(sources, [kind]), sources.missed.findLast((each) => each.kind === kind)]
    if (missed && (!answer || missed.step > answer.step)) return [freezeMissed(setting, missed)]

    return answer ? [freezeAnswer(setting, answer)] : []
  })
}

function freezeMissed(setting: Setting, { kind, due, on }: SourceMissed): FrozenAnswer {
  const missed = filled(nameAt(setting.words, setting.owner, 'documents.missed', ''), {
    due: dateWords(due ?? on),
    date: dateWords(on),
  })

  return { kind, title: titleOf(setting, kind), fields: [], on: dateWords(on), signed: null, missed }
}

/** The body that issues a document: that of whoever decided it, or that of the case. */
export function issuerOf(templates: DocumentTemplates, sources: DocumentSources, kind: string): string {
  return lastOf(sources, decidingKinds(templates, sources, kind))?.bodyKey ?? sources.bodyKey
}

/** The mark of the numbers of a kind. */
export const markOf = ({ processes }: DocumentTemplates, { process, version }: OfProcess, kind: string): string =>
  processes.of(process, version)?.contract.papers?.[kind]?.series ?? kind

function signatoryOf(setting: Setting, kinds: readonly string[]): FrozenSignatory | null {
  const source = lastOf(setting.sources, kinds)
  const signature = source && signatureOf(setting, source)
  const label = nameAt(setting.words, setting.owner, 'documents.signedBy', '')

  return signature ? { ...signature, label, on: dateWords(source.on) } : null
}

/** A fact of the order; a code in the sentence that the words of the document have for it (`documents.<kind>.<fact>.<code>`), if any. */
function freezeSaid(setting: Setting, { kind }: OrderedDocument, name: string, value: unknown): FrozenValue {
  const { words, owner } = setting
  const key = `documents.${kind}.${name}.${String(value)}`
  if (typeof value === 'string' && wordsAt(words, 'ru', owner, key) !== null)
    return { words: nameAt(words, owner, key, value) }

  return freezeValue(setting, name, {}, value)
}

/** A cited document: its kind, number, date and the body that issued it. */
function citationOf(
  templates: DocumentTemplates,
  { process, version, kind, number, issuedOn, issuer }: CitedDocument,
): FrozenValue {
  const { title } = templateOf(templates, process, version, kind)
  const said = (locale: Locale): string =>
    `${title[locale]} ${numbered(number, locale)}, ${dateWords(issuedOn)}, ${issuer[locale]}`

  return { words: { kk: said('kk'), ru: said('ru'), en: said('en') } }
}

/** Whom its case is about; of one about nobody the position, the body or the other case. */
function subjectIn({ subject, position, aboutBody, aboutCase, body }: DocumentSources): FrozenValue {
  const named = subject ?? position ?? aboutBody

  return named === null && aboutCase !== null ? { text: aboutCase } : { words: named ?? body }
}

/** Of each kind of document that the template names the last one, by number and date. */
function documentsSaid(templates: DocumentTemplates, sources: DocumentSources, kind: string): [string, FrozenValue][] {
  return documentsNamed(templates, sources, kind).flatMap((name) => {
    const last = sources.documents.findLast((each) => each.kind === name)
    const said = (locale: Locale): string =>
      last ? `${numbered(last.number, locale)}, ${dateWords(last.issuedOn)}` : ''

    return last ? [[name, { words: { kk: said('kk'), ru: said('ru'), en: said('en') } }] as const] : []
  })
}

/** What a template may name beside answers; of the case it may name only what stands here (test/words.test.ts). */
function valuesOf(
  setting: Setting,
  templates: DocumentTemplates,
  document: OrderedDocument,
): Record<string, FrozenValue> {
  const { sources } = setting
  const asked = fieldsOf(setting.process ? jsonSchemaOf(setting.process.forms.start)['properties'] : {})
  const [started, said] = [fieldsOf(sources.startForm), fieldsOf(document.facts)]
  const cited = documentsCited(templates, sources, document)
  const nothing: FrozenValue = { text: '' }
  const date: FrozenValue = { text: dateWords(document.issuedOn) }

  return {
    ...Object.fromEntries(documentsSaid(templates, sources, document.kind)),
    ...Object.fromEntries(
      Object.entries(started).map(([name, value]) => [name, freezeValue(setting, name, asked[name], value)]),
    ),
    ...Object.fromEntries(
      Object.entries(said)
        .filter(([name]) => !cited.some(([fact]) => fact === name))
        .map(([name, value]) => [name, freezeSaid(setting, document, name, value)]),
    ),
    ...Object.fromEntries(
      cited.flatMap(([name, id]) => {
        const found = sources.cited.find((each) => each.id === id)

        return found ? [[name, citationOf(templates, found)]] : []
      }),
    ),
    number: { text: document.number },
    date,
    issuedOn: date,
    caseNumber: { text: sources.caseNumber },
    subject: subjectIn(sources),
    body: { words: sources.body },
    agency: sources.agency ? { words: sources.agency } : nothing,
    position: sources.position ? { words: sources.position } : nothing,
    unit: sources.unit ? { words: sources.unit } : nothing,
    startedOn: { text: dateWords(sources.startedOn) },
  }
}

// ------------------------------------------------------------------ the document

/** The document as it is kept. `lookedUpOn`: the day on which names were looked up, for one that was issued without being frozen. */
export function freezeDocument(
  templates: DocumentTemplates,
  sources: DocumentSources,
  document: OrderedDocument,
  lookedUpOn: IsoDate | null = null,
): FrozenOfFormat3 {
  const { process, version } = sources
  const { words } = templates
  const owner = templates.processes.keyOf(process, version)
  const setting: Setting = { words, owner, process: templates.processes.of(process, version), sources }
  const { title, body } = templateOf(templates, process, version, document.kind)
  const template = { title, body: citing(words, owner, body, sources.regime) }
  const remark = (key: string): Name => nameAt(words, owner, `documents.${key}`, '')
  const code = spelledCode(document.code)
  const address = `${templates.publicUrl ?? DEMONSTRATION}/check?code=${document.code}`

  return {
    format: 3,
    languages: languagesOf(setting.process, document.kind),
    check: { code, address, says: filled(remark('check'), { code, address }) },
    issuer: (document.issuer !== null && sources.names[document.issuer]) || sources.body,
    signatory: document.issuer === null ? null : signatoryOf(setting, decidingKinds(templates, sources, document.kind)),
    process,
    version,
    kind: document.kind,
    template: { version: sha256(canonical(template)), ...template },
    number: document.number,
    issuedOn: document.issuedOn,
    values: valuesOf(setting, templates, document),
    answers: lastAnswers(setting, answersNamed(templates, sources, document.kind)),
    remarks: [
      ...(sources.rehearsal === null ? [] : [remark('rehearsal')]),
      ...(lookedUpOn === null ? [] : [filled(remark('lookedUpLater'), { date: dateWords(lookedUpOn) })]),
    ],
  }
}

const DEMONSTRATION = 'http://localhost:3000'

/** As a person reads it from paper. */
const spelledCode = (code: string): string => code.match(/.{1,4}/g)?.join('-') ?? code

/** Papers are made in the languages of the state, and in English where the contract says so. */
const languagesOf = (process: Process | undefined, kind: string): Locale[] =>
  LOCALES.filter((locale) => locale !== 'en' || process?.contract.papers?.[kind]?.inEnglish === true)

/** A sentence with what it leaves open. */
const filled = ({ kk, ru, en }: Name, values: Readonly<Record<string, string>>): Name => {
  const put = (text: string): string => text.replace(PLACEHOLDER, (all, name: string) => values[name] ?? all)

  return { kk: put(kk), ru: put(ru), en: put(en) }
}
