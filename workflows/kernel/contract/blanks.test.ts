import { trimmed } from './blanks'

/** What nobody sees: blanks of other scripts, zero-width spaces and joiners, marks of direction, fillers, selectors. */
const UNSEEN = [
  ' ',
  '\t',
  '\n',
  '\u00A0',
  '\u2003',
  '\u3000',
  '\u200B',
  '\u200C',
  '\u200D',
  '\u2060',
  '\uFEFF',
  '\u00AD',
  '\u200E',
  '\u202E',
  '\u2066',
  '\u180E',
  '\u034F',
  '\u115F',
  '\u3164',
  '\uFFA0',
  '\u2800',
  '\uFE0F',
  '\u{E0020}',
  '\u{E0100}',
]

test.each(UNSEEN.map((unseen) => [unseen.codePointAt(0)?.toString(16), unseen]))(
  'a text of nothing but U+%s is empty',
  (_, unseen) => {
    expect(trimmed(unseen.repeat(3))).toBe('')
    expect(trimmed(` ${unseen}\u200B`)).toBe('')
  },
)

test('what nobody sees is cut off at both ends and kept within', () => {
  expect(trimmed('\u200B\uFEFF Сабыр\u200Bова \u00A0\u2060')).toBe('Сабыр\u200Bова')
  expect(trimmed('as it is')).toBe('as it is')
})

test('a character keeps the selector that belongs to it', () => {
  expect(trimmed(' ❤\uFE0F ')).toBe('❤\uFE0F')
})

// a pattern that tries every beginning anew would take hours
test('a megabyte of blanks is looked at once', () => {
  const blanks = ' \u200B'.repeat(500_000)
  expect(trimmed(`${blanks}a${blanks}b${blanks}`)).toHaveLength(blanks.length + 2)
})
