/** Everything a component says goes through here: the console's own keys are typed, a process's words are looked up by code. */
import { useMemo } from 'react'
import { useI18nProvider } from 'react-admin'
import type { Reason, TermUnit } from '../../../workflows/kernel/contract'
import type { Name } from '../../../api/shapes/views'
import type { AppKey } from '../i18n/messages'
import { isLocale, type Locale } from '../locale'
import { sourceText } from './sources'
import { formatDate, formatInstant, isIsoDate } from './dates'

export type Params = Record<string, string | number>
type Translate = (key: string, options?: Record<string, unknown>) => string

const UNIT_KEY = {
  'working days': 'app.units.workingDays',
  'calendar days': 'app.units.calendarDays',
  months: 'app.units.months',
  years: 'app.units.years',
} as const satisfies Record<TermUnit, AppKey>

/** Categories that the register of positions gives no code. */
const CATEGORY_KEY: Readonly<Record<string, AppKey>> = { POLITICAL: 'app.corps.political', 'CORPS-A': 'app.corps.A' }

/** Parameters of events and reasons that are codes: where their words are. */
const CODED: Record<string, (code: string) => string> = {
  stage: (code) => `stages.${code}`,
  from: (code) => `stages.${code}`,
  to: (code) => `stages.${code}`,
  end: (code) => `ends.${code}`,
  outcome: (code) => `ends.${code}`,
  kind: (code) => `tasks.${code}.title`,
  task: (code) => `tasks.${code}.title`,
  added: (code) => `options.added.${code}`,
  act: (code) => `acts.${code}.title`,
  part: (code) => `parties.${code}`,
  document: (code) => `documents.${code}.title`,
  amends: (code) => `documents.${code}.title`,
  withdrawnFor: (code) => `reasons.${code}`,
  clock: (code) => `clocks.${code}`,
  because: (code) => `because.${code}`,
  ground: (code) => `because.${code}`,
  effect: (code) => `effects.${code}`,
  rule: (code) => `rules.${code}`,
  regime: (code) => `regimes.${code}`,
  reason: (code) => `reasons.${code}`,
  role: (code) => `roles.${code}`,
  opens: (code) => `opens.${code}`,
}

export class Words {
  readonly #translate: Translate
  readonly locale: Locale

  constructor(translate: Translate, locale: Locale) {
    this.#translate = translate
    this.locale = locale
  }

  /** The console's own sentence. */
  readonly t = (key: AppKey, params?: Params): string => this.#translate(key, params)

  /** A name in the language of the page. */
  readonly name = (name: Name | null | undefined): string => name?.[this.locale] ?? '—'

  /** In the order of their names, as they are read in the language of the page. */
  readonly inOrder = <Row extends { readonly name: Name }>(rows: readonly Row[]): Row[] =>
    [...rows].sort((a, b) => a.name[this.locale].localeCompare(b.name[this.locale], this.locale))

  readonly date = (date: string | null | undefined): string => (date ? formatDate(date, this.locale) : '—')
  readonly instant = (instant: string | null | undefined): string =>
    instant ? formatInstant(instant, this.locale) : '—'

  /** Words of a process or, where it has none, of the kernel; '' where neither has. A version kept from before (`probation@1`) has its own. */
  readonly maybe = (process: string, key: string, params: Params = {}): string => {
    for (const owner of [process, process.replace(/@.*/, ''), 'kernel']) {
      const sentence = this.#translate(`${owner}.${key}`, { ...params, _: '' })
      if (sentence) return sentence
    }

    return ''
  }

  /** As `maybe`, but never empty: a code without words is shown as it is, so that nothing disappears. */
  readonly of = (process: string, key: string, params: Params = {}): string =>
    this.maybe(process, key, params) ||
    (key
      .replace(/\.title$/, '')
      .split('.')
      .pop() ??
      key)

  /** A text is kept as it was typed or pasted, however long; until it is shortened it is not sent. */
  readonly tooLong = (max: number, by: number): string => this.t('app.form.tooLong', { max, smart_count: by })

  /** A source or a remark of a register. */
  readonly source = (text: string): string => sourceText(text, this.locale)

  readonly regime = (id: string): string => this.maybe('kernel', `regimes.${id}`) || id

  /** The code of a category, as the law has it; those of ours have words. */
  readonly category = (code: string): string => {
    const key = CATEGORY_KEY[code]

    return key ? this.t(key) : code
  }

  /** An instruction, citing the law of the regime of its case. */
  readonly instruction = (process: string, key: string, regime: string): string =>
    this.maybe(process, `${key}.instruction`).replace(/%\{law\.(\w+)\}/g, (_all, ref: string) =>
      this.of('kernel', `cited.${regime}`, { article: this.maybe(process, `articles.${ref}`) }),
    )

  readonly amount = (value: number, unit: string): string => {
    const key = Object.entries(UNIT_KEY).find(([name]) => name === unit)?.[1]

    return key ? this.t(key, { smart_count: value }) : `${value} ${unit}`
  }

  /** Parameters ready for a sentence: dates written out, codes in words. */
  readonly params = (process: string, params: Readonly<Record<string, unknown>> | undefined): Params => {
    const ready: Params = {}
    for (const [name, value] of Object.entries(params ?? {})) {
      if (typeof value === 'number') ready[name] = value
      else if (typeof value === 'boolean') ready[name] = this.t(value ? 'app.yes' : 'app.no')
      else if (isIsoDate(value)) ready[name] = this.date(value)
      else if (typeof value === 'string') {
        const key = CODED[name]?.(value)
        const length = name === 'unit' ? params?.['value'] : undefined
        // a length is said with its number
        ready[name] =
          typeof length === 'number' ? this.amount(length, value) : (key && this.maybe(process, key)) || value
      }
    }

    return ready
  }

  readonly reason = (process: string, reason: Reason): string => {
    const params = this.params(process, reason.params)

    return this.maybe(process, `reasons.${reason.code}`, params) || this.of(process, reason.code, params)
  }

  readonly fieldLabel = (process: string, field: string): string => this.of(process, `fields.${field}`)
  readonly option = (process: string, field: string, value: string): string =>
    this.of(process, `options.${field}.${value}`)
}

/** The words of the current locale. */
export function useWords(): Words {
  const i18n = useI18nProvider()
  const locale = i18n.getLocale()

  return useMemo(
    () => new Words((key, options) => i18n.translate(key, options), isLocale(locale) ? locale : 'kk'),
    [i18n, locale],
  )
}
