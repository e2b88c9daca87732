/** Messages of the console and, under `kernel` and each process, the words that the API serves. */
import polyglotI18nProvider from 'ra-i18n-polyglot'
import type { I18nProvider, TranslationMessages } from 'ra-core'
import { isLocale, LOCALE_NAMES, setCurrentLocale, type Locale } from '../locale'

type Words = Record<string, Record<string, unknown>>

const consoleMessages: Record<Locale, () => Promise<TranslationMessages>> = {
  kk: async () => (await import('../i18n/kk')).kk,
  ru: async () => (await import('../i18n/ru')).ru,
  en: async () => (await import('../i18n/en')).en,
}

async function words(locale: Locale): Promise<Words> {
  const response = await fetch(`/api/words/${locale}`, { credentials: 'same-origin' })
  if (!response.ok) throw new Error(`words ${locale}: ${response.status}`)

  return response.json()
}

const loaded = new Map<Locale, TranslationMessages>()
let spaces: readonly string[] = []

/** `kernel` and the processes that have words. */
export const wordSpaces = (): readonly string[] => spaces

async function load(locale: Locale): Promise<TranslationMessages> {
  const known = loaded.get(locale)
  if (known) return known
  const [own, served] = await Promise.all([consoleMessages[locale](), words(locale)])
  const messages = { ...served, ...own } as TranslationMessages
  loaded.set(locale, messages)
  spaces = Object.keys(served)

  return messages
}

let provider: I18nProvider | null = null

/** The provider; before `startI18n` has been awaited it answers keys. */
export const i18nProvider: I18nProvider = {
  translate: (key, options) => provider?.translate(key, options) ?? key,
  getLocale: () => provider?.getLocale() ?? 'kk',
  getLocales: () => [...LOCALE_NAMES],
  changeLocale: async (locale) => {
    if (!provider || !isLocale(locale)) return
    await load(locale)
    await provider.changeLocale(locale)
    setCurrentLocale(locale)
  },
}

/** Loads the messages of one locale before anything is shown, so that no key ever flashes by. */
export async function startI18n(locale: Locale): Promise<void> {
  const first = await load(locale)
  setCurrentLocale(locale)
  provider = polyglotI18nProvider(
    (wanted) => (wanted === locale ? first : load(isLocale(wanted) ? wanted : locale)),
    locale,
    [...LOCALE_NAMES],
  )
}
