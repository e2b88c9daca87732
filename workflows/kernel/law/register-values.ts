/**
 * What the values of the register's terms and rules may be: the type and the range of each key. Asked when a row is edited, when
 * the register is seeded and when a case takes its law, so that no value that means nothing reaches a rule.
 */
import type { FieldError, ProcessContract, RuleKind, RuleRow, TermUnit } from '../contract'

/** What the processes of a release declare of the keys that they use. */
export interface RegisterLimits {
  readonly rules: Readonly<Record<string, RuleKind>>
  /** keys of rules that are flags: off until an act brings them into force */
  readonly flags: readonly string[]
  /** keys of terms after each of which something comes again */
  readonly intervals: readonly string[]
}

/** Of a key that several versions of a process declare, the first counts: give the current versions first. */
export const limitsOf = (
  contracts: readonly Pick<ProcessContract, 'rules' | 'flags' | 'intervals'>[],
): RegisterLimits => ({
  rules: contracts.reduce<Record<string, RuleKind>>(
    (all, { rules, flags = [] }) => ({ ...rules, ...Object.fromEntries(flags.map((key) => [key, 'yesNo'])), ...all }),
    {},
  ),
  flags: contracts.flatMap(({ flags = [] }) => flags),
  intervals: contracts.flatMap(({ intervals = [] }) => intervals),
})

/** What a rule may say; null for a key that no process of this release declares. */
export const ruleKind = ({ rules }: RegisterLimits, key: string): RuleKind | null =>
  Object.hasOwn(rules, key) ? (rules[key] ?? null) : null

/** Why the value of a rule means nothing; null when it may stand. */
export function ruleError(limits: RegisterLimits, key: string, value: unknown): FieldError | null {
  const kind = ruleKind(limits, key)
  if (kind === null) return 'unknown'
  if (kind === 'yesNo') return typeof value === 'boolean' ? null : 'type'

  return typeof value === 'number' ? outOf(kind, value) : 'type'
}

/** Units of the register's terms; no case counts in minutes. */
export type RegisterUnit = TermUnit | 'minutes'
/** The longest that a case, whose calendar reaches five years ahead, or a person could mean. */
const LONGEST: Readonly<Record<RegisterUnit, number>> = {
  minutes: 1440,
  'working days': 1000,
  'calendar days': 3660,
  months: 600,
  years: 50,
}
const unitOf = (unit: string): RegisterUnit | null => UNITS.find((each) => each === unit) ?? null
export const UNITS: readonly RegisterUnit[] = ['working days', 'calendar days', 'months', 'years', 'minutes']

/** A row of terms, as far as its value goes. */
export interface TermValue {
  readonly key: string
  /** null: nobody has entered it yet */
  readonly value: number | null
  readonly unit: string
  /** what its source allows, in its unit */
  readonly valueMin?: number | null
  readonly valueMax?: number | null
}

/** From what to what the value of a term may go, in its unit. */
export function termRange({ intervals }: RegisterLimits, { key, unit, valueMin, valueMax }: Omit<TermValue, 'value'>) {
  const known = unitOf(unit)

  return {
    from: Math.max(valueMin ?? 0, intervals.includes(key) ? 1 : 0),
    to: Math.min(valueMax ?? Infinity, known ? LONGEST[known] : 0),
  }
}

/** Why the value of a term means nothing; null when it may stand. */
export const termError = (limits: RegisterLimits, row: TermValue): FieldError | null =>
  row.value === null ? null : outOf(termRange(limits, row), row.value)

/** Why a term cannot be counted in another unit; null when it can: its source's range is in its own, and minutes are no days. */
export function unitError(row: TermValue, unit: string): FieldError | null {
  if (unit === row.unit) return null
  const ranged = (row.valueMin ?? null) !== null || (row.valueMax ?? null) !== null

  return ranged || unit === 'minutes' || row.unit === 'minutes' ? 'option' : null
}

function outOf({ from, to }: { readonly from: number; readonly to: number }, value: number): FieldError | null {
  if (!Number.isInteger(value)) return 'type'
  if (value < from) return 'tooSmall'

  return value > to ? 'tooBig' : null
}

/** Whether a rule that a case takes says something: of keys that nobody declares nothing is known. */
export const saysSomething = (limits: RegisterLimits, { key, value }: Pick<RuleRow, 'key' | 'value'>): boolean =>
  ruleKind(limits, key) === null || ruleError(limits, key, value) === null
