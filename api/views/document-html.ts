/** A document as HTML: a function of what was frozen and of the language; everything that a person wrote is escaped. */
import type { Locale } from '../../workflows/kernel/contract'
import type { FrozenDocument } from '../../workflows/kernel/protocol/document'
import { paperOf, type PaperBlock, type PaperField, type PaperSignatory, type PaperValue } from '../../workflows/paper'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')

function valueHtml(value: PaperValue): string {
  if ('items' in value) return `<ol>${value.items.map((item) => `<li>${valueHtml(item)}</li>`).join('')}</ol>`
  if ('fields' in value) return fieldsHtml(value.fields)

  return escaped(value.text)
}

function fieldsHtml(fields: readonly PaperField[]): string {
  const rows = fields.map(({ label, value }) => `<dt>${escaped(label)}</dt><dd>${valueHtml(value)}</dd>`)

  return `<dl>${rows.join('')}</dl>`
}

const STYLE =
  'body{font:16px/1.5 serif;max-width:45rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1.15rem}' +
  'header p{display:flex;justify-content:space-between}dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}'

function blockHtml(block: PaperBlock): string {
  switch (block.is) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`
    case 'note':
      return `<p><small>${escaped(block.text)}</small></p>`
    case 'paragraph':
      return `<p>${escaped(block.text)}</p>`
    case 'fact':
      return `<p>${escaped(`${block.label}: ${block.text}`)}</p>`
    case 'list':
      return block.items.length > 0 ? valueHtml(block) : '<p>—</p>'
    case 'answer': {
      const { title, fields, missed, signed } = block
      const said = missed === null ? fieldsHtml(fields) : `<p>${escaped(missed)}</p>`

      return `<section><h2>${escaped(title)}</h2>${said}${signed === null ? '' : `<p>${escaped(signed)}</p>`}</section>`
    }
  }
}

/** Whoever decided it, with his position and the capacity in which he did. */
function signatoryHtml({ label, by, position, capacity, on }: PaperSignatory): string {
  const who = [by, position, capacity].filter((name) => name !== null)

  return `<footer><p>${escaped(`${label}: ${[...who, on].join(', ')}`)}</p></footer>`
}

/** The document in one language, as a whole page. */
export function renderDocument(document: FrozenDocument, locale: Locale): string {
  const { issuer, number, date, title, remarks, blocks, signatory } = paperOf(document, locale)
  const notes = remarks.map((remark) => `<p><strong>${escaped(remark)}</strong></p>`)

  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>` +
    `<body><header><p><span>${escaped(issuer)}</span><span>${escaped(number)}, ${escaped(date)}</span></p>` +
    `${notes.join('')}<h1>${escaped(title)}</h1></header><main>${blocks.map(blockHtml).join('')}</main>${signatory ? signatoryHtml(signatory) : ''}</body></html>`
  )
}
