/** The words of every process, read once at start: `{kernel: {...}, probation: {...}}` per locale. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { LOCALES, type Locale } from '../workflows/kernel/contract'

export interface WordTree {
  readonly [key: string]: string | WordTree
}
export type Words = Readonly<Record<Locale, Readonly<Record<string, WordTree>>>>

/** Reads `<folder>/<owner>/words/<locale>.json` of each folder of processes; an owner without words has none. */
export function readWords(...folders: readonly string[]): Words {
  const owners = (folders.length > 0 ? folders : [path.resolve(__dirname, '../workflows')]).flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ name, words: path.join(folder, name, 'words') })),
  )
  const of = (locale: Locale) =>
    Object.fromEntries(
      owners.flatMap(({ name, words }) => {
        const file = path.join(words, `${locale}.json`)

        return existsSync(file) ? [[name, JSON.parse(readFileSync(file, 'utf8')) as WordTree]] : []
      }),
    )
  const [kk, ru, en] = LOCALES.map(of)

  return { kk: kk ?? {}, ru: ru ?? {}, en: en ?? {} }
}

/** The words at a dotted key of a process, in the kernel's words if the process has none; null when nobody has. */
export function wordsAt(words: Words, locale: Locale, owner: string, key: string): string | null {
  for (const tree of [words[locale][owner], words[locale]['kernel']]) {
    let at: string | WordTree | undefined = tree
    for (const part of key.split('.')) at = typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined
    if (typeof at === 'string') return at
  }

  return null
}
