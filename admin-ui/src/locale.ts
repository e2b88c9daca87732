/** The locale of this browser: kept outside react-admin's store, which is wiped at sign-out. */
import type { Locale } from '../../workflows/kernel/contract'

export type { Locale }
export const LOCALE_NAMES: readonly { locale: Locale; name: string }[] = [
  { locale: 'kk', name: 'Қазақша' },
  { locale: 'ru', name: 'Русский' },
  { locale: 'en', name: 'English' },
]
/** BCP 47 tags for `Intl`. */
export const INTL_LOCALE: Record<Locale, string> = { kk: 'kk-KZ', ru: 'ru-KZ', en: 'en-GB' }
/** All of Kazakhstan keeps one time since 1 March 2024. */
export const TIME_ZONE = 'Asia/Almaty'

const KEY = 'mansap.locale'
const listeners = new Set<() => void>()
let current: Locale = 'kk'

export const isLocale = (value: unknown): value is Locale => LOCALE_NAMES.some(({ locale }) => locale === value)

/** The locale chosen last, else the first of the browser's own that we speak, else Kazakh. */
export function rememberedLocale(): Locale {
  const kept = localStorage.getItem(KEY)
  if (isLocale(kept)) return kept

  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLocale) ?? 'kk'
}

export const currentLocale = (): Locale => current

/** Makes `locale` the one that everything reads, and tells the page (`<html lang>`) and the browser's storage. */
export function setCurrentLocale(locale: Locale): void {
  current = locale
  localStorage.setItem(KEY, locale)
  document.documentElement.lang = locale
  for (const listener of listeners) listener()
}

/** For `useSyncExternalStore`. */
export function onLocaleChange(listener: () => void): () => void {
  listeners.add(listener)

  return () => listeners.delete(listener)
}
