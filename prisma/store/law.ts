/** The law of a day: which regime is in force, and its terms and rules. */
import type { IsoDate, RuleRow, TermRow } from '../../workflows/kernel/contract'
import { TERM_UNITS } from '../../workflows/kernel/contract'
import { confidenceOf } from './calendar'
import { toStored } from './db'
import type { Tx } from './db'
import { isOneOf } from './listing'
import { ruleValue } from './register'

/** The register lacks rows that a process needs: it was not seeded for that regime, or a value was never entered. */
export class RegisterGap extends Error {
  constructor(
    readonly regime: string,
    readonly keys: readonly string[],
  ) {
    super(`no usable row in regime ${regime} for: ${keys.join(', ')}`)
    this.name = 'RegisterGap'
  }
}

/** The regime in force on a date, or null when none is. A regime without dates is never chosen by date. */
export const regimeOn = async (db: Tx, date: IsoDate): Promise<string | null> => {
  const on = toStored(date)
  const regime = await db.regime.findFirst({
    where: {
      AND: [
        { OR: [{ validFrom: null }, { validFrom: { lte: on } }] },
        { OR: [{ validTo: null }, { validTo: { gte: on } }] },
        { NOT: { validFrom: null, validTo: null } },
      ],
    },
    orderBy: [{ validFrom: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
  })
  return regime?.id ?? null
}

/**
 * The terms of those keys in a regime on a date, in the order of the keys: the regime's own row, else the one that
 * holds for all. Throws RegisterGap for keys without a row or without a value, or in a unit that is not of days.
 */
export const termRows = async (db: Tx, keys: readonly string[], regime: string, on: IsoDate): Promise<TermRow[]> => {
  const day = toStored(on)
  const stored = await db.term.findMany({
    where: {
      key: { in: [...keys] },
      regimeId: { in: [regime, '*'] },
      AND: [
        { OR: [{ validFrom: null }, { validFrom: { lte: day } }] },
        { OR: [{ validTo: null }, { validTo: { gte: day } }] },
      ],
    },
    orderBy: [{ validFrom: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
  })
  const rows: TermRow[] = []
  for (const key of keys) {
    const row = [regime, '*'].map((id) => stored.find((each) => each.key === key && each.regimeId === id)).find(Boolean)
    if (!row || row.value === null || !isOneOf(TERM_UNITS, row.unit)) continue
    const { id, value, unit, source } = row
    rows.push({ id, key, value, unit, confidence: confidenceOf(row.confidence), source })
  }
  const missing = keys.filter((key) => !rows.some((row) => row.key === key))
  if (missing.length > 0) throw new RegisterGap(regime, missing)
  return rows
}

/** The rules of those keys in a regime, in the order of the keys. Throws RegisterGap for keys without a row. */
export const ruleRows = async (db: Tx, keys: readonly string[], regime: string): Promise<RuleRow[]> => {
  const stored = await db.regimeRow.findMany({ where: { key: { in: [...keys] }, regimeId: regime } })
  const missing = keys.filter((key) => !stored.some((row) => row.key === key))
  if (missing.length > 0) throw new RegisterGap(regime, missing)
  return keys.flatMap((key) =>
    stored
      .filter((row) => row.key === key)
      .map(({ id, value, confidence, source }) => ({
        id,
        key,
        value: ruleValue(value),
        confidence: confidenceOf(confidence),
        source,
      })),
  )
}
