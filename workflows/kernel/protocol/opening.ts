/** What a case takes with it of the law and the calendar, on the day on which it is opened. */
import type { BodyKey, DaysOff, IsoDate, RuleRow, ProcessContract, TermRow } from '../contract'

/** What a case takes with it when it is opened: the law of that day, and the calendar as it stands. */
export interface Opening {
  readonly regime: string
  readonly terms: readonly TermRow[]
  readonly rules: readonly RuleRow[]
  /** body of the Agency competent for the case's body */
  readonly agency: BodyKey
  readonly daysOff: DaysOff
  /** keys for which the register has no usable row: the case cannot begin */
  readonly missing: readonly string[]
}

/** What a case asks of the register when it is opened. */
export interface OpeningQuestion {
  readonly process: string
  readonly body: BodyKey
  readonly on: IsoDate
  readonly terms: readonly string[]
  readonly rules: readonly string[]
  /** chosen by hand for a rehearsal; null for the one in force */
  readonly regime: string | null
}

/** Terms of the kernel itself, taken by every case beside those of its contract. */
const KERNEL_TERMS = ['kernel.remindBefore']

/** What it asks of the register; `regime` is one chosen by hand, or null for the one in force. */
export const openingQuestion = (
  { name, terms, rules }: Pick<ProcessContract, 'name' | 'terms' | 'rules'>,
  { body, on, regime }: { readonly body: BodyKey; readonly on: IsoDate; readonly regime: string | null },
): OpeningQuestion => ({
  process: name,
  body,
  on,
  terms: [...terms, ...KERNEL_TERMS],
  rules,
  regime,
})
