/**
 * The words of the kernel and of every process of the registry: nothing a person may come to see is without words, in any language
 * (`support/process-words.ts`), and the words are the glossary's (`doc/glossary.md`). A process that is added is tested here without
 * a change of this file.
 */
import { LETTER_SENTENCES } from '../api/views/letter'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { en } from '../admin-ui/src/i18n/en'
import { kk } from '../admin-ui/src/i18n/kk'
import { ru } from '../admin-ui/src/i18n/ru'
import { PROBLEMS } from '../api/http/problems'
import {
  ADDED_AFTER_END,
  ADDITIONS,
  FIELD_ERRORS,
  KERNEL_AWAITS,
  KERNEL_CAUSES,
  KERNEL_EFFECTS,
  KERNEL_ENDS,
  KERNEL_EVENTS,
  KERNEL_REASONS,
  KERNEL_TASKS,
  LOCALES,
  MINUTES,
  NOTICES,
  ROLES,
  TASK_STATES,
  TERM_UNITS,
  type Confidence,
  type DueStep,
  type Locale,
} from '../workflows/kernel/contract'
import { jsonSchemaOf } from '../workflows/kernel/forms'
import {
  ADDITION_FORMS,
  ADVANCE,
  DISCARD,
  HAND_OVER,
  KERNEL_FORMS,
  KERNEL_TASK_KINDS,
  REPLACE_MEMBER,
} from '../workflows/kernel/kernel-forms'
import { processes } from '../workflows/registry'
import { DEMO_USERS } from '../prisma/seed/sample'
import { citing, nameAt, readWords } from '../workflows/words'
import {
  isButton,
  keysOf,
  missing,
  sentencesOf,
  testSentencesOf,
  testWordsOf,
  waysOf,
  wordsIn,
} from './support/process-words'

const ROOT = path.resolve(__dirname, '..')
const folderOf = (owner: string): string => path.join(ROOT, 'workflows', owner)
const source = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

for (const process of processes.all) {
  const { name, version } = process.contract
  const current = folderOf(name)
  if (processes.current[name] === process) testWordsOf(process, current)
  // a version kept from before has its words beside it, and behind them those of its process
  else testWordsOf(process, path.join(current, `v${String(version)}`), current)
}

test.each(processes.all.map(({ contract }) => [`${contract.name} ${String(contract.version)}`, contract] as const))(
  'every document of a process says whose answer decides it, or that none does: %s',
  (_name, { documents, decidedBy = {} }) => {
    expect(Object.keys(decidedBy)).toEqual(Object.keys(documents))
  },
)

test.each(processes.all.map(({ contract }) => [`${contract.name} ${String(contract.version)}`, contract] as const))(
  'the numbers of every document of a process have a mark of their own: %s',
  (_name, { documents, papers = {} }) => {
    const marks = Object.keys(documents).map((kind) => papers[kind]?.series ?? '')
    expect(new Set(marks).size).toBe(marks.length)
    for (const mark of marks) expect(mark).toMatch(/^[A-Z]{2,4}$/)
  },
)

const OWNERS = ['kernel', 'service', ...Object.keys(processes.current)]
const WORDS = new Map(OWNERS.map((owner) => [owner, wordsIn(folderOf(owner))]))
const text = (owner: string, locale: Locale, key: string): string => WORDS.get(owner)?.[locale].get(key) ?? ''

describe('words of the kernel', () => {
  const kernel = [wordsIn(folderOf('kernel'))]
  const each = (group: string, names: readonly string[]) => names.map((name) => `${group}.${name}`)
  const parts = (group: string, names: readonly string[], ...of: string[]) =>
    names.flatMap((name) => of.map((part) => `${group}.${name}.${part}`))
  const confidence: Record<Confidence, true> = { S: true, L: true, O: true, N: true, B: true, U: true, D: true }
  const dueSteps: Record<DueStep['code'], true> = {
    starts: true,
    adds: true,
    back: true,
    given: true,
    givenBack: true,
    daysOff: true,
    paused: true,
    movedToWorkingDay: true,
    capped: true,
  }

  testSentencesOf(folderOf('kernel'))

  test('every code that the kernel, the store or the API may tell has them', () => {
    const keys = [
      ...each('reasons', KERNEL_REASONS),
      ...each('errors', FIELD_ERRORS),
      ...each('awaits', KERNEL_AWAITS),
      ...each('events', [...KERNEL_EVENTS, 'caseMended', 'paperMade', ADDED_AFTER_END]),
      ...each('events.task', ['claim', 'release', 'start', 'assign', 'delegate']),
      ...each('notices', NOTICES),
      ...each('letters', Object.keys(LETTER_SENTENCES)),
      ...each('because', KERNEL_CAUSES),
      ...each('effects', KERNEL_EFFECTS),
      ...each('problems', Object.keys(PROBLEMS)),
      ...each('stages', KERNEL_ENDS),
      ...each('ends', KERNEL_ENDS),
      // in which capacity somebody acted: by office, or for himself
      ...each('roles', [...ROLES, 'self', 'subject']),
      ...each('states', TASK_STATES),
      ...each('status', ['opening', 'open', 'closed']),
      ...each('units', TERM_UNITS),
      ...each('confidence', Object.keys(confidence)),
      ...each('due', Object.keys(dueSteps)),
      ...each('options.tie', MINUTES.tie),
      'unverified',
    ]
    expect(missing(keys, kernel)).toEqual([])
  })

  test('its tasks and acts have them, and the fields of their forms', () => {
    const fields = (
      [...KERNEL_TASKS, 'return', 'ask', 'recuse', ADVANCE, REPLACE_MEMBER, HAND_OVER, 'suspend', 'resume'] as const
    ).flatMap((form) => Object.keys(jsonSchemaOf(KERNEL_FORMS[form])['properties'] ?? {}))
    const keys = [
      ...parts('tasks', KERNEL_TASKS, 'title', 'instruction', 'done', 'waits'),
      ...KERNEL_TASKS.flatMap((kind) => waysOf(kind, KERNEL_TASK_KINDS[kind], KERNEL_FORMS[kind])),
      ...parts(
        'acts',
        ['cancel', ADVANCE, DISCARD, REPLACE_MEMBER, HAND_OVER, 'suspend', 'resume'],
        'title',
        'instruction',
        'done',
      ),
      // what a start sends beside its form: its error is told with the others
      ...each('fields', [...fields, 'continues']),
      ...each('options.verdict', ['stands', 'changed']),
      ...each('options.suspension', ['resume', 'extend']),
      ...each('options.expectedUnit', ['calendarDays', 'workingDays']),
      ...parts('additions', ADDITIONS, 'title', 'instruction', 'done'),
      ...each('options.added', ADDITIONS),
      ...ADDITIONS.flatMap((kind) =>
        each('fields', Object.keys(jsonSchemaOf(ADDITION_FORMS[kind])['properties'] ?? {})),
      ),
    ]
    expect(missing(keys, kernel)).toEqual([])
  })

  test('every regime, as the register names it, has them', () => {
    const [head, ...rows] = source('prisma/seed/data/regimes.csv').trim().split('\n').map(cells)
    for (const row of rows)
      for (const locale of LOCALES) {
        const name = row[head?.indexOf(`name_${locale}`) ?? -1]
        expect(text('kernel', locale, `regimes.${row[0] ?? ''}`)).toBe(name)
      }
  })
})

test('every user of the demonstration is described in the words of the service', () => {
  const demo = DEMO_USERS.map(({ as }) => as)
  expect(
    missing(
      demo.map((as) => `demo.${as}`),
      [wordsIn(folderOf('service'))],
    ),
  ).toEqual([])
})

test('no process has left one of its words in the kernel', () => {
  // names that any process may have, and things that the kernel knows by itself
  const SHARED = ['cancel', 'approve', 'acknowledge', 'appeal', 'chair', 'minutes']
  const named = processes.all.flatMap(({ contract }) => [
    contract.name,
    ...Object.keys(contract.tasks),
    ...Object.keys(contract.acts),
    ...Object.keys(contract.documents),
    ...(contract.parties ?? []),
    ...(contract.effects ?? []),
    ...Object.keys(contract.rules),
    ...contract.terms,
  ])
  const words = [...new Set(named)].filter((word) => !SHARED.includes(word))
  const kernel = readdirSync(folderOf('kernel'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.(ts|json)$/.test(file))
    .map((file) => ({ file, text: readFileSync(path.join(folderOf('kernel'), file), 'utf8') }))
  const found = kernel.flatMap(({ file, text: written }) =>
    words
      .filter((word) => new RegExp(`\\b${word.replace('.', '\\.')}`, 'i').test(written))
      .map((word) => `${file}: ${word}`),
  )
  expect(found).toEqual([])
})

test('a sentence that a process lacks is named, whatever another process has', () => {
  const probation = processes.current['probation']
  if (!probation) throw new Error('there is no probation')
  const lonely = { ...probation, contract: { ...probation.contract, stages: ['adrift'], reasons: ['nowhere'] } }
  const from = [folderOf('probation'), folderOf('kernel')].map(wordsIn)
  expect(missing(keysOf(lonely), from)).toEqual([
    'kk stages.adrift',
    'kk reasons.nowhere',
    'ru stages.adrift',
    'ru reasons.nowhere',
    'en stages.adrift',
    'en reasons.nowhere',
  ])
})

// ---------------------------------------------------------------------------------------------- the buttons

const CONSOLE = { kk: sentencesOf(kk), ru: sentencesOf(ru), en: sentencesOf(en) }

/** The words that carry the meaning of a sentence, without their endings. */
const stems = (sentence: string): string[] =>
  (sentence.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.slice(0, 5))

describe.each(LOCALES)('in %s a button that changes nothing', (locale) => {
  const does = [
    ...OWNERS.flatMap((owner) => [...(WORDS.get(owner)?.[locale] ?? [])]),
    ...[...CONSOLE[locale]].filter(([key]) => key.startsWith('app.verbs.') || key === 'app.registers.remove'),
  ].flatMap(([key, word]) => (isButton(key) || key === 'app.registers.remove' ? [word] : []))

  test.each(['app.dismiss', 'ra.action.cancel'])(
    '(%s) has no word in common with one that decides, starts, acts, withdraws or removes',
    (key) => {
      const own = stems(CONSOLE[locale].get(key) ?? '')
      expect(own).not.toEqual([])
      expect(does.length).toBeGreaterThan(30)
      expect(does.filter((word) => stems(word).some((stem) => own.includes(stem)))).toEqual([])
    },
  )
})

describe('the law that is cited is that of the regime of the case', () => {
  const words = readWords()
  const names = { kk: /\d{4} жылғы\S* заң/i, ru: /закон\S* \d{4}/i, en: /law of \d{4}/i }

  test('no sentence names a law itself, but for the names of the regimes', () => {
    for (const owner of Object.keys(words.en))
      for (const locale of LOCALES)
        for (const [key, leaf] of wordsIn(folderOf(owner.replace('@', '/v')))[locale])
          if (!/^(?:regimes|cited)\./.test(key))
            expect([key, leaf]).toEqual([key, expect.not.stringMatching(names[locale])])
  })

  test.each([
    ['R0', '1999'],
    ['R1', '2015'],
    ['R2', '2015'],
    ['R3', '2015'],
    ['R4', '2015'],
    ['R5', '2026'],
    ['RC', '2024'],
  ])('under %s it is that of %s, and of an article that nobody has read it says so', (regime, year) => {
    for (const owner of Object.keys(words.en))
      for (const [key] of wordsIn(folderOf(owner.replace('@', '/v'))).en) {
        const sentence = nameAt(words, owner, key, '')
        if (!sentence.en.includes('%{law.')) continue
        const said = citing(words, owner, sentence, regime)
        const verified = ['R2', 'R3', 'R4'].includes(regime)
        for (const locale of LOCALES) {
          expect(said[locale]).toContain(year)
          expect(said[locale]).not.toMatch(/%\{law\.|%\{article\}/)
          expect(/art\. 20|ст\. 20|20-баб/.test(said[locale])).toBe(verified)
        }
      }
  })
})

test('a document says what was done and decided, never what would be if', () => {
  const conditional = {
    kk: /(?:л|ма|ме|н|р)с[ае](?=[\s,.)])/i,
    ru: /(?:^|[\s(])если\s/i,
    en: /\bif\b|\bwhere one was\b/i,
  }
  for (const owner of OWNERS)
    for (const locale of LOCALES)
      for (const [key, leaf] of WORDS.get(owner)?.[locale] ?? [])
        if (key.startsWith('documents.'))
          expect([key, leaf]).toEqual([key, expect.not.stringMatching(conditional[locale])])
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
    ['civilServiceAgency', 'service', 'demo.agencyOfficer'],
    ['hrService', 'service', 'demo.hrAkimat'],
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
    [/appeal commission/i, /апелляционн\S+ комисси/i, /апелляциялық комиссия/i],
    [/negative grounds/i, /отрицательн\S+ мотив/i, /теріс себеп/i],
  ])('wherever English says %s', (en, ru, kk) => {
    for (const owner of OWNERS)
      for (const [key, leaf] of WORDS.get(owner)?.en ?? []) {
        if (!en.test(leaf.replaceAll(/%\{[\w.]+\??\}/g, '')) || key.startsWith('regimes.')) continue
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
        for (const [key, leaf] of WORDS.get(owner)?.[locale] ?? [])
          expect([key, leaf]).not.toEqual([key, expect.stringMatching(avoided[locale])])
  })
})
