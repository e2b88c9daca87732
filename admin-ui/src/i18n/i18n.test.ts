import { en } from './en'
import { kk } from './kk'
import { ru } from './ru'

const locales = { kk, ru, en }
type Tree = { [key: string]: Tree | string | undefined }

/** Dotted key → sentence. */
function flat(tree: Tree, prefix = ''): Map<string, string> {
  const sentences = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') sentences.set(prefix + key, value)
    else if (value) for (const [inner, sentence] of flat(value, `${prefix}${key}.`)) sentences.set(inner, sentence)
  }

  return sentences
}

const sentences = { kk: flat(kk), ru: flat(ru), en: flat(en) }
const forms = { kk: 2, ru: 3, en: 2 }
const placeholders = (sentence: string) => [...new Set(sentence.match(/%\{\w+\}/g) ?? [])].sort()

describe.each(Object.keys(locales).filter((locale): locale is keyof typeof locales => locale in locales))(
  'messages in %s',
  (locale) => {
    it('have exactly the keys of English', () => {
      expect([...sentences[locale].keys()].sort()).toEqual([...sentences.en.keys()].sort())
    })

    it('leave no sentence empty', () => {
      // react-admin shows an unset yes-or-no as a blank
      const empty = [...sentences[locale]].filter(
        ([key, sentence]) => sentence.trim() === '' && key !== 'ra.boolean.null',
      )
      expect(empty).toEqual([])
    })

    it(`give ${forms[locale]} forms wherever something is counted`, () => {
      const wrong = [...sentences[locale]].filter(
        ([, sentence]) => sentence.includes('||||') && sentence.split('||||').length !== forms[locale],
      )
      expect(wrong).toEqual([])
    })

    it('count wherever English counts', () => {
      const counted = (all: Map<string, string>) =>
        [...all].filter(([, sentence]) => sentence.includes('||||')).map(([key]) => key)
      expect(counted(sentences[locale]).sort()).toEqual(counted(sentences.en).sort())
    })

    it('of the console use the placeholders of English', () => {
      const wrong = [...sentences.en].filter(
        ([key, sentence]) =>
          key.startsWith('app.') &&
          !key.endsWith('.shown') &&
          !key.endsWith('.errors') &&
          placeholders(sentence).join() !== placeholders(sentences[locale].get(key) ?? '').join(),
      )
      expect(wrong).toEqual([])
    })
  },
)
