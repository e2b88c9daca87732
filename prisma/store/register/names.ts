/** Names in three languages, and finding them by what somebody types. */
import type { Locale } from '../../../workflows/kernel/contract'
import type { Prisma } from '../db'

export type Name = Readonly<Record<Locale, string>>
export const nameData = (name: Name | undefined) => name && { nameKk: name.kk, nameRu: name.ru, nameEn: name.en }

/**
 * How a typed word may be looked for in a name. The database may not know how to fold the case of Cyrillic letters, so
 * the word is tried as typed, in small letters, and as the beginning of a name.
 */
export const spellings = (word: string): Prisma.StringFilter[] => {
  const small = word.toLocaleLowerCase('kk')
  const capital = `${small.charAt(0).toLocaleUpperCase('kk')}${small.slice(1)}`
  return [{ contains: word, mode: 'insensitive' }, { contains: small }, { contains: capital }]
}
export const words = (text: string): string[] => text.split(/\s+/u).filter(Boolean)

/** Every word of the text occurs in the name in one of the three languages. */
export const named = (text: string) => ({
  AND: words(text).map((word) => ({
    OR: spellings(word).flatMap((spelt) => [{ nameKk: spelt }, { nameRu: spelt }, { nameEn: spelt }]),
  })),
})
