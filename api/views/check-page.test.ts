import type { CheckedPaper } from '../../prisma/store/papers'
import { readWords, wordsAt } from '../../workflows/words'
import { LOCALES, type IsoDate } from '../../workflows/kernel/contract'
import { checkPage, readSum } from './check-page'

const EVIL = `"><script>alert('x')</script>&`
const evil = { kk: EVIL, ru: EVIL, en: EVIL }
const paper = {
  ...{ number: EVIL, kind: evil, issuer: evil, issuedOn: '2026-03-02' as IsoDate, rehearsal: true },
  ...{ withdrawnOn: '2026-04-03' as IsoDate, amendedOn: '2026-04-02' as IsoDate, annulledOn: '2026-04-10' as IsoDate },
  movedTo: '2026-05-04' as IsoDate,
  sums: { kk: 'a'.repeat(64), ru: 'b'.repeat(64), en: 'c'.repeat(64) },
}

test.each(LOCALES)('what was typed and what stands on the paper is text on the page, never markup: %s', (locale) => {
  for (const sums of [paper.sums, {}]) {
    const page = checkPage(readWords(), { locale, typed: EVIL, paper: { ...paper, sums }, sum: EVIL })
    // its own script alone, and no attribute that ends early
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script src="/check.js" defer>'])
    expect(page).not.toContain('">&')
    expect(page).toContain('&lt;script&gt;')
  }
})

test.each(LOCALES)('a paper whose content was tampered with is told as that, and not as none: %s', (locale) => {
  const page = checkPage(readWords(), { locale, typed: 'X', paper: 'damaged', sum: null })
  expect(page).toContain(wordsAt(readWords(), locale, 'kernel', 'check.damaged'))
  expect(page).not.toContain(wordsAt(readWords(), locale, 'kernel', 'check.none'))
  expect(page).not.toContain('<script')
})

test('a page without a paper runs nothing', () => {
  const page = checkPage(readWords(), { locale: 'en', typed: EVIL, paper: null, sum: null })
  expect(page).not.toContain('<script')
})

test('a sum is read as somebody typed it, and nothing else is one', () => {
  expect(readSum(` ${'AB'.repeat(16)} ${'cd'.repeat(16)}\n`)).toBe(`${'ab'.repeat(16)}${'cd'.repeat(16)}`)
  expect(readSum(EVIL)).toBeNull()
})

test.each(LOCALES)(
  'a paper whose decision was withdrawn, amended, moved or annulled says so, with the day: %s',
  (locale) => {
    const words = readWords()
    const said = (more: Partial<CheckedPaper>) =>
      [
        ...checkPage(words, { locale, typed: 'X', paper: { ...held, ...more }, sum: null }).matchAll(
          /class="bad">([^<]*)</g,
        ),
      ].map(([, text]) => text)
    const held: CheckedPaper = {
      ...{ ...paper, rehearsal: false },
      ...{ withdrawnOn: null, amendedOn: null, movedTo: null, annulledOn: null },
    }
    const sentence = (key: string, date: string) =>
      wordsAt(words, locale, 'kernel', `check.${key}`)?.replace('%{date}', date)
    expect(said({})).toEqual([])
    expect(said({ withdrawnOn: '2026-04-03' as IsoDate })).toEqual([sentence('withdrawn', '03.04.2026')])
    expect(said({ amendedOn: '2026-04-02' as IsoDate })).toEqual([sentence('amended', '02.04.2026')])
    expect(said({ annulledOn: '2026-04-10' as IsoDate })).toEqual([sentence('annulled', '10.04.2026')])
    expect(said({ movedTo: '2026-05-04' as IsoDate })).toEqual([sentence('moved', '04.05.2026')])
    expect(said({ annulledOn: '2026-04-10' as IsoDate, movedTo: '2026-05-04' as IsoDate })).toHaveLength(1)
    // one that has no effect any more: how it was amended says nothing more
    expect(said({ withdrawnOn: '2026-04-03' as IsoDate, amendedOn: '2026-04-02' as IsoDate })).toEqual([
      sentence('withdrawn', '03.04.2026'),
    ])
    expect(sentence('withdrawn', '')).not.toBe(sentence('amended', ''))
  },
)
