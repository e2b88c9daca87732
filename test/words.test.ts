/**
 * The words of every process: nothing a person may come to see is without words, in any language, and the words are the
 * glossary's (`doc/glossary.md`).
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { KERNEL_FORMS } from '../workflows/kernel/kernel-forms'
import { KERNEL_TASKS, LOCALES, ROLES, TASK_STATES, TERM_UNITS, type Locale } from '../workflows/kernel/contract'
import { jsonSchemaOf } from '../workflows/kernel/forms'
import { processes } from '../workflows/registry'

const ROOT = path.resolve(__dirname, '..')
const OWNERS = ['kernel', ...Object.keys(processes.current)]

type Flat = ReadonlyMap<string, string>

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function flat(tree: unknown, at = ''): [string, string][] {
  if (typeof tree === 'string') return [[at, tree]]
  if (!isTree(tree)) throw new Error(`${at} is neither words nor a group of words`)

  return Object.entries(tree).flatMap(([key, value]) => flat(value, at === '' ? key : `${at}.${key}`))
}

const read = (owner: string, locale: Locale): Flat =>
  new Map(flat(JSON.parse(readFileSync(path.join(ROOT, 'workflows', owner, 'words', `${locale}.json`), 'utf8'))))

const WORDS = new Map(OWNERS.map((owner) => [owner, new Map(LOCALES.map((locale) => [locale, read(owner, locale)]))]))
const wordsOf = (owner: string, locale: Locale): Flat => WORDS.get(owner)?.get(locale) ?? new Map<string, string>()
const text = (owner: string, locale: Locale, key: string): string => wordsOf(owner, locale).get(key) ?? ''
/** As the console looks them up: the process's own, else the kernel's. */
const known = (owner: string, key: string): boolean => [owner, 'kernel'].some((each) => wordsOf(each, 'en').has(key))

const forms = (sentence: string): string[] => sentence.split('||||').map((form) => form.trim())
const placeholders = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/%\{([\w.]+)\}/g)].map(([, name]) => name ?? ''))].sort()

const sources = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.ts$/.test(name))
    .map((name) => path.join(folder, name))
const source = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')
/** First groups of every match in every file of the folders. */
const found = (folders: readonly string[], ...patterns: readonly RegExp[]): string[] => {
  const code = folders.flatMap((folder) => (folder.endsWith('.ts') ? [folder] : sources(folder))).map(source)
  const hits = code.flatMap((each) =>
    patterns.flatMap((pattern) => [...each.matchAll(pattern)].map((hit) => hit[1] ?? '')),
  )

  return [...new Set(hits)].sort()
}

describe.each(OWNERS)('words of %s', (owner) => {
  const keys = [...wordsOf(owner, 'en').keys()]

  test('every language has the same keys', () => {
    for (const locale of LOCALES) expect([...wordsOf(owner, locale).keys()]).toEqual(keys)
  })

  test('every language fills the same placeholders, in every plural form', () => {
    for (const key of keys) {
      const expected = placeholders(text(owner, 'en', key))
      for (const locale of LOCALES)
        for (const form of forms(text(owner, locale, key)))
          expect({ key, locale, names: placeholders(form) }).toEqual({ key, locale, names: expected })
    }
  })

  test('a plural has three forms in Russian and two in Kazakh and English', () => {
    const wanted = { kk: 2, ru: 3, en: 2 }
    const plural = keys.filter((key) => LOCALES.some((locale) => text(owner, locale, key).includes('||||')))
    const counted = (locale: Locale) => plural.map((key) => [key, forms(text(owner, locale, key)).length])
    for (const locale of LOCALES) expect(counted(locale)).toEqual(plural.map((key) => [key, wanted[locale]]))
    for (const key of plural) expect(text(owner, 'en', key)).toContain('%{smart_count}')
  })

  test('nothing is empty, untrimmed or in another language', () => {
    for (const key of keys) {
      for (const locale of LOCALES) {
        const leaf = text(owner, locale, key)
        expect({ key, locale, trimmed: leaf !== '' && leaf === leaf.trim() }).toEqual({ key, locale, trimmed: true })
      }
      expect(text(owner, 'en', key).replaceAll(/№/g, '')).not.toMatch(/[а-яёәғқңөұүһі]/i)
      expect(text(owner, 'ru', key)).not.toMatch(/[әғқңөұүһі]/i)
      for (const locale of ['kk', 'ru'] as const)
        expect(text(owner, locale, key).replaceAll(/%\{[\w.]+\}|JSON/g, '')).not.toMatch(/[a-z]{3,}/i)
      if (/[а-я]{4}/i.test(text(owner, 'ru', key)) && text(owner, 'kk', key).length > 12)
        expect(text(owner, 'kk', key)).not.toBe(text(owner, 'ru', key))
    }
  })
})

/** Every field of a form with its choices, however deep. */
function fieldsOf(schema: unknown, name = ''): { field: string; options: readonly string[] }[] {
  if (!isTree(schema)) return []
  const options = Array.isArray(schema['enum']) ? schema['enum'].map(String) : []
  const properties = isTree(schema['properties']) ? Object.entries(schema['properties']) : []

  return [
    ...(name === '' ? [] : [{ field: name, options }]),
    ...fieldsOf(schema['items'], name),
    ...properties.flatMap(([key, inner]) => fieldsOf(inner, key)),
  ]
}

const missing = (owner: string, keys: readonly string[]): string[] =>
  [...new Set(keys)].filter((key) => !known(owner, key))

describe.each(Object.entries(processes.current))('the process %s', (owner, { contract, forms: of }) => {
  const taskKinds = [...Object.keys(contract.tasks), ...KERNEL_TASKS]

  test('has words for its stages, ends, tasks, acts, documents, clocks and rules', () => {
    expect(
      missing(owner, [
        'name',
        'start.title',
        'start.instruction',
        // a closed case stands at its end
        ...[...contract.stages, ...contract.ends, 'refused', 'cancelled'].map((stage) => `stages.${stage}`),
        ...[...contract.ends, 'refused', 'cancelled'].map((end) => `ends.${end}`),
        ...taskKinds.flatMap((kind) =>
          ['title', 'instruction', 'consequence', 'done'].map((part) => `tasks.${kind}.${part}`),
        ),
        ...[...Object.keys(contract.acts), 'advance', 'discard'].flatMap((act) =>
          ['title', 'instruction', 'done'].map((part) => `acts.${act}.${part}`),
        ),
        ...Object.entries(contract.acts).flatMap(([act, kind]) => (kind.turn === true ? [`because.${act}`] : [])),
        ...contract.documents.flatMap((kind) => ['title', 'body'].map((part) => `documents.${kind}.${part}`)),
        ...contract.rules.map((key) => `rules.${key}`),
        ...found([`workflows/${owner}`], /file\.clock\(\s*'(\w+)'/g).map((clock) => `clocks.${clock}`),
        ...found([`workflows/${owner}`], /\.remark\(\s*'(\w+)'/g).map((event) => `events.${event}`),
      ]),
    ).toEqual([])
  })

  test('has words for every field and choice of its forms', () => {
    const all = [of.start, ...Object.values(of.tasks), ...Object.values(of.acts), ...Object.values(KERNEL_FORMS)]
    const fields = all.flatMap((form) => fieldsOf(jsonSchemaOf(form)))
    expect(fields.length).toBeGreaterThan(20)
    expect(
      missing(
        owner,
        fields.flatMap(({ field, options }) => [
          `fields.${field}`,
          ...options.map((option) => `options.${field}.${option}`),
        ]),
      ),
    ).toEqual([])
  })

  test('its documents are made of its own answers and of what a document can know', () => {
    const knownNames = ['number', 'date', 'issuedOn', 'caseNumber', 'subject', 'body', 'position', 'unit', 'startedOn']
    // facts that the story gives with the order of a document, and fields of the start form
    const given = found([`workflows/${owner}/workflow.ts`], /file\.order\('\w+', \{ (\w+)/g)
    const started = fieldsOf(jsonSchemaOf(of.start)).map(({ field }) => field)
    for (const kind of contract.documents) {
      for (const name of placeholders(text(owner, 'en', `documents.${kind}.body`))) {
        const [task = '', field] = name.split('.')
        const form = of.tasks[task]
        if (!form) expect([...knownNames, ...given, ...started]).toContain(name)
        else if (field) expect(fieldsOf(jsonSchemaOf(form)).map((each) => each.field)).toContain(field)
      }
    }
  })
})

describe('the kernel', () => {
  test('has words for its own codes', () => {
    expect(
      missing('kernel', [
        ...ROLES.map((role) => `roles.${role}`),
        // in which capacity somebody acted: by office, or for himself
        'roles.self',
        ...TASK_STATES.map((state) => `states.${state}`),
        ...['opening', 'open', 'closed'].map((status) => `status.${status}`),
        ...TERM_UNITS.map((unit) => `units.${unit}`),
        ...['S', 'L', 'O', 'N', 'B', 'U', 'D'].map((letter) => `confidence.${letter}`),
        'unverified',
        ...found(['workflows/kernel/contract/values.ts'], /readonly code: '(\w+)'/g).map((code) => `due.${code}`),
        ...found(['workflows/kernel'], /notices\.push\(\{ kind: '(\w+)'/g).map((kind) => `notices.${kind}`),
        ...found(['workflows/kernel'], /because: '(\w+)'/g).map((code) => `because.${code}`),
      ]),
    ).toEqual([])
  })

  test('has words for every event that the kernel or the store writes', () => {
    const engine = found(['workflows/kernel'], /this(?:\.\w+)*\.event\(\s*'(\w+)'/g)
    const closing = found(['workflows/kernel/engine/engine.ts'], /\.event\(end === 'refused' \? '(\w+)'/g)
    const store = found(['prisma/store'], /\bmove\(db, '(\w+)'/g).map((verb) => `task.${verb}`)
    expect(engine.length).toBeGreaterThan(10)
    expect(store).toContain('task.claim')
    expect(
      missing(
        'kernel',
        [...engine, ...closing, 'caseClosed', ...store].map((kind) => `events.${kind}`),
      ),
    ).toEqual([])
  })

  test('has words for every problem of the API', () => {
    const problems = found(['api/http/problems.ts'], /^ {2}(\w+): \[\d{3},/gm)
    expect(problems).toContain('idempotencyKeyReused')
    expect(
      missing(
        'kernel',
        problems.map((code) => `problems.${code}`),
      ),
    ).toEqual([])
  })

  test('has words for every regime, as the register names it, and every demo user', () => {
    const [head, ...rows] = source('prisma/seed/data/regimes.csv').trim().split('\n').map(cells)
    for (const row of rows)
      for (const locale of LOCALES) {
        const name = row[head?.indexOf(`name_${locale}`) ?? -1]
        expect(text('kernel', locale, `regimes.${row[0] ?? ''}`)).toBe(name)
      }
    expect(
      missing(
        'kernel',
        found(['prisma/seed'], /\bas: '(\w+)', body:/g).map((as) => `demo.${as}`),
      ),
    ).toEqual([])
  })
})

test('every reason that somebody may be told has words', () => {
  const codes = found(
    ['workflows', 'api', 'activities'],
    /refusal\(\s*\d{3},\s*'([\w.]+)'/g,
    /\brefuse\('([\w.]+)'/g,
    /\bno\('([\w.]+)'\)/g,
    /\bruledBy\('(\w+)'/g,
    /(?:reason|basis): \{ code: '([\w.]+)'/g,
    /(?:forbidden|refuse|close)\((?:'\w+', )?\{ code: '([\w.]+)'/g,
    /\? \{ code: '([\w.]+)' \}/g,
  )
  const passed = found(['workflows/probation/workflow.ts'], /passed\(file, '(\w+)'/g, /code: 'passed\.(\w+)'/g)
  expect(codes).toEqual(expect.arrayContaining(['policy.excluded', 'task.tooLate', 'abolished', 'agencyRefused']))
  expect(passed).toEqual(expect.arrayContaining(['keptByHead', 'review']))
  const reasons = [...codes, ...passed.map((code) => `passed.${code}`)].map((code) => `reasons.${code}`)
  expect(reasons.filter((key) => !OWNERS.some((owner) => known(owner, key)))).toEqual([])
  expect(
    missing(
      'probation',
      found(['workflows/probation'], /basis: '(\w+)'/g).map((code) => `options.basis.${code}`),
    ),
  ).toEqual([])
})

test('every code of a field has words', () => {
  const codes = [
    ...found(['workflows/kernel/forms.ts'], /return (?:[^\n]*\? )?'(\w+)'/g, /: '(\w+)'$/gm, /error: '(\w+)'/g),
    ...found(
      Object.keys(processes.current).map((owner) => `workflows/${owner}/rules.ts`),
      /return '(\w+)'$/gm,
    ),
    ...found(
      ['workflows', 'api'],
      /\{ ?(?!code|kind|result|state|role|type|topic|id|sort|basis|format)[\w[\]`.$()]+: '([a-z][A-Za-z]+)' ?\}\)/g,
      /errors: \{ \w+: '(\w+)' \}/g,
      /\? \{ (?!code)\w+: '(\w+)' \}\n/g,
      /: \{ goals: '(\w+)' \}/g,
      /return \{ to: '(\w+)' \}/g,
      /\[`[^`]+`\]: '(\w+)'/g,
      /refuse\((?:path|at), '(\w+)'/g,
      /\[field, '(\w+)'\]/g,
    ),
  ]
  expect(codes).toEqual(
    expect.arrayContaining([
      'required',
      'tooLong',
      'past',
      'yourself',
      'mentorIsServant',
      'eachGoalOnce',
      'beforeStart',
      'beforeFrom',
      'dismissalOnlyAfterExtension',
    ]),
  )
  // the console looks these up in one place, whatever the process
  expect([...new Set(codes)].filter((code) => !wordsOf('kernel', 'en').has(`fields.${code}`))).toEqual([])
})

// ---------------------------------------------------------------------------------------------- the glossary

/** One line of a CSV file. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  )
}

const GLOSSARY = new Map(
  source('doc/glossary.md')
    .split('\n')
    .filter((line) => /^\| `\w+`/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, key = '', en = '', ru = '', kk = '']) => [key.replaceAll('`', ''), { en, ru, kk }] as const),
)
const term = (key: string): Record<Locale, string> => {
  const row = GLOSSARY.get(key)
  if (!row) throw new Error(`doc/glossary.md has no term ${key}`)

  return row
}

describe('the glossary rules the words', () => {
  test.each([
    ['probationPeriod', 'probation', 'clocks.probation'],
    ['mentor', 'probation', 'parties.mentor'],
    ['mentor', 'probation', 'fields.mentor'],
    ['directSupervisor', 'probation', 'parties.supervisor'],
    ['directSupervisor', 'probation', 'fields.supervisor'],
    ['individualAdaptationPlan', 'probation', 'documents.adaptationPlan.title'],
    ['hrService', 'kernel', 'roles.hr'],
    ['appointingOfficial', 'kernel', 'roles.head'],
    ['authorizedBody', 'kernel', 'roles.agency'],
  ])('%s is the word of %s %s', (key, owner, at) => {
    for (const locale of LOCALES) expect(text(owner, locale, at).toLowerCase()).toBe(term(key)[locale].toLowerCase())
  })

  test.each([
    ['probationReview', 'probation', 'tasks.reviewProbation.title'],
    ['temporaryIncapacity', 'probation', 'options.kind.illness'],
    ['temporaryIncapacity', 'probation', 'because.absence.illness'],
    ['appointmentAct', 'probation', 'documents.mentorOrder.body'],
    ['workingDay', 'kernel', 'units.working days'],
    ['calendarDay', 'kernel', 'units.calendar days'],
    ['civilServiceAgency', 'kernel', 'demo.agencyOfficer'],
    ['hrService', 'kernel', 'demo.hrAkimat'],
  ])('%s stands in %s %s', (key, owner, at) => {
    for (const locale of LOCALES)
      expect(text(owner, locale, at).toLowerCase()).toContain(term(key)[locale].toLowerCase())
  })

  // [English, Russian stem, Kazakh stem]: where the English sentence says it, the others say it by the same term
  test.each([
    [/\bmentor/i, /наставни/i, /тәлімгер/i],
    [/direct supervisor/i, /непосредственн\S+ руководител/i, /тікелей басшы/i],
    [/adaptation plan/i, /план\S* адаптации/i, /бейімделу(?:дің)? ?(?:жеке )?жоспар/i],
    [/\bdismiss/i, /уволь|увольн|уволен/i, /жұмыстан босат/i],
    [
      /official with appointment right/i,
      /должностн\S+ лиц\S+[^.]*право назначения/i,
      /тағайындауға құқығы бар лауазымды адам/i,
    ],
    [/authorized body/i, /уполномоченн\S+ орган/i, /уәкілетті орган/i],
    [/unsatisfactory/i, /неудовлетворительн/i, /қанағаттанарлықсыз/i],
    [/valid reasons/i, /уважительны/i, /дәлелді себептер/i],
    [/negative grounds/i, /отрицательн\S+ мотив/i, /теріс себеп/i],
  ])('wherever English says %s', (en, ru, kk) => {
    for (const owner of OWNERS)
      for (const [key, leaf] of wordsOf(owner, 'en')) {
        if (!en.test(leaf) || key.startsWith('regimes.')) continue
        expect([key, text(owner, 'ru', key)]).toEqual([key, expect.stringMatching(ru)])
        expect([key, text(owner, 'kk', key)]).toEqual([key, expect.stringMatching(kk)])
      }
  })

  test('words that the glossary has decided against do not occur', () => {
    const avoided = {
      kk: /ментор|куратор|сынақ уақыты|сынақ кезеңі|жеке бейімделу жоспар|кадр қызметі|мемқызмет/i,
      ru: /ментор|куратор|испытательный период|кадровая служба|госслуж/i,
      en: /\bprobationer|\bcurator|line manager|civil servent/i,
    }
    for (const owner of OWNERS)
      for (const locale of LOCALES)
        for (const [key, leaf] of wordsOf(owner, locale))
          expect([key, leaf]).not.toEqual([key, expect.stringMatching(avoided[locale])])
  })
})
