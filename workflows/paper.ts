/**
 * The text of a document in one language: its template, line by line, with what was frozen put where it is named. Page and paper are both
 * made from this. What a line is, is read before anything is put in, so that no value is ever read as a template.
 */
import type { Locale } from './kernel/contract'
import {
  PLACEHOLDER,
  type FrozenAnswer,
  type FrozenDocument,
  type FrozenField,
  type FrozenValue,
} from './kernel/protocol/document'

/** A value in one language. */
export type PaperValue =
  { readonly text: string } | { readonly items: readonly PaperValue[] } | { readonly fields: readonly PaperField[] }
export interface PaperField {
  readonly label: string
  readonly value: PaperValue
}

export type PaperBlock =
  /** `## ` begins a heading, `> ` a note, and anything else a paragraph */
  | { readonly is: 'heading' | 'note' | 'paragraph'; readonly text: string }
  /** `- Label: text` */
  | { readonly is: 'fact'; readonly label: string; readonly text: string }
  /** a list that a line names alone */
  | { readonly is: 'list'; readonly items: readonly PaperValue[] }
  /** an answer that a line names alone; `missed` says why there is none, `signed` by whom it was given */
  | {
      readonly is: 'answer'
      readonly title: string
      readonly fields: readonly PaperField[]
      readonly missed: string | null
      readonly signed: string | null
    }

export interface PaperSignatory {
  readonly label: string
  readonly by: string
  readonly position: string | null
  readonly capacity: string | null
  readonly on: string
}

export interface Paper {
  readonly language: Locale
  readonly issuer: string
  /** as the language writes it: `№ 2026-MO-000001` */
  readonly number: string
  readonly date: string
  readonly title: string
  readonly remarks: readonly string[]
  readonly blocks: readonly PaperBlock[]
  readonly signatory: PaperSignatory | null
  /** what the template names and nothing was frozen for: such a document is not made a paper */
  readonly unfilled: readonly string[]
}

/** The number of a document as a language writes it. */
export const numbered = (number: string, locale: Locale): string => `${locale === 'en' ? 'No.' : '№'} ${number}`

// ------------------------------------------------------------------ values

export function valueIn(value: FrozenValue, locale: Locale): PaperValue {
  if ('items' in value) return { items: value.items.map((item) => valueIn(item, locale)) }
  if ('fields' in value) return { fields: fieldsIn(value.fields, locale) }

  return { text: 'words' in value ? value.words[locale] : value.text }
}

const fieldsIn = (fields: readonly FrozenField[], locale: Locale): PaperField[] =>
  fields.map(({ label, value }) => ({ label: label[locale], value: valueIn(value, locale) }))

const inOneLine = (parts: readonly string[]): string => parts.join(' ').replace(/\s+/g, ' ').trim()

/** A value inside a sentence. */
function inSentence(value: PaperValue): string {
  if ('items' in value) return inOneLine(value.items.map(inSentence))
  if ('fields' in value) return inOneLine(value.fields.flatMap((field) => [field.label, inSentence(field.value)]))

  return inOneLine([value.text])
}

// ------------------------------------------------------------------ lines

const own = <Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined

/** What a template names; undefined: nothing was frozen for it. */
function named({ values, answers }: FrozenDocument, name: string, field: string | undefined): FrozenValue | undefined {
  if (field === undefined) return own(values, name)

  return answers.find(({ kind }) => kind === name)?.fields.find((each) => each.name === field)?.value
}

function answerBlock({ title, fields, signed, on, missed }: FrozenAnswer, locale: Locale): PaperBlock {
  const signature =
    signed && [signed.by, signed.position, signed.capacity].flatMap((name) => (name ? [name[locale]] : []))

  return {
    is: 'answer',
    title: title[locale],
    fields: missed ? [] : fieldsIn(fields, locale),
    missed: missed?.[locale] ?? null,
    signed: signature && !missed ? [...signature, on].join(', ') : null,
  }
}

const MARKED = /^(## |> |- )?(.*)$/s
const ALONE = /^%\{(\w+)(?:\.(\w+))?\??\}$/

/** One line of a template; null where it stands for something that there may be, and there is not. */
function blockOf(
  document: FrozenDocument,
  line: string,
  locale: Locale,
  unfilled: (name: string) => void,
): PaperBlock | null {
  const [, name, field] = ALONE.exec(line) ?? []
  if (name !== undefined) {
    const answer = field === undefined && document.answers.find(({ kind }) => kind === name)
    if (answer) return answerBlock(answer, locale)
    const value = named(document, name, field)
    if (value && 'items' in value) return { is: 'list', items: value.items.map((item) => valueIn(item, locale)) }
    // a document of format 2 had no `?` for what may be missing: a task that was never asked leaves its line out
    if (!value && document.format === 2) return null
  }
  let isLeftOut = false
  const put = (text: string): string =>
    text.replace(PLACEHOLDER, (all, called: string, field: string | undefined, optional: string | undefined) => {
      const value = named(document, called, field)
      const said = value ? inSentence(valueIn(value, locale)) : ''
      if (said === '' && optional !== undefined) isLeftOut = true
      else if (said === '') unfilled(all.slice(2, -1))

      return said
    })
  const [, mark = '', rest = ''] = MARKED.exec(line) ?? []
  const block = marked(mark, rest, put)

  return isLeftOut ? null : block
}

function marked(mark: string, line: string, put: (text: string) => string): PaperBlock {
  if (mark === '## ') return { is: 'heading', text: put(line) }
  if (mark === '> ') return { is: 'note', text: put(line) }
  const [, label, text] = mark === '- ' ? (/^([^:%]+): +(.*)$/s.exec(line) ?? []) : []
  if (label !== undefined && text !== undefined) return { is: 'fact', label, text: put(text) }

  return { is: 'paragraph', text: put(`${mark}${line}`) }
}

// ------------------------------------------------------------------ the whole

/** The document in one language. */
export function paperOf(document: FrozenDocument, locale: Locale): Paper {
  const { template, values, remarks, number } = document
  const unfilled = new Set<string>()
  const known = (name: string): string => {
    const value = own(values, name)

    return value ? inSentence(valueIn(value, locale)) : ''
  }
  const signatory = document.format === 1 ? null : document.signatory
  const blocks = template.body[locale]
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => blockOf(document, line, locale, (name) => unfilled.add(name)) ?? [])

  return {
    language: locale,
    issuer: document.format === 1 ? known('body') : document.issuer[locale],
    number: numbered(number, locale),
    date: known('date'),
    title: template.title[locale],
    remarks: remarks.map((remark) => remark[locale]),
    blocks,
    signatory: signatory && {
      label: signatory.label[locale],
      by: signatory.by[locale],
      position: signatory.position?.[locale] ?? null,
      capacity: signatory.capacity?.[locale] ?? null,
      on: signatory.on,
    },
    unfilled: [...unfilled],
  }
}
