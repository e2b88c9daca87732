/** The console shows no code, and no English on a page that is Kazakh or Russian: in its own words, nor of the seeded registers. */
import {
  bodyRows,
  categoryRows,
  holidayRows,
  regimeRows,
  regionRows,
  ruleRows,
  swapRows,
  termRows,
} from '../prisma/seed/data'
import { LOCALES } from '../workflows/kernel/contract'
import { en } from '../admin-ui/src/i18n/en'
import { kk } from '../admin-ui/src/i18n/kk'
import { ru } from '../admin-ui/src/i18n/ru'
import { isWorded, sourceText } from '../admin-ui/src/words/sources'
import { CODES, flat } from './support/process-words'

/** Everything that pages show of the registers as a source or a remark. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  terms: termRows().map(({ source }) => source),
  rules: ruleRows().map(({ source }) => source),
  regimes: regimeRows().map(({ basis }) => basis),
  holidays: holidayRows().map(({ source }) => source),
  swaps: swapRows().flatMap(({ reason, source }) => [reason, source]),
  categories: categoryRows().flatMap(({ bodyKind, source }) => [bodyKind, source]),
  bodies: bodyRows().map(({ source }) => source),
  // of every role that is seeded
  roles: ['sample'],
  regions: regionRows().map(({ source }) => source),
}

// addresses, names of sites and projects, and numbers of laws are the same in every language
const NAMES = /https?:\/\/\S+|\b[\w.-]+\.(?:kz|com|ru)(?:\/\S+)?|vacanza\/holidays|\d+-[IVX]+|UTC\+5/g

describe.each(Object.entries(SHOWN))('what is shown of the register of %s', (_register, shown) => {
  test.each(LOCALES)('has words in %s, and nothing of another language', (locale) => {
    expect(shown.filter((source) => !isWorded(source, locale))).toEqual([])
    for (const source of new Set(shown)) {
      const text = sourceText(source, locale).replace(NAMES, '')
      expect([source, text]).toEqual([source, expect.not.stringMatching(/\b[SW]\d+\b/)])
      if (locale !== 'en') expect([source, text]).toEqual([source, expect.not.stringMatching(/[a-z]{2,}/i)])
    }
  })
})

test.each([
  ['W4 art. 20(3)', '2015 жылғы Заң, 20-баптың 3-тармағы', 'Закон 2015 года, п. 3 ст. 20', 'Law of 2015, art. 20(3)'],
  ['design default', '', '', ''],
  ['Приказ № 5', 'Приказ № 5', 'Приказ № 5', 'Приказ № 5'],
])('a source in words: %s', (source, kk, ru, en) => {
  expect(LOCALES.map((locale) => sourceText(source, locale))).toEqual([kk, ru, en])
})

test.each(LOCALES)('no message of the console says a code, or in %s anything of another language', (locale) => {
  for (const [key, message] of flat({ kk, ru, en }[locale].app)) {
    // an example of what is to be typed in Latin letters, and what is written so in every language
    const said = message.replaceAll(/%\{\w+\}|nauryz|Mansap/g, '')
    expect([key, said]).toEqual([key, expect.not.stringMatching(CODES)])
    if (locale !== 'en') expect([key, said]).toEqual([key, expect.not.stringMatching(/[a-z]{3,}/i)])
  }
})
