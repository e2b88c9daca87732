/** Registers of the law: regimes, terms and rules, each with its source. */
import { type Confidence, type IsoDate, isUnverified, type RuleRow } from '../../../workflows/kernel/contract'
import type { Regime, RegimeRow, Term } from '../../generated/client'
import { confidenceOf } from '../calendar'
import { type Db, fromStoredOrNull, Prisma } from '../db'
import { editable, register } from '../listing'
import { inEachLanguage, nameKey, numberKey, textKey } from '../order'
import { nameOf } from '../refs'
import { writeRegister } from '../register-trail'
import { matching } from '../search'

const regimeRow = (stored: Regime) => ({
  id: stored.id,
  name: nameOf(stored),
  validFrom: fromStoredOrNull(stored.validFrom),
  validTo: fromStoredOrNull(stored.validTo),
  basis: stored.basis,
  confidence: confidenceOf(stored.confidence),
  unverified: isUnverified(confidenceOf(stored.confidence)),
})
export type RegimeView = ReturnType<typeof regimeRow>

export const regimes = register({
  ids: 'key',
  from: Prisma.sql`regimes t`,
  id: 'id',
  filters: {},
  orders: { id: [textKey('id')] },
  usual: 'id',
  load: (db, ids): Promise<Regime[]> => db.regime.findMany({ where: { id: { in: ids } } }),
  row: regimeRow,
})

const termView = (stored: Term) => ({
  id: stored.id,
  key: stored.key,
  process: stored.process,
  name: nameOf(stored),
  /** null: no default is known, an administrator must enter one before a process can use it */
  value: stored.value,
  unit: stored.unit,
  regime: stored.regimeId,
  confidence: confidenceOf(stored.confidence),
  unverified: isUnverified(confidenceOf(stored.confidence)),
  source: stored.source,
  valueMin: stored.valueMin,
  valueMax: stored.valueMax,
  validFrom: fromStoredOrNull(stored.validFrom),
  validTo: fromStoredOrNull(stored.validTo),
  version: stored.version,
})
export type TermView = ReturnType<typeof termView>
export interface TermChange {
  readonly value?: number | null
  readonly unit?: string
  readonly confidence?: Confidence
  readonly source?: string
  readonly validFrom?: IsoDate | null
  readonly validTo?: IsoDate | null
}

export const terms = editable(
  register({
    ids: 'key',
    from: Prisma.sql`terms t`,
    id: 'id',
    filters: {
      q: { kind: 'text', where: (text) => matching('t', text) },
      process: { kind: 'key', where: (process) => Prisma.sql`t.process = ${process}` },
      regime: { kind: 'key', where: (regime) => Prisma.sql`t."regimeId" in (${regime}, '*')` },
      key: { kind: 'key', where: (key) => Prisma.sql`t.key = ${key}` },
      unverified: {
        kind: 'flag',
        where: (flag) => Prisma.sql`(t.confidence in ('B', 'U', 'D')) = ${flag === 'true'}`,
      },
    },
    orders: {
      key: [textKey('key'), textKey('regimeId'), textKey('id')],
      process: [textKey('process'), textKey('key'), textKey('regimeId'), textKey('id')],
      regime: [textKey('regimeId'), textKey('key'), textKey('id')],
      value: [numberKey('value'), textKey('key'), textKey('regimeId'), textKey('id')],
      confidence: [textKey('confidence'), textKey('key'), textKey('regimeId'), textKey('id')],
      ...inEachLanguage('name', (locale) => [
        nameKey('t', locale, (row: Term) => row),
        textKey('regimeId'),
        textKey('id'),
      ]),
    },
    usual: 'key',
    load: (db, ids): Promise<Term[]> => db.term.findMany({ where: { id: { in: ids } } }),
    row: termView,
  }),
  (tx, author, at, change: TermChange) => writeRegister(tx, author, 'terms', { ...at, change }),
)

/** All rows of terms of these keys, in the order of the keys: of every regime and every time. */
export async function termsNamed(db: Db, keys: readonly string[]): Promise<TermView[]> {
  const stored = await db.term.findMany({
    where: { key: { in: [...keys] } },
    orderBy: [{ key: 'asc' }, { regimeId: 'asc' }, { id: 'asc' }],
  })

  return keys.flatMap((key) => stored.filter((row) => row.key === key).map(termView))
}

export const ruleValue = (value: unknown): RuleRow['value'] => {
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value
  throw new TypeError(`a rule is true, false, a number or a word, not ${JSON.stringify(value)}`)
}
const ruleView = (stored: RegimeRow) => ({
  id: stored.id,
  key: stored.key,
  regime: stored.regimeId,
  value: ruleValue(stored.value),
  confidence: confidenceOf(stored.confidence),
  unverified: isUnverified(confidenceOf(stored.confidence)),
  source: stored.source,
  act: stored.act,
  inForceFrom: fromStoredOrNull(stored.inForceFrom),
  version: stored.version,
})
export type RuleView = ReturnType<typeof ruleView>
export interface RuleChange {
  readonly value?: RuleRow['value']
  readonly confidence?: Confidence
  readonly source?: string
  readonly act?: string | null
  readonly inForceFrom?: IsoDate | null
}

export const rules = editable(
  register({
    ids: 'key',
    from: Prisma.sql`regime_rows t`,
    id: 'id',
    filters: {
      key: { kind: 'key', where: (key) => Prisma.sql`t.key = ${key}` },
      regime: { kind: 'key', where: (regime) => Prisma.sql`t."regimeId" = ${regime}` },
    },
    orders: {
      key: [textKey('key'), textKey('regimeId'), textKey('id')],
      regime: [textKey('regimeId'), textKey('key'), textKey('id')],
    },
    usual: 'key',
    load: (db, ids): Promise<RegimeRow[]> => db.regimeRow.findMany({ where: { id: { in: ids } } }),
    row: ruleView,
  }),
  (tx, author, at, change: RuleChange) => writeRegister(tx, author, 'rules', { ...at, change }),
)
