/**
 * A document as HTML, made from the words of its process: `documents.<kind>.title` and `.body`, with the answers it is made of
 * listed under their labels. Everything that a person wrote is escaped.
 */
import { answersFor, type Made } from './made'
import type { CaseRow, DocumentRow } from '../prisma/store/cases'
import type { Locale } from '../workflows/kernel/contract'
import type { Service } from './service'
import { wordsAt, type Words } from './words'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')

/** Words with `%{name}` filled in; a placeholder without a value stays empty. */
const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/%\{(\w+)\}/g, (_all, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Setting {
  readonly words: Words
  readonly locale: Locale
  readonly process: string
  /** names of people and positions that answers mention by id */
  readonly names: ReadonlyMap<string, string>
}

/** `2026-11-30` as the service writes dates. */
const dateWords = (iso: string): string => iso.split('-').reverse().join('.')

function valueHtml(setting: Setting, field: string, value: unknown): string {
  const { words, locale, process, names } = setting
  if (Array.isArray(value)) {
    return `<ol>${value.map((item) => `<li>${valueHtml(setting, field, item)}</li>`).join('')}</ol>`
  }
  if (isRecord(value)) return fieldsHtml(setting, value)
  const plain = String(value ?? '')
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
  'body{font:16px/1.5 serif;max-width:45rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.4rem}' +
  'header p{display:flex;justify-content:space-between}dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}'

/** The document in one language, as a whole page. */
export async function renderDocument(
  service: Service,
  document: DocumentRow,
  file: CaseRow,
  locale: Locale,
): Promise<string> {
  const { words } = service
  const made: Made = await answersFor(service, document, file)
  const names = new Map([...made.names].map(([id, name]) => [id, name[locale]]))
  const setting: Setting = { words, locale, process: file.process, names }
  const word = (key: string) => wordsAt(words, locale, file.process, key)
  const facts = Object.entries(made.facts).map(([key, value]) => [key, stripped(valueHtml(setting, key, value))] as const)
  const values = {
    ...Object.fromEntries(facts),
    number: document.number,
    date: dateWords(document.issuedOn),
    issuedOn: dateWords(document.issuedOn),
    caseNumber: file.number,
    subject: file.subject.name[locale],
    body: file.body.name[locale],
    position: file.position?.name[locale] ?? '',
    startedOn: dateWords(file.startedOn),
  }
  const title = word(`documents.${document.kind}.title`) ?? document.kind
  const body = word(`documents.${document.kind}.body`) ?? ''
  const paragraphs = filled(body, values)
    .split(/\n+/)
    .filter((line) => line.trim() !== '')
    .map((line) => `<p>${escaped(line)}</p>`)
  const sections = made.answers.map(({ kind, by, on, answer }) => {
    const heading = word(`tasks.${kind}.title`) ?? kind
    const signed = by ? `<p>${escaped(by.name[locale])}, ${dateWords(on)}</p>` : ''

    return `<section><h2>${escaped(heading)}</h2>${fieldsHtml(setting, answer)}${signed}</section>`
  })

  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>` +
    `<body><header><p><span>${escaped(values.body)}</span><span>№ ${escaped(document.number)}, ${values.date}</span></p>` +
    `<h1>${escaped(title)}</h1></header><main>${paragraphs.join('')}${sections.join('')}</main></body></html>`
  )
}

/** Text of a rendered value, for use inside a sentence, which is escaped as a whole. */
const stripped = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (entity) => Object.entries(ENTITIES).find(([, e]) => e === entity)?.[0] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
