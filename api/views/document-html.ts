/**
 * A document as HTML: the text of its template, with the answers it is made of listed under their labels where it names them.
 * A function of what was frozen and of the language; everything that a person wrote is escaped.
 */
import type { Locale } from '../../workflows/kernel/contract'
import {
  PLACEHOLDER,
  type FrozenAnswer,
  type FrozenDocument,
  type FrozenField,
  type FrozenSignatory,
  type FrozenValue,
} from '../../workflows/kernel/protocol/document'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')

// ------------------------------------------------------------------ values

function valueHtml(value: FrozenValue, locale: Locale): string {
  if ('items' in value) return `<ol>${value.items.map((item) => `<li>${valueHtml(item, locale)}</li>`).join('')}</ol>`
  if ('fields' in value) return fieldsHtml(value.fields, locale)

  return escaped('words' in value ? value.words[locale] : value.text)
}

function fieldsHtml(fields: readonly FrozenField[], locale: Locale): string {
  const rows = fields.map(
    ({ label, value }) => `<dt>${escaped(label[locale])}</dt><dd>${valueHtml(value, locale)}</dd>`,
  )

  return `<dl>${rows.join('')}</dl>`
}

/** A value inside a sentence. */
function valueText(value: FrozenValue, locale: Locale): string {
  if ('items' in value) return inOneLine(value.items.map((item) => valueText(item, locale)))
  if ('fields' in value)
    return inOneLine(value.fields.flatMap((field) => [field.label[locale], valueText(field.value, locale)]))

  return inOneLine(['words' in value ? value.words[locale] : value.text])
}
const inOneLine = (parts: readonly string[]): string => parts.join(' ').replace(/\s+/g, ' ').trim()

function answerHtml({ title, fields, signed, on, missed }: FrozenAnswer, locale: Locale): string {
  if (missed) return `<section><h2>${escaped(title[locale])}</h2><p>${escaped(missed[locale])}</p></section>`
  const signature =
    signed && [signed.by, signed.position, signed.capacity].flatMap((name) => (name ? [name[locale]] : []))
  const line = signature ? `<p>${escaped([...signature, on].join(', '))}</p>` : ''

  return `<section><h2>${escaped(title[locale])}</h2>${fieldsHtml(fields, locale)}${line}</section>`
}

// ------------------------------------------------------------------ the page

const STYLE =
  'body{font:16px/1.5 serif;max-width:45rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1.15rem}' +
  'header p{display:flex;justify-content:space-between}dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}'

/** A paragraph of the template; an answer or a list that it names alone stands there as a list. */
function paragraph(document: FrozenDocument, line: string, locale: Locale): string {
  const { values, answers } = document
  const [alone, name = '', part] = /^%\{(\w+)(?:\.(\w+))?\}$/.exec(line.trim()) ?? []
  if (alone && part === undefined) {
    const answer = answers.find(({ kind }) => kind === name)
    if (answer) return answerHtml(answer, locale)
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value && 'items' in value) return value.items.length > 0 ? valueHtml(value, locale) : '<p>—</p>'
  }
  // one of two decisions: the other was not taken
  if (alone && document.format === 2 && !Object.hasOwn(values, name)) return ''
  const text = line.replace(PLACEHOLDER, (_all, named: string, field: string | undefined) => {
    const value =
      field === undefined
        ? Object.hasOwn(values, named)
          ? values[named]
          : undefined
        : answers.find(({ kind }) => kind === named)?.fields.find((each) => each.name === field)?.value

    return value ? valueText(value, locale) : ''
  })

  return `<p>${escaped(text)}</p>`
}

/** Whoever decided it, with his position and the capacity in which he did. */
function signatoryHtml({ label, by, position, capacity, on }: FrozenSignatory, locale: Locale): string {
  const who = [by, position, capacity].flatMap((name) => (name ? [name[locale]] : []))

  return `<footer><p>${escaped(`${label[locale]}: ${[...who, on].join(', ')}`)}</p></footer>`
}

/** The document in one language, as a whole page. */
export function renderDocument(document: FrozenDocument, locale: Locale): string {
  const { template, values, remarks } = document
  const title = escaped(template.title[locale])
  const known = (name: string): string => (values[name] ? valueHtml(values[name], locale) : '')
  const issuer = document.format === 1 ? known('body') : escaped(document.issuer[locale])
  const signatory = document.format === 1 ? null : document.signatory
  const paragraphs = template.body[locale]
    .split(/\n+/)
    .filter((line) => line.trim() !== '')
    .map((line) => paragraph(document, line, locale))
  const notes = remarks.map((remark) => `<p><strong>${escaped(remark[locale])}</strong></p>`)

  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>` +
    `<body><header><p><span>${issuer}</span><span>№ ${escaped(document.number)}, ${known('date')}</span></p>` +
    `${notes.join('')}<h1>${title}</h1></header><main>${paragraphs.join('')}</main>${signatory ? signatoryHtml(signatory, locale) : ''}</body></html>`
  )
}
