/** The law of a day: which regime is in force, and its terms and rules. */
import type { IsoDate, RuleRow, TermRow } from '../../workflows/kernel/contract'
import { TERM_UNITS } from '../../workflows/kernel/contract'
import { saysSomething, termError, type RegisterLimits } from '../../workflows/kernel/law/register-values'
import { confidenceOf } from './calendar'
import type { Db } from './db'
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

/** Nothing is declared of any key. */
const NO_LIMITS: RegisterLimits = { rules: {}, flags: [], intervals: [] }

/** The regime in force on a date, or null when none is. A regime without dates is never chosen by date. */
export const regimeOn = async (db: Db, date: IsoDate): Promise<string | null> => {
  const [regime] = await db.sql.rows<{ id: string }>`
    select id from regimes
    where ("validFrom" is null or "validFrom" <= ${date}::date) and ("validTo" is null or "validTo" >= ${date}::date)
      and not ("validFrom" is null and "validTo" is null)
    order by "validFrom" desc nulls last, id limit 1`
  return regime?.id ?? null
}

interface StoredTerm {
  readonly id: string
  readonly key: string
  readonly regimeId: string
  readonly value: number | null
  readonly unit: string
  readonly confidence: string
  readonly source: string
}

/**
 * The terms of those keys in a regime on a date, in the order of the keys: the regime's own row, else the one that
 * holds for all. Throws RegisterGap for keys without a row or without a value that means something, or in a unit that is not of days.
 */
export const termRows = async (
  db: Db,
  keys: readonly string[],
  regime: string,
  on: IsoDate,
  limits: RegisterLimits = NO_LIMITS,
): Promise<TermRow[]> => {
  const stored = await db.sql.rows<StoredTerm>`
    select id, key, "regimeId", value, unit, confidence, source from terms
    where key = any(${keys}::text[]) and "regimeId" in (${regime}, '*')
      and ("validFrom" is null or "validFrom" <= ${on}::date) and ("validTo" is null or "validTo" >= ${on}::date)
    order by "validFrom" desc nulls last, id`
  const rows: TermRow[] = []
  for (const key of keys) {
    const row = [regime, '*'].map((id) => stored.find((each) => each.key === key && each.regimeId === id)).find(Boolean)
    if (!row || row.value === null || !isOneOf(TERM_UNITS, row.unit) || termError(limits, row) !== null) continue
    const { id, value, unit, source } = row
    rows.push({ id, key, value, unit, confidence: confidenceOf(row.confidence), source })
  }
  const missing = keys.filter((key) => !rows.some((row) => row.key === key))
  if (missing.length > 0) throw new RegisterGap(regime, missing)
  return rows
}

/**
 * The rules of those keys in a regime, in the order of the keys. Throws RegisterGap for keys without a row, or with one whose value
 * means nothing: a comparison with it would let everything pass.
 */
export const ruleRows = async (
  db: Db,
  keys: readonly string[],
  regime: string,
  limits: RegisterLimits = NO_LIMITS,
): Promise<RuleRow[]> => {
  const stored = (await ruleRowsThere(db, keys, regime)).filter((row) => saysSomething(limits, row))
  const missing = keys.filter((key) => !stored.some((row) => row.key === key))
  if (missing.length > 0) throw new RegisterGap(regime, missing)
  return keys.flatMap((key) => stored.filter((row) => row.key === key))
}

/** Those of the rules of these keys that a regime has, whatever they say. */
export async function ruleRowsThere(db: Db, keys: readonly string[], regime: string): Promise<RuleRow[]> {
  const found = await db.sql.rows<{ id: string; key: string; value: unknown; confidence: string; source: string }>`
    select id, key, value, confidence, source from regime_rows
    where key = any(${keys}::text[]) and "regimeId" = ${regime}`

  return found.map(({ id, key, value, confidence, source }) => ({
    ...{ id, key, value: ruleValue(value), confidence: confidenceOf(confidence), source },
  }))
}

/**
 * Of the flags of those keys in a regime those that are on on a day, in the order of the keys: the others have no row, or one that says
 * no or lacks the act or the day that brought it into force, or whose day is later.
 */
export const flagRows = async (db: Db, keys: readonly string[], regime: string, on: IsoDate): Promise<RuleRow[]> => {
  if (keys.length === 0) return []
  const stored = await db.sql.rows<{
    id: string
    key: string
    confidence: string
    source: string
    act: string
    from: IsoDate
  }>`
    select id, key, confidence, source, act, "inForceFrom"::text as "from" from regime_rows
    where key = any(${keys}::text[]) and "regimeId" = ${regime} and value = 'true' and btrim(act) <> '' and "inForceFrom" <= ${on}::date
    order by array_position(${keys}::text[], key)`

  return stored.map(({ confidence, act, from, ...row }) => ({
    ...row,
    value: true,
    confidence: confidenceOf(confidence),
    inForce: { act, from },
  }))
}
