/** What a case takes with it of the law and the calendar, on the day on which it is opened. */
import type {
  BodyKey,
  CaseId,
  DaysOff,
  IsoDate,
  PersonId,
  PositionId,
  RuleRow,
  ProcessContract,
  TermRow,
  TermUnit,
} from '../contract'
import { isIsoDate } from '../law/calendar'

/** What a case takes with it when it is opened: the law of that day, and the calendar as it stands. */
export interface Opening {
  readonly regime: string
  readonly terms: readonly TermRow[]
  /** those that the contract names, and of its flags those that are on */
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
  /** absent: it has none */
  readonly flags?: readonly string[]
  /** chosen by hand for a rehearsal; null for the one in force */
  readonly regime: string | null
  /** the earliest date in the start form: the calendar reaches back to it */
  readonly earliest?: IsoDate
}

/** Whether a flag is on by the law that a case took with it. */
export const flagIn = (rules: readonly RuleRow[], key: string): boolean =>
  rules.some((row) => row.key === key && row.inForce !== undefined)

const datesIn = (form: unknown): IsoDate[] => {
  if (typeof form === 'string') return isIsoDate(form) ? [form] : []
  return typeof form === 'object' && form !== null ? Object.values(form).flatMap((part) => datesIn(part)) : []
}

/** The earliest date that a form names, at any depth. */
export const earliestIn = (form: unknown): IsoDate | undefined => datesIn(form).sort()[0]

/**
 * The key that one open case of a process about a person holds, or, of those about nobody, one about another case, a position or a
 * body; rehearsals are held against those of their set.
 */
export const onlyCaseKey = (file: {
  readonly process: string
  readonly subject: PersonId | null
  readonly position?: PositionId | null
  readonly body: BodyKey
  readonly aboutBody?: BodyKey | null
  readonly aboutCase?: CaseId | null
  readonly rehearsal: string | null
}): string => {
  const set = file.rehearsal === null ? '' : `rehearsal/${file.rehearsal}/`

  return `${set}${file.process}:${file.subject ?? file.aboutCase ?? file.position ?? file.aboutBody ?? file.body}`
}

const kernelTerm = (name: string, value: number, unit: TermUnit): TermRow => ({
  id: `kernel.${name}`,
  key: `kernel.${name}`,
  value,
  unit,
  confidence: 'D',
  source: 'design default; no act names a length',
})

/**
 * Terms of the kernel itself, taken by every case beside those of its contract. A case that was opened before the release that
 * brought one goes by the row given here, which is no row of the register.
 */
export const KERNEL_TERMS = [kernelTerm('remindBefore', 1, 'working days')] as const

/** What it asks of the register; `regime` is one chosen by hand, or null for the one in force. `form` is its start form. */
export const openingQuestion = (
  { name, terms, rules, flags }: Pick<ProcessContract, 'name' | 'terms' | 'rules' | 'flags'>,
  {
    body,
    on,
    regime,
    form,
  }: { readonly body: BodyKey; readonly on: IsoDate; readonly regime: string | null; readonly form: unknown },
): OpeningQuestion => {
  const earliest = earliestIn(form)
  return {
    process: name,
    body,
    on,
    terms: [...terms, ...KERNEL_TERMS.map(({ key }) => key)],
    rules: Object.keys(rules),
    ...(flags && { flags }),
    regime,
    ...(earliest && { earliest }),
  }
}
