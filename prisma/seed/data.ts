/** The reference data beside this file, read and checked. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { isoDate } from '../../workflows/kernel/law/calendar'
import { ruleError, termError, UNITS } from '../../workflows/kernel/law/register-values'
import { processes } from '../../workflows/registry'
import type { BodyKey } from '../../workflows/kernel/contract'

const confidence = z.enum(['S', 'L', 'O', 'N', 'B', 'U', 'D'])
const text = z.string().min(1)
const orNull = z.string().transform((value) => value || null)
const date = text.transform(isoDate)
const dateOrNull = z.string().transform((value) => (value ? isoDate(value) : null))
const numberOrNull = z.string().transform((value) => (value ? z.coerce.number().int().parse(value) : null))
const name = { name_kk: text, name_ru: text, name_en: text }
const nameOf = (row: { name_kk: string; name_ru: string; name_en: string }) => ({
  nameKk: row.name_kk,
  nameRu: row.name_ru,
  nameEn: row.name_en,
})

const rowsOf = <Row>(file: string, row: z.ZodType<Row>): Row[] =>
  z.array(row).parse(parse(readFileSync(path.resolve(__dirname, 'data', file)), { columns: true }))

export const regionRows = () =>
  rowsOf(
    'regions.csv',
    z.object({ key: text, ...name, timezone: text, kind: text, created_on: dateOrNull, source: text }),
  ).map((row) => ({
    key: row.key,
    ...nameOf(row),
    timezone: row.timezone,
    kind: row.kind,
    createdOn: row.created_on,
    source: row.source,
  }))

export const bodyRows = () =>
  rowsOf(
    'state-bodies.csv',
    z.object({ key: text, kind: text, parent_key: orNull, region_key: text, ...name, source: text }),
  ).map((row) => ({
    key: row.key as BodyKey,
    kind: row.kind,
    parentKey: row.parent_key as BodyKey | null,
    regionKey: row.region_key,
    ...nameOf(row),
    source: row.source,
  }))

export const categoryRows = () =>
  rowsOf(
    'position-categories.csv',
    z.object({
      code: text,
      group: text,
      rank: numberOrNull,
      corps: z.enum(['political', 'A', 'B']),
      managerial: text,
      body_kind: text,
      confidence,
      source: text,
    }),
  ).map(({ body_kind: bodyKind, ...row }) => ({ ...row, bodyKind }))

export const regimeRows = () =>
  rowsOf(
    'regimes.csv',
    z.object({ id: text, valid_from: dateOrNull, valid_to: dateOrNull, ...name, basis: text, confidence }),
  ).map((row) => ({
    id: row.id,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    ...nameOf(row),
    basis: row.basis,
    confidence: row.confidence,
  }))

/** A row whose value means nothing is not entered. */
const standing = (id: string, error: string | null): void => {
  if (error !== null) throw new Error(`the value of ${id} cannot stand: ${error}`)
}

/** The rules of each regime. Throws for a key that no process declares, and for a value that its key does not allow. */
export const ruleRows = (file = 'regime-rows.csv') =>
  rowsOf(
    file,
    z.object({
      key: text,
      regime: text,
      value: text.transform((value) => z.union([z.boolean(), z.number(), z.string()]).parse(JSON.parse(value))),
      confidence,
      source: text,
    }),
  ).map(({ regime, ...row }) => {
    const id = `${row.key}:${regime}`
    standing(id, ruleError(processes.limits, row.key, row.value))

    return { ...row, id, regimeId: regime }
  })

const termRow = z.object({
  key: text,
  process: text,
  ...name,
  value: numberOrNull,
  unit: z.enum(UNITS),
  regime: text,
  confidence,
  source: text,
  value_min: numberOrNull,
  value_max: numberOrNull,
})
/**
 * Lengths of time found in sources (`terms.csv`) and those that we had to choose (`terms-own.csv`). Throws for a value that its key
 * does not allow.
 */
export const termRows = (files: readonly string[] = ['terms.csv', 'terms-own.csv']) =>
  files.flatMap((file) => rowsOf(file, termRow)).map(termOf)

const termOf = (row: z.output<typeof termRow>) => {
  const term = {
    id: `${row.key}:${row.regime}`,
    key: row.key,
    process: row.process,
    ...nameOf(row),
    value: row.value,
    unit: row.unit,
    regimeId: row.regime,
    confidence: row.confidence,
    source: row.source,
    valueMin: row.value_min,
    valueMax: row.value_max,
  }
  standing(term.id, termError(processes.limits, term))

  return term
}

export const holidayRows = () =>
  rowsOf(
    'holidays.csv',
    z.object({
      date,
      name_key: text,
      ...name,
      kind: text,
      moves: z.enum(['yes', 'no']),
      confidence: z.enum(['source', 'background']),
      source: text,
    }),
  ).map((row) => ({
    id: `${row.date}:${row.name_key}`,
    date: row.date,
    nameKey: row.name_key,
    ...nameOf(row),
    kind: row.kind,
    moves: row.moves === 'yes',
    // all of the sources are news or secondary pages
    confidence: row.confidence === 'source' ? ('N' as const) : ('B' as const),
    source: row.source,
  }))

export const swapRows = () =>
  rowsOf(
    'day-swaps.csv',
    z.object({
      date,
      kind: z.enum(['working', 'off']),
      reason: text,
      source: text,
      applies_to: z.enum(['five-day', 'all']),
      confidence,
    }),
  ).map(({ applies_to: appliesTo, ...row }) => ({
    ...row,
    id: `${row.date}:${appliesTo}`,
    appliesTo,
  }))

export interface GivenName {
  readonly sex: 'm' | 'f'
  readonly givenKk: string
  readonly givenRu: string
  readonly givenEn: string
}
export interface Surname {
  readonly sex: 'm' | 'f'
  readonly surnameKk: string
  readonly surnameRu: string
  readonly surnameEn: string
}
/** Names to combine at random. */
export const nameRows = (): { given: GivenName[]; surnames: Surname[] } => {
  const all = rowsOf(
    'person-names.csv',
    z.object({
      kind: z.enum(['given', 'surname']),
      sex: z.enum(['m', 'f']),
      given_kk: z.string(),
      given_ru: z.string(),
      given_en: z.string(),
      surname_kk: z.string(),
      surname_ru: z.string(),
      surname_en: z.string(),
    }),
  )
  return {
    given: all
      .filter((row) => row.kind === 'given')
      .map((row) => ({ sex: row.sex, givenKk: row.given_kk, givenRu: row.given_ru, givenEn: row.given_en })),
    surnames: all
      .filter((row) => row.kind === 'surname')
      .map((row) => ({
        sex: row.sex,
        surnameKk: row.surname_kk,
        surnameRu: row.surname_ru,
        surnameEn: row.surname_en,
      })),
  }
}
