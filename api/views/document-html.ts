/**
 * A document as HTML, made from the words of its process: `documents.<kind>.title` and `.body`, with the answers it is made of
 * listed under their labels where it names them. Everything that a person wrote is escaped.
 */
import type { CaseRow, DocumentRow } from '../../prisma/store/cases'
import type { Locale } from '../../workflows/kernel/contract'
import { jsonSchemaOf, type JsonSchema } from '../../workflows/kernel/forms'
import { answersFor } from './document-facts'
import { taskForm } from '../../workflows/kernel/kernel-forms'
import type { Service } from '../service/service'
import type { AnswerView } from '../shapes/views'
import { wordsAt, type Words } from '../../workflows/words'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Setting {
  readonly words: Words
  readonly locale: Locale
  readonly process: string
  /** names of people and positions that answers mention by id */
  readonly names: ReadonlyMap<string, string>
  /** JSON Schema of the form by which a task of that kind is answered */
  readonly asked: (kind: string) => JsonSchema | undefined
}

/** `2026-11-30` as the service writes dates. */
const dateWords = (iso: string): string => iso.split('-').reverse().join('.')

function valueHtml(setting: Setting, field: string, value: unknown): string {
  const { words, locale, process, names } = setting
  if (Array.isArray(value)) {
    return `<ol>${value.map((item) => `<li>${valueHtml(setting, field, item)}</li>`).join('')}</ol>`
  }
  if (isRecord(value)) return fieldsHtml(setting, value)
  const plain = ['string', 'number', 'boolean'].includes(typeof value) ? `${value as string}` : ''
  const known = names.get(plain) ?? wordsAt(words, locale, process, `options.${field}.${plain}`)
  if (known) return escaped(known)

  return escaped(/^\d{4}-\d{2}-\d{2}$/.test(plain) ? dateWords(plain) : plain)
}

function fieldsHtml(setting: Setting, fields: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([field, value]) => {
      const label = wordsAt(setting.words, setting.locale, setting.process, `fields.${field}`) ?? field

      return `<dt>${escaped(label)}</dt><dd>${valueHtml(setting, field, value)}</dd>`
    })

  return `<dl>${rows.join('')}</dl>`
}

const STYLE =
  'body{font:16px/1.5 serif;max-width:45rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1.15rem}' +
  'header p{display:flex;justify-content:space-between}dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}'

const PLACEHOLDER = /%\{(\w+)(?:\.(\w+))?\}/g

/** Kinds of task that a template names, as `%{reviewProbation}` (all of the answer) or `%{reviewProbation.grounds}`. */
function kindsNamed(template: string, kinds: readonly string[]): Set<string> {
  return new Set(
    [...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '').filter((name) => kinds.includes(name)),
  )
}

/** A paragraph of the template; an answer named whole stands where it is named, as a list of its fields. */
function paragraph(
  setting: Setting,
  line: string,
  values: Readonly<Record<string, string>>,
  answers: readonly AnswerView[],
  /** facts that are lists, where the template names them in a paragraph of their own */
  listed: ReadonlyMap<string, string>,
): string {
  const whole = answers.find(({ kind }) => line.trim() === `%{${kind}}`)
  if (whole) return answerHtml(setting, whole)
  const list = listed.get(line.trim())
  if (list !== undefined) return list
  const text = line.replace(PLACEHOLDER, (_all, name: string, field: string | undefined) => {
    const answer = answers.find(({ kind }) => kind === name)?.answer
    if (field === undefined) return Object.hasOwn(values, name) ? (values[name] ?? '') : ''

    return answer && Object.hasOwn(answer, field) ? stripped(valueHtml(setting, field, answer[field])) : ''
  })

  return `<p>${escaped(text)}</p>`
}

/** The same fields in the order in which the form asks for them: Postgres keeps the keys of JSON in an order of its own. */
function asAsked(schema: unknown, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = isRecord(schema) && isRecord(schema['properties']) ? schema['properties'] : {}
  const names = [...new Set([...Object.keys(properties), ...Object.keys(fields)])].filter((name) => name in fields)

  return Object.fromEntries(names.map((name) => [name, within(properties[name], fields[name])]))
}

function within(schema: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => within(isRecord(schema) ? schema['items'] : undefined, item))

  return isRecord(value) ? asAsked(schema, value) : value
}

function answerHtml(setting: Setting, { kind, by, on, answer }: AnswerView): string {
  const { words, locale, process } = setting
  const heading = wordsAt(words, locale, process, `tasks.${kind}.title`) ?? kind
  const signed = by ? `<p>${escaped(by.name[locale])}, ${dateWords(on)}</p>` : ''

  return `<section><h2>${escaped(heading)}</h2>${fieldsHtml(setting, asAsked(setting.asked(kind), answer))}${signed}</section>`
}

/** The document in one language, as a whole page. */
export async function renderDocument(
  service: Service,
  document: DocumentRow,
  file: CaseRow,
  locale: Locale,
): Promise<string> {
  const { words } = service
  const owner = service.processes.keyOf(file.process, file.version)
  const word = (key: string) => wordsAt(words, locale, owner, `documents.${document.kind}.${key}`)
  const title = word('title') ?? document.kind
  const body = word('body') ?? ''
  const process = service.processes.of(file.process, file.version)
  const kinds = Object.keys(process?.contract.tasks ?? {})
  const { facts, answers, names } = await answersFor(service, document, file, kindsNamed(body, kinds))
  const setting: Setting = {
    words,
    locale,
    process: owner,
    names: new Map([...names].map(([id, name]) => [id, name[locale]])),
    asked: (kind) => {
      const form = taskForm(process, kind)

      return form ? jsonSchemaOf(form) : undefined
    },
  }
  const values = {
    ...Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, stripped(valueHtml(setting, key, value))])),
    number: document.number,
    date: dateWords(document.issuedOn),
    issuedOn: dateWords(document.issuedOn),
    caseNumber: file.number,
    subject: file.subject.name[locale],
    body: file.body.name[locale],
    position: file.position?.name[locale] ?? '',
    startedOn: dateWords(file.startedOn),
  }
  const listed = new Map(
    Object.entries(facts).flatMap(([key, value]) =>
      Array.isArray(value)
        ? [[`%{${key}}`, value.length > 0 ? valueHtml(setting, key, value) : '<p>—</p>'] as const]
        : [],
    ),
  )
  const text = body
    .split(/\n+/)
    .filter((line) => line.trim() !== '')
    .map((line) => paragraph(setting, line, values, answers, listed))

  const rehearsal =
    file.rehearsal === null
      ? ''
      : `<p><strong>${escaped(wordsAt(words, locale, 'kernel', 'documents.rehearsal') ?? '')}</strong></p>`

  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>` +
    `<body><header><p><span>${escaped(values.body)}</span><span>№ ${escaped(document.number)}, ${values.date}</span></p>` +
    `${rehearsal}<h1>${escaped(title)}</h1></header><main>${text.join('')}</main></body></html>`
  )
}

/** Text of a rendered value, for use inside a sentence, which is escaped as a whole. */
const stripped = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (entity) => Object.entries(ENTITIES).find(([, e]) => e === entity)?.[0] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
