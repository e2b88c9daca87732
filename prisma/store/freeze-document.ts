/** How a document is frozen: what the database and the words say today becomes values that need neither later. Pure. */
import { LOCALES, type IsoDate, type Name } from '../../workflows/kernel/contract'
import { jsonSchemaOf, type JsonSchema } from '../../workflows/kernel/forms'
import { taskForm } from '../../workflows/kernel/kernel-forms'
import type { Process, Processes } from '../../workflows/kernel/process'
import {
  PLACEHOLDER,
  type FrozenAnswer,
  type FrozenDocument,
  type FrozenField,
  type FrozenSignature,
  type FrozenValue,
} from '../../workflows/kernel/protocol/document'
import { nameAt, wordsAt, type Words } from '../../workflows/words'
import { canonical, sha256 } from './canonical'

/** Where templates, labels and forms of documents come from. */
export interface DocumentTemplates {
  readonly processes: Processes
  readonly words: Words
}

type Fields = Readonly<Record<string, unknown>>

/** An answer as its row and its content have it. */
export interface SourceAnswer {
  readonly kind: string
  readonly on: IsoDate
  readonly answer: unknown
  readonly content: unknown
  readonly by: Name | null
  readonly position: Name | null
  readonly capacity: string | null
}

/** What the database says of the case of a document. */
export interface DocumentSources {
  readonly process: string
  readonly version: number
  readonly caseNumber: string
  readonly startedOn: IsoDate
  readonly rehearsal: string | null
  readonly subject: Name
  readonly body: Name
  readonly position: Name | null
  readonly unit: Name | null
  readonly startForm: unknown
  /** answers up to the step of the document, oldest first */
  readonly answers: readonly SourceAnswer[]
  /** names of the people, positions, units and bodies that answers and facts mention by id or key */
  readonly names: Readonly<Record<string, Name | null>>
}

export interface OrderedDocument {
  readonly kind: string
  readonly number: string
  readonly issuedOn: IsoDate
  /** what the story said with the order */
  readonly facts: unknown
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

/** Kinds of task whose answers the template of a document names, in any language. */
export function answersNamed(
  templates: DocumentTemplates,
  { process, version }: { readonly process: string; readonly version: number },
  kind: string,
): string[] {
  const tasks = templates.processes.of(process, version)?.contract.tasks ?? {}
  const { body } = templateOf(templates, process, version, kind)
  const named = LOCALES.flatMap((locale) => [...body[locale].matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))

  return [...new Set(named)].filter((name) => Object.hasOwn(tasks, name))
}

// ------------------------------------------------------------------ values

interface Setting {
  readonly words: Words
  readonly owner: string
  readonly process: Process | undefined
  readonly names: DocumentSources['names']
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
/** `2026-11-30` as the service writes dates. */
const dateWords = (iso: string): string => iso.split('-').reverse().join('.')

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

const nameOf = ({ names }: Setting, id: string): Name | null => (Object.hasOwn(names, id) ? (names[id] ?? null) : null)

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

function freezeAnswer(setting: Setting, source: SourceAnswer, fields: Fields): FrozenAnswer {
  const { words, owner, process } = setting
  const form = taskForm(process, source.kind)

  return {
    kind: source.kind,
    title: nameAt(words, owner, `tasks.${source.kind}.title`, source.kind),
    fields: freezeFields(setting, form ? jsonSchemaOf(form) : {}, fields),
    on: dateWords(source.on),
    signed: signatureOf(setting, source),
  }
}

function signatureOf({ words, owner }: Setting, { by, position, capacity }: SourceAnswer): FrozenSignature | null {
  const role = capacity === null || capacity === 'self' ? null : nameAt(words, owner, `roles.${capacity}`, capacity)

  return by && { by, position, capacity: role }
}

/** Of each kind what was answered last; not the times a task was sent back. */
function lastAnswers(setting: Setting, sources: DocumentSources, kinds: readonly string[]): FrozenAnswer[] {
  const last = new Map<string, FrozenAnswer>()
  for (const source of sources.answers) {
    const fields = { ...fieldsOf(source.answer), ...fieldsOf(source.content) }
    if (kinds.includes(source.kind) && fields['returned'] !== true)
      last.set(source.kind, freezeAnswer(setting, source, fields))
  }

  return [...last.values()]
}

/** What a template may name beside answers; of the case it may name only what stands here (test/words.test.ts). */
function valuesOf(setting: Setting, sources: DocumentSources, document: OrderedDocument): Record<string, FrozenValue> {
  const asked = fieldsOf(setting.process ? jsonSchemaOf(setting.process.forms.start)['properties'] : {})
  const [started, said] = [fieldsOf(sources.startForm), fieldsOf(document.facts)]
  const nothing: FrozenValue = { text: '' }
  const date: FrozenValue = { text: dateWords(document.issuedOn) }

  return {
    ...Object.fromEntries(
      Object.entries(started).map(([name, value]) => [name, freezeValue(setting, name, asked[name], value)]),
    ),
    ...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, freezeValue(setting, name, {}, value)])),
    number: { text: document.number },
    date,
    issuedOn: date,
    caseNumber: { text: sources.caseNumber },
    subject: { words: sources.subject },
    body: { words: sources.body },
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
): FrozenDocument {
  const { process, version } = sources
  const { words } = templates
  const owner = templates.processes.keyOf(process, version)
  const setting: Setting = { words, owner, process: templates.processes.of(process, version), names: sources.names }
  const template = templateOf(templates, process, version, document.kind)
  const remark = (key: string): Name => nameAt(words, owner, `documents.${key}`, '')

  return {
    format: 1,
    process,
    version,
    kind: document.kind,
    template: { version: sha256(canonical(template)), ...template },
    number: document.number,
    issuedOn: document.issuedOn,
    values: valuesOf(setting, sources, document),
    answers: lastAnswers(setting, sources, answersNamed(templates, sources, document.kind)),
    remarks: [
      ...(sources.rehearsal === null ? [] : [remark('rehearsal')]),
      ...(lookedUpOn === null ? [] : [dated(remark('lookedUpLater'), lookedUpOn)]),
    ],
  }
}

const dated = ({ kk, ru, en }: Name, on: IsoDate): Name => {
  const put = (text: string): string => text.replace('%{date}', dateWords(on))

  return { kk: put(kk), ru: put(ru), en: put(en) }
}
