/** Registers of the law: regimes, terms and rules, each with its source. */
import { type Confidence, type IsoDate, isUnverified, type RuleRow } from '../../../workflows/kernel/contract'
import type { Regime, RegimeRow, Term } from '../../generated/client'
import { confidenceOf } from '../calendar'
import { fromStoredOrNull, type Prisma, toStored } from '../db'
import { editable, nextVersion, register } from '../listing'
import { nameOf } from '../refs'
import { named } from './names'

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

export const regimes = register<Prisma.RegimeWhereInput, Prisma.RegimeOrderByWithRelationInput, Regime, RegimeView>({
  ids: 'key',
  filters: {},
  sorts: { id: (id) => ({ id }) },
  order: [{ id: 'asc' }],
  byIds: (ids) => ({ id: { in: ids } }),
  find: (db, args) => db.regime.findMany(args),
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
  register<Prisma.TermWhereInput, Prisma.TermOrderByWithRelationInput, Term, TermView>({
    ids: 'key',
    filters: {
      q: { kind: 'text', where: (text) => ({ OR: [named(text), { key: { contains: text, mode: 'insensitive' } }] }) },
      process: { kind: 'key', where: (process) => ({ process }) },
      regime: { kind: 'key', where: (regimeId) => ({ regimeId: { in: [regimeId, '*'] } }) },
      key: { kind: 'key', where: (key) => ({ key }) },
      unverified: {
        kind: 'flag',
        where: (flag) => ({ confidence: flag === 'true' ? { in: ['B', 'U', 'D'] } : { notIn: ['B', 'U', 'D'] } }),
      },
    },
    sorts: {
      key: (key) => ({ key }),
      process: (process) => ({ process }),
      regime: (regimeId) => ({ regimeId }),
      value: (value) => ({ value }),
      confidence: (confidence) => ({ confidence }),
    },
    order: [{ key: 'asc' }, { regimeId: 'asc' }, { id: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.term.findMany(args),
    row: termView,
  }),
  (db, where, { validFrom, validTo, ...change }: TermChange) =>
    db.term.updateMany({
      where,
      data: {
        ...change,
        ...(validFrom !== undefined && { validFrom: validFrom && toStored(validFrom) }),
        ...(validTo !== undefined && { validTo: validTo && toStored(validTo) }),
        ...nextVersion,
      },
    }),
)

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
  version: stored.version,
})
export type RuleView = ReturnType<typeof ruleView>
export interface RuleChange {
  readonly value?: RuleRow['value']
  readonly confidence?: Confidence
  readonly source?: string
}

export const rules = editable(
  register<Prisma.RegimeRowWhereInput, Prisma.RegimeRowOrderByWithRelationInput, RegimeRow, RuleView>({
    ids: 'key',
    filters: {
      key: { kind: 'key', where: (key) => ({ key }) },
      regime: { kind: 'key', where: (regimeId) => ({ regimeId }) },
    },
    sorts: { key: (key) => ({ key }), regime: (regimeId) => ({ regimeId }) },
    order: [{ key: 'asc' }, { regimeId: 'asc' }],
    byIds: (ids) => ({ id: { in: ids } }),
    find: (db, args) => db.regimeRow.findMany(args),
    row: ruleView,
  }),
  (db, where, change: RuleChange) => db.regimeRow.updateMany({ where, data: { ...change, ...nextVersion } }),
)
