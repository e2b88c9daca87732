/** The page on which anybody checks a paper that he holds. It tells what stands on the paper, and whether it still holds. */
import { dateWords } from '../../prisma/store/freeze-document'
import type { CheckedPaper } from '../../prisma/store/papers'
import { LOCALES, type IsoDate, type Locale } from '../../workflows/kernel/contract'
import { wordsAt, type Words } from '../../workflows/words'
import { escaped } from './document-html'

export interface Check {
  readonly locale: Locale
  /** what was typed as the code; null: nothing yet */
  readonly typed: string | null
  readonly paper: CheckedPaper | 'damaged' | null
  /** a sum that was typed; null: none */
  readonly sum: string | null
}

type Changes = Pick<CheckedPaper, 'withdrawnOn' | 'amendedOn' | 'movedTo' | 'annulledOn'>

const STYLE =
  'body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}' +
  'dt{font-weight:600}dd{margin:0 0 .6rem}nav a,nav b{margin-right:1rem}input,button{font:inherit;padding:.45rem .6rem;max-width:100%}input[name]{width:100%;box-sizing:border-box;margin:.3rem 0}' +
  '[role=status]{border-left:.3rem solid #555;padding:.4rem .8rem;margin:1rem 0}.good{border-color:#1b7f3b}.bad{border-color:#b3261e}[hidden]{display:none}'

const NAMES: Readonly<Record<Locale, string>> = { kk: 'Қазақша', ru: 'Русский', en: 'English' }

/** A sum as somebody typed it; null: it is none. */
export const readSum = (typed: string): string | null =>
  /^[0-9a-f]{64}$/.exec(typed.replace(/\s/g, '').toLowerCase())?.[0] ?? null

export function checkPage(words: Words, { locale, typed, paper, sum }: Check): string {
  const say = (key: string): string => escaped(wordsAt(words, locale, 'kernel', `check.${key}`) ?? '')
  const status = (key: string, look: 'good' | 'bad' | '', more = ''): string =>
    `<p role="status" class="${look}"${more}>${say(key)}</p>`
  const query = typed === null ? '' : `&amp;code=${encodeURIComponent(typed)}`
  const languages = LOCALES.map((each) =>
    each === locale
      ? `<b lang="${each}">${NAMES[each]}</b>`
      : `<a lang="${each}" href="?locale=${each}${query}">${NAMES[each]}</a>`,
  )
  const asked =
    `<form method="get"><input type="hidden" name="locale" value="${locale}"><label>${say('code')}` +
    `<input name="code" required autocomplete="off" value="${escaped(typed ?? '')}"></label><button>${say('button')}</button></form>`

  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${say('title')}</title><style>${STYLE}</style></head><body>` +
    `<nav>${languages.join(' ')}</nav><main><h1>${say('title')}</h1><p>${say('explain')}</p>${asked}` +
    found() +
    `</main>${paper !== null && paper !== 'damaged' ? '<script src="/check.js" defer></script>' : ''}</body></html>`
  )

  function found(): string {
    if (paper === 'damaged') return status('damaged', 'bad')
    if (paper === null) return typed === null ? '' : status('none', 'bad')

    return paperHtml(paper)
  }

  /** What became of the decision. How one was changed that has no effect any more says nothing. */
  function changes({ withdrawnOn, amendedOn, movedTo, annulledOn }: Changes): string {
    const on = (key: string, date: IsoDate | null): string =>
      date === null ? '' : `<p role="status" class="bad">${say(key).replace('%{date}', dateWords(date))}</p>`
    const ended = on('withdrawn', withdrawnOn) + on('annulled', annulledOn)

    return ended === '' ? on('amended', amendedOn) + on('moved', movedTo) : ended
  }

  function paperHtml({ number, kind, issuer, issuedOn, rehearsal, sums, ...paper }: CheckedPaper): string {
    const rows = [
      ['kind', kind[locale]],
      ['number', number],
      ['issuer', issuer[locale]],
      ['date', dateWords(issuedOn)],
    ].map(([key = '', value = '']) => `<dt>${say(key)}</dt><dd>${escaped(value)}</dd>`)
    const issued = Object.values(sums)
    const compared = sum === null ? '' : issued.includes(sum) ? status('same', 'good') : status('other', 'bad')
    const file =
      issued.length === 0
        ? status('being', '')
        : `<h2>${say('file')}</h2><p>${say('fileExplain')}</p><p><input type="file" aria-label="${say('file')}" data-sums="${issued.join(' ')}"></p>` +
          status('same', 'good', ' data-says="same" hidden') +
          status('other', 'bad', ' data-says="other" hidden') +
          status('cannot', 'bad', ' data-says="cannot" hidden') +
          `<form method="get"><input type="hidden" name="locale" value="${locale}"><input type="hidden" name="code" value="${escaped(typed ?? '')}">` +
          `<label>${say('sum')}<input name="sha256" autocomplete="off" value="${escaped(sum ?? '')}"></label><button>${say('compare.button')}</button></form>${compared}`

    return (
      status('issued', 'good') +
      changes(paper) +
      (rehearsal ? status('rehearsal', 'bad') : '') +
      `<dl>${rows.join('')}</dl>${file}`
    )
  }
}

/** What the page runs: it makes the sum of a file where the file is, and sends nothing. */
export const CHECK_SCRIPT = `'use strict'
const input = document.querySelector('[data-sums]')
const show = (what) => {
  for (const said of document.querySelectorAll('[data-says]')) said.hidden = said.dataset.says !== what
}
if (input)
  input.addEventListener('change', async () => {
    const [file] = input.files
    show(null)
    if (!file) return
    if (!window.crypto || !window.crypto.subtle || file.size > 50000000) return show('cannot')
    try {
      const made = await window.crypto.subtle.digest('SHA-256', await file.arrayBuffer())
      const sum = Array.from(new Uint8Array(made), (byte) => byte.toString(16).padStart(2, '0')).join('')
      show(input.dataset.sums.split(' ').includes(sum) ? 'same' : 'other')
    } catch {
      show('cannot')
    }
  })
`
