/**
 * The words of a process against its contract and its forms: nothing a person may come to see of it is without words in any
 * language. They are its own or the kernel's, never another process's. `test/words.test.ts` runs this for every process of the
 * registry; a process elsewhere calls `testWordsOf` in a test of its own.
 */
import path from 'node:path'
import { KERNEL_ENDS, LOCALES, type Locale, type TaskKind } from '../../workflows/kernel/contract'
import { fieldsOf, type Form } from '../../workflows/kernel/forms'
import { decisionOf, listsOf, type Process } from '../../workflows/kernel/process'
import { wordsOf } from '../../workflows/words'

const KERNEL = path.resolve(__dirname, '../../workflows/kernel')

/** Dotted key → sentence. */
export type Sentences = ReadonlyMap<string, string>
export type Words = Readonly<Record<Locale, Sentences>>

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Dotted key and sentence of each. */
export function flat(tree: unknown, at = ''): [string, string][] {
  if (typeof tree === 'string') return [[at, tree]]
  if (!isTree(tree)) throw new Error(`${at} is neither words nor a group of words`)

  return Object.entries(tree).flatMap(([key, value]) => flat(value, at === '' ? key : `${at}.${key}`))
}

export const sentencesOf = (tree: unknown): Sentences => new Map(flat(tree))

/** The words and templates of a folder, by language. A file that is not there has none: the tests then name every sentence it lacks. */
export function wordsIn(folder: string): Words {
  const read = (locale: Locale): Sentences => {
    const words = wordsOf(folder, locale)

    return words ? sentencesOf(words) : new Map()
  }

  return { kk: read('kk'), ru: read('ru'), en: read('en') }
}

/** The keys that the fields and choices of a form need; yes and no are the console's words. */
const formKeys = (form: Form): string[] =>
  fieldsOf(form).flatMap(({ name, choices }) => [
    `fields.${name}`,
    ...(choices.includes('true') ? [] : choices.map((choice) => `options.${name}.${choice}`)),
  ])

const each = (group: string, names: readonly string[] = []): string[] => names.map((name) => `${group}.${name}`)
const parts = (group: string, names: readonly string[], ...of: readonly string[]): string[] =>
  names.flatMap((name) => of.map((part) => `${group}.${name}.${part}`))

/** The keys of what the buttons of a kind of task say, of what each puts on record, and of what follows. */
export function waysOf(kind: string, task: TaskKind, form: Form | undefined): string[] {
  const decision = decisionOf(task, form)

  return decision
    ? parts(`tasks.${kind}.choices`, decision.choices, 'button', 'record', 'consequence')
    : parts('tasks', [kind], 'button', 'record', 'consequence')
}

/** The key of every sentence that a process needs. */
export function keysOf(process: Process): string[] {
  const { contract, forms } = process
  const kinds = Object.entries(contract.tasks)
  const turns = Object.entries(contract.acts).flatMap(([act, { turn }]) => (turn === true ? [act] : []))
  const ends = [...contract.ends, ...KERNEL_ENDS]
  const named = Object.keys(forms.facts?.shape ?? {})
  const keys = [
    'name',
    'start.title',
    'start.instruction',
    // a closed case stands at its end
    ...each('stages', [...contract.stages, ...ends]),
    ...each('ends', ends),
    ...parts('tasks', Object.keys(contract.tasks), 'title', 'instruction', 'done', 'waits'),
    ...kinds.flatMap(([kind, task]) => waysOf(kind, task, forms.tasks[kind])),
    ...kinds.flatMap(([, task]) => each('facts', task.facts)),
    // a fact has words of its own, and the fields in it those of fields
    ...(forms.facts ? formKeys(forms.facts).filter((key) => !each('fields', named).includes(key)) : []),
    ...parts('acts', Object.keys(contract.acts), 'title', 'instruction', 'done'),
    ...each('because', [...turns, ...(contract.pauses ?? []), ...Object.keys(contract.suspends ?? {})]),
    ...parts('documents', Object.keys(contract.documents), 'title', 'body'),
    ...Object.values(contract.documents).flatMap((facts) =>
      Object.entries(facts).flatMap(([fact, kind]) => (typeof kind === 'string' ? [] : each(`options.${fact}`, kind))),
    ),
    ...each('rules', [...Object.keys(contract.rules), ...(contract.flags ?? [])]),
    ...each('reasons', contract.reasons),
    ...each('errors', contract.errors),
    ...each('clocks', contract.clocks),
    ...each('awaits', contract.awaits),
    ...each('events', contract.remarks),
    ...each('parties', contract.parties),
    ...each('items', listsOf(process)),
    ...each('effects', contract.effects),
    ...each('roles', contract.roles),
    ...parts('registers', Object.keys(contract.registers ?? {}), 'title', 'explain'),
    ...each('opens', Object.keys(contract.opens ?? {})),
    ...[
      forms.start,
      ...[forms.tasks, forms.acts, forms.registers ?? {}, forms.registerFields ?? {}].flatMap(Object.values<Form>),
    ].flatMap(formKeys),
  ]

  return [...new Set(keys)]
}

/** Those of the keys that a language lacks, each with the language: `kk stages.voting`. */
export const missing = (keys: readonly string[], from: readonly Words[]): string[] =>
  LOCALES.flatMap((locale) =>
    keys.filter((key) => !from.some((words) => words[locale].has(key))).map((key) => `${locale} ${key}`),
  )

/** The names that a sentence leaves open: `%{subject}`. */
export const placeholders = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/%\{([\w.]+)\??\}/g)].map(([, name]) => name ?? ''))].sort()

/** What every document can know. */
const KNOWN_TO_DOCUMENTS = [
  'number',
  'date',
  'issuedOn',
  'caseNumber',
  'subject',
  'body',
  'agency',
  'position',
  'unit',
  'startedOn',
]

/** Placeholders of the documents of a process that nothing fills: `minutes: sitting`. */
export function unfilled({ contract, forms }: Process, words: readonly Words[]): string[] {
  const started = fieldsOf(forms.start).map((field) => field.name)

  return Object.entries(contract.documents).flatMap(([kind, facts]) => {
    const body = words.map(({ en }) => en.get(`documents.${kind}.body`)).find((found) => found !== undefined) ?? ''
    const isFilled = (name: string): boolean => {
      if (name.startsWith('law.')) return true
      const [task = '', field] = name.split('.')
      const form = { ...forms.acts, ...forms.tasks }[task]
      const others = Object.keys(contract.documents).filter((other) => other !== kind)
      if (!form) return [...KNOWN_TO_DOCUMENTS, ...Object.keys(facts), ...started, ...others].includes(name)

      return field === undefined || fieldsOf(form).some((each) => each.name === field)
    }

    return placeholders(body).flatMap((name) => (isFilled(name) ? [] : [`${kind}: ${name}`]))
  })
}

/** Codes of sources and regimes, names as code spells them, and names of files. */
export const CODES =
  /\b[SWR]\d+\b|\bRC\b|\b[A-Z]{2,}[_-][A-Z]+\b|\b[A-Z]{4,}\b|\b[a-z]+[A-Z]\w*|\b\w+\.(?:ts|tsx|csv|json|md)\b/

const pluralForms = (sentence: string): string[] => sentence.split('||||').map((form) => form.trim())

/** Registers the tests that hold for any folder of words. */
export function testSentencesOf(folder: string): void {
  const words = wordsIn(folder)
  const keys = [...words.en.keys()]
  const text = (locale: Locale, key: string): string => words[locale].get(key) ?? ''

  test('every language has the same keys', () => {
    for (const locale of LOCALES) expect([...words[locale].keys()]).toEqual(keys)
  })

  test('no sentence says a code of ours: a source, a regime, a name in the code or of a file', () => {
    for (const key of keys)
      for (const locale of LOCALES)
        expect([key, text(locale, key).replaceAll(/%\{[\w.]+\??\}|JSON/g, '')]).toEqual([
          key,
          expect.not.stringMatching(CODES),
        ])
  })

  test('every language fills the same placeholders, in every plural form', () => {
    for (const key of keys) {
      const expected = placeholders(text('en', key))
      for (const locale of LOCALES)
        for (const form of pluralForms(text(locale, key)))
          expect({ key, locale, names: placeholders(form) }).toEqual({ key, locale, names: expected })
    }
  })

  test('a plural has three forms in Russian and two in Kazakh and English', () => {
    const wanted = { kk: 2, ru: 3, en: 2 }
    const plural = keys.filter((key) => LOCALES.some((locale) => text(locale, key).includes('||||')))
    const counted = (locale: Locale) => plural.map((key) => [key, pluralForms(text(locale, key)).length])
    for (const locale of LOCALES) expect(counted(locale)).toEqual(plural.map((key) => [key, wanted[locale]]))
    for (const key of plural) expect(text('en', key)).toContain('%{smart_count}')
  })

  test('a button says what is done, by a verb', () => {
    const doing = { kk: /[ую]$/i, ru: /^\p{L}+(ть|ти|чь)(ся)?(?!\p{L})/iu }
    for (const key of keys.filter(isButton))
      for (const locale of ['kk', 'ru'] as const)
        expect([key, text(locale, key)]).toEqual([key, expect.stringMatching(doing[locale])])
  })

  test('nothing is empty, untrimmed or in another language', () => {
    for (const key of keys) {
      for (const locale of LOCALES) {
        const leaf = text(locale, key)
        expect({ key, locale, trimmed: leaf !== '' && leaf === leaf.trim() }).toEqual({ key, locale, trimmed: true })
      }
      expect(text('en', key).replaceAll(/№/g, '')).not.toMatch(/[а-яёәғқңөұүһі]/i)
      expect(text('ru', key)).not.toMatch(/[әғқңөұүһі]/i)
      for (const locale of ['kk', 'ru'] as const)
        expect(text(locale, key).replaceAll(/%\{[\w.]+\??\}|JSON/g, '')).not.toMatch(/[a-z]{3,}/i)
      if (/[а-я]{4}/i.test(text('ru', key)) && text('kk', key).length > 12)
        expect(text('kk', key)).not.toBe(text('ru', key))
    }
  })
}

/** Keys of words that stand on a button and name what it does. */
export const isButton = (key: string): boolean => /\.button$|^acts\.\w+\.title$|^start\.title$/.test(key)

/** Registers the tests of the words of a process: its folder first, then, for a version kept from before, that of the current one. */
export function testWordsOf(process: Process, folder: string, ...behind: readonly string[]): void {
  describe(`words of version ${String(process.contract.version)} of ${process.contract.name}`, () => {
    const words = [folder, ...behind, KERNEL].map(wordsIn)

    testSentencesOf(folder)

    test('nothing that its contract and forms name is without words', () => {
      expect(missing(keysOf(process), words)).toEqual([])
    })

    test('a sentence that cites the law names an article that has words', () => {
      const cited = words.flatMap(({ en }) =>
        [...en.values()].flatMap((leaf) => placeholders(leaf).filter((name) => name.startsWith('law.'))),
      )
      expect(
        missing(
          [...new Set(cited)].map((name) => name.replace('law', 'articles')),
          words,
        ),
      ).toEqual([])
    })

    test('what follows from an answer is told with terms of its own', () => {
      const told = words.flatMap(({ en }) =>
        [...en].flatMap(([key, leaf]) =>
          key.startsWith('tasks.') ? placeholders(leaf).filter((name) => name.startsWith('term.')) : [],
        ),
      )
      expect(
        told.map((name) => name.replace('term.', '')).filter((key) => !process.contract.terms.includes(key)),
      ).toEqual([])
    })

    test('its documents are made of its own answers and of what a document can know', () => {
      expect(unfilled(process, words)).toEqual([])
    })
  })
}
