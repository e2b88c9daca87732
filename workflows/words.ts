/**
 * The words of every process, read once at start: `{kernel: {...}, probation: {...}}` per locale. Never imported by a workflow:
 * it reads files.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { LOCALES, type Locale, type Name } from './kernel/contract'

export interface WordTree {
  readonly [key: string]: string | WordTree
}
export type Words = Readonly<Record<Locale, Readonly<Record<string, WordTree>>>>

/**
 * Reads the words of each folder of a process (see `wordsOf`) in each place where such folders are; a folder without words has none. The
 * words of a version kept from before, in `<folder>/v1`, go by the name `<folder>@1`.
 */
export function readWords(...places: readonly string[]): Words {
  const foldersOf = (at: string) =>
    readdirSync(at, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  const from = places.length > 0 ? places : [__dirname]
  const folders = from.flatMap((place) => foldersOf(place).map((name) => ({ name, at: path.join(place, name) })))
  const owners = folders.flatMap(({ name, at }) => [
    { owner: name, at },
    ...foldersOf(at).flatMap((kept) => {
      const version = /^v(\d+)$/.exec(kept)?.[1]

      return version ? [{ owner: `${name}@${version}`, at: path.join(at, kept) }] : []
    }),
  ])
  const of = (locale: Locale) =>
    Object.fromEntries(
      owners.flatMap(({ owner, at }) => {
        const words = wordsOf(at, locale)

        return words ? [[owner, words] as const] : []
      }),
    )
  const [kk, ru, en] = LOCALES.map((locale) => withRoles(of(locale)))

  return { kk: kk ?? {}, ru: ru ?? {}, en: en ?? {} }
}

/**
 * The words of one folder in a language: `words/<locale>.json`, and each template of a paper, `papers/<kind>.<locale>.txt`, as
 * `documents.<kind>.{title,body}`. Null where it has neither.
 */
export function wordsOf(folder: string, locale: Locale): WordTree | null {
  const file = path.join(folder, 'words', `${locale}.json`)
  const words = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as WordTree) : null
  const papers = templatesIn(path.join(folder, 'papers'), locale)
  if (papers.length === 0) return words
  const { documents = {} } = words ?? {}
  const others = typeof documents === 'string' ? {} : documents
  const told = papers.map(([kind, template]) => {
    const { [kind]: more = {} } = others

    return [kind, { ...template, ...(typeof more === 'string' ? {} : more) }] as const
  })

  return { ...words, documents: { ...others, ...Object.fromEntries(told) } }
}

/** A template begins with its title, `# Title`; what follows is its body. Throws for one that does not. */
function templatesIn(folder: string, locale: Locale): (readonly [kind: string, template: WordTree])[] {
  if (!existsSync(folder)) return []
  const ending = `.${locale}.txt`

  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8')
        .replace(/^\uFEFF/, '')
        .replaceAll('\r\n', '\n')
      const [, title, body = ''] = /^# +([^\n]+)\n([^]*)$/.exec(text.trim()) ?? []
      if (title === undefined) throw new Error(`${path.join(folder, name)} does not begin with "# " and a title`)

      return [name.slice(0, -ending.length), { title: title.trim(), body: body.trim() }] as const
    })
}

/** A role that a process declares is held in a body, whatever the case: the kernel names it too. */
function withRoles(owners: Readonly<Record<string, WordTree>>): Readonly<Record<string, WordTree>> {
  const { kernel, ...processes } = owners
  if (!kernel) return owners
  const roles = [...Object.values(processes), kernel].map(({ roles: declared = {} }) => declared)

  return { ...owners, kernel: { ...kernel, roles: Object.assign({}, ...roles) as WordTree } }
}

/** The words at a dotted key of a process, in the kernel's words if the process has none; null when nobody has. */
export function wordsAt(words: Words, locale: Locale, owner: string, key: string): string | null {
  for (const name of [owner, owner.replace(/@.*/, ''), 'kernel']) {
    const tree = words[locale][name]
    let at: string | WordTree | undefined = tree
    for (const part of key.split('.')) at = typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined
    if (typeof at === 'string') return at
  }

  return null
}

/** The words at a dotted key of a process in the three languages; the fallback in a language that has none. */
export function nameAt(words: Words, owner: string, key: string, fallback: string): Name {
  const at = (locale: Locale): string => wordsAt(words, locale, owner, key) ?? fallback

  return { kk: at('kk'), ru: at('ru'), en: at('en') }
}

/** A citation in a sentence: `%{law.result}` stands for an article of the law of the case's regime. */
export const CITATION = /%\{law\.(\w+)\}/g

/** A sentence with the law of a regime where it cites one. Where nobody has read that law, or the article, it says so. */
export function citing(words: Words, owner: string, sentence: Name, regime: string): Name {
  const at = (locale: Locale): string =>
    sentence[locale].replace(CITATION, (_all, ref: string) => {
      const article = wordsAt(words, locale, owner, `articles.${ref}`) ?? ''

      return (wordsAt(words, locale, owner, `cited.${regime}`) ?? '').replace('%{article}', article)
    })

  return { kk: at('kk'), ru: at('ru'), en: at('en') }
}
